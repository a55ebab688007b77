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
from shuangkong.records.monitoring.models import Point
from shuangkong.web.monitoring import data

_HOUR = timedelta(hours=1)
_log = logging.getLogger(__name__)


def push_marks(outlet: int, first: datetime, last: datetime) -> bool:
    """Tells the store which mark holds for each hour of each factor, "" where none does; whether the store took it.

    The journal's number is the version: what was decided later counts. Where the store is down, ``shuangkong judge``
    tells it again.
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
        return True
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
    try:
        data.store().mark(table)
    except (StoreDown, StoreRefused) as fault:
        _log.warning("marks of outlet %s were not told to the store: %s", outlet, fault)
        return False
    return True
