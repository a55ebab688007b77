"""到达记录: how clocks of devices went hour by hour, and which months of outlets got readings after their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from shuangkong.records.monitoring.models import ClockHour, Connection, Device, LateData, Outlet

#: Rows that are brought up to date in one statement.
_BATCH = 500


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


@dataclass(frozen=True, slots=True)
class Late:
    """Readings of an outlet's periods from ``first_at`` to ``last_at`` (starts) that came after their days."""

    outlet: int
    first_at: datetime
    last_at: datetime


def keep_late(rows: Iterable[Late], arrived_at: datetime) -> None:
    """Keeps what came late, month by month. 4 queries for however many; outlets that are no more are left out."""
    told = list(rows)
    known = set(Outlet.objects.filter(pk__in={each.outlet for each in told}).values_list("pk", flat=True))
    wanted: dict[tuple[int, date], tuple[datetime, datetime]] = {}
    for each in told:
        for month, first, last in _months(each) if each.outlet in known else ():
            low, high = wanted.get((each.outlet, month), (first, last))
            wanted[each.outlet, month] = (min(low, first), max(high, last))
    if not wanted:
        return
    with transaction.atomic():
        LateData.objects.bulk_create(
            [
                LateData(
                    outlet_id=outlet,
                    month=month,
                    first_at=first,
                    last_at=last,
                    arrived_at=arrived_at,
                    unjudged_from=first,
                )
                for (outlet, month), (first, last) in sorted(wanted.items())
            ],
            ignore_conflicts=True,
        )
        held = LateData.objects.select_for_update().filter(
            outlet__in={outlet for outlet, _month in wanted}, month__in={month for _outlet, month in wanted}
        )
        changed = []
        for row in held.order_by("outlet", "month"):
            span = wanted.get((row.outlet_id, row.month))
            if span is not None:
                row.first_at, row.last_at = min(row.first_at, span[0]), max(row.last_at, span[1])
                row.arrived_at = max(row.arrived_at, arrived_at)
                row.unjudged_from = min(row.unjudged_from or span[0], span[0])
                changed.append(row)
        LateData.objects.bulk_update(changed, ("first_at", "last_at", "arrived_at", "unjudged_from"), batch_size=_BATCH)


def _months(late: Late) -> Iterator[tuple[date, datetime, datetime]]:
    """Each month that it touches, with what of it lies there."""
    first, last = timezone.localtime(late.first_at), timezone.localtime(late.last_at)
    month = first.date().replace(day=1)
    while month <= last.date():
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        yield month, max(first, _midnight(month)), min(last, _midnight(following))
        month = following


def late_since(since: datetime) -> Mapping[tuple[int, date], datetime]:
    """(outlet, month) → when readings of days that were over came last; of those that came at ``since`` or later.

    1 query.
    """
    rows = LateData.objects.filter(arrived_at__gte=since).values_list("outlet", "month", "arrived_at")
    return {(outlet, month): at for outlet, month, at in rows}


@dataclass(frozen=True, slots=True)
class LateSpan:
    """Periods of an outlet's month, from ``first_at`` to ``last_at`` (starts), of which something came late."""

    outlet: int
    month: date
    first_at: datetime
    last_at: datetime


def late_spans(outlets: Iterable[int], since: datetime) -> tuple[LateSpan, ...]:
    """Of some outlets, those of which something came at ``since`` or later. 1 query."""
    rows = LateData.objects.filter(outlet__in=set(outlets), arrived_at__gte=since)
    return tuple(LateSpan(each.outlet_id, each.month, each.first_at, each.last_at) for each in rows.order_by("pk"))


def unjudged() -> Mapping[int, datetime]:
    """Outlet → the oldest of its periods that came late and were not judged since. 1 query."""
    rows = LateData.objects.exclude(unjudged_from=None).values_list("outlet").annotate(Min("unjudged_from")).order_by()
    return dict(rows)


def judged(before: datetime, but: Collection[int] = ()) -> None:
    """What arrived before a moment was judged, but that of some outlets. 1 query."""
    rows = LateData.objects.filter(arrived_at__lt=before).exclude(unjudged_from=None)
    rows.exclude(outlet__in=list(but)).update(unjudged_from=None)


def late_of(outlet: int, month: date) -> LateData | None:
    """What came late of one month. 1 query."""
    return LateData.objects.filter(outlet=outlet, month=month).first()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
