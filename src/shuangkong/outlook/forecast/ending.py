"""年末、期末: what a period comes to with what is told of it, how sure that is, and how likely a target is missed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from shuangkong.core.period import Period
from shuangkong.outlook.forecast.forecasting import Forecast
from shuangkong.outlook.forecast.panel import Flags, Floats
from shuangkong.outlook.forecast.spread import Spread, chance_beyond, quantiles


class Counting(StrEnum):
    """What of a period a target speaks of."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Ending:
    """By series.

    Attributes:
        values: NaN where there is no forecast, or something in the period is neither told nor forecast.
        sizes: the expected size of the error; 0 where all is told.
        low, high: levels × series, in the order of ``levels``; NaN where errors are too few for the level.
    """

    period: Period
    values: Floats
    sizes: Floats
    levels: tuple[float, ...]
    low: Floats
    high: Floats
    spread: Spread


def ending(found: Forecast, period: Period, counting: Counting, to_date: Floats | None = None) -> Ending:
    """What ``period`` comes to; it may have begun long ago, and may end within the horizon.

    Args:
        to_date: by series, what the period came to until now where that is told by itself (1—N月累计); it stands for
            the figures up to now. NaN: the figures are summed up.

    Raises:
        ValueError: the period ends past the horizon, or begins before the panel.
    """
    first, last = found.panel.steps_to(period)
    if last > found.horizon or first <= -found.panel.values.shape[1]:
        raise ValueError(f"{period}: steps {first} to {last}; expected them among what is told and forecast")
    course = _joined(found)
    origin = found.panel.values.shape[1] - 1
    if counting is Counting.LAST:
        values, wide = course[:, origin + last], _at(found, found.spread.sizes, last)
    else:
        values, wide = course[:, origin + first : origin + last + 1].sum(axis=1), _wide(found, first, last)
    if counting is not Counting.LAST and to_date is not None and first <= 0:
        is_told = ~np.isnan(to_date)
        ahead = course[:, origin + 1 : origin + last + 1].sum(axis=1)
        values = np.where(is_told, to_date + ahead, values)
        wide = np.where(is_told, _wide(found, 1, last), wide)
    if counting is Counting.MEAN:
        values, wide = values / (last - first + 1), wide / (last - first + 1)
    reach = np.where(wide == 0, 0.0, quantiles(found.spread, found.limits.levels) * wide)
    return Ending(period, values, wide, found.limits.levels, values - reach, values + reach, found.spread)


def _wide(found: Forecast, first: int, last: int) -> Floats:
    """Size of the error of a sum. Where the sum begins later than the forecast, errors are taken to go together."""
    if last <= -found.lead:
        return np.zeros(len(found.course))
    start = max(first + found.lead - 1, 0)
    later = found.spread.sizes[start : last + found.lead].sum(axis=0)
    return np.where(first <= 1 - found.silences, _at(found, found.spread.sums, last), later)


def _at(found: Forecast, sizes: Floats, step: int) -> Floats:
    """By series; what lies before the columns of the course is told, and nothing is off."""
    return sizes[step + found.lead - 1] if step > -found.lead else np.zeros(len(found.course))


def _joined(found: Forecast) -> Floats:
    """Series × periods: all that is told, and the forecast behind it."""
    periods = found.panel.values.shape[1]
    skipped = max(found.lead - periods, 0)
    return np.hstack([found.panel.values[:, : max(periods - found.lead, 0)], found.course[:, skipped:]])


def chance_of_missing(end: Ending, bounds: Floats, wants_less: Flags) -> Floats:
    """Probability that a target is missed, by series: above a cap, or below what is to be reached.

    A figure on the bound meets it. NaN where there is no forecast or no bound.

    Args:
        wants_less: whether the bound is a cap.
    """
    distance = np.where(wants_less, bounds - end.values, end.values - bounds)
    return chance_beyond(end.spread, distance, end.sizes, wants_less)
