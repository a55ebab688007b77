"""一厂一策: what each enterprise does at each level, what that cuts in all, and whether it is as much as it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause, Figure, Step
from shuangkong.outlook.weather.orders import AlertLevel, Spell
from shuangkong.policyfile.expression.given import Told, exact, written

_PER_CENT = 100
_SHARE = Message("应急减排份额", "Share that is cut")


@dataclass(frozen=True, slots=True)
class UnitMeasure:
    """What a unit does at one level. A unit that keeps all lines running at a level has no measure there.

    Attributes:
        within: codes of the regions that it lies in.
        action: in its own words.
        cuts: pollutant → tonnes a day.
    """

    unit: str
    within: tuple[str, ...]
    level: AlertLevel
    action: str
    cuts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Shares:
    """What all measures of a level must cut together, in per cent of what a place emits, and the clause."""

    required: Mapping[AlertLevel, Mapping[str, Decimal]]
    clause: Clause


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """One pollutant at one level; ``is_enough`` None: what the place emits is not known, or nothing is required."""

    level: AlertLevel
    pollutant: str
    cut_t: Decimal
    share_pct: Decimal | None
    required_pct: Decimal | None
    is_enough: bool | None
    figure: Figure


def called_for(measures: Iterable[UnitMeasure], spell: Spell) -> tuple[UnitMeasure, ...]:
    """Measures that the level in force calls for, by unit. Those of milder levels are not added: each stands whole."""
    found = (each for each in measures if each.level is spell.level and spell.region in each.within)
    return tuple(sorted(found, key=lambda each: each.unit))


def sufficiency(
    measures: Iterable[UnitMeasure], level: AlertLevel, emitted: Mapping[str, Told], shares: Shares, cell: Cell
) -> tuple[Sufficiency, ...]:
    """Whether the list of measures of a level is as much as it must be, by pollutant.

    Args:
        emitted: pollutant → tonnes a day of the whole place, ``cell`` telling which and when.

    Raises:
        ValueError: a unit has two measures at the level.
    """
    held = [each for each in measures if each.level is level]
    units = [each.unit for each in held]
    if len(set(units)) != len(units):
        twice = sorted({unit for unit in units if units.count(unit) > 1})
        raise ValueError(f"{', '.join(twice)}: two measures at level {int(level)}; expected one of each unit")
    required = shares.required.get(level, {})
    named = sorted({*required, *(pollutant for each in held for pollutant in each.cuts)})
    return tuple(_sufficient(held, level, each, emitted, required.get(each), shares.clause, cell) for each in named)


def _sufficient(
    held: list[UnitMeasure],
    level: AlertLevel,
    pollutant: str,
    emitted: Mapping[str, Told],
    required: Decimal | None,
    clause: Clause,
    cell: Cell,
) -> Sufficiency:
    cut = sum((exact(each.cuts[pollutant]) for each in held if pollutant in each.cuts), Fraction(0))
    whole = emitted.get(pollutant, State.MISSING)
    share = _PER_CENT * cut / exact(whole) if isinstance(whole, Decimal) and whole > 0 else None
    is_enough = None if share is None or required is None else share >= exact(required)
    value = None if share is None else written(share)
    told = (("减排量", written(cut)), ("全社会排放量", whole), ("应达到", required))
    inputs = tuple((name, each) for name, each in told if isinstance(each, Decimal))
    step = Step(_SHARE, "减排量 ÷ 全社会排放量", inputs, value, "pct", clause)
    state = State.MISSING if value is None else State.VALUE
    figure = Figure(cell, state, value, "pct", steps=(step,))
    return Sufficiency(level, pollutant, written(cut), value, required, is_enough, figure)
