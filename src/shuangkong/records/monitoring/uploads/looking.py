"""看上传: access ends with their month's quality, and the items of one with their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Max, Min, Q
from django.utils import timezone

from shuangkong.monitoring.uploads.quality import MonthQuality, completeness_pct, month_quality
from shuangkong.protocols.nhjc.messages import Every
from shuangkong.records.monitoring.uploads.connecting import asks_again, is_ready, where_of
from shuangkong.records.monitoring.uploads.freezing import frozen
from shuangkong.records.monitoring.uploads.models import AccessEnd, UploadFigure, UploadItem
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action

_MOST = 5000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ItemMonth:
    """An item and its month.

    ``began``: since when the days before the month's first lack too, ``lasted``: until when those after its last do;
    None where the day next to the month is told, was not due, or none lacks there.
    """

    code: str
    name: str
    quality: MonthQuality
    began: date | None = None
    lasted: date | None = None


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One access end in a month; ``items`` empty where it has configured none; ``is_frozen``: that is read-only."""

    id: int
    enterprise: int
    name: str
    credit_code: str
    is_fictional: bool
    device: str
    asked_at: datetime
    asked_from: str
    is_confirmed: bool
    is_picked: bool
    is_ended: bool
    seen_at: datetime | None
    where: Where
    items: tuple[ItemMonth, ...]
    is_frozen: bool = False

    @property
    def completeness_pct(self) -> Decimal | None:
        """Of all its items together; None where nothing was due."""
        return completeness_pct(each.quality for each in self.items)

    @property
    def lacks_month(self) -> bool:
        """Whether the month's own figure of an item that was due in it was not told, or none was due."""
        due = [each.quality for each in self.items if each.quality.due]
        return not due or any(each.month is None for each in due)

    @property
    def worst_deviation_pct(self) -> Decimal | None:
        """The month's figure that lies farthest from the sum of its days."""
        told = [each.quality.deviation_pct for each in self.items if each.quality.deviation_pct is not None]
        return max(told, key=abs, default=None)


def seen(by: Acting, place: str) -> Q:
    """Access ends that a person may see, below the path of a place ("" for all)."""
    here = below(place, "enterprise__region__path") if place else Q()
    return visible(by, Action.MONITORING_READ, "enterprise__region__path", "enterprise__body") & here


def access_ends(condition: Q, month: date, today: date) -> tuple[AccessRow, ...]:
    """Access ends with the quality of the month that begins on ``month``. 6 queries."""
    held = list(
        AccessEnd.objects.select_related("enterprise__region")
        .filter(condition)
        .order_by("enterprise__name", "pk")[:_MOST]
    )
    numbers = [each.pk for each in held]
    items = list(UploadItem.objects.filter(access__in=numbers, ended_at=None).order_by("code"))
    days, months = _figures([each.pk for each in items], month)
    fixed = frozen(numbers, month)
    told = {
        each: month_quality(
            month, days[each.pk], months.get(each.pk), due_from=timezone.localdate(each.since), today=today,
            low=each.low, high=each.high,
        )
        for each in items
    }  # fmt: skip
    began, lasted = _beyond(told, month, today)
    of_access: dict[int, list[ItemMonth]] = defaultdict(list)
    for each, quality in told.items():
        own = ItemMonth(each.code, each.name, quality, began.get(each.pk), lasted.get(each.pk))
        of_access[each.access_id].append(own)
    return tuple(_row(each, tuple(of_access[each.pk]), is_frozen=each.pk in fixed) for each in held)


def _beyond(
    told: Mapping[UploadItem, MonthQuality], month: date, today: date
) -> tuple[dict[int, date], dict[int, date]]:
    """Item → since when days before the month lack, item → until when days after it do, where its edge lacks."""
    later, last = _month_after(month), today - _DAY
    since = {each.pk: timezone.localdate(each.since) for each in told}
    first = [each.pk for each, own in told.items() if month in own.missing and since[each.pk] < month]
    ends = [each.pk for each, own in told.items() if later - _DAY in own.missing and later <= last]
    days = UploadFigure.objects.filter(every=int(Every.DAY), is_newest=True, is_valid=True).values_list("item")
    before = dict(days.filter(item__in=first, starts__lt=_begin(month)).annotate(at=Max("starts")))
    after = dict(days.filter(item__in=ends, starts__gte=_begin(later)).annotate(at=Min("starts")))
    began = {
        each: max(since[each], timezone.localdate(before[each]) + _DAY) if each in before else since[each]
        for each in first
    }
    lasted = {
        each: min(last, timezone.localdate(after[each]) - _DAY) if each in after else last for each in ends
    }  # fmt: skip
    return (
        {each: day for each, day in began.items() if day < month},
        {each: day for each, day in lasted.items() if day >= later},
    )


def _month_after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=7)).replace(day=1)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _figures(items: list[int], month: date) -> tuple[dict[int, dict[date, Decimal]], dict[int, Decimal]]:
    """Item → day → figure, item → figure of the month; those that hold."""
    first, last = _begin(month), _begin(_month_after(month))
    days: dict[int, dict[date, Decimal]] = defaultdict(dict)
    months: dict[int, Decimal] = {}
    rows = UploadFigure.objects.filter(
        item__in=items, every__in=(int(Every.DAY), int(Every.MONTH)), starts__gte=first, starts__lt=last,
        is_newest=True, is_valid=True,
    ).values_list("item", "every", "starts", "value")  # fmt: skip
    for item, every, starts, value in rows:
        if every == Every.DAY:
            days[item][timezone.localdate(starts)] = value
        else:
            months[item] = value
    return days, months


def _row(held: AccessEnd, items: tuple[ItemMonth, ...], *, is_frozen: bool) -> AccessRow:
    enterprise = held.enterprise
    return AccessRow(
        held.pk, enterprise.pk, enterprise.name, enterprise.credit_code, enterprise.is_fictional, held.device,
        held.asked_at, held.asked_from, held.confirmed_at is not None and not asks_again(held),
        held.picked_at is not None and not is_ready(held),
        held.ended_at is not None, held.seen_at, where_of(held), items, is_frozen,
    )  # fmt: skip
