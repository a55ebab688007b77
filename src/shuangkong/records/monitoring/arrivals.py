"""到达记录: how clocks of devices went hour by hour, and which months of outlets got readings after their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.monitoring.models import ClockHour, Connection, Device, LateData, Outlet


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One hour of receipt of one device; see ``ClockHour``. ``mn``: the device's number."""

    device: int
    mn: str
    hour: datetime
    count: int
    gap_s: int
    low_s: int
    high_s: int
    segment: int
    offset: int


def keep_clocks(rows: Iterable[ClockRow]) -> int:
    """Keeps hours of clocks; one that is told again is replaced. Devices that are no more are left out. 2 queries."""
    told = list(rows)
    known = set(Device.objects.filter(pk__in={each.device for each in told}).values_list("pk", flat=True))
    made = [
        ClockHour(
            device_id=each.device, hour=each.hour, count=each.count, gap_s=each.gap_s, low_s=each.low_s,
            high_s=each.high_s, segment=each.segment, offset=each.offset,
        )
        for each in told
        if each.device in known
    ]  # fmt: skip
    ClockHour.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["device", "hour"],
        update_fields=["count", "gap_s", "low_s", "high_s", "segment", "offset"],
    )  # fmt: skip
    return len(made)


def clocks_of(outlets: Iterable[int], first: datetime, last: datetime) -> Mapping[int, tuple[ClockRow, ...]]:
    """Outlet → hours of the clocks of the devices that speak for it now, by device and time. 2 queries."""
    now = timezone.now()
    held = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), outlet__in=set(outlets), starts_at__lte=now)
    of = defaultdict(list)
    for outlet, device in held.values_list("outlet", "device"):
        of[device].append(outlet)
    rows = ClockHour.objects.select_related("device").filter(device__in=of, hour__gte=first, hour__lt=last)
    found: dict[int, list[ClockRow]] = defaultdict(list)
    for each in rows.order_by("device", "hour"):
        row = ClockRow(
            each.device_id, each.device.mn, timezone.localtime(each.hour), each.count, each.gap_s, each.low_s,
            each.high_s, each.segment, each.offset,
        )  # fmt: skip
        for outlet in of[each.device_id]:
            found[outlet].append(row)
    return {outlet: tuple(own) for outlet, own in found.items()}


def forget_clocks(before: datetime) -> int:
    """Forgets hours of clocks before a moment; returns how many. 1 query."""
    count, _by_model = ClockHour.objects.filter(hour__lt=before).delete()
    return count


def keep_late(outlet: int, first: datetime, last: datetime, arrived_at: datetime) -> None:
    """Readings of periods from ``first`` to ``last`` (starts) came after their days. 2 queries a month of them."""
    if not Outlet.objects.filter(pk=outlet).exists():
        return
    first, last = timezone.localtime(first), timezone.localtime(last)
    month = first.date().replace(day=1)
    while month <= last.date():
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        begins, ends = _midnight(month), _midnight(following)
        _keep_month(outlet, month, max(first, begins), min(last, ends), arrived_at)
        month = following


def _keep_month(outlet: int, month: date, first: datetime, last: datetime, arrived_at: datetime) -> None:
    with transaction.atomic():
        row, is_new = LateData.objects.select_for_update().get_or_create(
            outlet_id=outlet, month=month, defaults={"first_at": first, "last_at": last, "arrived_at": arrived_at}
        )
        if not is_new:
            row.first_at, row.last_at = min(row.first_at, first), max(row.last_at, last)
            row.arrived_at = max(row.arrived_at, arrived_at)
            row.save()


def late_since(since: datetime) -> Mapping[tuple[int, date], datetime]:
    """(outlet, month) → when readings of days that were over came last; of those that came at ``since`` or later.

    1 query.
    """
    rows = LateData.objects.filter(arrived_at__gte=since).values_list("outlet", "month", "arrived_at")
    return {(outlet, month): at for outlet, month, at in rows}


def late_of(outlet: int, month: date) -> LateData | None:
    """What came late of one month. 1 query."""
    return LateData.objects.filter(outlet=outlet, month=month).first()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
