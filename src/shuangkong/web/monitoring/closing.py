"""排放量月结: closes months of outlets into kept amounts and facts, again and again; only what differs is written.

A month that is over becomes facts. One that runs is kept up to yesterday and shown, but a part of a month is no fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Step
from shuangkong.monitoring.amounts.account import Amount, findings, steps
from shuangkong.monitoring.amounts.figure import figure
from shuangkong.monitoring.amounts.hours import Hour, HourAmount, Origin
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.monitoring.substitution.rule import METHODS
from shuangkong.records.monitoring.amount_facts import tell
from shuangkong.records.monitoring.amounts import Closed, keep, owed, reopened, settled
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.fencing import Fence, by_outlet
from shuangkong.web.monitoring.flows import FLOWS, has_amount
from shuangkong.web.monitoring.reckoning import Reckoned, reckoned
from shuangkong.web.monitoring.reclosing import Round, looked_at
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)
#: What of the register a velocity needs to become a flow.
_LACKING = {
    "area_m2": Message(
        "有流速而没有流量：排放口没有登记烟道截面积，推算不出标干流量",
        "velocity and no flow: the section of the stack is not registered, so no flow is reckoned",
    ),
    "ambient_kpa": Message(
        "有流速而没有流量：没有登记当地大气压，设备也没有报，推算不出标干流量",
        "velocity and no flow: the air pressure is neither registered nor told, so no flow is reckoned",
    ),
}
#: Outlets' months that one tick closes; the next goes on.
MOST = 60


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: outlets' months that were reckoned, new versions kept, figures told."""

    months: int
    kept: int
    told: int


def close(month: date, condition: Q | None = None) -> Done:
    """Closes a month (its first day) of every outlet, or of those of a condition on Point. Raises StoreDown, …"""
    outlets = _by_outlet(owed(month, ends_of(Span.MONTH, month), condition))
    return _close(month, outlets, by_outlet(Work.AMOUNTS))


def close_due(most: int = MOST) -> Done:
    """What a clock does: each month once a day, and at once where marks have changed or readings came late.

    Older months are closed anew when readings of them come, and once where the rules are others (``reclosing``), when
    nothing else waits; ``most`` outlets' months a run. Raises StoreDown, StoreRefused.
    """
    months = kept = told = 0
    fence = by_outlet(Work.AMOUNTS)
    for month, waiting in _waiting(timezone.localdate()):
        # Those that could not be closed are tried last: they take nobody's turn.
        ready = sorted(waiting, key=lambda each: each[0].pk in fence.known)
        run = _close(month, ready[: most - months], fence)
        months, kept, told = months + run.months, kept + run.kept, told + run.told
        if months >= most:
            return Done(months, kept, told)
    older = Round.of_amounts()
    for month, numbers in older.some(most - months):
        outlets = _by_outlet(owed(month, ends_of(Span.MONTH, month), Q(outlet__in=numbers)))
        # Those that owe no amounts of it any more.
        older.are_checked(month, numbers - {outlet.pk for outlet, _points in outlets})
        run = _close(month, outlets, fence)
        months, kept, told = months + run.months, kept + run.kept, told + run.told
    older.are_done()
    return Done(months, kept, told)


def _waiting(today: date) -> Iterator[tuple[date, list[tuple[Outlet, tuple[Point, ...]]]]]:
    """Months with the outlets whose amounts are to be reckoned in them, the newest first."""
    month = today
    for month in looked_at(today):
        outlets = _by_outlet(owed(month, ends_of(Span.MONTH, month)))
        done = settled(month, (each.pk for each, _ in outlets), midnight(today))
        yield month, [each for each in outlets if each[0].pk not in done]
    for late, numbers in sorted(reopened(month).items(), reverse=True):
        yield late, _by_outlet(owed(late, ends_of(Span.MONTH, late), Q(outlet__in=numbers)))


def _by_outlet(points: Iterable[Point]) -> list[tuple[Outlet, tuple[Point, ...]]]:
    """Outlets that have a pollutant with amounts, with their points."""
    found = []
    for _number, group in groupby(points, key=lambda each: each.outlet_id):
        own = tuple(group)
        outlet = own[0].outlet
        if outlet and any(has_amount(each.factor) for each in own):
            found.append((outlet, own))
    return found


def points_with_amounts(outlet: Outlet, factor: str, month: date) -> tuple[Point, ...]:
    """The points of one factor of an outlet and of its flow; none where it owes no such amounts in the month."""
    if outlet.kind not in set(Media) or not has_amount(factor):
        return ()
    media = Media(outlet.kind)
    own = owed(month, ends_of(Span.MONTH, month), Q(outlet=outlet, factor__in=(factor, FLOWS[media])))
    return own if any(each.factor == factor for each in own) else ()


def _close(month: date, outlets: Sequence[tuple[Outlet, tuple[Point, ...]]], fence: Fence[Outlet]) -> Done:
    """One that cannot be reckoned or kept is kept as a fault, and keeps no other; each is reckoned once."""
    points, held = {outlet.pk: own for outlet, own in outlets}, dict[int, tuple[Closed, ...]]()

    def done(some: Sequence[Outlet]) -> Done:
        for each in some:
            if each.pk not in held:
                held[each.pk] = tuple(closed_of(one) for one in reckoned(each, points[each.pk], month))
        closed = [one for each in some for one in held[each.pk]]
        over = {each.outlet for each in closed if each.is_over}
        with transaction.atomic():
            kept = keep(closed)
            told = tell(month, over) if over else 0
        return Done(len(some), len(kept), told)

    runs = fence.done([outlet for outlet, _points in outlets], done)
    return Done(*(sum(getattr(each, name) for each in runs) for name in ("months", "kept", "told")))


def closed_of(found: Reckoned) -> Closed:
    """As it is kept, with its trace."""
    amount = found.amount
    days = [each for each in found.judged.days if found.month <= each.starts <= found.through]
    hours = {origin: amount.by.get(origin, (0, Decimal(0)))[0] for origin in Origin}
    period = Period(found.month.year, f"{found.month.month:02d}")
    shown = figure(Cell(Subject("outlet", str(found.outlet.pk)), found.factor, period), amount)
    computed = _computed(found)
    return Closed(
        outlet=found.outlet.pk, factor=found.factor, month=found.month, through=found.through, is_over=found.is_over,
        kg=amount.kg, due_hours=amount.due, measured_hours=hours[Origin.MEASURED],
        substituted_hours=hours[Origin.SUBSTITUTED], stopped_hours=hours[Origin.STOPPED],
        by_hand_hours=hours[Origin.BY_HAND], open_hours=amount.open_hours, days=len(days),
        valid_days=sum(bool(each.is_valid) for each in days), capture_pct=found.capture_pct,
        is_doubted=any(not each.is_verified for each in amount.rules()), computed_hours=len(computed),
        trace={
            "steps": [_step(each) for each in steps(amount)],
            "doubts": [_words(each) for each in (*shown.doubts, *_doubts(found))],
            **_flow(computed[:1]),
            "findings": _findings(found),
            "days": [_day(each) for each in amount.parts],
            "runs": list(_runs(amount)),
        },
    )  # fmt: skip


def _doubts(found: Reckoned) -> Iterator[Message]:
    """What a reader has to know of the gas that hours were told of, and of what the register does not tell."""
    yield from (_LACKING[key] for key in found.lacking)
    if found.brought:
        yield Message(
            f"{found.brought} 小时设备按湿基或工况报，已换成标准状态的干烟气",
            f"{found.brought} hours were sent wet or as in the duct and brought to dry gas at standard state",
        )
    if found.impossible:
        yield Message(
            f"{found.impossible} 小时的浓度或流量是负值，或大得不可能，不是量，按故障处理",
            f"{found.impossible} hours have a concentration or flow below zero, or one too great to be: they count as"
            " faults",
        )
    if found.doubtful:
        yield Message(
            f"{found.doubtful} 小时设备按湿基或工况报，烟气的温度、压力或湿度不全，没有换算，按缺失处理",
            f"{found.doubtful} hours were sent wet or as in the duct while the state of the gas is not whole: they"
            " count as missing",
        )


def _computed(found: Reckoned) -> list[Hour]:
    """The hours whose kilograms stand on a flow that was reckoned from the velocity."""
    measured = {each.at for each in found.amount.every_hour() if each.origin is Origin.MEASURED}
    return [each for each in found.hours if each.flow_steps and each.at in measured]


def _flow(computed: Sequence[Hour]) -> dict[str, Any]:
    """The arithmetic of a flow that was reckoned, of one such hour; empty of none."""
    for each in computed:
        return {"flow": {"at": each.at.isoformat(), "steps": [_flow_step(step) for step in each.flow_steps]}}
    return {}


def _flow_step(each: Step) -> dict[str, Any]:
    return _step(each) | {"inputs": [[symbol, _text(value)] for symbol, value in each.inputs]}


def _words(said: Message) -> list[str]:
    return [said.zh, said.en]


def _step(each: Any) -> dict[str, Any]:
    clause = each.clause
    return {
        "name": _words(each.name), "formula": each.formula, "value": _text(each.value), "unit": each.unit,
        "rule": _words(clause.words) if clause else None, "is_verified": clause.is_verified if clause else True,
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _findings(found: Reckoned) -> list[list[str]]:
    place = f"{found.outlet.name} {factor_word(found.factor)}"
    return [[each.code, *_words(each.message)] for each in findings(found.law.checks, place, found.amount)]


def _day(each: Amount) -> dict[str, Any]:
    by = {origin.value: count for origin, (count, _kg) in each.by.items()}
    return {"day": each.starts.isoformat(), "kg": _text(each.kg), "by": by, "due": each.due}


def _runs(amount: Amount) -> Iterator[dict[str, Any]]:
    """Consecutive hours of one origin and one rule; of those that stand in for something the kilograms of an hour."""
    for (origin, gap, kg), group in groupby(amount.every_hour(), key=_sort):
        own = list(group)
        first = own[0]
        made: dict[str, Any] = {"at": first.at.isoformat(), "hours": len(own), "origin": origin}
        if first.origin is Origin.BY_HAND:
            made |= {"kg": kg, "rule": [first.by_hand, first.by_hand]}
        elif gap is not None:
            made |= {"kg": kg, "code": first.code, **_rule(first)}
        yield made


def _sort(each: HourAmount) -> tuple[str, datetime | str | None, str | None]:
    if each.origin is Origin.BY_HAND:
        return each.origin.value, each.by_hand, _text(each.kg)
    if each.origin not in (Origin.SUBSTITUTED, Origin.OPEN):
        return each.origin.value, None, None
    gap = each.filled.gap.starts_at if each.filled else each.at
    return each.origin.value, gap, _text(each.kg)


def _rule(each: HourAmount) -> dict[str, Any]:
    """By which rule it was filled, or why it was not: what the rule asked for and what there was."""
    filled = each.filled
    if filled is None:
        return {}
    made: dict[str, Any] = {
        "needed": filled.needed, "found": filled.found, "capture_pct": _text(filled.capture_pct),
        "used": [filled.used[0].isoformat(), filled.used[-1].isoformat()] if filled.used else None,
    }  # fmt: skip
    if filled.band is not None:
        clause = filled.band.ground.clause
        made |= {"method": _words(METHODS[filled.band.method]), "rule": _words(clause.words),
                 "is_verified": clause.is_verified}  # fmt: skip
    return made
