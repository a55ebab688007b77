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


def finest(told: Mapping[Period, float], least: int) -> tuple[Frequency, dict[int, float]]:
    """The finest frequency that has so many figures without a long silence before them; else yearly."""
    for frequency in (Frequency.MONTHLY, Frequency.QUARTERLY):
        found = cut(told, frequency)
        if len(found) >= least:
            return frequency, found
    return Frequency.YEARLY, cut(told, Frequency.YEARLY)


def row(found: Mapping[int, float], frequency: Frequency, first: int, last: int) -> Floats:
    """The figures from one first month to another, NaN where nothing was told."""
    return np.array([found.get(month, np.nan) for month in range(first, last + 1, frequency.months)])
