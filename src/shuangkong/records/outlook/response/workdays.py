"""工作日: how the terms of duties are counted."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def workdays_after(day: date, count: int) -> date:
    """The day so many working days after another; Saturdays and Sundays are none."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
