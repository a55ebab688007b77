"""截至某日: what was known at the end of a day. A day given as ``until`` is included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to the day, in the site's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def known_by(until: date | None, column: str) -> Q:
    """The condition that a moment in ``column`` lies on that day or before it; none where no day is given."""
    return Q() if until is None else Q(**{f"{column}__lt": end_of(until)})
