"""周期性事项: the rounds of a duty that comes again, each with its own due day."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Recurrence(StrEnum):
    """How often. REGULAR (定期) names no period: it has no rounds, only the clock of silence."""

    NONE = ""
    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    REGULAR = "regular"


#: How the documents say it; the longer word first.
_SAID = (
    ("半年", Recurrence.HALF_YEARLY),
    ("季", Recurrence.QUARTERLY),
    ("月", Recurrence.MONTHLY),
    ("年", Recurrence.YEARLY),
    ("定期", Recurrence.REGULAR),
)
_MONTHS = {Recurrence.YEARLY: 12, Recurrence.HALF_YEARLY: 6, Recurrence.QUARTERLY: 3, Recurrence.MONTHLY: 1}
#: Those that come in rounds: what is owed is the round, not the duty above it.
WITH_ROUNDS = tuple(_MONTHS)
_LETTER = {Recurrence.HALF_YEARLY: "H", Recurrence.QUARTERLY: "Q"}


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its period (2025, 2025-H1, 2025-Q3, 2025-07) and the last day of it."""

    period: str
    due: date


def recurrence_of(printed: str) -> Recurrence:
    """What the printed word means; NONE where it says nothing known."""
    return next((meaning for word, meaning in _SAID if word in printed), Recurrence.NONE)


def rounds(recurrence: Recurrence, start: date, end: date) -> tuple[Round, ...]:
    """Every round whose last day lies in ``start`` to ``end``, both included; none for NONE and REGULAR."""
    step = _MONTHS.get(recurrence)
    if step is None:
        return ()
    found = (
        Round(_period(recurrence, year, month // step), _last_day(year, month))
        for year in range(start.year, end.year + 1)
        for month in range(step, 13, step)
    )
    return tuple(each for each in found if start <= each.due <= end)


def _period(recurrence: Recurrence, year: int, number: int) -> str:
    if recurrence is Recurrence.YEARLY:
        return str(year)
    if recurrence is Recurrence.MONTHLY:
        return f"{year}-{number:02}"
    return f"{year}-{_LETTER[recurrence]}{number}"


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def due_day(deadline: str) -> date | None:
    """The last day that a printed deadline (2025, 2025-06, 2025-06-30) means; None for "" or what is no date."""
    parts = deadline.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return None
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
    if not (1 <= year <= 9_999 and 1 <= month <= 12):
        return None
    last = _last_day(year, month)
    day = int(parts[2]) if len(parts) > 2 else last.day
    return last.replace(day=day) if 1 <= day <= last.day else None
