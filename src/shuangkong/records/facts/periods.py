"""Periods as rows keep them: the first month and how many. January to June told as C06 is the first half."""

from __future__ import annotations

from functools import cache

from shuangkong.core.period import Period

_YEAR = 12
#: Parts that begin only where their like end, by how many months they span.
_LETTERS = {3: "Q", 6: "H"}


@cache
def period_of(first_month: int, months: int) -> Period:
    """The period that spans them.

    Raises:
        ValueError: no period does.
    """
    year, month = divmod(first_month, _YEAR)
    if months == 1:
        return Period(year, f"{month + 1:02d}")
    if months in _LETTERS and month % months == 0:
        return Period(year, f"{_LETTERS[months]}{month // months + 1}")
    if month == 0 and months == _YEAR:
        return Period(year)
    if month == 0 and 1 < months < _YEAR:
        return Period(year, f"C{months:02d}")
    if month == 0 and months % _YEAR == 0:
        return Period(year, f"P{months // _YEAR}")
    raise ValueError(f"{months} months from month {first_month}: no period spans them")


def span(period: Period) -> tuple[int, int]:
    """The first month and how many."""
    return period.first_month, period.months


def plain(period: Period) -> Period:
    """The same months under their usual name (C03 is Q1)."""
    return period_of(*span(period))
