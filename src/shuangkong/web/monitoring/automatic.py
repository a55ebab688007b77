"""自动标记: hours that rules mark by themselves, from the flags of minutes and the records of what was done at devices.

Run again and again: the same readings and records give the same marks. Flags that a device sent for an hour count as
they are and need no mark; ``sent_flags`` tells them with the reason that rules give.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import HOUR, MINUTES_AN_HOUR, Media
from shuangkong.monitoring.validity.automatic import Automatic, Work, automatic
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.automatic_marks import Ruled, days_marked, keep_automatic, refused
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import Connection, Outlet, Point, RegisterEvent, ServiceRecord
from shuangkong.records.monitoring.row_faults import Work as Task
from shuangkong.web.monitoring.data import values
from shuangkong.web.monitoring.fencing import by_outlet
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.live import outlets
from shuangkong.web.monitoring.own_means import law_of, minute_hours
from shuangkong.web.monitoring.views.outlet import midnight

#: How far back hours are looked at by themselves, and where a record of earlier work was entered or put right.
BACK, FURTHEST = timedelta(days=3), timedelta(days=124)
_AT_ONCE = 50
_DAY = timedelta(days=1)
#: Acts on records of work that this process has gone by.
_DONE: set[int] = set()
_RECORDS = "services"

type Worked = Mapping[int, Sequence[tuple[str, Work]]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read of some outlets: by point and hour what the device sent, and its minutes by mark."""

    sent: Mapping[tuple[int, datetime], Mark]
    minutes: Mapping[tuple[int, datetime], Mapping[Mark, int]]


def mark_due(back: timedelta = BACK) -> int:
    """What a clock does; returns how many marks were set, grew or were taken back.

    The last days are looked at each time; earlier ones where a record of work was entered or put right since yesterday.

    Raises StoreDown, StoreRefused.
    """
    end = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    acts = dict(RegisterEvent.objects.filter(register=_RECORDS, at__gte=timezone.now() - _DAY).values_list("pk", "row"))
    fresh = {row for number, row in acts.items() if number not in _DONE}
    changed, fence = 0, by_outlet(Task.MARKING)
    for some in batched([each for each in outlets(Q()) if each.kind in set(Media)], _AT_ONCE):
        changed += sum(fence.done(some, lambda few: _mark(few, fresh, end, back)))
    _DONE.update(acts)
    return changed


def _mark(some: Sequence[Outlet], fresh: set[int], end: datetime, back: timedelta) -> int:
    worked = works_of(some, end - FURTHEST)
    said = tuple(_of_work(number).zh for number in fresh)
    marked = days_marked([each.pk for each in some], end - FURTHEST, said)
    looked: dict[tuple[datetime, datetime], list[Outlet]] = defaultdict(list)
    within: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in some:
        works = [work for _factor, work in worked.get(each.pk, ()) if work.number in fresh]
        for stretch in _stretches(each, works, marked.get(each.pk, ()), end, back):
            looked[stretch].append(each)
            within[each.pk].append(stretch)
    found: dict[int, list[Ruled]] = defaultdict(list)
    for (first, last), group in looked.items():
        for outlet, ruled in ruled_of(group, worked, first, last).items():
            found[outlet] += ruled
    return sum(keep_automatic(each, within[each.pk], found[each.pk]) for each in some)


def _stretches(
    outlet: Outlet, works: Iterable[Work], marked: Iterable[datetime], end: datetime, back: timedelta
) -> list[tuple[datetime, datetime]]:
    """The last days, and before them those of work newly recorded and of the marks that rest on such records."""
    first = max(midnight((end - back).date()), midnight(outlet.starts_on))
    days: set[date] = {at.date() for at in marked}
    for work in works:
        days |= {(work.starts_at + number * _DAY).date() for number in range((work.ends_at - work.starts_at).days + 2)}
    found = [(midnight(day), midnight(day + _DAY)) for day in sorted(days) if midnight(day + _DAY) <= first]
    return [*found, (first, end)] if first < end else found


def works_of(found: Sequence[Outlet], since: datetime) -> Worked:
    """Outlet → (factor, work) of its records, the oldest first; "" is all factors. 2 queries.

    A record that names no outlet is of the outlet for which its device spoke when it began.
    """
    numbers = {each.pk for each in found}
    spoke: dict[int, list[Connection]] = defaultdict(list)
    for row in Connection.objects.filter(outlet__in=numbers):
        spoke[row.device_id].append(row)
    rows = ServiceRecord.objects.filter(
        Q(outlet__in=numbers) | Q(outlet=None, device__in=list(spoke)), ends_at__gt=since
    ).order_by("starts_at", "pk")
    made: dict[int, list[tuple[str, Work]]] = defaultdict(list)
    for each in rows:
        connected = (
            row.outlet_id
            for row in spoke[each.device_id]
            if row.starts_at <= each.starts_at and (row.ends_at is None or each.starts_at < row.ends_at)
        )
        number = each.outlet_id if each.outlet_id is not None else next(connected, None)
        if number in numbers and number is not None:
            work = Work(each.pk, each.sort, timezone.localtime(each.starts_at), timezone.localtime(each.ends_at))
            made[number].append((each.factor, work))
    return made


def ruled_of(group: Sequence[Outlet], worked: Worked, first: datetime, last: datetime) -> dict[int, list[Ruled]]:
    """Outlet → what rules mark of its hours in a time, stretch by stretch, none over midnight.

    3 queries and up to three questions to the store. Raises StoreDown, StoreRefused.
    """
    points = points_of(group, first=first.date(), last=last.date())
    if not points:
        return {}
    seen = _seen(points, first, last)
    withdrawn = refused([each.pk for each in group], first, last)
    by = {each.pk: each for each in group}
    hours: dict[int, dict[datetime, dict[str, Automatic]]] = defaultdict(lambda: defaultdict(dict))
    every: Counter[int] = Counter(each.outlet_id or 0 for each in points)
    for point in points:
        outlet = by[point.outlet_id or 0]
        own = [work for factor, work in worked.get(outlet.pk, ()) if factor in ("", point.factor)]
        for at in sorted(_asked(point, own, seen, first, last)):
            found = _ruled(outlet, point, at, own, seen)
            is_refused = any(
                each.outlet_id == outlet.pk and each.factor in ("", point.factor)
                and each.starts_at <= at < each.ends_at and found is not None and each.mark == found.mark
                for each in withdrawn
            )  # fmt: skip
            if found is not None and not is_refused:
                hours[outlet.pk][at][point.factor] = found
    return {number: [*_runs(own, every[number])] for number, own in hours.items()}


def _seen(points: Sequence[Point], first: datetime, last: datetime) -> _Seen:
    """The minutes are read of those points alone that had too few valid ones in some hour."""
    of = {each.pk: each for each in points}
    outlet = next(iter(of.values())).outlet
    assert outlet is not None
    meanings = law_of(outlet, last).marks
    sent = {
        (each.point, each.at): meanings.of_flag(each.flag)
        for each in values(of.keys(), Kind.HOUR, ("avg",), first, last)
    }
    frame = minute_hours(of, first, last)
    short = frame.filter(frame["told"] > frame["valid"]) if not frame.is_empty() else frame
    due = {(row["point"], timezone.localtime(row["at"])): row["due"] for row in short.iter_rows(named=True)}
    counts: dict[tuple[int, datetime], Counter[Mark]] = defaultdict(Counter)
    if due:
        since, until = min(at for _, at in due), max(at for _, at in due) + HOUR
        for each in values({point for point, _ in due}, Kind.MINUTE, ("avg",), since, until):
            key = each.point, each.at.replace(minute=0, second=0, microsecond=0)
            if key in due:
                counts[key][meanings.of_flag(each.flag)] += 1
    minutes = {
        key: {mark: count * MINUTES_AN_HOUR // due[key] for mark, count in own.items()}
        for key, own in counts.items()
        if own.total() <= due[key]
    }
    return _Seen(sent, minutes)


def _asked(point: Point, works: Sequence[Work], seen: _Seen, first: datetime, last: datetime) -> set[datetime]:
    """The hours of a point that rules may have something to say of."""
    found = {at for number, at in seen.minutes if number == point.pk}
    for each in works:
        at = max(each.starts_at, first).replace(minute=0, second=0, microsecond=0)
        while at < min(each.ends_at, last):
            found.add(at)
            at += HOUR
    return found


def _ruled(outlet: Outlet, point: Point, at: datetime, works: Sequence[Work], seen: _Seen) -> Automatic | None:
    law = law_of(outlet, at)
    key = point.pk, at
    return automatic(
        at, seen.sent.get(key, Mark.MISSING), seen.minutes.get(key, {}), works, law.marks,
        law.validity[Media(outlet.kind)],
    )  # fmt: skip


def _runs(hours: Mapping[datetime, Mapping[str, Automatic]], every: int) -> Iterator[Ruled]:
    """Hours in a row of one mark and one ground; of all factors together where they agree."""
    open_: dict[tuple[str, Mark, str, int | None], tuple[datetime, datetime]] = {}
    for at in sorted(hours):
        now = hours[at]
        kinds = {(each.mark, each.reason, each.work) for each in now.values()}
        is_whole = len(now) == every and len(kinds) == 1
        keys = {("" if is_whole else factor, each.mark, each.reason, each.work) for factor, each in now.items()}
        for key in list(open_):
            begun, until = open_[key]
            if key not in keys or until != at or begun.date() != at.date():
                yield _made(key, *open_.pop(key))
        for key in keys:
            open_[key] = (open_.get(key, (at, at))[0], at + HOUR)
    for key, (begun, until) in open_.items():
        yield _made(key, begun, until)


def _made(key: tuple[str, Mark, str, int | None], first: datetime, last: datetime) -> Ruled:
    factor, mark, reason, work = key
    said = (
        Message("分钟数据中有效的不够一个有效小时", "too few of its minutes are valid for a valid hour")
        if work is None
        else _of_work(work)
    )
    return Ruled(factor, first, last, mark.value, Reason(reason), said)


def _of_work(number: int) -> Message:
    return Message(f"运维记录第 {number} 号", f"service record {number}")


@dataclass(frozen=True, slots=True)
class Sent:
    """Hours in a row for which a device sent a flag, as rules take it."""

    factor: str
    starts_at: datetime
    ends_at: datetime
    flag: str
    mark: Mark
    reason: str


def sent_flags(outlet: Outlet, points: Sequence[Point], first: datetime, last: datetime) -> list[Sent]:
    """Flags other than normal that the device sent for hours, the newest first. One question to the store.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    meanings = law_of(outlet, last).marks
    of = {each.pk: each.factor for each in points}
    found: list[Sent] = []
    for each in values(of.keys(), Kind.HOUR, ("avg",), first, last):
        mark = meanings.of_flag(each.flag)
        if mark is Mark.NORMAL:
            continue
        before = found[-1] if found else None
        if before and (before.factor, before.flag, before.ends_at) == (of[each.point], each.flag, each.at):
            found[-1] = Sent(before.factor, before.starts_at, each.at + HOUR, before.flag, mark, before.reason)
        else:
            found.append(Sent(of[each.point], each.at, each.at + HOUR, each.flag, mark, meanings.causes.get(mark, "")))
    return sorted(found, key=lambda each: (each.starts_at, each.factor), reverse=True)
