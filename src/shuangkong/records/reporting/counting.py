"""留存的报送进度: how the returns of windows stood at the end of a day, replayed from events, and kept by the clock.

What is kept of a day that is over is for good; that of the present day is made anew by every tick and says when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from shuangkong.records.reporting.boards import Tally, tallies, tally_of
from shuangkong.records.reporting.models import Event, KeptCount, Return, Window
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life import EventKind
from shuangkong.reporting.life_standing import CannotHappen, Standing, standing

#: Days of windows that a tick settles at most; the rest have their turn at the next one.
_A_TICK = 20
_DAY = timedelta(days=1)
_BATCH = 500
#: What the counts of one window are told by.
type Group = tuple[str, str]


def standings_then(condition: Q, day: date) -> Mapping[int, Standing]:
    """Return → how it stood at the end of a day; those that were not owed yet are not there. 2 queries."""
    levels = dict(Return.objects.filter(condition).values_list("pk", "levels"))
    rows = Event.objects.filter(owned__in=Return.objects.filter(condition), on__lte=day).order_by("pk")
    events: dict[int, list[LifeEvent]] = defaultdict(list)
    for owned, kind, on, version, level, due in rows.values_list("owned", "kind", "on", "version", "level", "due"):
        events[owned].append(LifeEvent(EventKind(kind), on, version, level, due))
    found = ((number, _stood(told, levels[number])) for number, told in events.items())
    return {number: now for number, now in found if now is not None}


def _stood(told: list[LifeEvent], levels: int) -> Standing | None:
    """None for what no office listed: its first event is that it became due."""
    if told[0].kind is not EventKind.OPEN:
        return None
    try:
        return standing(told[0].due, levels, told[1:])
    except CannotHappen:
        return None


def tallies_then(condition: Q, by: tuple[str, ...], day: date) -> Mapping[tuple[object, ...], Tally]:
    """As ``boards.tallies``, as it was at the end of a day. 3 queries."""
    stood = standings_then(condition, day)
    groups: dict[tuple[object, ...], list[Standing]] = defaultdict(list)
    for number, *key in Return.objects.filter(condition).values_list("pk", *by):
        if number in stood:
            groups[tuple(key)].append(stood[number])
    return {key: tally_of(rows, day) for key, rows in groups.items()}


def kept_then(windows: Iterable[int], day: date) -> Mapping[int, Mapping[Group, Tally]]:
    """Window → (path, sector) → tally at the end of a day that is settled for it; other windows are not there.
    2 queries."""
    settled = list(Window.objects.filter(pk__in=list(windows), kept_until__gte=day).values_list("pk", flat=True))
    return _kept(settled, day)


def kept_now(windows: Iterable[int]) -> tuple[Mapping[int, Mapping[Group, Tally]], datetime | None]:
    """The same of the present day so far, of windows counted on it, and since when the oldest of them is. 3 queries."""
    today = timezone.localdate()
    start = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    told = Window.objects.filter(pk__in=list(windows), counted_at__gte=start).values_list("pk", "counted_at")
    return _kept([number for number, _ in told], today), min((at for _, at in told if at is not None), default=None)


def _kept(windows: list[int], day: date) -> Mapping[int, Mapping[Group, Tally]]:
    newest = KeptCount.objects.filter(window__in=windows, day__lte=day).order_by().values_list("window")
    days = dict(newest.annotate(last=Max("day")))
    found: dict[int, dict[Group, Tally]] = {number: {} for number in windows}
    wanted = Q(pk__in=())
    for number, last in days.items():
        wanted |= Q(window=number, day=last)
    for row in KeptCount.objects.filter(wanted):
        if row.path:
            found[row.window_id][row.path, row.sector] = Tally(*map(int, row.figures.split()))
    return found


def keep_counts(day: date) -> int:
    """Settles days that are over and counts the present one; returns of how many windows. 2 queries, ~6 a window that
    moved."""
    moved = dict(Return.objects.order_by().values_list("window").annotate(last=Max("changed_at")))
    windows = [each for each in Window.objects.order_by("pk") if _is_stale(each, moved.get(each.pk), day)]
    left = _A_TICK
    for held in windows:
        start = (held.kept_until or timezone.localdate(held.opened_at) - _DAY) + _DAY
        while start < day and left:
            _keep(held, start, tallies_then(Q(window=held), ("path", "reporter__industry"), start))
            held.kept_until, left, start = start, left - 1, start + _DAY
        began = timezone.now()  # what happens while it counts makes it stale
        now = tallies(Q(window=held), ("path", "reporter__industry"), day)
        if held.kept_until is None or held.kept_until >= day - _DAY:
            _keep(held, day, now)
            held.counted_at = began
        held.save(update_fields=["kept_until", "counted_at"])
    return len(windows)


def _is_stale(held: Window, moved: datetime | None, day: date) -> bool:
    """Whether something happened since it was counted, or another day has come."""
    told = held.counted_at
    return told is None or timezone.localdate(told) < day or (moved is not None and moved > told)


def _keep(held: Window, day: date, counted: Mapping[tuple[object, ...], Tally]) -> None:
    """Rows of a day where they are otherwise than those of the day before."""
    groups: dict[Group, list[Tally]] = defaultdict(list)
    for (path, industry), tally in counted.items():
        groups[str(path), str(industry)[:2]].append(tally)
    fresh = {key: Tally.sum(rows) for key, rows in groups.items()}
    with transaction.atomic():
        KeptCount.objects.filter(window=held, day=day).delete()
        before = _kept([held.pk], day - _DAY)[held.pk]
        if fresh == before:
            return
        rows = [
            KeptCount(window=held, day=day, path=path, sector=sector, figures=" ".join(map(str, tally.figures)))
            for (path, sector), tally in fresh.items()
        ]
        # A day on which nothing is left says so: without a row the day before would stand.
        KeptCount.objects.bulk_create(rows or [KeptCount(window=held, day=day, path="")], batch_size=_BATCH)
