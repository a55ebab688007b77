"""表的迟到数据: showings and told hours of days that are over, and which closed months of meters they open again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shuangkong.records.monitoring.models import LateMeter, MeterClosing, Point

_BATCH = 500
#: What arrives is in the store so long after it was noted.
SETTLING = timedelta(minutes=3)
#: What a showing tells lies between it and its neighbours: near a month's edge the next month is reckoned too.
_AROUND = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class LatePoint:
    """Readings of a point from ``first_at`` to ``last_at`` that came after their days; it may be no meter's."""

    point: int
    first_at: datetime
    last_at: datetime


def keep_late_meters(rows: Iterable[LatePoint], arrived_at: datetime) -> None:
    """Keeps of which months of which meters they are. 3 queries for 500 points; points of no meter are left out."""
    told = {each.point: each for each in rows}
    meters = dict(Point.objects.filter(pk__in=told, meter__isnull=False).values_list("pk", "meter") if told else ())
    wanted = {(meter, month) for point, meter in meters.items() for month in _months(told[point])}
    if not wanted:
        return
    with transaction.atomic():
        LateMeter.objects.bulk_create(
            [LateMeter(meter_id=meter, month=month, arrived_at=arrived_at) for meter, month in sorted(wanted)],
            batch_size=_BATCH, update_conflicts=True, unique_fields=["meter", "month"], update_fields=["arrived_at"],
        )  # fmt: skip


def reopened_meters(before: date) -> dict[date, set[int]]:
    """Months before one of which readings came after they were closed, or that were never closed: month → meters.

    2 queries.
    """
    late = {
        (meter, month): at
        for meter, month, at in LateMeter.objects.filter(month__lt=before).values_list("meter", "month", "arrived_at")
    }
    rows = MeterClosing.objects.filter(month__lt=before, meter__in={meter for meter, _month in late})
    checked = {
        (meter, month): at for meter, month, at in rows.values_list("meter", "month").annotate(at=Max("checked_at"))
    }
    found: dict[date, set[int]] = defaultdict(set)
    for (meter, month), at in late.items():
        done = checked.get((meter, month))
        if done is None or done < at + SETTLING:
            found[month].add(meter)
    return dict(found)


def _months(late: LatePoint) -> Iterator[date]:
    """Months that it touches or comes near to; none to come."""
    first = timezone.localtime(late.first_at - _AROUND).date()
    last = min(timezone.localtime(late.last_at + _AROUND).date(), timezone.localdate())
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
