"""应测的小时: from when to when a factor of an outlet is owed, to the hour: nobody owes what is not on the register.

Days by the registers of outlets and factors; on the first and the last of them from the hour in which a device was
connected, to the one in which it was taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from shuangkong.monitoring.reading import HOUR, Reading
from shuangkong.monitoring.slots import slots_in
from shuangkong.records.monitoring.models import Connection, Outlet, Point
from shuangkong.web.monitoring.hours import Owed, owed
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owing:
    """``links``: outlet → when its first device was connected, and when its last was taken away (None: it is not)."""

    owed: Owed
    links: Mapping[int, tuple[datetime, datetime | None]]

    def span(
        self, outlet: Outlet, point: Point, day: date, *, rated_only: bool = False
    ) -> tuple[datetime, datetime] | None:
        """From when to when (not included) the factor is owed on a day; None: it is not."""
        if not _is_used(outlet, day) or not self.owed.on(point, day, rated_only=rated_only):
            return None
        first, last = midnight(day), midnight(day + _DAY)
        linked, taken = self.links.get(outlet.pk, (None, None))
        if linked is not None and linked.date() == day and self._begins(outlet, point, day):
            first = whole_hour(linked)
        if taken is not None and taken.date() == day and self._ends(outlet, point, day):
            last = taken.replace(minute=0, second=0, microsecond=0)
        return (first, last) if first < last else None

    def hours(self, outlet: Outlet, point: Point, day: date, *, rated_only: bool = False) -> int:
        """How many hours of a day are owed."""
        found = self.span(outlet, point, day, rated_only=rated_only)
        return 0 if found is None else int((found[1] - found[0]) / HOUR)

    def readings(self, outlet: Outlet, point: Point, day: date, every: int, *, rated_only: bool = False) -> int:
        """How many readings of a day are owed where one is due in each span of ``every`` hours of the clock."""
        found = self.span(outlet, point, day, rated_only=rated_only)
        return 0 if found is None else slots_in(found[0].hour, int((found[1] - found[0]) / HOUR), every)

    def of(self, outlet: Outlet, point: Point, *, rated_only: bool = False) -> Callable[[datetime], bool]:
        """Whether an hour is owed, by its start."""
        known: dict[date, tuple[datetime, datetime] | None] = {}

        def holds(at: datetime) -> bool:
            day = at.date()
            if day not in known:
                known[day] = self.span(outlet, point, day, rated_only=rated_only)
            span = known[day]
            return span is not None and span[0] <= at < span[1]

        return holds

    def only(self, outlet: Outlet, point: Point, readings: Iterable[Reading]) -> list[Reading]:
        """The hours that are owed."""
        holds = self.of(outlet, point)
        return [each for each in readings if holds(each.at)]

    def _begins(self, outlet: Outlet, point: Point, day: date) -> bool:
        return outlet.starts_on == day or not self.owed.on(point, day - _DAY)

    def _ends(self, outlet: Outlet, point: Point, day: date) -> bool:
        return outlet.ends_on == day or not self.owed.on(point, day + _DAY)


def _is_used(outlet: Outlet, day: date) -> bool:
    return outlet.starts_on <= day and (outlet.ends_on is None or day <= outlet.ends_on)


def whole_hour(at: datetime) -> datetime:
    """The first hour that begins at a time or after it."""
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + HOUR


def owing(outlets: Sequence[int]) -> Owing:
    """Of outlets. 2 queries."""
    links: dict[int, tuple[datetime, datetime | None]] = {}
    rows = Connection.objects.filter(outlet__in=outlets).order_by("starts_at")
    for outlet, starts_at, ends_at in rows.values_list("outlet", "starts_at", "ends_at"):
        start = timezone.localtime(starts_at)
        end = None if ends_at is None else timezone.localtime(ends_at)
        first, before = links.get(outlet, (start, end))
        links[outlet] = (first, None if before is None or end is None else max(before, end))
    return Owing(owed(outlets), links)
