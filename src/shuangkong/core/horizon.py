"""远近: how far off a day may lie that anything here is about. What lies beyond is a slip of the pen."""

from __future__ import annotations

from datetime import date

#: Nothing was counted, planned or decided here before.
FIRST_YEAR = 1_949
#: The farthest aim of any plan lies so far ahead (carbon neutrality); what is decided of somebody lies much nearer.
PLANNED_AHEAD, DECIDED_AHEAD = 40, 5


def years(today: date, ahead: int = PLANNED_AHEAD) -> tuple[int, int]:
    """The first and the last year in which a day may lie, so many years ahead of today at most."""
    return FIRST_YEAR, today.year + ahead


def is_near(day: date, today: date, ahead: int = PLANNED_AHEAD) -> bool:
    first, last = years(today, ahead)
    return first <= day.year <= last
