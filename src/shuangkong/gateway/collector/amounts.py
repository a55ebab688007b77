"""Hours, days and months of what a meter showed: differences of a counter between the bounds of the period.

A period's amount is what the counter gained from its first bound to its last. A bound is what was shown at most a
minute off (day boundary skew of the specification); without it the amount is told all the same, from the nearest
shown, and marked as not valid. A counter that fell was reset or swapped: what it gained before and after counts, the
fall does not, and the amount is marked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from shuangkong.protocols.nhjc.messages import Every

#: How far from the bound of a period a showing may lie.
SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a counter showed at a moment (local time)."""

    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """What a period used; not valid where a bound was not shown in time, or the counter fell."""

    every: Every
    starts: datetime
    value: Decimal
    is_valid: bool


def amounts(shown: Sequence[Shown], every: Every, first: datetime, last: datetime) -> list[Amount]:
    """The amounts of every period that begins at ``first`` or later and ends by ``last``; ``shown`` in order of time.

    A period in which fewer than two showings bound anything has no amount: it is missing, not zero.
    """
    moments = [each.at for each in shown]
    out = []
    for starts, ends in _periods(every, first, last):
        low = _nearest(moments, starts)
        high = _nearest(moments, ends)
        if low is None or high is None or low >= high:
            continue
        part = shown[low : high + 1]
        steps = [after.value - before.value for before, after in pairwise(part)]
        in_time = abs(moments[low] - starts) <= SKEW and abs(moments[high] - ends) <= SKEW
        value = sum((step for step in steps if step > 0), Decimal(0))
        out.append(Amount(every, starts, value, in_time and all(step >= 0 for step in steps)))
    return out


def begins(moment: datetime, every: Every) -> datetime:
    """The start of the period that holds ``moment``."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    if every is Every.REAL_TIME:
        return hour
    day = hour.replace(hour=0)
    if every is Every.DAY:
        return day
    return day.replace(day=1) if every is Every.MONTH else day.replace(month=1, day=1)


def follows(starts: datetime, every: Every) -> datetime:
    """The start of the next period. Real-time figures are hours."""
    if every is Every.REAL_TIME:
        return starts + timedelta(hours=1)
    if every is Every.DAY:
        return starts + timedelta(days=1)
    return begins(starts + timedelta(days=32 if every is Every.MONTH else 366), every)


def _periods(every: Every, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    starts = begins(first, every)
    if starts < first:
        starts = follows(starts, every)
    while (ends := follows(starts, every)) <= last:
        yield starts, ends
        starts = ends


def _nearest(moments: Sequence[datetime], bound: datetime) -> int | None:
    """Which showing stands for the bound: one within the skew, else the last before it, else the first after it."""
    near = bisect_left(moments, bound - SKEW)
    close = range(near, bisect_right(moments, bound + SKEW))
    if close:
        return min(close, key=lambda at: abs(moments[at] - bound))
    before = bisect_right(moments, bound) - 1
    if before >= 0:
        return before
    return 0 if moments else None
