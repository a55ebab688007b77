"""可疑的上传: figures that were kept as they came though they can hardly be: below zero, or off the grid of minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from shuangkong.protocols.nhjc.messages import Every
from shuangkong.records.monitoring.uploads.models import UploadFigure

_HOUR_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Odd:
    """Of one item in a month: how many figures, when the first of them begins, and what it says."""

    code: str
    name: str
    count: int
    first_at: datetime
    value: Decimal


def below_zero(access: int, month: date) -> tuple[Odd, ...]:
    """Items with figures below zero, of days, hours and their parts; by code. 2 queries."""
    return _told(_of_month(access, month).filter(value__lt=0))


def off_the_grid(access: int, month: date, minutes: int) -> tuple[Odd, ...]:
    """Items with real-time figures that begin at no multiple of so many minutes; by code. 2 queries."""
    wanted = list(range(0, _HOUR_MINUTES, minutes))
    return _told(
        _of_month(access, month)
        .filter(every=int(Every.REAL_TIME))
        .exclude(starts__minute__in=wanted, starts__second=0)
    )  # fmt: skip


def _of_month(access: int, month: date) -> QuerySet[UploadFigure]:
    """What counts of an access end's month, as it is told today."""
    last = (month.replace(day=28) + timedelta(days=7)).replace(day=1)
    begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (month, last))
    return UploadFigure.objects.filter(
        item__access=access, item__ended_at=None, starts__gte=begins, starts__lt=ends, is_newest=True, is_valid=True
    )


def _told(rows: QuerySet[UploadFigure]) -> tuple[Odd, ...]:
    by_item = rows.values("item", "item__code", "item__name").annotate(count=Count("pk"), first=Min("starts"))
    found: list[Any] = list(by_item.order_by("item__code"))
    if not found:
        return ()
    # One condition a pair would be an expression deeper than SQLite takes, of some thousand items.
    firsts = {(each["item"], each["first"]) for each in found}
    asked = Q(item__in={item for item, _at in firsts}, starts__in={at for _item, at in firsts})
    told = rows.filter(asked).values_list("item", "starts", "value")
    values = {item: value for item, at, value in told if (item, at) in firsts}
    return tuple(
        Odd(each["item__code"], each["item__name"], each["count"], timezone.localtime(each["first"]),
            values[each["item"]])
        for each in found
    )  # fmt: skip
