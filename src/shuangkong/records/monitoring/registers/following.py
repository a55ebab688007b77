"""随之而来: what a row brings with it: a point for its readings, a month to be evaluated anew."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.models import AirDay, FactorDue, ManualResult, Meter, Point, ReferenceOxygen

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def point_of_factor(row: FactorDue) -> None:
    """The number under which readings of that outlet and factor stand, for good."""
    Point.objects.get_or_create(outlet=row.outlet, factor=row.factor)


def point_of_meter(row: Meter) -> None:
    """The number of a meter's own readings."""
    Point.objects.get_or_create(meter=row, factor="")


def day_was_told(row: AirDay) -> None:
    """What rests on the month of that day is evaluated anew."""
    at = timezone.make_aware(datetime.combine(row.day, time.min))
    keep_late([Late(row.outlet_id, at, at)], timezone.now())


def oxygen_changed(row: ReferenceOxygen) -> None:
    """Hours that are converted otherwise are judged and reported anew."""
    now = timezone.now()
    first = timezone.make_aware(datetime.combine(row.starts_on, time.min))
    ends = now if row.ends_on is None else timezone.make_aware(datetime.combine(row.ends_on, time.min)) + _DAY
    last = min(now, ends) - _HOUR
    if first <= last:
        keep_late([Late(row.outlet_id, first, last)], now)


def hours_were_found(row: ManualResult) -> None:
    """Months of those hours are closed anew, as where readings came late."""
    keep_late([Late(row.outlet_id, row.starts_at, row.ends_at - _HOUR)], timezone.now())
