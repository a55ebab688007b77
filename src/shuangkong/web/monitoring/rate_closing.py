"""传输率月结: boards and facts read what was kept; only what is not kept, or has changed since, is reckoned anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.monitoring.rates.transmission import Cut, Transmission
from shuangkong.monitoring.reading import Span, ends_of, starts_of
from shuangkong.monitoring.wire_codes import STOPPED
from shuangkong.records.monitoring.arrivals import late_since
from shuangkong.records.monitoring.models import Outlet, Point, RateClosing
from shuangkong.records.monitoring.rates_kept import (
    ClosedRate,
    Kept,
    changed_since,
    is_settled,
    keep_rates,
    kept_rates,
)
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.records.reporting.models import ClockMark
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.fencing import Fence, by_outlet
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.reclosing import Round
from shuangkong.web.monitoring.ruled_by import rate_rules
from shuangkong.web.monitoring.transmitting import Line, lines_of
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)
#: Points that a page reckons while one waits; what is more waits for the clock.
LIVE = 60
#: Points that one tick closes; the next goes on.
MOST = 400
#: Outlets whose points the clock looks through together: their numbers, and those of their rows, go into one question.
AT_ONCE = 500
#: Outlets that one tick looks through; the next goes on.
LOOK = 10_000
_CLOCK, _OLDER_CLOCK = "rates", "older rates"
#: Outlets' months before those it looks at that one tick looks through.
OLDER = 60
#: How hours are counted beside the rules of policy: another number, and what was kept is reckoned anew. 2: what is
#: below zero is received and not valid; stops that flow and load contradict are due.
_COUNTING = 2
#: Months before this one that the clock looks at by itself, and days back in which late data are looked for.
_BACK, _LATE_DAYS = 2, 3


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a month, in the order of the points asked for.

    Attributes:
        through: the oldest last day that a line is of; ``waiting``: points of which nothing is kept yet, left out.
        former: lines that were reckoned by former rules and wait to be reckoned anew.
    """

    lines: tuple[Line, ...]
    through: date
    waiting: int
    former: int = 0


def lines_kept(
    found: Sequence[Outlet], points: Sequence[Point], first: date, last: date, most: int = LIVE, *, by_any: bool = False
) -> Lines:
    """What is kept of a month; what is not, or holds no more, is reckoned now, ``most`` points of it.

    Of the others what was kept before is taken where there is any. ~10 queries, and those of ``lines_of``.

    Args:
        first: of a month; ``last``: its last day, or yesterday's of a month that runs.
        by_any: what was reckoned by former rules holds, too.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    month = first.replace(day=1)
    numbers = [each.pk for each in found]
    held = kept_rates(month, numbers)
    by = {each.pk: each for each in found}
    due = _due(by, points, held, month, last, by_any=by_any)
    live = {each.point.pk: each for each in lines_of(found, due[:most], first, last)} if due else {}
    rules = _rules_of_places(by.values(), last)
    made, through, waiting, former = [], last, 0, 0
    for point in points:
        row = held.get((point.outlet_id or 0, point.factor))
        if point.pk in live:
            made.append(live[point.pk])
        elif row is not None:
            made.append(_line(by[row.outlet_id], point, row))
            through = min(through, row.through)
            former += row.is_over and row.rules != rules[by[row.outlet_id].region_id]
        else:
            waiting += 1
    return Lines(tuple(made), through, waiting, former)


def _due(
    by: dict[int, Outlet], points: Sequence[Point], held: Kept, month: date, last: date, *, by_any: bool
) -> list[Point]:
    """Points of which nothing that holds is kept; ``by_any``: by whichever rules."""
    changed = changed_since(month, ends_of(Span.MONTH, month) + _DAY, by)
    of_place = _rules_of_places(by.values(), last)
    found = []
    for point in points:
        row = held.get((point.outlet_id or 0, point.factor))
        if row is None or not is_settled(
            row, changed, last, row.rules if by_any else of_place[by[row.outlet_id].region_id]
        ):
            found.append(point)
    return found


def _rules_of_places(outlets: Iterable[Outlet], day: date) -> dict[str, str]:
    """Place → ``rules_of`` it."""
    first = {each.region_id: each for each in outlets}
    return {place: rules_of(each, day) for place, each in first.items()}


def rules_of(outlet: Outlet, day: date) -> str:
    """By what rates are reckoned at an outlet's place on a day: another digest, another reckoning."""
    book = open_rulebook()
    law = book.monitoring(book.layer_of(outlet.region_id, day))
    rules = law.rates(day)
    told = (
        f"{rules.real_time_hours} {rules.repair_days} {rules.check_hours} {sorted(rules.checked)} {rules.section_hours}"
    )
    marks = f"{sorted(law.marks.stopped)} {sorted(law.marks.measured)} {sorted(law.marks.sent.items())}"
    stops = sorted(f"{each.id} {each.when.text}" for each in law.conditions if STOPPED in each.inputs.values())
    return hashlib.sha256(f"{_COUNTING} {told} {marks} {stops}".encode()).hexdigest()


def _line(outlet: Outlet, point: Point, row: RateClosing) -> Line:
    cuts = {
        Cut.REAL_TIME: Transmission(row.hours, row.stopped, row.now_excused, row.now_received, row.now_valid),
        Cut.COMPLETED: Transmission(row.hours, row.stopped, row.excused, row.received, row.valid),
    }
    return Line(outlet, point, cuts, row.late)


def close_rates(
    found: Sequence[Outlet], points: Sequence[Point], first: date, last: date, most: int = MOST, *, by_any: bool = False
) -> int:
    """Keeps a month of points, those that are not kept or hold no more; returns how many were reckoned.

    ``by_any``: what was reckoned by former rules holds, too. Raises StoreDown, StoreRefused.
    """
    checked_at = timezone.now()
    month, by = first.replace(day=1), {each.pk: each for each in found}
    due = _due(by, points, kept_rates(month, by), month, last, by_any=by_any)[:most]
    if not due:
        return 0
    is_over = last == ends_of(Span.MONTH, month)
    lines = lines_of(found, due, first, last)
    with transaction.atomic():
        keep_rates((_closed(each, month, last, is_over=is_over) for each in lines), checked_at)
    return len(lines)


def _closed(each: Line, month: date, last: date, *, is_over: bool) -> ClosedRate:
    now, done = each.cuts[Cut.REAL_TIME], each.cuts[Cut.COMPLETED]
    return ClosedRate(
        outlet_id=each.outlet.pk, factor=each.point.factor, month=month, through=last, is_over=is_over,
        hours=done.hours, stopped=done.stopped, now_excused=now.excused, now_received=now.received,
        now_valid=now.valid, excused=done.excused, received=done.received, valid=done.valid, late=each.late,
        rules=rules_of(each.outlet, last),
    )  # fmt: skip


def close_rates_due(most: int = MOST, look: int = LOOK) -> int:
    """What a clock does: this month up to yesterday, the last ones, and those of which readings came late.

    Outlets are looked through in the order of their numbers, ``look`` of them at the most; the next run goes on behind
    the last, and after all of them begins anew. Returns how many points were reckoned. Raises StoreDown, StoreRefused.
    """
    mark, _ = ClockMark.objects.get_or_create(name=_CLOCK, defaults={"at": timezone.now()})
    months, count, fence = tuple(_months(timezone.localdate())), 0, by_outlet(Work.RATES)
    for outlets in in_use_between(min(first for first, _ in months), max(last for _, last in months), mark.number):
        for first, last in months:
            own = [
                each for each in outlets if each.starts_on <= last and (each.ends_on is None or each.ends_on >= first)
            ]
            points = points_of(own, rated_only=True, first=first, last=last) if own else []
            count += close_fenced(fence, own, points, first, last, most - count)
            if count >= most:
                # The rest of these outlets comes first at the next run.
                return count
        look -= len(outlets)
        _set_mark(outlets[-1].pk)
        if look <= 0:
            return count
    _set_mark(0)
    return count + _close_older(most - count, fence)


def _close_older(most: int, fence: Fence[Outlet]) -> int:
    """Months before those that the clock looks at: anew where the rules are others, ``most`` points of them."""
    before, count = oldest(timezone.localdate()), 0
    older = Round(_OLDER_CLOCK, rate_rules(_COUNTING), RateClosing, before, in_parts=True)
    for month, numbers in older.some(min(most, OLDER)):
        at, last = timezone.now(), ends_of(Span.MONTH, month)
        own = list(Outlet.objects.select_related("region", "enterprise__region").filter(pk__in=numbers))
        points = points_of(own, rated_only=True, first=month, last=last)
        count += close_fenced(fence, own, points, month, last, most - count)
        if count >= most:
            # The rest of these outlets comes first at the next run, also that of an outlet of which some was closed.
            return count
        older.are_checked(month, numbers - fence.known, at)
    older.are_done()
    return count


def is_walked() -> bool:
    """Whether the clock has been through the older months by the rules as they are. 1 query."""
    return Round.is_through(_OLDER_CLOCK, rate_rules(_COUNTING))


def close_fenced(
    fence: Fence[Outlet],
    found: Sequence[Outlet],
    points: Sequence[Point],
    first: date,
    last: date,
    most: int,
    *,
    by_any: bool = False,
) -> int:
    """As ``close_rates``; an outlet whose rates cannot be reckoned is kept as a fault, and keeps no other."""

    def close(some: Sequence[Outlet]) -> int:
        numbers = {each.pk for each in some}
        own = [each for each in points if each.outlet_id in numbers]
        return close_rates(some, own, first, last, most, by_any=by_any)

    return sum(fence.done(found, close))


def _set_mark(number: int) -> None:
    ClockMark.objects.filter(name=_CLOCK).update(number=number, at=timezone.now())


def in_use_between(first: date, last: date, after: int = 0, kinds: Iterable[str] = ()) -> Iterator[list[Outlet]]:
    """Outlets in use on some of the days, so many at a time: a nation is never held at once. 1 query each.

    Args:
        after: the number behind which they begin.
        kinds: of these kinds only; none: of all.
    """
    in_use = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    rows = Outlet.objects.select_related("region", "enterprise__region").filter(in_use).order_by("pk")
    rows = rows.filter(kind__in=list(kinds)) if kinds else rows
    while some := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        yield some
        after = some[-1].pk


def oldest(today: date) -> date:
    """The first day of the oldest month that the clock looks at by itself."""
    month = starts_of(Span.MONTH, today)
    for _ in range(_BACK):
        month = starts_of(Span.MONTH, month - _DAY)
    return month


def _months(today: date) -> Iterator[tuple[date, date]]:
    """The newest first; each with its last day that is over."""
    late = {month for _outlet, month in late_since(midnight(today) - _LATE_DAYS * _DAY)}
    month = starts_of(Span.MONTH, today)
    if month < today:
        yield month, today - _DAY
    for _ in range(_BACK):
        month = starts_of(Span.MONTH, month - _DAY)
        late.discard(month)
        yield month, ends_of(Span.MONTH, month)
    for month in sorted((each for each in late if each < month), reverse=True):
        yield month, ends_of(Span.MONTH, month)
