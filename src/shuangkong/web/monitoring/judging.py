"""判定: what the rules find in what was measured lately, as alarms; what timers call for in open cases.

Run again and again: what is found again is brought up to date, what no longer holds is undone, nothing is doubled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import batched

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.alarms.grouping import clean_hours
from shuangkong.monitoring.alarms.life import Act, State
from shuangkong.monitoring.alarms.timers import due, explain_by
from shuangkong.monitoring.limits.limit import Limit
from shuangkong.monitoring.mark import Counts, Mark
from shuangkong.monitoring.reading import Span
from shuangkong.monitoring.wire_codes import STOPPED
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.alarm_rules import (
    UNVERIFIED_LIMIT,
    Raised,
    raise_alarms,
    step_by_rules,
    undo,
)
from shuangkong.records.monitoring.alarms import AlarmRow
from shuangkong.records.monitoring.arrivals import forget_clocks, judged, unjudged
from shuangkong.records.monitoring.models import Alarm, LateData, Outlet
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.web.monitoring.cases import cases_of
from shuangkong.web.monitoring.episodes import Case, episodes_of
from shuangkong.web.monitoring.fencing import by_outlet
from shuangkong.web.monitoring.limited import exceedances
from shuangkong.web.monitoring.views.outlet import midnight

_HOUR = timedelta(hours=1)
#: How far back a run looks, and the furthest that an open alarm makes it look.
BACK, FURTHEST = timedelta(days=3), timedelta(days=60)
#: How far back clean hours are counted: long enough for any timer though an hour a day is checked.
CLEAN = timedelta(days=10)
#: So long after readings came they may still be on their way into the store: they are judged once more then.
SETTLING = timedelta(hours=1)
#: Outlets that are judged together.
AT_ONCE = 100
_SPANS = {Span.HOUR: "hour", Span.DAY: "day", Span.MINUTE: "minute", Span.MONTH: "month", Span.YEAR: "year"}
#: Alarms of amounts need no readings to be found again.
_AMOUNTS = frozenset({"month", "year"})


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run did."""

    outlets: int
    new: int
    moved: int


def judge(back: timedelta = BACK) -> Judged:
    """Every outlet and station in use, and those in use no more of which something is open or came late.

    What came late is judged from its oldest on, ``FURTHEST`` back at most. ~30 queries for each ``AT_ONCE`` outlets,
    however much is found. An outlet that cannot be judged is kept as a fault and keeps no other.

    Raises StoreDown, StoreRefused: nothing is undone for want of a store.
    """
    now = timezone.localtime()
    end = now.replace(minute=0, second=0, microsecond=0)
    forget_clocks(end - FURTHEST)
    late = unjudged()
    found = _watched(end - back)
    new = moved = 0
    fence = by_outlet(Work.JUDGING)
    for part in batched(found, AT_ONCE):
        for opened, stepped in fence.done(part, lambda some: _judge(some, back, late, now)):
            new, moved = new + opened, moved + stepped
    judged(now - SETTLING, but=fence.known)
    return Judged(len(found), new, moved)


def _watched(since: datetime) -> tuple[Outlet, ...]:
    """Outlets that were in use since a moment, and others whose case is open or whose readings came late. 1 query."""
    of = {"outlet": OuterRef("pk")}
    ended = (
        Q(ends_on=None)
        | Q(ends_on__gte=since.date())
        | Exists(Alarm.objects.filter(~Q(state=State.CLOSED), **of))
        | Exists(LateData.objects.filter(**of).exclude(unjudged_from=None))
    )
    rows = Outlet.objects.select_related("region", "enterprise").filter(ended, starts_on__lte=timezone.localdate())
    return tuple(rows.order_by("region", "enterprise", "code", "pk"))


def _judge(part: Sequence[Outlet], back: timedelta, late: Mapping[int, datetime], now: datetime) -> tuple[int, int]:
    """How many alarms are new, and how many steps were taken, of some outlets."""
    whole = now.replace(minute=0, second=0, microsecond=0)
    ends = {
        each.pk: whole if each.ends_on is None else min(whole, midnight(each.ends_on + timedelta(days=1)))
        for each in part
    }
    known = _by_outlet(part, ~Q(state=State.CLOSED))
    starts = {
        number: midnight(timezone.localtime(_start(known.get(number, ()), end, back, late.get(number, end))).date())
        for number, end in ends.items()
    }
    # What is found again must be known again, as far back as is looked.
    known = _by_outlet(part, Q(ends_at__gte=min(starts.values())) | ~Q(state=State.CLOSED))
    starts = {number: _whole(start, known.get(number, ()), ends[number]) for number, start in starts.items()}
    cases = cases_of(part, starts, ends, now)
    raised: dict[str, Raised] = {}
    for case in cases:
        own = list(known.get(case.outlet.pk, ()))
        for found in (*exceedances(case), *episodes_of(case)):
            each = _raised(case, found, own)
            # An alarm is found again once: what marks have parted into two is that one and a new one.
            own = [row for row in own if row.key != each.key]
            raised[each.key] = each
    new = raise_alarms(raised.values())
    over: dict[datetime, list[int]] = {whole: []}
    by = {case.outlet.pk: case for case in cases}
    for number, rows in known.items():
        gone = (row for row in rows if row.key not in raised)
        lost = [row.id for row in gone if _is_undone(row, starts[number]) or _is_settled_stop(row, by[number])]
        over.setdefault(ends[number], []).extend(lost)
    for at, numbers in over.items():
        undo(numbers, at)
    return len(new), _timers(cases)


def _whole(start: datetime, known: Sequence[AlarmRow], end: datetime) -> datetime:
    """Midnight before the exceedance that a look from ``start`` on would cut, so that it is seen whole."""
    begun = (each.starts_at for each in known if each.rule == Kind.EXCEEDANCE and each.period not in _AMOUNTS
             if each.ends_at is not None and each.starts_at < start < each.ends_at)  # fmt: skip
    first = min(begun, default=start)
    return start if first < end - FURTHEST else midnight(timezone.localtime(first).date())


def _is_undone(row: AlarmRow, start: datetime) -> bool:
    """Whether an alarm that was not found again never was: data came late, hours were marked.

    Of what has ended exceedances of readings that lie within the look: a silence was one though its data came later.
    """
    if row.ends_at is None:
        return True
    is_of_readings = row.rule == Kind.EXCEEDANCE and row.period not in _AMOUNTS
    return is_of_readings and row.undone_at is None and row.starts_at >= start


def _is_settled_stop(row: AlarmRow, case: Case) -> bool:
    """Whether an alarm that was not found again is of a stop of whose every hour the authority has said what it was."""
    if row.rule != Kind.IMPOSSIBLE or row.ends_at is None or row.undone_at is not None or row.starts_at < case.start:
        return False
    of_stops = (each.id for each in case.law.conditions if STOPPED in each.inputs.values())
    return any(each in row.key for each in of_stops) and not case.held.stops(row.starts_at, row.ends_at).get(row.outlet)


def _by_outlet(part: Sequence[Outlet], condition: Q) -> dict[int, list[AlarmRow]]:
    found: dict[int, list[AlarmRow]] = defaultdict(list)
    for row in alarms.alarms(Q(outlet__in=[each.pk for each in part]) & condition, None):
        found[row.outlet].append(row)
    return found


def _start(known: Sequence[AlarmRow], end: datetime, back: timedelta, late: datetime) -> datetime:
    """As far back as an open one began, or what came ``late``; and as an unsettled one ended: hours since are counted.

    Args:
        late: ``end`` where nothing came late.
    """
    of_readings = (each for each in known if each.period not in _AMOUNTS)
    begun = min((each.starts_at for each in of_readings if each.ends_at is None), default=end)
    ended = min((each.ends_at for each in known if each.ends_at is not None and each.is_open), default=end)
    return min(end - back, max(min(begun - _HOUR, late), end - FURTHEST), max(ended, end - CLEAN))


def _raised(case: Case, found: Episode, known: Sequence[AlarmRow]) -> Raised:
    """As the register takes it; one that began before what was looked at is the one that is known already."""
    own = f"{case.outlet.pk}/{found.key}"
    before = _known(case, own.removesuffix(found.starts_at.isoformat()), found, known)
    is_cut = found.starts_at <= case.start
    # What began before the time that is looked at keeps its begin.
    starts = min(before.starts_at, found.starts_at) if before and is_cut else found.starts_at
    key = before.key if before else own
    earlier = [at for at in before.instants if at < case.start.timestamp()] if before and is_cut else []
    place = found.evidence[0] if found.evidence else None
    limit, words = found.limit, found.words
    if limit is not None and not limit.ground.is_verified:
        words = Message(f"{words.zh}{UNVERIFIED_LIMIT.zh}", f"{words.en}{UNVERIFIED_LIMIT.en}")
    standing = alarms.first_standing(timezone.now())
    # Of an outlet that is in use no more nothing goes on.
    ends_at = found.ends_at or (case.end if case.is_over else None)
    return Raised(
        outlet=case.outlet.pk, rule=found.kind.value, key=key[:120], starts_at=starts, factor=found.factor,
        period=_SPANS[found.span], ends_at=ends_at, peak=found.peak, limit=_bound(limit, found),
        unit=limit.unit if limit else "", multiple=found.multiple, text=words,
        due_at=explain_by(standing, case.law.timers), segment=place.segment if place else None,
        offset=place.offset if place else None,
        instants=[*earlier, *(int(at.timestamp()) for at in found.instants)],
    )  # fmt: skip


def _known(case: Case, prefix: str, found: Episode, known: Sequence[AlarmRow]) -> AlarmRow | None:
    """The alarm that this is already: of the same sort, and at the same time. Late data may have moved its edges."""
    last = found.ends_at or case.end
    overlapping = (
        each
        for each in known
        if each.key.startswith(prefix) and each.starts_at <= last and (each.ends_at or case.end) >= found.starts_at
    )
    return next(overlapping, None)


def _bound(limit: Limit | None, found: Episode) -> Decimal | None:
    """The bound that was exceeded."""
    if limit is None:
        return None
    is_above = limit.most is not None and found.peak is not None and found.peak > limit.most
    return limit.most if is_above else limit.least


def _timers(cases: Sequence[Case]) -> int:
    """What timers call for in the open cases of outlets; how many steps were taken."""
    now, wanted = timezone.now(), dict[int, tuple[Act, str]]()
    lately = Q(rule=Kind.EXCEEDANCE, ends_at__gte=now - CLEAN)
    known = _by_outlet([case.outlet for case in cases], ~Q(state=State.CLOSED) | lately)
    standings = alarms.standings_of(row.id for own in known.values() for row in own if row.is_open)
    for case in cases:
        own = known.get(case.outlet.pk, ())
        for row in own:
            standing = standings.get(row.id) if row.undone_at is None else None
            found = due(standing, case.law.timers, now, _clean(case, row, own)) if standing else None
            if found is not None:
                wanted[row.id] = (found.act, f"{found.timer.ground.clause.words.zh}")
    return step_by_rules(wanted)


def _clean(case: Case, row: AlarmRow, beside: Sequence[AlarmRow]) -> int:
    """Consecutive hours in order since it ended: of its factor, or of every factor where it was of the whole outlet.

    Those in which it exceeds again, or before that, count as none; hours that were marked as lost or stopped are passed
    over. ``beside``: alarms of the outlet that are not settled, or exceeded lately.
    """
    factors = [row.factor] if row.factor in case.points else list(case.points)
    out = (each for each in beside if each.rule == Kind.EXCEEDANCE and each.undone_at is None)
    again = [each.ends_at for each in out if each.factor in factors]
    ends = [row.ends_at, *again]
    if None in ends:
        return 0
    since = max(each for each in ends if each is not None)
    meanings = case.law.marks
    passed = (meanings.counting(Counts.LOST) | meanings.stopped) - {Mark.MISSING}
    whole = {factor: case.held.whole(case.points[factor].pk, case.start, case.end) for factor in factors}
    return clean_hours(whole, since, lambda each: each.mark in meanings.measured, lambda each: each.mark in passed)
