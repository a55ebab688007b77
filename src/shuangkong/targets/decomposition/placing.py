"""尾差: every value on the grid of its decimals, and what rounding leaves placed by a stated rule.

The receivers together are never laxer than the whole: of a reduction they do at least, of a cap at most what is
asked. Where amounts simply add up and the whole lies on the grid, they come to it exactly; where values are weighted,
no sum of rounded rates can, and what is over is less than one step of one receiver and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from shuangkong.core.rounding import Rounding, rounded
from shuangkong.targets.decomposition.filling import Limits

ZERO = Decimal(0)


class Residual(StrEnum):
    """Where the difference goes."""

    LARGEST_REMAINDER = (
        "largest_remainder"  # a step each to those that rounding down cut most (Hamilton, Hare–Niemeyer)
    )
    LARGEST_RECEIVER = "largest_receiver"  # all of it to the one that weighs most
    STRICT = "strict"  # to nobody: every value to the strict side, the rest is kept as reserve


@dataclass(frozen=True, slots=True)
class Placed:
    """``stepped``: positions that rounding moved off their nearest value, or that took the difference."""

    values: tuple[Decimal, ...]
    stepped: frozenset[int]


@dataclass(frozen=True, slots=True)
class Grid:
    """The values to be placed: unrounded, their weights, what they must come to, the steps and the bounds.

    Attributes:
        values: printed values before rounding.
        total: what ``Σ w·v`` must come to.
        is_burden: whether more is stricter.
        sizes: who weighs most, where the difference goes to one receiver.
    """

    values: Sequence[Decimal]
    weights: Sequence[Decimal]
    total: Decimal
    places: int
    is_burden: bool
    lowest: Limits
    highest: Limits
    sizes: Sequence[Decimal]

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)

    def excess(self, values: Iterable[Decimal]) -> Decimal:
        """``Σ w·v − W``."""
        rows = zip(self.weights, values, strict=True)
        return sum((weight * value for weight, value in rows), ZERO) - self.total

    def moves(self, at: int) -> bool:
        """Whether a value may move at all: bounds that hold no point of the grid fix it as it is."""
        low, high = self.ends(at)
        return low is None or high is None or (low <= high and self.lowest[at] != self.highest[at])

    def ends(self, at: int) -> tuple[Decimal | None, Decimal | None]:
        """The first and last point of the grid within the bounds of a value."""
        low, high = self.lowest[at], self.highest[at]
        return (
            None if low is None else low.quantize(self.step, rounding=ROUND_CEILING),
            None if high is None else high.quantize(self.step, rounding=ROUND_FLOOR),
        )

    def may_take(self, at: int, value: Decimal) -> bool:
        """Whether a value keeps within its bounds."""
        low, high = self.lowest[at], self.highest[at]
        return (low is None or low <= value) and (high is None or value <= high)


def placed(grid: Grid, rule: Residual) -> Placed:
    """Rounds; values that bounds fix (locks) stay as they are."""
    if rule is Residual.LARGEST_RECEIVER:
        return _to_the_largest(grid)
    if rule is Residual.STRICT:
        return _strict(grid)
    return _by_remainder(grid)


def _cut(grid: Grid, rounding: str) -> list[Decimal]:
    """Every value on the grid, rounded one way and kept within its bounds."""
    cut = []
    for at, value in enumerate(grid.values):
        if not grid.moves(at):
            cut.append(value)
            continue
        low, high = grid.ends(at)
        point = value.quantize(grid.step, rounding=rounding)
        point = low if low is not None and point < low else point
        cut.append(high if high is not None and point > high else point)
    return cut


def _strict(grid: Grid) -> Placed:
    """Every value to its strict side; where a bound stops one before it gets there, the others make up for it."""
    values = _cut(grid, ROUND_CEILING if grid.is_burden else ROUND_FLOOR)
    stepped = _tightened(grid, values)
    return Placed(tuple(values), frozenset(stepped))


def _by_remainder(grid: Grid) -> Placed:
    """Cut towards the lax side, then a step each to those cut most; what is too much of it is given back."""
    values = _cut(grid, ROUND_FLOOR if grid.is_burden else ROUND_CEILING)
    stepped = _tightened(grid, values)
    over = _over(grid, values)
    step = grid.step if grid.is_burden else -grid.step
    for at in reversed(_most_cut(grid, values)):
        give = grid.weights[at] * grid.step
        if over >= give > 0 and grid.moves(at) and grid.may_take(at, values[at] - step):
            values[at] -= step
            over -= give
    return Placed(tuple(values), frozenset(at for at in stepped if abs(values[at] - grid.values[at]) * 2 > grid.step))


def _tightened(grid: Grid, values: list[Decimal]) -> list[int]:
    """Moves values a step to the strict side until all together do enough, or no more may move; says which."""
    step = grid.step if grid.is_burden else -grid.step
    order = _most_cut(grid, values)
    over = _over(grid, values)
    stepped: list[int] = []
    # One step each closes what was cut; a second round is for those whose neighbours stand at their bounds.
    while over < 0:
        before = over
        for at in order:
            if over >= 0:
                break
            if grid.moves(at) and grid.may_take(at, values[at] + step):
                values[at] += step
                over += grid.weights[at] * grid.step
                stepped.append(at)
        if over == before:
            break
    return stepped


def _most_cut(grid: Grid, values: Sequence[Decimal]) -> list[int]:
    """Positions, the one that rounding moved most to the lax side first; of equals the largest, then the first."""
    sign = 1 if grid.is_burden else -1
    cut = [sign * (exact - value) for exact, value in zip(grid.values, values, strict=True)]
    return sorted(range(len(values)), key=lambda at: (-cut[at], -grid.sizes[at], at))


def _over(grid: Grid, values: Sequence[Decimal]) -> Decimal:
    """How much stricter than asked the values are together; below zero: laxer."""
    return grid.excess(values) if grid.is_burden else -grid.excess(values)


def _to_the_largest(grid: Grid) -> Placed:
    """Every value to its nearest point; the difference to the heaviest that has room for it."""
    values = _cut(grid, "ROUND_HALF_EVEN")
    for at in sorted(range(len(values)), key=lambda each: (-grid.sizes[each], each)):
        weight = grid.weights[at]
        if weight == 0 or not grid.moves(at):
            continue
        wanted = values[at] - grid.excess(values) / weight
        point = wanted.quantize(grid.step, rounding=ROUND_CEILING if grid.is_burden else ROUND_FLOOR)
        if grid.may_take(at, point):
            is_off = point != rounded(grid.values[at], grid.places, Rounding.HALF_EVEN)
            values[at] = point
            return Placed(tuple(values), frozenset({at} if is_off else ()))
    return _by_remainder(grid)
