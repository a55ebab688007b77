"""累计数切成各期: figures told for years, halves, quarters, months and months to date → one course of one frequency."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shuangkong.core.period import Period
from shuangkong.outlook.forecast.panel import Floats, Frequency

_YEAR = 12


def cut(told: Mapping[Period, float], frequency: Frequency) -> dict[int, float]:
    """First month of each period of the frequency → its amount, told of itself or the difference of two to date."""
    spans = {(period.first_month, period.months): value for period, value in told.items() if not period.is_plan}
    length = frequency.months
    years = {month // _YEAR for month, _ in spans}
    found: dict[int, float] = {}
    for start in (year * _YEAR + month for year in sorted(years) for month in range(0, _YEAR, length)):
        begun = start // _YEAR * _YEAR
        until = {months: value for (month, months), value in spans.items() if month == begun}
        own = spans.get((start, length))
        if own is None:
            before = 0.0 if start == begun else until.get(start - begun)
            reached = until.get(start - begun + length)
            own = None if before is None or reached is None else reached - before
        if own is not None:
            found[start] = own
    return found


def finest(told: Mapping[Period, float], least: int, most_gaps: float) -> tuple[Frequency, dict[int, float]]:
    """The frequency that reaches back farthest with so many figures and no larger a share of gaps; else yearly.

    Of two that reach back as far, the finer one: two years of months tell less than seven of quarters.
    """
    held = [(frequency, cut(told, frequency)) for frequency in (Frequency.MONTHLY, Frequency.QUARTERLY)]
    fit = [each for each in held if len(each[1]) >= least and _gaps(each[1], each[0]) <= most_gaps]
    if not fit:
        return Frequency.YEARLY, cut(told, Frequency.YEARLY)
    return max(fit, key=lambda each: (-min(each[1]), each[0]))


def _gaps(found: Mapping[int, float], frequency: Frequency) -> float:
    """Share of the periods from the first told to the last that are missing."""
    return 1 - len(found) / ((max(found) - min(found)) // frequency.months + 1)


def to_date(told: Mapping[Period, float], year: int, until: int) -> float:
    """What a year came to until the end of a month (counted from January of the year 0); NaN where nobody told."""
    months = until - year * _YEAR + 1
    held = (value for period, value in told.items() if (period.first_month, period.months) == (year * _YEAR, months))
    return next(held, np.nan)


def row(found: Mapping[int, float], frequency: Frequency, first: int, last: int) -> Floats:
    """The figures from one first month to another, NaN where nothing was told."""
    return np.array([found.get(month, np.nan) for month in range(first, last + 1, frequency.months)])
