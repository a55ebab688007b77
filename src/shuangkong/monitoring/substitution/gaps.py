"""缺口: consecutive hours that are due and not measured. A stop is no gap: a stopped source emits nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import HOUR, Reading


@dataclass(frozen=True, slots=True)
class Gap:
    """``hours`` hours from ``starts_at`` on; ``cause``: what most of them were lost to (MISSING: nothing came)."""

    starts_at: datetime
    hours: int
    cause: Mark

    @property
    def ends_at(self) -> datetime:
        """The first hour after it."""
        return self.starts_at + self.hours * HOUR


def is_measured(reading: Reading, marks: Marks) -> bool:
    """Whether an hour's value counts."""
    return reading.value is not None and reading.mark in marks.measured


def gaps(hours: Iterable[Reading], marks: Marks) -> Iterator[Gap]:
    """The gaps of one point.

    Args:
        hours: every hour of the time looked at, in order, without holes (``calendar``).
    """
    lost: list[Reading] = []
    for each in hours:
        if is_measured(each, marks) or each.mark in marks.stopped:
            if lost:
                yield _gap(lost, marks)
            lost = []
        else:
            lost.append(each)
    if lost:
        yield _gap(lost, marks)


def calendar(readings: Iterable[Reading], first: datetime, last: datetime) -> Iterator[Reading]:
    """Every hour from ``first`` on, before ``last``: the reading of it, or one that is missing."""
    told = {each.at: each for each in readings}
    at = first
    while at < last:
        found = told.get(at)
        yield found if found is not None else Reading(at=at, value=None, mark=Mark.MISSING)
        at += HOUR


def _gap(lost: list[Reading], marks: Marks) -> Gap:
    order = list(Mark)
    # A mark of measured data without a value is a hole all the same.
    counts = Counter(Mark.MISSING if each.mark in marks.measured else each.mark for each in lost)
    cause = max(counts, key=lambda mark: (counts[mark], -order.index(mark)))
    return Gap(lost[0].at, len(lost), cause)
