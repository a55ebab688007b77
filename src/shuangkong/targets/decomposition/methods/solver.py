"""求解器: linear programmes by HiGHS, where groups of receivers that overlap have bounds of their own.

Every cost is a chain of straight segments. Steps are that already. A curve is laid out anew around the last solution,
finely near it and coarsely far from it, until it no longer moves: successive piecewise linear approximation of a
separable convex programme. HiGHS (Huangfu and Hall, Mathematical Programming Computation 10, 2018) has a quadratic
solver of its own, which went in circles on degenerate costs when it was tried; its simplex did not.

It works with floating point: what is found is taken to seven digits, and rounding closes the rest. One thread, no limit
of time: the same programme gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import highspy
import numpy as np

from shuangkong.targets.decomposition.methods.programme import NoSolution, Programme
from shuangkong.targets.decomposition.task import CostCurve, CostSteps

#: Digits of a solution that are kept, and the movement below which it stands still. Sums of segments may miss a bound
#: by the digits of floating point, so bounds give way by as much.
_DIGITS = 7
_STILL = 1e-7
#: Segments on either side of the last solution, each half as wide as the next one out.
_HALVINGS = 20
#: Every round at least halves the distance to the optimum.
_MOST_ROUNDS = 60

#: A segment of a receiver's cost: receiver, width, cost of one unit.
type Segment = tuple[int, float, float]


def solved(programme: Programme) -> tuple[Decimal, ...]:
    """The amount of each receiver; raises NoSolution."""
    found = [low for low, _ in programme.bounds]
    for _ in range(_MOST_ROUNDS):
        before, found = found, _linear(programme, tuple(_segments(programme, found)))
        still = max(abs(now - then) for now, then in zip(found, before, strict=True)) < _STILL
        if still or not any(isinstance(cost, CostCurve) for cost in programme.costs):
            break
    return tuple(Decimal(f"{value:.{_DIGITS}f}") * Decimal(programme.scale) for value in found)


def _segments(programme: Programme, around: Sequence[float]) -> Iterator[Segment]:
    """What each receiver may have beyond its lowest amount, in the order of its cost."""
    for at, (cost, (low, high)) in enumerate(zip(programme.costs, programme.bounds, strict=True)):
        if isinstance(cost, CostSteps):
            yield from _steps(at, cost, low, high, programme.scale)
        elif isinstance(cost, CostCurve):
            points = _points(low, high, around[at])
            for left, right in pairwise(points):
                # The mean marginal cost: the segment costs at its ends what the curve costs there.
                middle = (left + right) / 2 * programme.scale
                yield at, right - left, float(cost.linear) + float(cost.rising) * middle
        elif high > low:
            yield at, high - low, 0.0


def _steps(at: int, cost: CostSteps, low: float, high: float, scale: float) -> Iterator[Segment]:
    """What the lowest amount uses up comes first and is no choice."""
    used, room = max(low, 0.0), high - low
    for amount, each in cost.steps:
        width = min(max(float(amount) / scale - used, 0.0), room)
        used = max(used - float(amount) / scale, 0.0)
        room -= width
        if width > 0:
            yield at, width, float(each)


def _points(low: float, high: float, around: float) -> list[float]:
    reach = [(high - low) * 0.5**step for step in range(_HALVINGS)]
    points = {low, high, around, *(around - each for each in reach), *(around + each for each in reach)}
    return sorted(each for each in points if low <= each <= high)


def _linear(programme: Programme, segments: Sequence[Segment]) -> list[float]:
    """The amounts of the linear programme over these segments."""
    lows = [low for low, _ in programme.bounds]
    if not segments:
        # Nothing to choose, and no model for a solver: the rows alone say whether the lowest amounts will do.
        if not _hold(programme, lows):
            raise NoSolution("Infeasible")
        return lows
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    dearest = max((abs(cost) for _, _, cost in segments), default=0.0) or 1.0
    for at, (_, width, cost) in enumerate(segments):
        solver.addVar(0.0, width)
        solver.changeColCost(at, cost / dearest)
    for row in programme.rows:
        index = np.array([at for at, each in enumerate(segments) if each[0] in row.members], dtype=np.int32)
        base = sum(programme.bounds[at][0] for at in row.members)
        solver.addRow(row.low - base - _STILL, row.high - base + _STILL, len(index), index, np.ones(len(index)))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise NoSolution(solver.modelStatusToString(solver.getModelStatus()))
    amounts = lows
    for (at, _, _), value in zip(segments, solver.getSolution().col_value, strict=True):
        amounts[at] += value
    return amounts


def _hold(programme: Programme, amounts: Sequence[float]) -> bool:
    sums = ((row, sum(amounts[at] for at in row.members)) for row in programme.rows)
    return all(row.low - _STILL <= total <= row.high + _STILL for row, total in sums)
