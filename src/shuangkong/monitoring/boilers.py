"""锅炉: capacity classes of the census, which efficiency a fuel's boilers are held against, and signs of life."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.dated import DatedValue
from shuangkong.monitoring.ground import ROOM, Files
from shuangkong.policyfile.folder import PolicyFolder

#: Folder of the rules, and the file of the classes.
EQUIPMENT, CLASSES, FUEL_WORDS = "equipment", "capacity_classes", "fuel_words"
FOLDER = f"{ROOM}/{EQUIPMENT}"
#: What parts several fuels.
_PARTS = re.compile(r"[、，,；;/／+＋（）()\s]|和|或|及|与|兼")


class Fuel(StrEnum):
    """What rules of boilers tell apart; the value names the rule of its efficiency."""

    PULVERISED = "pulverised_coal_boiler_efficiency"
    COAL = "coal_boiler_efficiency"
    GAS = "gas_boiler_efficiency"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class FuelWords:
    """By which words names of fuels are told apart; one of each list is enough.

    Attributes:
        gases, oils: how names of gases and of oils end, those that are made of coal too.
        coals, pulverised: what names of coals, and of pulverised coal, hold; asked after the gases and oils.
    """

    gases: tuple[str, ...]
    oils: tuple[str, ...]
    coals: tuple[str, ...]
    pulverised: tuple[str, ...]


def fuel_words(folder: PolicyFolder, layer: str) -> FuelWords:
    """Raises PolicyRefused where the file cannot be used."""
    record = Files(folder, layer, EQUIPMENT).record(FUEL_WORDS)
    return FuelWords(*(record.listing(key).texts() for key in ("gases", "oils", "coals", "pulverised")))


def fuel_of(words: str, known: FuelWords) -> Fuel:
    """What the register's free words of a fuel, or of several, mean; biomass, oil and electricity are OTHER.

    A boiler of several fuels is one of coal where coal is among them.
    """
    found = {_fuel(part, known) for part in _PARTS.split(words) if part}
    return next((each for each in (Fuel.PULVERISED, Fuel.COAL, Fuel.GAS) if each in found), Fuel.OTHER)


def _fuel(name: str, known: FuelWords) -> Fuel:
    if name.endswith(known.gases):
        return Fuel.GAS
    if name.endswith(known.oils) or not any(each in name for each in known.coals):
        return Fuel.OTHER
    return Fuel.PULVERISED if any(each in name for each in known.pulverised) else Fuel.COAL


def burns_coal(words: str, known: FuelWords) -> bool:
    """Whether the fuel is coal."""
    return fuel_of(words, known) in (Fuel.COAL, Fuel.PULVERISED)


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

    Gas flows and is not air. Where an outlet has only one of the two, that one alone says it; an hour that lacks one
    which the outlet has, such as while oxygen is calibrated, says nothing.

    Args:
        flow: hour → flow in any unit; ``oxygen``: hour → oxygen in %, of hours that were measured.
        air_pct: from which oxygen on a gas is air.
    """
    told = telling_hours(flow, oxygen)
    hours = [at for at in told if flow.get(at, 1) > 0 and oxygen.get(at, 0) < air_pct]
    return Life(hours[0], hours[-1], len(hours)) if hours else None


def telling_hours(flow: Mapping[datetime, Decimal], oxygen: Mapping[datetime, Decimal]) -> list[datetime]:
    """Hours that say whether something burns, in order: none where nothing of what the outlet has was measured."""
    told = [each.keys() for each in (flow, oxygen) if each]
    return sorted(set(told[0]).intersection(*told[1:])) if told else []


def days_of_use(days: Iterable[tuple[date, Decimal]], removed_on: date) -> tuple[date, ...]:
    """Days after the removal on which its meter counted something, in order."""
    return tuple(sorted(day for day, amount in days if day > removed_on and amount > 0))
