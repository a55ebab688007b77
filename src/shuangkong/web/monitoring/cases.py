"""判定所需: what rules look at of many outlets, gathered in few questions: readings, clocks, limits, what is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shuangkong.monitoring.alarms.quantities import AMOUNT_SPANS
from shuangkong.monitoring.mark import Marks
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.arrivals import clocks_of
from shuangkong.records.monitoring.emitted import emitted_of
from shuangkong.records.monitoring.limits import assigned, limits_of_each
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.episodes import Case
from shuangkong.web.monitoring.hours import Told, owed, points_of, told
from shuangkong.web.monitoring.views.outlet import midnight

_STATS = ("avg", "zs_avg")
_DAY = timedelta(days=1)


def cases_of(
    outlets: Sequence[Outlet], starts: Mapping[int, datetime], ends: Mapping[int, datetime], now: datetime
) -> tuple[Case, ...]:
    """A case each, in their order.

    9 queries for all, and for each day that any of them is looked at from on 2 queries and five questions to the store.

    Args:
        starts: from when on each is looked at, at its midnight.
        ends: up to when each is: the last whole hour, or its last day.
        now: up to when clocks are.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    book, numbers, end = open_rulebook(), [each.pk for each in outlets], max(ends.values(), default=now)
    begins = {each.pk: max(starts[each.pk], midnight(each.starts_on)) for each in outlets}
    points: dict[int, list[Point]] = defaultdict(list)
    for point in points_of(outlets):
        points[point.outlet_id or 0].append(point)
    beside = _beside(outlets, points)
    clocks = clocks_of(numbers, min(begins.values()), now) if begins else {}
    due, limits, groups = owed(numbers), limits_of_each(outlets), assigned(outlets)
    permitted = ((number, each.factor) for number, own in limits.items() for each in own if each.span in AMOUNT_SPANS)
    emitted = emitted_of(permitted, end.date())
    looked = {number: [*points[number], *beside[number]] for number in numbers}
    hours, days = (_of_starts(looked, begins, end, kind) for kind in (Kind.HOUR, Kind.DAY))
    made = []
    for each in outlets:
        number, start, until = each.pk, begins[each.pk], ends[each.pk]
        law = book.monitoring(book.layer_of(each.region_id, until.date()))
        is_over = each.ends_on is not None and until == midnight(each.ends_on + _DAY)
        own = tuple(row for row in clocks.get(number, ()) if start <= row.hour and (row.hour < until or not is_over))
        held, told_days = (_own(found[start], looked[number], law.marks, until) for found in (hours, days))
        made.append(
            Case(
                each, {point.factor: point for point in points[number]}, held, told_days, own, due, limits[number],
                groups[number].on, law, start, until, is_over,
                {factor: told_ for (of, factor), told_ in emitted.items() if of == number},
                {point.factor: point for point in beside[number]},
            )
        )  # fmt: skip
    return tuple(made)


def _beside(outlets: Sequence[Outlet], points: Mapping[int, Sequence[Point]]) -> dict[int, list[Point]]:
    """Points of what combinations look at and an outlet does not owe. 1 query."""
    conditions = open_rulebook().monitoring().conditions
    wanted = {code for each in conditions for code in each.inputs.values()}
    known = {each.pk for own in points.values() for each in own}
    found: dict[int, list[Point]] = defaultdict(list)
    rows = Point.objects.select_related("outlet").filter(outlet__in=[each.pk for each in outlets], factor__in=wanted)
    for row in rows.order_by("factor"):
        if row.pk not in known:
            found[row.outlet_id or 0].append(row)
    return found


def _of_starts(
    points: Mapping[int, Sequence[Point]], begins: Mapping[int, datetime], end: datetime, kind: Kind
) -> dict[datetime, Told]:
    """Begin → what was told since then of all outlets that are looked at from there on."""
    by: dict[datetime, list[Point]] = defaultdict(list)
    for number, start in begins.items():
        by[start] += points.get(number, ())
    marks = open_rulebook().monitoring().marks
    return {start: told(own, start, end, marks, kind, _STATS) for start, own in by.items()}


def _own(found: Told, points: Sequence[Point], meanings: Marks, until: datetime) -> Told:
    """The same of one outlet alone, with what marks mean where it lies.

    It bears nothing of the others: what is looked for in it walks through all that it bears.
    """
    own = {each.pk: each for each in points}
    keys = [(number, stat) for number in own for stat in _STATS]
    values = {key: found.values[key] for key in keys if key in found.values}
    outlets = {each.outlet_id or 0 for each in points}
    marked = {number: found.marked[number] for number in outlets if number in found.marked}
    off = tuple(each for each in found.off if each.point in own and each.at < until)
    return Told(values, marked, own, meanings, off, found.doubted)
