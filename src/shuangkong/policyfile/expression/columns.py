"""按列求值: an expression over whole columns at once, equal to the row evaluator after the rule's own rounding.

Filtered exact arithmetic: floats with a bound decide almost every row. A row in which the bound cannot tell on which
side of a tie, a comparison or a zero divisor the true figure lies is computed anew as fractions, by the row evaluator.
So ties come out as on paper, and the price is paid only where one is near.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from shuangkong.core.rounding import Rounding
from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.bounded import (
    ROUNDOFF,
    WHOLE_FLOATS,
    Flags,
    Floats,
    Lacks,
    Part,
    Values,
)
from shuangkong.policyfile.expression.column import Column, Decimals, Floating
from shuangkong.policyfile.expression.given import Lack
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.magnitude import BeyondFloats, Magnitude
from shuangkong.policyfile.expression.pieces import Piece, Run

#: Below this every half of a whole number is a float.
_HALVES = 2**52
#: Decimals that are looked for, and digits of a pitch: 34 less the sixteen of a whole number below 2⁵³.
_MOST_PLACES, _SHORT = 60, 18


def evaluate_columns(
    expression: Expression,
    told: Mapping[str, Column | Decimal],
    grid: Grid | None = None,
    threads: int = 1,
) -> Column:
    """The column that ``expression`` yields.

    Args:
        told: what stands for each name: columns of one length in the units of their files, or one figure for all.
        grid: where results come to rest; None: as computed.

    Raises:
        KeyError: a name has nothing told.
        TypeError: the expression is a condition.
        ValueError: no column among ``told``, columns of unlike length, or a figure that is not finite.
    """
    if isinstance(expression.root, (nodes.Comparison, nodes.Connection, nodes.Denial)):
        raise TypeError(f"{expression.text!r}: expected a number, found a condition")
    run = Run(expression, expression.root, {name: told[name] for name in expression.names})
    result: _Rounded | _Unrounded = _Unrounded(run) if grid is None else _Rounded(run, grid)
    try:
        run.pieces(threads, result.piece)
    except BeyondFloats:
        result = _Unrounded(run) if grid is None else _Rounded(run, grid)
        result.doubts.append(np.arange(run.rows))
    return result.column()


class _Result:
    """What all pieces write to: each its own rows, so that threads never meet."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.values = np.zeros(run.rows, dtype=np.float64)
        self.lacks: list[tuple[slice, Lacks]] = []
        self.doubts: list[np.ndarray] = []

    def keep(self, rows: slice, lacks: Lacks | None, doubtful: Flags | None) -> None:
        if lacks is not None and np.any(lacks):
            self.lacks.append((rows, np.broadcast_to(lacks, (rows.stop - rows.start,))))
        if doubtful is not None and np.any(doubtful):
            self.doubts.append(np.flatnonzero(doubtful) + rows.start)

    def decided(self) -> tuple[Lacks | None, Iterator[tuple[int, Fraction]]]:
        """Lacks of all rows, and the exact figures of those in doubt that have one."""
        lacks = np.zeros(self.run.rows, dtype=np.int8)
        for rows, found in self.lacks:
            lacks[rows] = found
        figures: list[tuple[int, Fraction]] = []
        for row in (int(row) for rows in self.doubts for row in rows):
            figure = self.run.exactly(row)
            lacks[row] = figure if isinstance(figure, Lack) else 0
            if not isinstance(figure, Lack):
                figures.append((row, figure))
        return (lacks if lacks.any() else None), iter(figures)


class _Rounded(_Result):
    """Results on a grid: each the whole number of its pitch."""

    def __init__(self, run: Run, grid: Grid) -> None:
        super().__init__(run)
        self.grid = grid
        self.step = Fraction(grid.pitch) * run.expression.scales.result
        self.most: list[float] = [0.0]

    def piece(self, rows: slice) -> None:
        work = Piece(self.run, rows)
        found = work.number(self.run.root)
        nearest = self.values[rows]
        ratio = found.unit / self.step
        if found.stays_whole(ratio.numerator, _HALVES) and ratio.denominator < _HALVES:
            _round_wholes(found.values, ratio, self.grid.rule, nearest)
        else:
            self.round_bounded(found.scaled(ratio), nearest, work)
        if found.lacks is not None:
            nearest[np.broadcast_to(found.lacks, nearest.shape) != 0] = 0.0
        self.most.append(max(float(nearest.max()), -float(nearest.min())))
        self.keep(rows, found.lacks, work.doubtful)

    def round_bounded(self, found: Part, nearest: Floats, work: Piece) -> None:
        np.rint(found.values, out=nearest)
        away = np.subtract(found.values, nearest)
        np.abs(away, out=away)
        if not _is_clear(found, nearest, away):
            # Where half a pitch is within reach of the bound, the tie or its side is not known.
            near = ~(away + found.error < 0.5)
            work.doubt(near if found.lacks is None else near & (found.lacks == 0))

    def column(self) -> Decimals:
        lacks, figures = self.decided()
        beyond: dict[int, int] = {}
        most = max(self.most)
        for row, figure in figures:
            whole = self.grid.index(figure)
            if abs(whole) < WHOLE_FLOATS:
                self.values[row] = whole
                most = max(most, abs(whole))
            else:
                self.values[row] = 0.0
                beyond[row] = whole
        if lacks is not None:
            self.values[lacks != 0] = 0.0
        return Decimals(self.values, Fraction(self.grid.pitch), min(most, WHOLE_FLOATS), lacks, beyond)


def _round_wholes(values: Values, ratio: Fraction, rule: Rounding, nearest: Floats) -> None:
    """Rounds whole numbers times ``ratio``, ties included, to ``nearest``.

    A float quotient W/d of whole numbers below 2⁵² is x.5 only where it is so exactly: another is at least 1/2d away,
    which is more than the float's last digit.
    """
    if ratio.numerator != 1:
        values = values * float(ratio.numerator)
    if ratio.denominator == 1:
        nearest[:] = values
        return
    quotients = values / float(ratio.denominator)
    np.rint(quotients, out=nearest)
    if rule is Rounding.HALF_UP:
        is_tie = np.abs(quotients - nearest) == 0.5
        np.copyto(nearest, quotients + np.copysign(0.5, quotients), where=is_tie)


def _is_clear(found: Part, nearest: Floats, away: Floats) -> bool:
    """Whether no row of the piece is near a tie, by the widest bound of all."""
    most = max(float(nearest.max()), -float(nearest.min())) + 1
    absolute = 0.0 if found.absolute is None else float(np.max(found.absolute))
    return float(away.max()) + most * found.relative + absolute < 0.5


class _Unrounded(_Result):
    """Results as computed: whole numbers of one pitch where sums and products of decimals are, else with bounds."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.bounds: list[tuple[slice, Part]] = []
        self.wholes: list[tuple[slice, Part]] = []

    def piece(self, rows: slice) -> None:
        work = Piece(self.run, rows)
        found = work.number(self.run.root)
        scaled = found.scaled(found.unit / self.run.expression.scales.result)
        self.values[rows] = scaled.values
        self.bounds.append((rows, scaled))
        if found.is_whole:
            self.wholes.append((rows, found))
        self.keep(rows, found.lacks, work.doubtful)

    def column(self) -> Column:
        return self.decimals() or self.floating()

    def decimals(self) -> Decimals | None:
        """Where a figure is in doubt, its float is not known to be the whole number."""
        units = {part.unit for _, part in self.wholes}
        if self.doubts or len(units) != 1 or len(self.wholes) < len(self.bounds):
            return None
        pitch = units.pop() / self.run.expression.scales.result
        if not _is_short(pitch):
            return None
        lacks, _ = self.decided()
        values = np.zeros(self.run.rows, dtype=np.float64)
        for rows, part in self.wholes:
            values[rows] = part.values
        if lacks is not None:
            values[lacks != 0] = 0.0
        return Decimals(values, pitch, float(np.abs(values).max(initial=0.0)), lacks)

    def floating(self) -> Floating:
        lacks, figures = self.decided()
        absolute: Floats | None = None
        for rows, part in self.bounds:
            if part.absolute is not None:
                absolute = np.zeros(self.run.rows) if absolute is None else absolute
                absolute[rows] = part.absolute
        for row, figure in figures:
            self.values[row] = _nearest_float(figure)
            if absolute is not None:
                absolute[row] = 0.0
        if lacks is not None:
            self.values[lacks != 0] = 0.0
        relative = max((part.relative for _, part in self.bounds), default=0.0) + ROUNDOFF
        magnitude = _magnitude(self.values, absolute)
        return Floating(self.values, relative, absolute, lacks, magnitude, self.run.exactly, self.run.written)


def _is_short(pitch: Fraction) -> bool:
    """Whether its multiples below 2⁵³ are decimals of at most 34 digits: written down, they are what they were."""
    places = next((count for count in range(_MOST_PLACES) if (pitch * 10**count).denominator == 1), None)
    return places is not None and pitch * 10**places < 10**_SHORT


def _magnitude(values: Floats, bounds: Floats | None) -> Magnitude | None:
    """As it is, not as it might be: from year to year that would grow out of what floats can bear."""
    try:
        return Magnitude.of(values, bounds)
    except BeyondFloats:
        return None


def _nearest_float(value: Fraction) -> float:
    """Infinite where it is beyond floats; its column then says so by its magnitude."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
