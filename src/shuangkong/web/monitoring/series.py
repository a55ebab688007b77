"""读数序列: what came, and of hours and days of which none came our own means; each value says whose it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from shuangkong.monitoring.reading import Media
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.web.monitoring.computed_flow import computed_flows, flow_values
from shuangkong.web.monitoring.data import Source, Value, values
from shuangkong.web.monitoring.flows import FLOWS
from shuangkong.web.monitoring.hours import Told, as_dry, told
from shuangkong.web.monitoring.mean_differences import day_hours, own_day
from shuangkong.web.monitoring.own_means import law_of

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_AVG = "avg"
#: How long a time of each kind one answer takes: some ten thousand readings of an outlet of twenty factors.
_PAGES = {
    Kind.RTD: timedelta(hours=2), Kind.MINUTE: timedelta(hours=12), Kind.HOUR: timedelta(days=31),
    Kind.DAY: timedelta(days=400),
}  # fmt: skip


def page_end(kind: Kind, start: datetime, end: datetime) -> datetime:
    """Where an answer ends that begins at ``start``: no period of which a mean could be reckoned lies across it."""
    longest = start + _PAGES[kind]
    return end if end <= longest else _floor(longest, Kind.DAY if kind in (Kind.HOUR, Kind.DAY) else Kind.HOUR)


def series(
    outlet: Outlet, points: Sequence[Point], kind: Kind, stats: Collection[str] | None, start: datetime, end: datetime
) -> tuple[Value, ...]:
    """Readings of an outlet by point, time and statistic; of instants and minutes what the device told alone.

    Means alone are reckoned here, and only of periods that are over and lie whole in the time. A value of a flow that
    has no point of its own bears the number 0. Hours and days of gas are dry and at standard state, instants and
    minutes as they were sent. Up to 6 queries and eight questions to the store.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    came = as_dry(values({each.pk for each in points}, kind, stats, start, end), points, kind, start, end)
    if outlet.kind not in set(Media) or kind not in (Kind.HOUR, Kind.DAY) or (stats is not None and _AVG not in stats):
        return came
    own = [*_own(outlet, points, kind, came, start, end)]
    # A day that was sent in another state and whose gas is not known has our mean of its hours in its place.
    made = {(each.point, each.at) for each in own}
    came = tuple(
        each for each in came if not (each.is_doubtful and each.stat == _AVG and (each.point, each.at) in made)
    )
    return tuple(sorted([*came, *own], key=lambda each: (each.point, each.at, each.stat)))


def _own(
    outlet: Outlet, points: Sequence[Point], kind: Kind, came: Sequence[Value], start: datetime, end: datetime
) -> Iterator[Value]:
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    first, last = _whole(start, kind), min(_floor(end, kind), now)
    if first >= last:
        return
    meanings = law_of(outlet, last).marks
    hours = told(points, first, last, meanings, stats=(_AVG, "cou"))
    if kind is Kind.HOUR:
        for (_point, stat), by in hours.values.items():
            yield from (each for each in by.values() if stat == _AVG and each.is_own)
        flow = next((each.pk for each in points if each.factor == FLOWS[Media.GAS]), 0)
        yield from flow_values(computed_flows(hours, outlet), flow)
        return
    told_days = {(each.point, each.at) for each in came if each.stat == _AVG and not each.is_doubtful}
    yield from _days(points, hours, told_days, last)


def _days(points: Sequence[Point], hours: Told, came: set[tuple[int, datetime]], last: datetime) -> Iterator[Value]:
    for point in points:
        by: dict[datetime, list[datetime]] = defaultdict(list)
        readings = hours.readings(point.pk)
        for each in readings:
            by[each.at.replace(hour=0)].append(each.at)
        for day in sorted(by):
            if (point.pk, day) in came or day + _DAY > last:
                continue
            value = own_day(day_hours(readings, day, hours.meanings), hours.meanings)
            if value is not None:
                yield Value(point.pk, day, _AVG, value, "N", "", False, 0, 0, source=Source.HOURS)


def _floor(at: datetime, kind: Kind) -> datetime:
    found = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    return found if kind is Kind.HOUR else found.replace(hour=0)


def _whole(at: datetime, kind: Kind) -> datetime:
    """The first period that begins at a moment or after it."""
    found = _floor(at, kind)
    return found if found == timezone.localtime(at) else found + (_HOUR if kind is Kind.HOUR else _DAY)
