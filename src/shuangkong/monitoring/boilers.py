"""锅炉: capacity classes of the census, which efficiency a fuel's boilers are held against, and signs of life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.dated import DatedValue

#: Folder of the rules, and the file of the classes.
FOLDER, CLASSES = "monitoring/equipment", "capacity_classes"
#: Fuels whose names bear the word coal and are gases.
_COAL, _GAS, _COAL_GASES, _PULVERISED = "煤", "气", ("煤气", "煤层气", "煤矿瓦斯"), "煤粉"


class Fuel(StrEnum):
    """What rules of boilers tell apart; the value names the rule of its efficiency."""

    PULVERISED = "pulverised_coal_boiler_efficiency"
    COAL = "coal_boiler_efficiency"
    GAS = "gas_boiler_efficiency"
    OTHER = ""


def fuel_of(words: str) -> Fuel:
    """What the register's free words of a fuel mean; biomass, oil and electricity are OTHER."""
    if _PULVERISED in words:
        return Fuel.PULVERISED
    is_gas = any(each in words for each in _COAL_GASES) or (_GAS in words and _COAL not in words)
    if is_gas:
        return Fuel.GAS
    return Fuel.COAL if _COAL in words else Fuel.OTHER


def burns_coal(words: str) -> bool:
    """Whether the fuel is coal."""
    return fuel_of(words) in (Fuel.COAL, Fuel.PULVERISED)


def class_of(capacity: Decimal, bounds: Sequence[Decimal]) -> int:
    """Number of the class, 0 the smallest; what equals a bound lies above it."""
    return sum(capacity >= each for each in bounds)


def class_words(number: int, bounds: Sequence[Decimal]) -> str:
    """As a census prints it: ``<10``, ``10–20``, ``≥65``."""
    if number == 0:
        return f"<{bounds[0]:f}"
    low = f"{bounds[number - 1]:f}"
    return f"{low}–{bounds[number]:f}" if number < len(bounds) else f"≥{low}"


@dataclass(frozen=True, slots=True)
class Efficiency:
    """What a test found, held against the rule; ``is_enough`` None where no rule speaks of the fuel."""

    found: Decimal
    least: DatedValue | None

    @property
    def is_enough(self) -> bool | None:
        return None if self.least is None else self.found >= self.least.numbers[0]


@dataclass(frozen=True, slots=True)
class Life:
    """Signs of life after a removal: of which hours or days, the first and last, how many."""

    first: datetime
    last: datetime
    count: int


def life(flow: Mapping[datetime, Decimal], oxygen: Mapping[datetime, Decimal], air_pct: Decimal) -> Life | None:
    """Hours in which an outlet's gas says that something burns; None where none does.

    Gas flows and is not air; where only one of the two is measured that one alone says it.

    Args:
        flow: hour → flow in any unit; ``oxygen``: hour → oxygen in %, of hours that were measured.
        air_pct: from which oxygen on a gas is air.
    """
    hours = [at for at in sorted({*flow, *oxygen}) if flow.get(at, 1) > 0 and oxygen.get(at, 0) < air_pct]
    return Life(hours[0], hours[-1], len(hours)) if hours else None


def days_of_use(days: Iterable[tuple[date, Decimal]], removed_on: date) -> tuple[date, ...]:
    """Days after the removal on which its meter counted something, in order."""
    return tuple(sorted(day for day, amount in days if day > removed_on and amount > 0))
