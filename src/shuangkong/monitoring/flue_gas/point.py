"""烟气计算（逐点）: the formulas of flue gas, one at a time, in exact decimals (HJ 212-2017 附录 D, HJ 75).

Units: temperature °C, pressures kPa (the code table's), shares in %, velocity m/s, area m², flows m³/h, concentrations
mg/m³, amounts kg. An input that is None makes the result None: missing, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

#: 标准状态: 273 K, 101.325 kPa. The standard rounds 273.15 to 273.
STANDARD_K = Decimal(273)
STANDARD_KPA = Decimal("101.325")
#: Molar volume of a gas at standard state, l/mol.
MOLAR_VOLUME = Decimal("22.4")
#: The oxygen of air, %.
AIR_O2_PCT = Decimal(21)
#: NO counted as NO2: by the masses of their moles.
NO2_MOLAR, NO_MOLAR = Decimal(46), Decimal(30)
_HUNDRED = Decimal(100)
_SECONDS_AN_HOUR = Decimal(3600)
_MG_A_KG = Decimal(10) ** 6

type Figure = Decimal | None


def mass_concentration(ppm: Figure, molar_g: Decimal) -> Figure:
    """ppm by volume → mg/m³ at standard state: C = M / 22.4 · Cv."""
    return None if ppm is None else molar_g * ppm / MOLAR_VOLUME


def nox_as_no2(no: Figure, no2: Figure) -> Figure:
    """NOx as NO2, of mass concentrations: C = C_NO · 46 / 30 + C_NO2. Both must be known."""
    return None if no is None or no2 is None else no * NO2_MOLAR / NO_MOLAR + no2


def at_standard_state(value: Figure, temperature_c: Figure, ambient_kpa: Figure, static_kpa: Figure) -> Figure:
    """Concentration in the duct → at standard state: Csn = Cs · 101325 / (Ba + Ps) · (273 + ts) / 273.

    None too where the pressure or the absolute temperature is not above zero: no such gas.
    """
    if value is None or temperature_c is None or ambient_kpa is None or static_kpa is None:
        return None
    pressure, kelvin = ambient_kpa + static_kpa, STANDARD_K + temperature_c
    return value * STANDARD_KPA * kelvin / (pressure * STANDARD_K) if pressure > 0 and kelvin > 0 else None


def dry(value: Figure, moisture_pct: Figure) -> Figure:
    """Wet concentration → dry: C / (1 − Xsw); None where the gas is all water."""
    if value is None or moisture_pct is None or not 0 <= moisture_pct < _HUNDRED:
        return None
    return value * _HUNDRED / (_HUNDRED - moisture_pct)


def converted(value: Figure, o2_pct: Figure, reference_pct: Figure) -> Figure:
    """折算浓度 to reference oxygen: C · (21 − O2s) / (21 − O2).

    None where 21 − O2 ≤ 0: a boiler that stands still draws air, and no concentration can be told. Without a reference
    the emission standard knows no conversion: the concentration as it is.
    """
    if value is None or reference_pct is None:
        return value
    if o2_pct is None or o2_pct >= AIR_O2_PCT:
        return None
    return value * (AIR_O2_PCT - reference_pct) / (AIR_O2_PCT - o2_pct)


def mean_velocity(point_m_s: Figure, coefficient: Figure) -> Figure:
    """Vs = Kv · Vp: what the probe tells times the coefficient of the velocity field."""
    return None if point_m_s is None or coefficient is None else coefficient * point_m_s


def wet_flow(area_m2: Figure, velocity_m_s: Figure) -> Figure:
    """Qsh = 3600 · F · Vs, m³/h as it flows."""
    return None if area_m2 is None or velocity_m_s is None else _SECONDS_AN_HOUR * area_m2 * velocity_m_s


def standard_flow(
    wet_m3_h: Figure, temperature_c: Figure, ambient_kpa: Figure, static_kpa: Figure, moisture_pct: Figure
) -> Figure:
    """标干流量 Qsn = Qsh · 273 / (273 + ts) · (Ba + Ps) / 101325 · (1 − Xsw), m³/h dry at standard state."""
    if wet_m3_h is None or temperature_c is None or ambient_kpa is None or static_kpa is None or moisture_pct is None:
        return None
    kelvin, pressure = STANDARD_K + temperature_c, ambient_kpa + static_kpa
    if kelvin <= 0 or pressure <= 0 or not 0 <= moisture_pct <= _HUNDRED:
        return None
    return wet_m3_h * STANDARD_K * pressure * (_HUNDRED - moisture_pct) / (kelvin * STANDARD_KPA * _HUNDRED)


def hour_amount(value: Figure, standard_m3_h: Figure) -> Figure:
    """Gh = C · Qsn · 10⁻⁶, kg in an hour; C measured (never converted), dry, at standard state."""
    return None if value is None or standard_m3_h is None else value * standard_m3_h / _MG_A_KG


def mean(values: Iterable[Figure]) -> Figure:
    """Arithmetic mean of those that are there; None without any. Whether they are enough, ``validity`` says."""
    told = [each for each in values if each is not None]
    return sum(told, Decimal(0)) / len(told) if told else None
