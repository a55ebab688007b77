"""区间与概率: how far a forecast was off at past origins says how far it may be off now.

The errors of all origins and steps are divided by their step's own size and held together (one pool a series); a step's
interval is the pool's quantile, with the correction of conformal prediction for small pools (Vovk et al. 2005: rank
⌈(n + 1)·level⌉), times that size. A level for which the pool is too small has no interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuangkong.outlook.forecast.panel import Flags, Floats

#: Logistic function of 1.702·x is the normal distribution within 0.01.
_LOGISTIC = 1.702
#: Bandwidth of a kernel, times standard deviation and n^(−1/5): the normal reference rule (Silverman 1986). Errors
#: of one origin go together, so n is the number of origins, not of errors.
_BANDWIDTH = 1.06
#: Beyond this the logistic function is 0 or 1, and its exponential still a number.
_MOST = 500.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Of series side by side.

    Attributes:
        sizes: steps × series: the expected size of the error, never falling with the step; NaN where nothing is known.
        sums: steps × series: that of the sum over all steps until this one, never falling; errors that cancel each
            other make it less than the sum of sizes.
        shape: errors ÷ size, rising, one row an error; NaN at the end of shorter pools.
        counts: by series, errors in the pool.
        origins: by series, origins that the pool comes from.
    """

    sizes: Floats
    sums: Floats
    shape: Floats
    counts: Floats
    origins: Floats


def spread(errors: Floats, horizon: int) -> Spread:
    """Origins × steps × series, NaN where nothing is told → the spread over ``horizon`` steps.

    Beyond the steps that were tried the size grows as that of a random walk: with the root of the step, the size of a
    sum with the step times its root.
    """
    known = ~np.isnan(errors)
    filled = np.where(known, errors, 0.0)
    whole = np.logical_and.accumulate(known, axis=1)
    sizes = _sizes(filled, known, horizon, _Growth(0.5, 1))
    sums = _sizes(np.where(whole, np.cumsum(filled, axis=1), 0.0), whole, horizon, _Growth(1.5, 2))
    tried = _means(filled, known)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(tried > 0, errors / tried, np.where(known, 0.0, np.nan))
    shape = np.sort(relative.reshape(-1, errors.shape[2]), axis=0)
    origins = known.any(axis=1).sum(axis=0).astype(float)
    return Spread(sizes, sums, shape, known.sum(axis=(0, 1)).astype(float), origins)


def _means(errors: Floats, known: Flags) -> Floats:
    """Steps × series: root of the mean square of the errors, never falling with the step."""
    mean = np.sqrt((errors**2).sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    return np.maximum.accumulate(mean, axis=0)


@dataclass(frozen=True, slots=True)
class _Growth:
    """``power`` of the step by which sizes grow past those tried; ``overlap``: errors that tell as much as one alone.

    Sums from neighbouring origins have most of their steps in common, so two of them count as one.
    """

    power: float
    overlap: int


def _sizes(errors: Floats, known: Flags, horizon: int, growth: _Growth) -> Floats:
    """Steps × series: the size of a further error, never falling with the step.

    The variance that n errors predict for the next one is (n + 1) ÷ (n − 2) times their mean square (Student 1908).
    """
    counts = known.sum(axis=0)
    mean = np.sqrt((errors**2).sum(axis=0) / np.maximum(counts, 1))
    alone = counts / growth.overlap
    further = np.sqrt((alone + 1) / np.maximum(alone - 2, 1))
    is_tried = counts > 0
    held = np.maximum.accumulate(np.where(is_tried, mean * further, 0.0), axis=0)
    last = len(held) - 1 - np.argmax(is_tried[::-1], axis=0)
    steps = np.arange(1, horizon + 1)[:, None]
    beyond = np.take_along_axis(held, last[None, :], axis=0) * (steps / (last + 1)) ** growth.power
    held = np.vstack([held, np.zeros((horizon - len(held), held.shape[1]))])
    return np.where(steps > last + 1, beyond, held)


def quantiles(spread: Spread, levels: tuple[float, ...]) -> Floats:
    """Levels × series: how many sizes an interval reaches to either side; NaN where the pool is too small."""
    distances = np.sort(np.abs(spread.shape), axis=0)
    found = []
    for level in levels:
        rank = np.ceil((spread.counts + 1) * level).astype(int)
        held = np.take_along_axis(distances, np.clip(rank - 1, 0, len(distances) - 1)[None, :], axis=0)[0]
        found.append(np.where(rank <= spread.counts, held, np.nan))
    return np.stack(found)


def chance_beyond(spread: Spread, distance: Floats, size: Floats, upwards: Flags) -> Floats:
    """Probability, by series, that a figure passes its forecast by more than ``distance``, upwards or downwards.

    Each error of the pool is a kernel, so the probability falls without steps as the distance grows. Where nothing can
    be off (size 0) it is 0 or 1. NaN where there is no spread.

    Args:
        distance: counted in the direction asked; below zero where the forecast itself lies beyond.
    """
    count = np.maximum(spread.counts, 1.0)
    sign = np.where(upwards, 1.0, -1.0)
    scatter = np.sqrt(np.nansum(spread.shape**2, axis=0) / count)
    width = _BANDWIDTH * np.maximum(scatter, np.finfo(float).tiny) * np.maximum(spread.origins, 1.0) ** -0.2
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        bent = np.clip(_LOGISTIC * (distance / size - sign * spread.shape) / width, -_MOST, _MOST)
        falls = 1 / (1 + np.exp(bent))
    found = np.where(size > 0, np.clip(np.nansum(falls, axis=0) / count, 0.0, 1.0), distance < 0)
    is_known = ~np.isnan(distance) & ~np.isnan(size) & ((spread.counts > 0) | (size == 0))
    return np.where(is_known, found, np.nan)
