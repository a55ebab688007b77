"""要求与实际: what an order asked a unit to cut a day, against what its told emissions show after the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shuangkong.core.finding import Message
from shuangkong.outlook.weather.effect import Effect, effect
from shuangkong.outlook.weather.measures import UnitMeasure
from shuangkong.outlook.weather.orders import AlertLevel, Spell
from shuangkong.policyfile.expression.given import Told, exact, written

_DAY = timedelta(days=1)


class Cause(StrEnum):
    """Why the effect cannot be told."""

    RUNNING = "running"
    NO_WHOLE_DAY = "no_whole_day"
    NOTHING_BEFORE = "nothing_before"
    NOTHING_DURING = "nothing_during"


CAUSES: dict[Cause, Message] = {
    Cause.RUNNING: Message("响应尚未解除", "The response has not ended"),
    Cause.NO_WHOLE_DAY: Message("没有一个完整日处在同一级响应", "No whole day lay within one level"),
    Cause.NOTHING_BEFORE: Message("没有启动前的日排放量", "No daily emissions before the start were told"),
    Cause.NOTHING_DURING: Message("没有响应期间的日排放量", "No daily emissions during the response were told"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One unit and pollutant.

    Attributes:
        asked_t: tonnes a day, the mean over the days that are compared.
        effect: what was told; None where no day can be compared.
        is_done: as much was cut as was asked; None: it cannot be told, ``cause`` says why.
    """

    unit: str
    pollutant: str
    asked_t: Decimal
    effect: Effect | None
    is_done: bool | None
    cause: Cause | None


def whole_days(spells: Iterable[Spell], zone: tzinfo) -> dict[date, AlertLevel]:
    """Days that lay whole within one ended spell, with its level; a day on which the level changed is none of them."""
    found: dict[date, AlertLevel] = {}
    for spell in spells:
        if spell.ends is None:
            continue
        starts, ends = spell.starts.astimezone(zone), spell.ends.astimezone(zone)
        day = starts.date() if starts.time() == time.min else starts.date() + _DAY
        while datetime.combine(day + _DAY, time.min, zone) <= ends:
            found[day] = spell.level
            day += _DAY
    return found


def outcomes(
    measures: Iterable[UnitMeasure],
    spells: Iterable[Spell],
    told: Mapping[tuple[str, str], Mapping[date, Told]],
    zone: tzinfo,
) -> tuple[Outcome, ...]:
    """Every unit and pollutant that the measures name or somebody told of, by unit and pollutant.

    Args:
        spells: those of one alert, the first first.
        told: unit and pollutant → day → tonnes. The days before the first spell are what it is compared with.
    """
    held, every = tuple(spells), tuple(measures)
    days = whole_days(held, zone)
    asked = {(each.unit, pollutant, each.level): cut for each in every for pollutant, cut in each.cuts.items()}
    levels = {each.level for each in held}
    named = {(unit, pollutant) for unit, pollutant, level in asked if level in levels} | set(told)
    starts = held[0].starts.astimezone(zone).date() if held else None
    is_over = bool(held) and all(each.ends is not None for each in held)
    found = []
    for unit, pollutant in sorted(named):
        mean = _asked({day: asked.get((unit, pollutant, level), Decimal(0)) for day, level in days.items()})
        if not days:
            mean = max((asked.get((unit, pollutant, level), Decimal(0)) for level in levels), default=Decimal(0))
        daily = told.get((unit, pollutant), {})
        before = sorted(day for day in daily if starts is not None and day < starts)
        found.append(_outcome(unit, pollutant, mean, daily, (before, sorted(days)), is_over=is_over))
    return tuple(found)


def _outcome(
    unit: str,
    pollutant: str,
    asked: Decimal,
    daily: Mapping[date, Told],
    days: tuple[list[date], list[date]],
    *,
    is_over: bool,
) -> Outcome:
    before, during = days
    if not is_over or not during:
        return Outcome(unit, pollutant, asked, None, None, Cause.NO_WHOLE_DAY if is_over else Cause.RUNNING)
    came = effect(daily, before, during)
    if came.before_t is None:
        return Outcome(unit, pollutant, asked, came, None, Cause.NOTHING_BEFORE)
    if came.reduced_t is None:
        return Outcome(unit, pollutant, asked, came, None, Cause.NOTHING_DURING)
    return Outcome(unit, pollutant, asked, came, came.reduced_t >= asked, None)


def _asked(daily: Mapping[date, Decimal]) -> Decimal:
    if not daily:
        return Decimal(0)
    return written(sum(map(exact, daily.values()), Fraction(0)) / len(daily))
