"""滚动起点检验: every method is tried from past origins; the best of them make the forecast, the errors its interval.

Series of one length run together, as periods × series; what is tried at an origin sees nothing told after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from shuangkong.outlook.forecast.gaps import bridged
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Floats, Ints
from shuangkong.outlook.forecast.practice import courses, practices
from shuangkong.outlook.forecast.weights import Candidate, candidates, weights

#: Seasons before an origin that a seasonal method needs.
_SEASONS = 2
#: Logarithms above the largest told by more than this run away: about a thousandfold.
_MOST_GROWTH = 7.0


@dataclass(frozen=True, slots=True)
class Tried:
    """Of series of one length.

    Attributes:
        course: steps × series.
        errors: origins × steps × series, told − forecast; NaN where nothing is told there.
        members: rank × series, places in ``pool``, the best first.
        pool: the methods that were tried.
    """

    course: Floats
    errors: Floats
    members: Ints
    pool: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How series of one length are tried: ``season`` is 1 where they are too short for seasonal methods."""

    season: int
    origins: tuple[int, ...]


def plan(length: int, season: int, horizon: int, limits: Limits) -> Plan | None:
    """Origins are spread over the latest stretch; None where there are too few of them."""
    for each in dict.fromkeys((season, 1)):
        earliest = max(limits.least_training, _SEASONS * each if each > 1 else 0)
        stretch = horizon + limits.most_origins
        possible = range(max(earliest, length - stretch), length)
        if len(possible) >= limits.least_origins:
            step = -(-len(possible) // limits.most_origins)
            return Plan(each, tuple(reversed(possible[::-1][::step])))
    return None


@lru_cache(maxsize=8)
def pool(season: int, is_positive: bool) -> tuple[Candidate, ...]:
    """The methods tried: on figures that are all above zero also those that compound or divide."""
    linear = candidates(season)
    if not is_positive:
        return linear
    compound = tuple(Candidate(each.method, each.parameters, is_logarithmic=True) for each in linear)
    return (*linear, *compound, *practices(season))


def tried(told: Floats, how: Plan, place: int, horizon: int, limits: Limits) -> Tried:
    """Periods × series, all above zero or none of them treated so; ``place``: of the last period in its year."""
    run = _Run(how.season, horizon, bool(np.nanmin(told) > 0))
    length, count = told.shape
    away, sizes = [], []
    best = min(limits.members, len(pool(how.season, run.is_positive)) - 1)
    for origin in how.origins:
        steps = min(horizon, length - origin)
        found = run.courses(told[:origin], place - (length - origin), steps)
        np.subtract(told[origin : origin + steps], found, out=found)
        away.append(found)
        sizes.append(_size(found))
    each = np.stack(sizes)
    size = each.sum(axis=0)
    members = np.argsort(size, axis=0, kind="stable")[:best].astype(np.int64)
    errors = np.full((len(how.origins), horizon, count), np.nan)
    for row, found in enumerate(away):
        # What an origin itself says has no voice in which methods are tried there: an error that helped to choose
        # the method is smaller than the one to be expected.
        others = np.maximum(size - each[row], 0.0)
        own = np.argpartition(others, best, axis=0)[:best]
        errors[row, : found.shape[1]] = _mean(found, own, others)
    whole = run.courses(told, place, horizon)
    return Tried(_mean(whole, members, size), errors, members, pool(how.season, run.is_positive))


def _mean(found: Floats, members: Ints, size: Floats) -> Floats:
    """Steps × series: members weigh by the inverse square of their size, so those that were never off count alone."""
    own = np.take_along_axis(size, members, axis=0)
    least = own.min(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(own == least, 1.0, (least / own) ** 2)
    weight /= weight.sum(axis=0)
    mean: Floats = (np.take_along_axis(found, members[:, None, :], axis=0) * weight[:, None, :]).sum(axis=0)
    return mean


def _size(away: Floats) -> Floats:
    """Methods × series: the sum of distances; where nothing is told there is none."""
    distances = np.abs(away)
    if np.isnan(away[0]).any():
        np.nan_to_num(distances, copy=False)
    return distances.sum(axis=1)


@dataclass(frozen=True, slots=True)
class _Run:
    """All methods of a pool at once."""

    season: int
    horizon: int
    is_positive: bool

    def courses(self, told: Floats, place: int, steps: int) -> Floats:
        """Methods × steps × series, from what was told until an origin."""
        series = bridged(told, self.season) if np.isnan(told).any() else told
        length, count = series.shape
        matrix = weights(self.season, length, self.horizon)[:, :steps].reshape(-1, length)
        linear = len(matrix) // steps
        found = np.empty((len(pool(self.season, self.is_positive)), steps, count))
        np.matmul(matrix, series, out=found[:linear].reshape(-1, count))
        if self.is_positive:
            compound = found[linear : 2 * linear].reshape(-1, count)
            logarithms = np.log(series)
            np.matmul(matrix, logarithms, out=compound)
            np.minimum(compound, logarithms.max(axis=0) + _MOST_GROWTH, out=compound)
            np.exp(compound, out=compound)
        if self.is_positive and self.season > 1:
            found[2 * linear :] = courses(series, self.season, (place - 1) % self.season + 1, steps)
        return found
