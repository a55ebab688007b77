"""送标记到读数库: roll-ups count an hour by the mark that holds; what a person decided is told to the store."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pyarrow as pa
from django.db.models import Max

from shuangkong.readings.columns import By, Kind
from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.marks import Untold
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.row_faults import Row, Work, are_done
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.fencing import Fence

_HOUR = timedelta(hours=1)
_log = logging.getLogger(__name__)


def push_marks(outlet: int, first: datetime, last: datetime) -> bool:
    """Tells the store the marks of an outlet's hours, now; whether it took them.

    Where it is down they stay among those that are to be told: ``push_waiting`` tells them.
    """
    waiting = tuple(each for each in marks.untold(outlet) if first <= each.starts_at and each.ends_at <= last)
    try:
        _tell(outlet, first, last)
    except (StoreDown, StoreRefused) as fault:
        _log.warning("marks of outlet %s were not told to the store: %s", outlet, fault)
        return False
    marks.are_told(waiting)
    are_done(Work.TELLING, (each.id for each in waiting))
    return True


def push_waiting() -> int:
    """Tells the store all that it has not been told; returns of how many marks. Told twice it is the same.

    What cannot be told for a fault of its own stays, and keeps nothing else.

    Raises:
        StoreDown, StoreRefused: the rest stays to be told.
    """
    waiting = marks.untold()
    return len(Fence(Work.TELLING, lambda each: each.id, _row).one_by_one(waiting, _told)) if waiting else 0


def _row(each: Untold) -> Row:
    place = Outlet.objects.filter(pk=each.outlet).first()
    hours = f"{each.starts_at:%Y-%m-%d %H:%M} – {each.ends_at:%Y-%m-%d %H:%M}"
    return Row(each.id, f"{place.name if place else each.outlet} {hours}", place.region_id if place else None)


def _told(each: Untold) -> None:
    _tell(each.outlet, each.starts_at, each.ends_at)
    marks.are_told((each,))


def _tell(outlet: int, first: datetime, last: datetime) -> None:
    """Which mark holds for each hour of each factor, "" where none does.

    The journal's number is the version: what was decided later counts.
    """
    points = list(Point.objects.filter(outlet=outlet))
    held = marks.marks([outlet], first, last)
    version = (JournalRow.objects.aggregate(newest=Max("pk"))["newest"] or 0) + 1
    rows = []
    at = first
    while at < last:
        for point in points:
            found = marks.holding(held, point.factor, at)
            is_rule = found is not None and found.origin is marks.Origin.AUTOMATIC
            for by in (By.RULE, By.PERSON):
                own = found if found is not None and (by is By.RULE) == is_rule else None
                rows.append((point.pk, at, by.value, own.mark if own else ""))
        at += _HOUR
    if not rows:
        return
    table = pa.table(
        {
            "point": pa.array([row[0] for row in rows], pa.uint32()),
            "kind": pa.array([Kind.HOUR.value] * len(rows)),
            "at": pa.array([row[1] for row in rows], pa.timestamp("s", "UTC")),
            "by": pa.array([row[2] for row in rows]),
            "mark": pa.array([row[3] for row in rows]),
            "version": pa.array([version] * len(rows), pa.uint64()),
        }
    )
    data.store().mark(table)
