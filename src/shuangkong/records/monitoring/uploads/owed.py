"""欠账: figures that energy users told and the readings store does not have yet, and at which points they stand there.

A figure is owed until somebody says that the store has it. Where an item comes to stand at another point, because its
meter was registered since, all its figures are owed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.protocols.nhjc.messages import Every
from shuangkong.records.monitoring.models import Meter, Point
from shuangkong.records.monitoring.uploads.models import UploadFigure, UploadItem

#: Periods that the store has no kind for.
_ELSEWHERE = (int(Every.MONTH), int(Every.YEAR))
_BATCH = 400
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """One figure; ``is_part``: its item tells less than hours, so this is a part of one."""

    id: int
    item: int
    point: int
    every: Every
    starts: datetime
    value: Decimal
    is_valid: bool
    is_part: bool


def waiting_items(most: int, without: Collection[int]) -> tuple[UploadItem, ...]:
    """Items of the oldest ``most`` figures that the store does not have, some left out; with their units. 2 queries."""
    numbers = set(_waiting().exclude(item__in=without)[:most].values_list("item", flat=True))
    rows = UploadItem.objects.select_related("access__enterprise").filter(pk__in=numbers)
    return tuple(rows.order_by("pk")) if numbers else ()


def owed(most: int, items: Collection[int]) -> tuple[Owed, ...]:
    """The oldest figures of some items that the store does not have. ~6 queries, and more where an item comes to
    another point."""
    _place(items)
    rows = _waiting().filter(item__in=items).exclude(item__point=None).select_related("item")
    return _told(list(rows[:most]))


def _waiting() -> QuerySet[UploadFigure]:
    return UploadFigure.objects.filter(is_stored=False).exclude(every__in=_ELSEWHERE).order_by("pk")


def of_hours(hours: Collection[tuple[int, datetime]]) -> tuple[Owed, ...]:
    """The parts of given hours of items, as they count now; by item and start. 1 query for 400 hours and ~2 more."""
    found: list[UploadFigure] = []
    told = sorted(hours)
    for at in range(0, len(told), _BATCH):
        part = told[at : at + _BATCH]
        rows = UploadFigure.objects.select_related("item").filter(
            item__in={item for item, _ in part}, every=int(Every.REAL_TIME), is_newest=True,
            starts__gte=min(hour for _, hour in part), starts__lt=max(hour for _, hour in part) + _HOUR,
        )  # fmt: skip
        wanted = set(part)
        found += [each for each in rows if (each.item_id, hour_of(each.starts)) in wanted]
    return _told(sorted(found, key=lambda each: (each.item_id, each.starts)))


def set_stored(figures: Iterable[int]) -> None:
    """The store has them. 1 query for 400."""
    numbers = list(figures)
    for at in range(0, len(numbers), _BATCH):
        UploadFigure.objects.filter(pk__in=numbers[at : at + _BATCH]).update(is_stored=True)


def hour_of(at: datetime) -> datetime:
    """The start of the hour that holds a moment."""
    return timezone.localtime(at).replace(minute=0, second=0, microsecond=0)


def _told(rows: Sequence[UploadFigure]) -> tuple[Owed, ...]:
    parted = _parted({each.item_id for each in rows})
    return tuple(
        Owed(
            each.pk, each.item_id, each.item.point_id or 0, Every(each.every), each.starts, each.value, each.is_valid,
            is_part=each.item_id in parted,
        )
        for each in rows
    )  # fmt: skip


def _parted(items: Collection[int]) -> set[int]:
    """Items of which a figure begins within an hour."""
    rows = UploadFigure.objects.filter(item__in=items, every=int(Every.REAL_TIME), starts__minute__gt=0)
    return set(rows.values_list("item", flat=True).distinct())


def _place(items: Collection[int]) -> None:
    """Gives items their points."""
    with transaction.atomic():
        rows = list(
            UploadItem.objects.select_for_update(of=("self",)).select_related("access", "point").filter(pk__in=items)
        )
        meters = _meters({(row.access.enterprise_id, row.code) for row in rows})
        for row in rows:
            meter = meters.get((row.access.enterprise_id, row.code))
            if meter is not None:
                point, _is_new = Point.objects.get_or_create(meter_id=meter, factor="")
            elif row.point is not None and row.point.meter_id is None:
                continue
            else:
                point = Point.objects.create()
            if point.pk != row.point_id:
                was_placed = row.point_id is not None
                row.point = point
                row.save(update_fields=("point",))
                if was_placed:
                    UploadFigure.objects.filter(item=row).update(is_stored=False)


def _meters(wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Unit and code → the one meter in use that measures it; those that several measure are left out."""
    today = timezone.localdate()
    held = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = Meter.objects.filter(
        held, enterprise__in={unit for unit, _ in wanted}, item__in={code for _, code in wanted}
    )
    for number, unit, code in rows.values_list("pk", "enterprise", "item"):
        found[unit, code].append(number)
    return {key: numbers[0] for key, numbers in found.items() if len(numbers) == 1}
