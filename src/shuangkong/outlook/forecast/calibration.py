"""预测的检验: probabilities given at past origins against what came, scored (Brier 1950) and by bins (reliability)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shuangkong.core.period import Period
from shuangkong.outlook.forecast.ending import Counting, chance_of_missing, ending
from shuangkong.outlook.forecast.forecasting import forecast
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Flags, Floats, Panel

#: Bound of each series, from what was told at an origin and the period to be judged.
type Bounds = Callable[[Panel, Period], Floats]


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts whose probability lies from ``low`` up to ``high``: ``said`` on average, ``came`` as a share."""

    low: float
    high: float
    count: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well probabilities and intervals were borne out.

    Attributes:
        count: forecasts that were judged.
        brier: mean of (probability − 1 where missed, 0 where met)²: 0 is perfect.
        reference: the same of one who always says the share that was missed; lower than it is knowledge.
        bins: those with forecasts in them.
        covered: level → share of figures that fell into the interval of that level.
    """

    count: int
    brier: float
    reference: float
    bins: tuple[Bin, ...]
    covered: dict[float, float]


@dataclass(frozen=True, slots=True)
class Past:
    """Forecasts at past origins with what came: probability, whether missed, and by level whether inside."""

    chances: Floats
    missed: Flags
    inside: Floats


def rolled(
    panel: Panel,
    limits: Limits,
    origins: Sequence[int],
    bounds: Bounds,
    wants_less: Flags,
    counting: Counting,
    threads: int = 1,
) -> Past:
    """Year-ends forecast at origins so many periods ago, each with what was told by then only, methods chosen anew.

    Raises:
        ValueError: a year that is not over at the panel's end.
    """
    chances, missed, inside = [], [], []
    for back in origins:
        past = panel.until(back)
        months = past.last.first_month + past.frequency.months
        year = Period(months // 12)
        last = past.steps_to(year)[1]
        if last > back:
            raise ValueError(f"origin {past.last}: {year} is not over at {panel.last}; expected an earlier origin")
        end = ending(forecast(past, last, limits, threads), year, counting)
        came = _came(panel, year, counting)
        bound = bounds(past, year)
        chance = chance_of_missing(end, bound, wants_less)
        known = ~np.isnan(chance) & ~np.isnan(came)
        chances.append(chance[known])
        missed.append(np.where(wants_less, came > bound, came < bound)[known])
        within = np.where(np.isnan(end.low), np.nan, (end.low <= came) & (came <= end.high))
        inside.append(within[:, known])
    return Past(np.concatenate(chances), np.concatenate(missed), np.concatenate(inside, axis=1))


def _came(panel: Panel, year: Period, counting: Counting) -> Floats:
    first, last = panel.steps_to(year)
    origin = panel.values.shape[1] - 1
    told = panel.values[:, origin + first : origin + last + 1]
    return {Counting.SUM: told.sum(axis=1), Counting.MEAN: told.mean(axis=1), Counting.LAST: told[:, -1]}[counting]


def calibration(past: Past, levels: tuple[float, ...], bins: int = 10) -> Calibration:
    """The report. Raises ValueError where nothing was judged."""
    if not len(past.chances):
        raise ValueError("nothing was judged; expected one forecast at least")
    share = float(past.missed.mean())
    held = np.minimum((past.chances * bins).astype(int), bins - 1)
    found = []
    for each in range(bins):
        own = held == each
        if own.any():
            said, came = float(past.chances[own].mean()), float(past.missed[own].mean())
            found.append(Bin(each / bins, (each + 1) / bins, int(own.sum()), said, came))
    covered = {
        level: float(np.nanmean(row)) for level, row in zip(levels, past.inside, strict=True) if not np.isnan(row).all()
    }
    brier = float(((past.chances - past.missed) ** 2).mean())
    return Calibration(len(past.chances), brier, share * (1 - share), tuple(found), covered)
