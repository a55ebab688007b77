"""一小时烟气: all that follows from the means of one hour, with its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.trace import Step
from shuangkong.monitoring.flue_gas import point
from shuangkong.monitoring.worked import Working


@dataclass(frozen=True, slots=True, kw_only=True)
class GasHour:
    """Means of one hour of an outlet; None: missing.

    Attributes:
        value: of one pollutant, mg/m³.
        is_standard: it is at standard state already (most analysers); False: as in the duct.
        is_dry: it is dry already (cold-dry extraction); False: wet.
        o2_pct: of dry gas.
        flow_m3_h: 标干流量 as the device tells it; None: it is reckoned from the velocity.
        reference_o2_pct: of the emission standard; None: it knows no conversion.
    """

    value: Decimal | None
    is_standard: bool = True
    is_dry: bool = True
    o2_pct: Decimal | None = None
    temperature_c: Decimal | None = None
    ambient_kpa: Decimal | None = None
    static_kpa: Decimal | None = None
    moisture_pct: Decimal | None = None
    velocity_m_s: Decimal | None = None
    area_m2: Decimal | None = None
    coefficient: Decimal | None = Decimal(1)
    flow_m3_h: Decimal | None = None
    reference_o2_pct: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GasResult:
    """What follows; each None where an input is missing or allows none.

    Attributes:
        dry_mg_m3: 标干浓度: dry, at standard state. ``converted_mg_m3``: 折算浓度.
        flow_m3_h: 标干流量. ``amount_kg``: of the hour.
        steps: the arithmetic in order, a step without result included.
        is_oxygen_of_air: no conversion, as 21 − O2 ≤ 0.
    """

    dry_mg_m3: Decimal | None
    converted_mg_m3: Decimal | None
    flow_m3_h: Decimal | None
    amount_kg: Decimal | None
    steps: tuple[Step, ...]
    is_oxygen_of_air: bool


def gas_hour(given: GasHour) -> GasResult:
    """Everything in the order of the standard: standard state, dry, converted, flow, amount."""
    work = Working()
    value = given.value
    if not given.is_standard:
        value = work.done(
            ("标准状态浓度", "concentration at standard state"),
            "Csn = Cs × 101.325 / (Ba + Ps) × (273 + ts) / 273",
            {"Cs": value, "Ba": given.ambient_kpa, "Ps": given.static_kpa, "ts": given.temperature_c},
            point.at_standard_state(value, given.temperature_c, given.ambient_kpa, given.static_kpa),
            "mg/m3",
        )
    if not given.is_dry:
        value = work.done(
            ("干基浓度", "dry concentration"),
            "C = Cw / (1 − Xsw)",
            {"Cw": value, "Xsw %": given.moisture_pct},
            point.dry(value, given.moisture_pct),
            "mg/m3",
        )
    converted = point.converted(value, given.o2_pct, given.reference_o2_pct)
    if given.reference_o2_pct is not None:
        work.done(
            ("折算浓度", "converted concentration"),
            "C折 = C × (21 − O2基准) / (21 − O2)",
            {"C": value, "O2基准": given.reference_o2_pct, "O2": given.o2_pct},
            converted,
            "mg/m3",
        )
    flow = given.flow_m3_h if given.flow_m3_h is not None else _flow(given, work)
    amount = work.done(
        ("小时排放量", "amount of the hour"),
        "Gh = C × Qsn × 10⁻⁶",
        {"C": value, "Qsn": flow},
        point.hour_amount(value, flow),
        "kg",
    )
    is_air = given.reference_o2_pct is not None and given.o2_pct is not None and given.o2_pct >= point.AIR_O2_PCT
    return GasResult(value, converted, flow, amount, tuple(work.steps), is_air)


def _flow(given: GasHour, work: Working) -> Decimal | None:
    velocity = work.done(
        ("断面平均流速", "mean velocity"),
        "Vs = Kv × Vp",
        {"Kv": given.coefficient, "Vp": given.velocity_m_s},
        point.mean_velocity(given.velocity_m_s, given.coefficient),
        "m/s",
    )
    wet = work.done(
        ("湿烟气流量", "wet flow"),
        "Qsh = 3600 × F × Vs",
        {"F": given.area_m2, "Vs": velocity},
        point.wet_flow(given.area_m2, velocity),
        "m3/h",
    )
    return work.done(
        ("标干流量", "dry flow at standard state"),
        "Qsn = Qsh × 273 / (273 + ts) × (Ba + Ps) / 101.325 × (1 − Xsw)",
        {
            "Qsh": wet,
            "ts": given.temperature_c,
            "Ba": given.ambient_kpa,
            "Ps": given.static_kpa,
            "Xsw %": given.moisture_pct,
        },
        point.standard_flow(wet, given.temperature_c, given.ambient_kpa, given.static_kpa, given.moisture_pct),
        "m3/h",
    )
