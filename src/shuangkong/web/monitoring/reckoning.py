"""核算: the kilograms of every hour of an outlet in a month, from the store, the registers and the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.monitoring.amounts.account import Amount, account
from shuangkong.monitoring.amounts.hours import Hour, hour_amounts, kilograms_of, possible
from shuangkong.monitoring.amounts.knowing import known
from shuangkong.monitoring.findings import SHORT_HISTORY
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Media, Reading, Span, ends_of, starts_of
from shuangkong.monitoring.validity.spans import Judged, verdicts
from shuangkong.monitoring.validity.verdict import merged
from shuangkong.records.monitoring.manual_results import manual_results
from shuangkong.records.monitoring.models import Outlet, Point, ServiceRecord
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.by_hand import by_hand
from shuangkong.web.monitoring.computed_flow import ComputedFlow, computed_flows, input_points, lacking
from shuangkong.web.monitoring.flows import FLOWS, a_kg, m3_an_hour
from shuangkong.web.monitoring.hours import Told, told
from shuangkong.web.monitoring.owing import Owing, owing
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)
#: Quarters before that of the month in which valid hours are looked for; more where these are not enough.
_BACK, _FURTHER = 1, 4
#: What is done to a device that shows whether its data was in control.
_CHECKS = ("calibration", "standard", "comparison")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One factor of an outlet in a month.

    Attributes:
        through: the last day in it; before the month's end where that is not over.
        amount: of the days up to ``through``: no hour to come is due.
        hours: what was known of each hour; with ``amount`` the whole arithmetic.
        lacking: what the register does not tell, so that a velocity makes no flow (``computed_flow.lacking``).
        brought, doubtful: hours of the month that were sent wet or as in the duct, and brought to dry gas at standard
            state; and that could not be, so that they count as lost.
        impossible: hours of the month with a figure that is no quantity (``amounts.hours.possible``): lost, too.
        judged: verdicts of days from the quarter's first on; ``capture_pct``: of the quarter as far as it is known.
    """

    outlet: Outlet
    factor: str
    month: date
    through: date
    amount: Amount
    hours: tuple[Hour, ...]
    judged: Judged
    capture_pct: Decimal | None
    law: MonitoringLaw
    lacking: tuple[str, ...] = ()
    brought: int = 0
    doubtful: int = 0
    impossible: int = 0

    @property
    def is_over(self) -> bool:
        return self.through == ends_of(Span.MONTH, self.month)


def reckoned(outlet: Outlet, points: Sequence[Point], month: date) -> tuple[Reckoned, ...]:
    """Every pollutant that has amounts, of those points and the flow; none where no day of the month is over.

    7 queries and two questions to the store. Raises StoreDown, StoreRefused.
    """
    yesterday = timezone.localdate() - _DAY
    through = min(ends_of(Span.MONTH, month), yesterday)
    if through < month:
        return ()
    found = _reckoned(outlet, points, month, through, _BACK)
    is_short = any(each.code == SHORT_HISTORY for one in found for each in one.amount.every_hour())
    if is_short and _from(month, _BACK) > outlet.starts_on:
        return _reckoned(outlet, points, month, through, _FURTHER)
    return found


def _from(month: date, quarters: int) -> date:
    first = starts_of(Span.QUARTER, month)
    for _ in range(quarters):
        first = starts_of(Span.QUARTER, first - _DAY)
    return first


def _reckoned(
    outlet: Outlet, points: Sequence[Point], month: date, through: date, quarters: int
) -> tuple[Reckoned, ...]:
    media = Media(outlet.kind)
    first = max(_from(month, quarters), outlet.starts_on)
    last = min(ends_of(Span.QUARTER, starts_of(Span.QUARTER, month)), timezone.localdate() - _DAY)
    if outlet.ends_on is not None:
        last = min(last, outlet.ends_on)
    book = open_rulebook()
    law = book.monitoring(book.layer_of(outlet.region_id, through))
    every = [*points, *input_points(outlet, points)]
    held = told(every, midnight(first), midnight(last + _DAY), law.marks, stats=("avg", "cou"))
    flows, computed = {each.factor: each.pk for each in every}, computed_flows(held, outlet)
    due = owing([outlet.pk])
    found_by_hand = manual_results(outlet.pk, midnight(first), midnight(last + _DAY))
    made = []
    for point in points:
        divisor = a_kg(point.factor)
        if divisor is None:
            continue
        flow = _Flow(flows.get(FLOWS[media]), computed)
        hours = _hours(held, point, flow, media, midnight(first), midnight(last + _DAY))
        sound = tuple(possible(each, divisor, law.marks) for each in hours)
        impossible = [each.at.date() for each, kept in zip(hours, sound, strict=True) if each is not kept]
        hours = by_hand(sound, found_by_hand.get(point.factor, ()), media, law.marks)
        found = _one(_Asked(outlet, point, due, law, month, through, divisor), hours, first, last)
        told_so = held.values.get((point.pk, "avg"), {})
        sent = [each for at, each in told_so.items() if each.brought is not None and month <= at.date() <= through]
        doubtful = sum(each.is_doubtful for each in sent)
        count = sum(month <= day <= through for day in impossible)
        made.append(replace(found, brought=len(sent) - doubtful, doubtful=doubtful, impossible=count))
    missing = lacking(held, outlet)
    return tuple(replace(each, lacking=missing) for each in made) if missing else tuple(made)


@dataclass(frozen=True, slots=True)
class _Flow:
    """Where the flow of an outlet comes from: the number of its point, and what was reckoned where none came."""

    point: int | None
    computed: Mapping[datetime, ComputedFlow]


def _hours(held: Told, point: Point, flow: _Flow, media: Media, first: datetime, last: datetime) -> tuple[Hour, ...]:
    means = {each.at: each for each in held.readings(flow.point)} if flow.point is not None else {}
    counted = {each.at: each for each in held.readings(flow.point, "cou")} if flow.point is not None else {}
    made, per_mean = [], m3_an_hour(media)
    for each in held.whole(point.pk, first, last):
        own = flow.computed.get(each.at)
        if own is not None:
            made.append(
                Hour(at=each.at, value=each.value, flow_m3=own.m3, mark=each.mark, evidence=each.evidence,
                     flow_steps=own.steps)
            )  # fmt: skip
            continue
        mean, count = means.get(each.at), counted.get(each.at)
        told_by = mean or count
        mark = told_by.mark if told_by is not None else Mark.MISSING
        flow_mean, flow_count = mean.value if mean else None, count.value if count else None
        value = flow_mean * per_mean if flow_mean is not None else flow_count
        made.append(
            Hour(at=each.at, value=each.value, flow_m3=value, mark=each.mark, flow_mark=mark, evidence=each.evidence)
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One factor of an outlet, and when it is owed."""

    outlet: Outlet
    point: Point
    due: Owing
    law: MonitoringLaw
    month: date
    through: date
    a_kg: Decimal

    def hours_on(self, day: date) -> int:
        return self.due.hours(self.outlet, self.point, day)


def _one(asked: _Asked, hours: tuple[Hour, ...], first: date, last: date) -> Reckoned:
    outlet, factor, law = asked.outlet, asked.point.factor, asked.law
    month, through, media = asked.month, asked.through, Media(outlet.kind)
    is_owed = asked.due.of(outlet, asked.point)
    readings = [Reading(at=each.at, value=each.value, mark=each.mark) for each in hours if is_owed(each.at)]
    judged = verdicts(readings, law.marks, law.validity[media], first, last, asked.hours_on)
    kilograms = [kilograms_of(each, asked.a_kg, law.marks) for each in hours]
    what = known(judged, kilograms, _out_of_control(outlet, factor))
    # Hours that are not owed are no gap that anything fills; they count for nothing, and nothing is open in them.
    whole = tuple(each if is_owed(each.at) else Hour(at=each.at, value=None, flow_m3=None, mark=Mark.STOPPED)
                  for each in hours)  # fmt: skip
    amounts = hour_amounts(whole, media, factor, law.marks, law.substitution, what, asked.a_kg)
    own = [each for each in amounts if month <= each.at.date() <= through and is_owed(each.at)]
    days = (month + number * _DAY for number in range((through - month).days + 1))
    due = sum(asked.hours_on(day) for day in days)
    found = account(own)[Span.MONTH]
    amount = replace(found[0], due=due) if found else Amount(Span.MONTH, month, Decimal(0), {}, due)
    quarter = starts_of(Span.QUARTER, month)
    capture = merged(each.tally for each in judged.days if each.starts >= quarter).capture_pct
    shown = tuple(each for each in hours if month <= each.at.date() <= through and is_owed(each.at))
    return Reckoned(outlet, factor, month, through, amount, shown, judged, capture, law)


def _out_of_control(outlet: Outlet, factor: str) -> list[tuple[datetime, datetime]]:
    """From the last check that passed before one that failed, to the next that passed. 1 query."""
    rows = ServiceRecord.objects.filter(
        Q(factor="") | Q(factor=factor), outlet=outlet, sort__in=_CHECKS, is_passed__isnull=False
    ).order_by("ends_at")
    found: list[tuple[datetime, datetime]] = []
    passed: datetime | None = None
    is_out = False
    for each in rows:
        at = timezone.localtime(each.ends_at)
        if not each.is_passed:
            is_out = True
            passed = passed or at
            continue
        if is_out and passed is not None:
            found.append((passed, at))
        passed, is_out = at, False
    if is_out and passed is not None:
        found.append((passed, timezone.localtime()))
    return found
