"""小时流量: how many m³ went through an outlet in an hour, by what its device told."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from shuangkong.monitoring.reading import Media
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.monitoring.codes import codes

#: Factors of an outlet that are no pollutants: by what they are to the arithmetic.
FLOWS = {Media.GAS: "a00000", Media.WATER: "w00000"}
OXYGEN = "a19001"
GAS_STATE = frozenset({"a00000", OXYGEN, "a01006", "a01011", "a01012", "a01013", "a01014", "a01017"})
#: Base unit of a concentration by mass → mg of it in a m³.
_MG_A_M3 = {"mg/m3": Decimal(1), "mg/l": Decimal(1000)}
_MG_A_KG = Decimal(10) ** 6
_KG = "kg"
_SECONDS_AN_HOUR = Decimal(3600)
#: Unit of a mean flow → m³ of an hour.
_PER_HOUR = {"m3/h": Decimal(1), "m3/s": _SECONDS_AN_HOUR, "L/s": _SECONDS_AN_HOUR / 1000, "L/h": Decimal(1) / 1000}


def a_kg(factor: str) -> Decimal | None:
    """By what a concentration as it is kept, times m³, is divided to make kilograms.

    None where the factor has no amounts: by the code table it is no concentration by mass, or has no unit of mass.
    """
    return _a_kg(factor, open_rulebook())


@cache
def _a_kg(factor: str, book: Rulebook) -> Decimal | None:
    known, units = hj212_codes(book.folder).factors.get(factor), book.units()
    level = units.get(known.unit) if known else None
    mass = units.get(known.mass_unit) if known else None
    if level is None or mass is None or level.unit.id not in _MG_A_M3 or mass.unit.id != units[_KG].unit.id:
        return None
    return _MG_A_KG / (level.factor * _MG_A_M3[level.unit.id])


def kilograms(factor: str, value: Decimal, flow_m3: Decimal | None) -> Decimal | None:
    """Of an hour; None of a factor that has none, or without a flow."""
    divisor = a_kg(factor)
    return None if flow_m3 is None or divisor is None else value * flow_m3 / divisor


def weighed(factor: str, kg: Decimal | None, flow_m3: Decimal | None) -> Decimal | None:
    """The mean concentration in the factor's unit, C = G / D; None where nothing flowed, or there are no amounts."""
    divisor = a_kg(factor)
    if kg is None or flow_m3 is None or divisor is None or flow_m3 <= 0:
        return None
    return kg * divisor / flow_m3


def not_below_zero(flow: Decimal | None) -> Decimal | None:
    """A flow as a quantity: what is below zero is none."""
    return None if flow is None or flow < 0 else flow


def has_amount(factor: str) -> bool:
    """Whether a factor is one whose kilograms are reckoned."""
    return a_kg(factor) is not None


def in_mass_unit(factor: str, kg: Decimal) -> Decimal:
    """Kilograms in the unit in which the code table tells amounts of the factor: mg, g or kg."""
    known, units = codes().factors.get(factor), open_rulebook().units()
    if known is None or known.mass_unit in ("", _KG):
        return kg
    return kg * units[_KG].factor / units[known.mass_unit].factor


def kg_places(factor: str, places: int) -> int:
    """So many places of the factor's own unit of mass, as places of kilograms: 3 of a gram are 6 of a kilogram."""
    return places + max(0, in_mass_unit(factor, Decimal(1)).adjusted())


def aside(media: Media) -> frozenset[str]:
    """Factors of a medium that are no pollutants."""
    return GAS_STATE if media is Media.GAS else frozenset({FLOWS[Media.WATER]})


def hour_m3(media: Media, mean: Decimal | None, counted: Decimal | None) -> Decimal | None:
    """From the mean flow by the unit of the code table; else what the device counted."""
    return counted if mean is None else mean * m3_an_hour(media)


def m3_an_hour(media: Media) -> Decimal:
    """By what a mean flow as it is kept becomes m³ of an hour."""
    return _PER_HOUR[codes().factors[FLOWS[media]].unit]
