"""空气质量指数: sub-indices by concentration, the index of a day, its primary pollutants, whether it is a good day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from shuangkong.core.finding import Message
from shuangkong.monitoring.ground import Ground


@dataclass(frozen=True, slots=True)
class SubIndex:
    """Breakpoints of one pollutant: concentration ``concentrations[i]`` stands at index ``AirIndex.index[i]``.

    ``unit``: what its concentrations are in (µg/m3, of carbon monoxide mg/m3), ``mean``: of which mean.
    """

    factor: str
    name: Message
    mean: str
    unit: str
    concentrations: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class AirIndex:
    """The rule of a stretch of time.

    Attributes:
        good: up to this index a day is good (优良). ``categories``: highest index (None: no end) and name, in order.
    """

    index: tuple[Decimal, ...]
    good: Decimal
    pollutants: Mapping[str, SubIndex]
    categories: tuple[tuple[Decimal | None, Message], ...]
    ground: Ground

    def category(self, index: Decimal) -> Message:
        return next(name for most, name in self.categories if most is None or index <= most)


@dataclass(frozen=True, slots=True)
class AirDay:
    """The index of one day.

    Attributes:
        index: the greatest sub-index of the pollutants that are there; None: none is.
        primary: 首要污染物: those that stand at it, where it is above that of the first category.
        missing: pollutants of the rule without a mean, or with one that is none.
    """

    index: Decimal | None
    sub: Mapping[str, Decimal]
    primary: tuple[str, ...]
    missing: tuple[str, ...]
    good: Decimal

    @property
    def is_good(self) -> bool | None:
        """优良天: None where what is missing might make it worse; a day already worse is not good, whatever is."""
        if self.index is not None and self.index > self.good:
            return False
        return None if self.missing or self.index is None else True


def sub_index(rule: AirIndex, factor: str, value: Decimal) -> Decimal:
    """IAQI: linear between breakpoints, rounded up to a whole number; beyond the last breakpoint the highest index.

    Raises:
        KeyError: the rule has no such pollutant; ValueError: the concentration is below zero.
    """
    steps = rule.pollutants[factor].concentrations
    if value < 0:
        raise ValueError(f"{factor} {value}: expected a concentration from zero")
    for n, (low, high) in enumerate(pairwise(steps)):
        if value <= high:
            # One division at the very end: a concentration that stands at a whole index is not rounded above it.
            span, rise = high - low, rule.index[n + 1] - rule.index[n]
            exact = (rise * (value - low) + rule.index[n] * span) / span
            return exact.to_integral_value(rounding=ROUND_CEILING)
    return rule.index[len(steps) - 1]


def air_day(rule: AirIndex, means: Mapping[str, Decimal | None]) -> AirDay:
    """The index of a day from its means, each in the unit of the rule; what is not told is missing.

    So is a mean below zero: an instrument has drifted, and no concentration is known.
    """
    told = {factor: value for factor, value in means.items() if value is not None and value >= 0}
    sub = {factor: sub_index(rule, factor, told[factor]) for factor in rule.pollutants if factor in told}
    missing = tuple(factor for factor in rule.pollutants if factor not in told)
    index = max(sub.values(), default=None)
    first = rule.categories[0][0]
    above = index is not None and first is not None and index > first
    primary = tuple(factor for factor, each in sub.items() if above and each == index)
    return AirDay(index, sub, primary, missing, rule.good)
