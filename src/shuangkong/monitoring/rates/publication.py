"""公布率: results published of those due, and units that published all of theirs: two rates, two pairs of numbers.

What is due is told by a plan (factor, how often) where there is one; else it is what was typed, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import Span, ends_of, starts_of

_DAY = timedelta(days=1)
_SUNDAY = 6
QUARTERS = 4


class Frequency(StrEnum):
    """How often a result is due; the value is the word of registers."""

    HOUR = "hour"  # 自动监测：小时均值
    TWO_HOURS = "two_hours"  # 自动监测：两小时均值
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_A_DAY: Mapping[Frequency, int] = {Frequency.HOUR: 24, Frequency.TWO_HOURS: 12, Frequency.DAY: 1}
_MONTHS: Mapping[Frequency, int] = {
    Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12,
}  # fmt: skip


def results_due(frequency: Frequency, first: date, last: date) -> int:
    """How many results are due from ``first`` to ``last``, both included.

    Of a week, month, quarter, half-year or year one result, in the span in which it ends.
    """
    if last < first:
        return 0
    if frequency in _A_DAY:
        return _A_DAY[frequency] * ((last - first).days + 1)
    if frequency is Frequency.WEEK:
        # Sundays from the first one on.
        ahead = (_SUNDAY - first.weekday()) % 7
        return max(0, (last - first).days - ahead + 7) // 7
    count, month = 0, starts_of(Span.MONTH, first)
    while month <= last:
        end = ends_of(Span.MONTH, month)
        count += first <= end <= last and month.month % _MONTHS[frequency] == 0
        month = end + _DAY
    return count


@dataclass(frozen=True, slots=True)
class Counted:
    """One unit over a span.

    Attributes:
        typed: results due as they were registered; None: nothing was registered.
        planned: results due by the plan; None: it has no plan.
        published: as registered.
    """

    unit: int
    typed: int | None
    planned: int | None
    published: int

    @property
    def due(self) -> int:
        """The larger: who types fewer than the plan asks for, or has published more, does not move the rate up."""
        return max(self.typed or 0, self.planned or 0)

    @property
    def is_by_plan(self) -> bool:
        """Whether the denominator is the plan's."""
        return self.planned is not None and self.planned >= (self.typed or 0)

    @property
    def is_whole(self) -> bool:
        """Whether all that was due was published."""
        return self.due > 0 and self.published >= self.due


@dataclass(frozen=True, slots=True)
class Publishing:
    """Of a place.

    Attributes:
        results: results published of those due; ``units``: units that published all of theirs, of those that had any.
        by_plan, by_hand: units by where their denominator comes from; ``silent``: with a plan, and nothing registered.
        apart: units not in ``units``: of a year those that were not due in each of the four quarters.
    """

    results: Share
    units: Share
    by_plan: int
    by_hand: int
    silent: int
    apart: int = 0


def publishing(counted: Iterable[Counted]) -> Publishing:
    """Of the units of a place over one span."""
    due = [each for each in counted if each.due]
    by_plan = sum(each.is_by_plan for each in due)
    return Publishing(
        Share(sum(min(each.published, each.due) for each in due), sum(each.due for each in due)),
        Share(sum(each.is_whole for each in due), len(due)),
        by_plan,
        len(due) - by_plan,
        sum(each.typed is None for each in due),
    )


def publishing_of_quarters(year: Iterable[Counted], quarters: Iterable[Iterable[Counted]]) -> Publishing:
    """Of a year where units count by quarters: published in each, of those due in all four."""
    whole = publishing(year)
    of: dict[int, list[bool]] = defaultdict(list)
    for quarter in quarters:
        for each in quarter:
            if each.due:
                of[each.unit].append(each.is_whole)
    full = [told for told in of.values() if len(told) == QUARTERS]
    share = Share(sum(all(told) for told in full), len(full))
    apart = whole.units.whole - len(full)
    return Publishing(whole.results, share, whole.by_plan, whole.by_hand, whole.silent, apart)
