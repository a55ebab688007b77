"""所属时段: what a figure of a return covers."""

from __future__ import annotations

from shuangkong.core.period import Period
from shuangkong.reporting.forms.model import Span

_YEAR = 12


def covered(span: Span, period: Period) -> Period:
    """What a figure covers: a cumulative one the year up to the end of the period of the return."""
    if span is not Span.TO_DATE or period.is_year:
        return period
    months = (period.first_month + period.months) % _YEAR or _YEAR
    if months == _YEAR:
        return Period(period.year)
    return Period(period.year, f"C{months:02d}" if months > 1 else "01")
