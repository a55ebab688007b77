"""完整率、日月合差: are the days of a month all there, and do they add up to the month (NHJC, cycles and checks).

Completeness is days told ÷ days due. The deviation of a month is (sum of its days − its own figure) ÷ its own figure,
in %; it is judged only where every day is there. Figures marked as not valid are told, but count as missing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MonthQuality:
    """One item's month.

    Attributes:
        due: days that were due, up to yesterday where the month goes on.
        told: days that were told and hold.
        missing: the days due that were not.
        days_sum: sum of the days told; None where none was.
        month: the month's own figure; None where it was not told.
        deviation_pct: None where it cannot be judged: a day is missing, the month is not told, or is zero.
        out_of_bounds: days outside the bounds that the unit itself gave.
    """

    due: int
    told: int
    missing: tuple[date, ...]
    days_sum: Decimal | None
    month: Decimal | None
    deviation_pct: Decimal | None
    out_of_bounds: tuple[date, ...]

    @property
    def completeness_pct(self) -> Decimal | None:
        """None where nothing was due yet."""
        return Decimal(100 * self.told) / self.due if self.due else None


def month_quality(
    first: date,
    days: Mapping[date, Decimal],
    month: Decimal | None,
    *,
    due_from: date,
    today: date,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> MonthQuality:
    """The quality of the month that begins on ``first``.

    Args:
        days: day → figure that holds.
        due_from: the day from which the item has to be told.
        today: days from it on are not due yet.
    """
    last = first.replace(day=monthrange(first.year, first.month)[1])
    due = _days(max(first, due_from), min(last, today - timedelta(days=1)))
    told = [each for each in due if each in days]
    total = sum((days[each] for each in told), Decimal(0)) if told else None
    is_whole = len(told) == (last - first).days + 1
    deviation = None
    if is_whole and total is not None and month:
        deviation = (total - month) / month * 100
    outside = tuple(
        each for each in told if (low is not None and days[each] < low) or (high is not None and days[each] > high)
    )
    missing = tuple(each for each in due if each not in days)
    return MonthQuality(len(due), len(told), missing, total, month, deviation, outside)


def completeness_pct(months: Iterable[MonthQuality]) -> Decimal | None:
    """Of several items together: every day of every item weighs the same; None where nothing was due."""
    found = list(months)
    due = sum(each.due for each in found)
    return Decimal(100 * sum(each.told for each in found)) / due if due else None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
