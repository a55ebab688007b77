"""所属时段: what a figure of a return covers, and which figures of two forms cover the same."""

from __future__ import annotations

from shuangkong.core.period import Period
from shuangkong.reporting.forms.model import Every, Span

_YEAR = 12
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: _YEAR}


def covered(span: Span, period: Period) -> Period:
    """What a figure covers: a cumulative one the year up to the end of the period of the return."""
    if span is not Span.TO_DATE or period.is_year:
        return period
    months = (period.first_month + period.months) % _YEAR or _YEAR
    if months == _YEAR:
        return Period(period.year)
    return Period(period.year, f"C{months:02d}" if months > 1 else "01")


def meet(every: Every, mine: Span, other: Every, theirs: Span) -> bool:
    """Whether figures of two forms cover the same months whenever periods of both end together."""
    if theirs is Span.INSTANT:
        return True
    own_months, other_months = _MONTHS[every], _MONTHS[other]
    ends = range(max(own_months, other_months), _YEAR + 1, max(own_months, other_months))
    return all(
        (end if mine is Span.TO_DATE else own_months) == (end if theirs is Span.TO_DATE else other_months)
        for end in ends
    )
