"""线性方法: what a method with fixed parameters makes of a series is a weighted sum of its figures.

So the method runs once over the unit series (1 in one period, 0 elsewhere), which yields its weights, and one matrix
product then applies all methods to all series. Weights of every method sum to one: a series that is scaled or shifted
has its forecast scaled and shifted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from shuangkong.outlook.forecast.panel import Floats


class Method(StrEnum):
    """How a series goes on."""

    NAIVE = "naive"
    SEASONAL_NAIVE = "seasonal_naive"
    DRIFT = "drift"
    SEASONAL_DRIFT = "seasonal_drift"
    HOLT = "holt"
    HOLT_WINTERS = "holt_winters"
    THETA = "theta"
    GROWTH_ON_LAST_YEAR = "growth_on_last_year"
    CUMULATED_SHARE = "cumulated_share"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A method with its parameters; ``is_logarithmic``: on logarithms, where growth compounds and seasons multiply."""

    method: Method
    parameters: tuple[float, ...] = ()
    is_logarithmic: bool = False


#: Smoothing of level and trend, going together from slow to quick.
_PACES = ((0.1, 0.02), (0.35, 0.05), (0.7, 0.15))
_SEASON_PACES = (0.05, 0.3)
#: 1 lets a trend go on for ever; below, it fades.
_DAMPING = (0.9, 1.0)
_THETA_PACES = (0.2, 0.5, 0.9)
#: 1 is simple smoothing, 2 the classical half of the trend, more nearly all of it.
_THETAS = (1.0, 2.0, 4.0)
#: Seasons that a classical decomposition needs.
_SEASONS = 2


@lru_cache(maxsize=8)
def candidates(season: int) -> tuple[Candidate, ...]:
    """Linear methods of series with a season of so many periods; 1: none."""
    return tuple(_candidates(season))


def _candidates(season: int) -> Iterator[Candidate]:
    yield Candidate(Method.DRIFT)
    if season == 1:
        yield Candidate(Method.NAIVE)
        yield from (Candidate(Method.HOLT, (*pace, damping)) for pace in _PACES for damping in _DAMPING)
    else:
        yield Candidate(Method.SEASONAL_NAIVE)
        yield from (Candidate(Method.SEASONAL_DRIFT, (float(recent),)) for recent in (season // 4, season))
        for pace in _PACES:
            for own in _SEASON_PACES:
                yield from (Candidate(Method.HOLT_WINTERS, (*pace, own, damping)) for damping in _DAMPING)
    yield from (Candidate(Method.THETA, (pace, theta)) for pace in _THETA_PACES for theta in _THETAS)


@lru_cache(maxsize=512)
def weights(season: int, length: int, horizon: int) -> Floats:
    """Candidates × steps × figures: weights for series of ``length`` figures (two seasons at least)."""
    units = np.eye(length)
    found = np.stack([_course(each, units, season, horizon) for each in candidates(season)])
    found.setflags(write=False)
    return found


def _course(candidate: Candidate, series: Floats, season: int, horizon: int) -> Floats:
    """Steps × series, of series given as periods × series."""
    ahead = np.arange(1, horizon + 1)[:, None]
    match candidate.method:
        case Method.NAIVE:
            return np.repeat(series[-1:], horizon, axis=0)
        case Method.DRIFT:
            line: Floats = series[-1] + ahead * (series[-1] - series[0]) / (len(series) - 1)
            return line
        case Method.SEASONAL_NAIVE:
            return _again(series[-season:], horizon)
        case Method.SEASONAL_DRIFT:
            recent = int(candidate.parameters[0])
            last, before = series[-recent:], series[-recent - season : len(series) - season]
            years = (ahead - 1) // season + 1
            return _again(series[-season:], horizon) + years * (last - before).mean(axis=0)
        case Method.HOLT:
            level_pace, trend_pace, damping = candidate.parameters
            return _holt_winters(series, 1, (level_pace, trend_pace, 0.0, damping), horizon)
        case Method.HOLT_WINTERS:
            level_pace, trend_pace, own, damping = candidate.parameters
            return _holt_winters(series, season, (level_pace, trend_pace, own, damping), horizon)
        case _:
            pace, theta = candidate.parameters
            return _theta(series, season, pace, theta, horizon)


def _again(seasonal: Floats, horizon: int) -> Floats:
    """The last season over and over."""
    return seasonal[np.arange(horizon) % len(seasonal)]


def _holt_winters(series: Floats, season: int, paces: tuple[float, ...], horizon: int) -> Floats:
    """Additive, damped. It starts from the line and the season of the first two seasons (of the first two thirds where

    there is no season), so that it is exact from the start where the series is such a line.
    """
    level_pace, trend_pace, own_pace, damping = paces
    first = season if season > 1 else max(len(series) // 3, 1)
    begun, then = series[:first].mean(axis=0), series[first : 2 * first].mean(axis=0)
    trend = (then - begun) / first
    level = begun - trend * (first + 1) / 2
    seasonal = np.zeros((season, series.shape[1]))
    if season > 1:
        line = level + trend * np.arange(1, 2 * season + 1)[:, None]
        seasonal = (series[: 2 * season] - line).reshape(2, season, -1).mean(axis=0)
    for time, told in enumerate(series):
        place = time % season
        error = told - (level + damping * trend + seasonal[place])
        level = level + damping * trend + level_pace * error
        trend = damping * trend + level_pace * trend_pace * error
        seasonal[place] = seasonal[place] + own_pace * (1 - level_pace) * error
    fading = np.cumsum(damping ** np.arange(1, horizon + 1))[:, None]
    course: Floats = level + fading * trend + seasonal[(len(series) + np.arange(horizon)) % season]
    return course


def _theta(series: Floats, season: int, pace: float, theta: float, horizon: int) -> Floats:
    """Theta (Assimakopoulos and Nikolopoulos 2000): the trend line, and the series bent away from it by θ, smoothed."""
    seasonal = _seasonal(series, season)
    rest = series - seasonal[np.arange(len(series)) % season]
    times = np.arange(len(series)) - (len(series) - 1) / 2
    slope = times @ rest / (times @ times)
    middle = rest.mean(axis=0)
    bent = theta * rest + (1 - theta) * (middle + times[:, None] * slope)
    level = bent[0]
    for told in bent[1:]:
        level = level + pace * (told - level)
    line = middle + (times[-1] + np.arange(1, horizon + 1))[:, None] * slope
    course: Floats = level / theta + (1 - 1 / theta) * line + seasonal[(len(series) + np.arange(horizon)) % season]
    return course


def _seasonal(series: Floats, season: int) -> Floats:
    """Classical additive decomposition: mean distance, by place in the season, from the centred mean of one season."""
    if season == 1 or len(series) < _SEASONS * season:
        return np.zeros((season, series.shape[1]))
    ends = 0.5 if season % 2 == 0 else 1.0
    kernel = np.ones(season + 1 - season % 2)
    kernel[[0, -1]] = ends
    kernel /= season
    half = len(kernel) // 2
    smooth = np.stack([kernel @ series[time - half : time + half + 1] for time in range(half, len(series) - half)])
    away = series[half : len(series) - half] - smooth
    places = np.arange(half, len(series) - half) % season
    found = np.stack([away[places == place].mean(axis=0) for place in range(season)])
    away_from_none: Floats = found - found.mean(axis=0)
    return away_from_none
