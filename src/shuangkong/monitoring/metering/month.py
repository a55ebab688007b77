"""一块表的一个月: its days and its month from the grid of hours; exact decimals, rounded nowhere.

The month is the sum of its days and of the silences that are bridged: what was gained in those has no day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal

import numpy as np
from numpy.typing import NDArray

from shuangkong.monitoring.metering.grid import Grid, Origin
from shuangkong.monitoring.meters.columns import Numbers
from shuangkong.monitoring.reading import HOURS_A_DAY

_MILLIONTH = 6
_EXACT = Context(prec=80)
_HUNDRED = Decimal(100)
#: Whole numbers are added up in two parts, split here.
_PART = 10**9
#: Hours that are known, one by one or together.
KNOWN = (Origin.MEASURED, Origin.ESTIMATED, Origin.TOLD, Origin.BRIDGED)


@dataclass(frozen=True, slots=True)
class Factors:
    """By what a gain of the counter, and an hour that was told, become an amount in the base unit."""

    counted: Decimal
    told: Decimal


@dataclass(frozen=True, slots=True)
class MeterDay:
    """``amount`` of the hours that are known one by one; ``hours``: how many of each origin."""

    day: date
    amount: Decimal
    hours: Mapping[Origin, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence that is bridged: since when (seconds), how many hours, what was used in all of them."""

    starts: int
    hours: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MeterMonth:
    """``amount`` of the hours that are known; ``hours``: how many of each origin, those that are not due left out."""

    amount: Decimal
    hours: Mapping[Origin, int]
    days: tuple[MeterDay, ...]
    gaps: tuple[Gap, ...]

    @property
    def due(self) -> int:
        return sum(self.hours.values())

    @property
    def open_hours(self) -> int:
        return self.hours[Origin.OPEN]

    @property
    def is_complete(self) -> bool:
        """Whether every due hour is known; a month of no due hour is not."""
        return self.due > 0 and not self.open_hours


def months(held: Grid, factors: Sequence[Factors], first: date) -> tuple[MeterMonth, ...]:
    """The month of each meter of a grid that begins at midnight of ``first`` and holds whole days."""
    count, hours = held.origin.shape
    days = hours // HOURS_A_DAY
    shape = (count, days, HOURS_A_DAY)
    counted, told = _sums(held.counted.reshape(shape)), _sums(held.told.reshape(shape))
    by_origin: dict[Origin, NDArray[np.int64]] = {
        origin: (held.origin == origin).reshape(shape).sum(axis=2) for origin in Origin if origin is not Origin.NOT_DUE
    }
    gaps: dict[int, list[Gap]] = {}
    lines = zip(held.gaps.meter.tolist(), held.gaps.starts.tolist(), held.gaps.hours.tolist(),
                held.gaps.gain.tolist(), strict=True)  # fmt: skip
    for meter, starts, length, gain in lines:
        gaps.setdefault(meter, []).append(Gap(starts, length, _times(gain, factors[meter].counted)))
    made = []
    for meter in range(count):
        own = tuple(
            MeterDay(
                first + timedelta(days=day),
                _EXACT.add(_times(counted[meter][day], factors[meter].counted),
                           _times(told[meter][day], factors[meter].told)),
                {origin: int(cells[meter, day]) for origin, cells in by_origin.items()},
            )
            for day in range(days)
        )  # fmt: skip
        bridged = tuple(gaps.get(meter, ()))
        hours_of: dict[Origin, int] = {origin: int(np.sum(cells[meter])) for origin, cells in by_origin.items()}
        made.append(
            MeterMonth(
                added([*(each.amount for each in own), *(gap.amount for gap in bridged)]), hours_of, own, bridged
            )
        )
    return tuple(made)


def _sums(cells: Numbers) -> list[list[int]]:
    """Over the last axis, exact: a day of hours that each fit into a column of whole numbers may not fit into one."""
    high, low = np.divmod(cells, _PART)
    return [
        [_PART * upper + lower for upper, lower in zip(*of_meter, strict=True)]
        for of_meter in zip(high.sum(axis=2).tolist(), low.sum(axis=2).tolist(), strict=True)
    ]


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for each in amounts:
        total = _EXACT.add(total, each)
    return total


def completeness_pct(known: int, due: int) -> Decimal:
    """The share of due hours that are known, in %; 0 where none is due."""
    return known * _HUNDRED / Decimal(due) if due else Decimal(0)


def _times(millionths: int, factor: Decimal) -> Decimal:
    return _EXACT.multiply(Decimal(millionths).scaleb(-_MILLIONTH, _EXACT), factor)
