"""监测数据: one mean or instant of one point with mark and evidence, and the spans of time that it is gathered in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from shuangkong.monitoring.mark import Mark

HOUR = timedelta(hours=1)
#: Hours of a day: offices here keep no summer time.
HOURS_A_DAY = 24
MINUTES_AN_HOUR = 60
_LAST_MONTH = 12
_QUARTER_MONTHS = 3


class Media(StrEnum):
    """Through what an outlet discharges."""

    GAS = "gas"
    WATER = "water"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Where in the evidence log the raw frame stands that a value came with."""

    segment: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of a point.

    Attributes:
        at: start of its period (of an instant, the instant), in the zone of the offices.
        value: in the point's canonical unit; None: none came.
        mark: as decided (``validity.marking.decided``); MISSING where nothing came.
        received_at: when its frame arrived; None: not told.
        evidence: the frame; None: nothing came, or it was computed here.
    """

    at: datetime
    value: Decimal | None
    mark: Mark = Mark.NORMAL
    received_at: datetime | None = None
    evidence: Evidence | None = None


class Span(StrEnum):
    """Lengths of time that data is gathered in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def starts_of(span: Span, day: date) -> date:
    """The first day of the day, month, quarter or year that a day lies in; raises ValueError for shorter spans."""
    match span:
        case Span.DAY:
            return day
        case Span.MONTH:
            return day.replace(day=1)
        case Span.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % _QUARTER_MONTHS, day=1)
        case Span.YEAR:
            return day.replace(month=1, day=1)
        case _:
            raise ValueError(f"{span}: expected a day or longer")


def ends_of(span: Span, starts: date) -> date:
    """The last day of the span that begins on ``starts``."""
    months = {Span.MONTH: 1, Span.QUARTER: _QUARTER_MONTHS, Span.YEAR: _LAST_MONTH}.get(span)
    if months is None:
        return starts
    ahead = starts.month - 1 + months
    return date(starts.year + ahead // _LAST_MONTH, ahead % _LAST_MONTH + 1, 1) - timedelta(days=1)


def hours_of(first: datetime, last: datetime) -> Iterator[datetime]:
    """Starts of the hours from ``first`` on, before ``last``."""
    at = first
    while at < last:
        yield at
        at += HOUR
