"""能源品种: what meters measure, in which base unit, and as which indicator a unit's month is told.

Ids and units are those of the list of energies that forms share; water stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.unit import PrintedUnit


@dataclass(frozen=True, slots=True)
class Carrier:
    """One energy; ``unit``: id of the base unit that amounts stand in."""

    id: str
    name: Message
    unit: str

    @property
    def indicator(self) -> str:
        """As which the amounts of a unit are told."""
        return f"metered_{self.id}"


def _carriers(**said: tuple[str, str, str]) -> Mapping[str, Carrier]:
    return {id_: Carrier(id_, Message(zh, en), unit) for id_, (zh, en, unit) in said.items()}


CARRIERS = _carriers(
    electricity=("电力", "electricity", "kwh"),
    natural_gas=("天然气", "natural gas", "m3"),
    coke_oven_gas=("焦炉煤气", "coke-oven gas", "m3"),
    blast_furnace_gas=("高炉煤气", "blast-furnace gas", "m3"),
    heat=("热力", "heat", "gj"),
    steam=("蒸汽", "steam", "t"),
    raw_coal=("原煤", "raw coal", "t"),
    coke=("焦炭", "coke", "t"),
    gasoline=("汽油", "gasoline", "t"),
    diesel=("柴油", "diesel oil", "t"),
    fuel_oil=("燃料油", "fuel oil", "t"),
    lpg=("液化石油气", "liquefied petroleum gas", "t"),
    lng=("液化天然气", "liquefied natural gas", "t"),
    fresh_water=("新水", "fresh water", "m3"),
)


def factor_of(carrier: str, printed: str, units: Mapping[str, PrintedUnit]) -> Decimal | None:
    """By what an amount in a printed unit becomes one in the carrier's base unit; None where it cannot.

    Args:
        units: printed forms, as the rulebook has them.
    """
    held, found = CARRIERS.get(carrier), units.get(printed.strip())
    if held is None or found is None or found.unit.id != held.unit:
        return None
    return found.factor
