"""传输率、有效率、有效传输率: received of those due, valid of those received that were due, and their product.

Real-time counts what had come by the cut-off, completed what had come by the end of the repair window. Stop hours are
not due. Of factors with a daily check one lost hour a day is excused: 23 of 24 counts as all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import HOURS_A_DAY, Reading

_HUNDRED = Decimal(100)


class Cut(StrEnum):
    """By when data must have come to count."""

    REAL_TIME = "real_time"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Transmission:
    """Of one point on one day, or of many together.

    Attributes:
        hours: of the calendar; ``stopped``: of these, marked as stopped; ``excused``: lost to the daily check.
        received: hours that came by the cut-off, stopped ones apart; ``valid``: of these, measured.
    """

    hours: int
    stopped: int
    excused: int
    received: int
    valid: int

    @property
    def due(self) -> int:
        return self.hours - self.stopped - self.excused

    @property
    def transmission(self) -> Share:
        """传输率. An excused hour that came all the same is not due twice: the excuse is for what is lost."""
        return Share(self.received, self.due)

    @property
    def validity(self) -> Share:
        """有效率: valid of those received."""
        return Share(self.valid, self.received)

    @property
    def effective_pct(self) -> Decimal | None:
        """有效传输率 = 传输率 × 有效率, in %; None where nothing was due; zero where nothing came."""
        if self.due <= 0:
            return None
        return self.valid * _HUNDRED / self.due if self.received else Decimal(0)


@dataclass(frozen=True, slots=True)
class RateRules:
    """What rates are reckoned by on a day; factors of ``checked`` have ``check_hours`` excused a day.

    Attributes:
        real_time_hours: after the end of an hour until which it counts as real-time.
        repair_days: after the day until whose end late data counts as completed.
        section_hours: a river section owes one reading in each span of so many hours of a day; of sections
            ``is_section_verified`` counts beside ``is_verified``, which is of what all owe.
    """

    real_time_hours: int
    repair_days: int
    check_hours: int
    checked: frozenset[str]
    is_verified: bool
    section_hours: int = 1
    is_section_verified: bool = True

    def is_in_time(self, reading: Reading, cut: Cut) -> bool:
        """Whether a reading came by the cut-off; one whose arrival nobody told did."""
        if reading.received_at is None:
            return True
        if cut is Cut.REAL_TIME:
            return (reading.received_at - reading.at).total_seconds() <= (self.real_time_hours + 1) * _HOUR_SECONDS
        return (reading.received_at.date() - reading.at.date()).days <= self.repair_days


def day_rate(
    readings: Iterable[Reading], factor: str, marks: Marks, rules: RateRules, cut: Cut, due: int = HOURS_A_DAY
) -> Transmission:
    """Of one point on one day.

    Args:
        readings: its hours of that day, at most one an hour; one without value and without a stop mark did not come.
        due: how many readings the day has; no more may be among ``readings``.
    """
    stopped = received = valid = 0
    for each in readings:
        if each.mark in marks.stopped:
            stopped += 1
        elif each.value is not None and rules.is_in_time(each, cut):
            received += 1
            valid += each.mark in marks.measured
    allowed = rules.check_hours if factor in rules.checked else 0
    missing = due - stopped - received
    excused = min(allowed, missing)
    # What the check spoiled without keeping it from coming is excused too: such an hour is neither due nor received.
    spoiled = min(allowed - excused, received - valid)
    return Transmission(due, stopped, excused + spoiled, received - spoiled, valid)


def added(rates: Iterable[Transmission]) -> Transmission:
    """Days, points or units together: numbers added, never rates averaged."""
    told = tuple(rates)
    return Transmission(
        sum(each.hours for each in told),
        sum(each.stopped for each in told),
        sum(each.excused for each in told),
        sum(each.received for each in told),
        sum(each.valid for each in told),
    )


def day_rates(
    readings: Iterable[Reading],
    factor: str,
    marks: Marks,
    rules_on: Callable[[date], RateRules],
    days: Iterable[date],
    cut: Cut,
    due: Callable[[date], int] = lambda _day: HOURS_A_DAY,
) -> dict[date, Transmission]:
    """Of each of ``days``; a day of which nothing came has all its hours due."""
    by: dict[date, list[Reading]] = {}
    for each in readings:
        by.setdefault(each.at.date(), []).append(each)
    return {day: day_rate(by.get(day, ()), factor, marks, rules_on(day), cut, due(day)) for day in days}


_HOUR_SECONDS = 3_600
