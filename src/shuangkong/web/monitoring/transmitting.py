"""传输率的底数: factor by factor, what was due, came by which time, and holds, over some days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.rates.transmission import Cut, RateRules, Transmission, added, day_rates
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.monitoring.slots import slots
from shuangkong.monitoring.validity.stations import SECTION
from shuangkong.readings.columns import Kind
from shuangkong.readings.trace import Place
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.batches import MOST
from shuangkong.web.monitoring.data import places_told
from shuangkong.web.monitoring.hours import told
from shuangkong.web.monitoring.owing import owing
from shuangkong.web.monitoring.received import received_at
from shuangkong.web.monitoring.views.outlet import midnight


@dataclass(frozen=True, slots=True)
class Line:
    """One factor of one outlet over some days: by what had come in time, and by what has come.

    ``late``: hours that came after the time for supplements, and count as not received.
    """

    outlet: Outlet
    point: Point
    cuts: dict[Cut, Transmission]
    late: int


def lines_of(found: Sequence[Outlet], points: Sequence[Point], first: date, last: date) -> tuple[Line, ...]:
    """Points of outlets over some days. So many at a time: the hours of a month of a large place are not held at once.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    some = (points[start : start + MOST] for start in range(0, len(points), MOST))
    return tuple(line for each in some for line in _lines(found, each, first, last))


def _lines(found: Sequence[Outlet], points: Sequence[Point], first: date, last: date) -> tuple[Line, ...]:
    by, book = {each.pk: each for each in found}, open_rulebook()
    meanings = book.monitoring().marks
    start, end = midnight(first), midnight(last + timedelta(days=1))
    # What did not come was not transmitted, though we can reckon it from finer data.
    held = told(points, start, end, meanings, stats=("avg",), is_as_told=True)
    again = places_told([point.pk for point in points], Kind.HOUR, "avg", start, end)
    places = received_at(
        place for point in points for each in held.readings(point.pk) for place in _places(point.pk, each, again)
    )
    made, due = [], owing(list(by))
    for point in points:
        outlet = by[point.outlet_id or 0]
        law = book.monitoring(book.layer_of(outlet.region_id, last))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        holds, every = due.of(outlet, point, rated_only=True), every_of(outlet, law.rates(last))
        owes = {day: due.readings(outlet, point, day, every, rated_only=True) for day in days}
        readings = [
            _with_arrival(each, _places(point.pk, each, again), places)
            for each in held.whole(point.pk, start, end)
            if holds(each.at)
        ]
        counted = slots(readings, every, law.marks)
        rules = partial(_rules, law, outlet)
        owing_days = [day for day in days if owes[day]]
        cuts = {
            cut: added(day_rates(counted, point.factor, law.marks, rules, owing_days, cut, owes.__getitem__).values())
            for cut in Cut
        }
        late = sum(each.value is not None and not rules(each.at.date()).is_in_time(each, Cut.COMPLETED)
                   for each in readings)  # fmt: skip
        made.append(Line(outlet, point, cuts, late))
    return tuple(made)


def every_of(outlet: Outlet, rules: RateRules) -> int:
    """How many hours apart an outlet's readings are due."""
    return rules.section_hours if outlet.kind == SECTION else 1


def is_due_verified(station: Outlet, day: date) -> bool:
    """Whether the rule of how often a station owes a reading was compared with its document; every hour needs none."""
    book = open_rulebook()
    rules = book.monitoring(book.layer_of(station.region_id, day)).rates(day)
    return station.kind != SECTION or rules.is_section_verified


def _rules(law: MonitoringLaw, outlet: Outlet, day: date) -> RateRules:
    """The daily check is excused to what discharges, not to stations."""
    rules = law.rates(day)
    return rules if outlet.kind in set(Media) else replace(rules, check_hours=0)


def _places(point: int, each: Reading, again: Mapping[tuple[int, datetime], tuple[Place, ...]]) -> tuple[Place, ...]:
    """Where the versions of a reading lie."""
    if each.evidence is None:
        return ()
    return again.get((point, each.at.astimezone(UTC)), (Place(each.evidence.segment, each.evidence.offset),))


def _with_arrival(each: Reading, told: Sequence[Place], arrived: Mapping[tuple[int, int], datetime]) -> Reading:
    """With the moment when it first came: what is put right later came in time all the same."""
    at = min((found for place in told if (found := arrived.get(place)) is not None), default=None)
    return each if at is None else replace(each, received_at=at)
