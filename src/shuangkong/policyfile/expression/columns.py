"""按列求值: an expression over whole columns at once, equal to the row evaluator after the rule's own rounding.

Filtered exact arithmetic: floats with a bound decide almost every row. A row in which the bound cannot tell on which
side of a tie, a comparison or a zero divisor the true figure lies is computed anew as fractions, by the row evaluator.
So ties come out as on paper, and the price is paid only where one is near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from shuangkong.policyfile.expression import Expression, bounded, nodes
from shuangkong.policyfile.expression.bounded import ROUNDOFF, Answer, Flags, Floats, Lacks, Part
from shuangkong.policyfile.expression.column import Column, Decimals, Floating, constant, power_of_two
from shuangkong.policyfile.expression.given import Lack, exact
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.magnitude import BeyondFloats, Magnitude, magnitude
from shuangkong.policyfile.expression.row import unrounded

#: Rows at a time: what one thread works on stays in its cache, and a step of Python is spread over as many rows.
PIECE = 16_384
#: From here on a float may be no neighbour of the next whole number.
_WHOLE_FLOATS = 2**53


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
    run = _Run(expression, expression.root, {name: told[name] for name in expression.names})
    return run.floating(threads) if grid is None else run.rounded(grid, threads)


class _Run:
    """One evaluation over all rows."""

    def __init__(self, expression: Expression, root: nodes.Number, told: Mapping[str, Column | Decimal]) -> None:
        self.expression = expression
        self.root = root
        self.columns = {name: one for name, one in told.items() if not isinstance(one, Decimal)}
        self.constants = {name: exact(one) for name, one in told.items() if isinstance(one, Decimal)}
        lengths = {len(column) for column in self.columns.values()}
        if len(lengths) != 1:
            raise ValueError(f"{expression.text!r}: expected columns of one length, found {sorted(lengths)}")
        (self.rows,) = lengths
        self.scales = dict(expression.scales.names)

    def magnitude(self) -> Magnitude:
        """Of the result before it changes units; raises BeyondFloats."""
        names = {name: self._scaled(name, column.magnitude) for name, column in self.columns.items()}
        for name, value in self.constants.items():
            power = power_of_two(abs(value) or Fraction(1))
            names[name] = self._scaled(name, Magnitude.between(power - 1, power + 1))
        return magnitude(self.root, names)

    def _scaled(self, name: str, found: Magnitude) -> Magnitude:
        shift = power_of_two(self.scales.get(name, Fraction(1)))
        return Magnitude(found.least + shift - 1, found.grain + shift - 1, found.greatest + shift + 1)

    def exactly(self, row: int) -> Fraction | Lack:
        """The figure of one row before rounding."""
        told: dict[str, Fraction | Lack] = {name: column.exactly(row) for name, column in self.columns.items()}
        return unrounded(self.expression, told | self.constants)

    def pieces(self, threads: int, work: Callable[[slice], None]) -> None:
        """Does ``work`` on every piece; numpy lets go of the interpreter, so that threads run side by side."""
        bounds = [*range(0, self.rows, PIECE), self.rows]
        slices = [slice(starts, ends) for starts, ends in pairwise(bounds)]
        if threads <= 1 or len(slices) <= 1:
            for rows in slices:
                work(rows)
            return
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(work, slices):
                pass

    def rounded(self, grid: Grid, threads: int) -> Decimals:
        result = _Rounded(self, grid)
        try:
            self.magnitude()
        except BeyondFloats:
            result.doubts.append(np.arange(self.rows))
        else:
            self.pieces(threads, result.piece)
        return result.column()

    def floating(self, threads: int) -> Floating | Decimals:
        """Unrounded floats; where they cannot be, or a row is in doubt, that row's nearest float."""
        result = _Unrounded(self)
        try:
            found = self.magnitude()
        except BeyondFloats:
            result.doubts.append(np.arange(self.rows))
            found = Magnitude.between(-1e6, 1e6)
        else:
            self.pieces(threads, result.piece)
        return result.column(found)


@dataclass
class _Piece:
    """Evaluates the expression on some rows, gathering those in doubt."""

    run: _Run
    rows: slice

    def __post_init__(self) -> None:
        self.doubtful: Flags | None = None

    def doubt(self, rows: Flags) -> None:
        if np.any(rows):
            full = np.broadcast_to(rows, (self.rows.stop - self.rows.start,))
            self.doubtful = full if self.doubtful is None else self.doubtful | full

    def name(self, name: str) -> Part:
        scale = self.run.scales.get(name, Fraction(1))
        if name in self.run.constants:
            return constant(self.run.constants[name] * scale)
        part = self.run.columns[name].part(self.rows)
        return part if scale == 1 else bounded.product_of(part, constant(scale))

    def number(self, part: nodes.Number) -> Part:
        match part:
            case nodes.Literal(value=value):
                return constant(Fraction(value))
            case nodes.Name(id=name):
                return self.name(name)
            case nodes.Negative(operand=operand):
                return bounded.negative(self.number(operand))
            case nodes.Arithmetic(operator=operator):
                return self.arithmetic(operator, self.number(part.left), self.number(part.right))
            case nodes.Combination(function=function, operands=operands):
                return _combined(function, [self.number(operand) for operand in operands])
            case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
                return bounded.chosen(self.truth(condition), self.number(then), self.number(otherwise))

    def arithmetic(self, operator: nodes.Operator, left: Part, right: Part) -> Part:
        match operator:
            case "*":
                return bounded.product_of(left, right)
            case "/":
                return bounded.quotient_of(left, right, self.doubt)
            case _:
                return bounded.sum_of(left, right, is_difference=operator == "-")

    def truth(self, part: nodes.Truth) -> Answer:
        match part:
            case nodes.Comparison(relation=relation, left=left, right=right):
                return bounded.compared(relation, self.number(left), self.number(right), self.doubt)
            case nodes.Connection(connective=connective, operands=operands):
                return bounded.connected([self.truth(operand) for operand in operands], connective == "or")
            case nodes.Denial(operand=operand):
                return bounded.denied(self.truth(operand))


def _combined(function: nodes.Function, parts: list[Part]) -> Part:
    match function:
        case "sum":
            return bounded.total_of(parts)
        case "abs":
            return bounded.magnitude_of(parts[0])
        case _:
            return bounded.extreme_of(parts, is_greatest=function == "max")


class _Result:
    """What all pieces write to: each its own rows, so that threads never meet."""

    def __init__(self, run: _Run) -> None:
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

    def __init__(self, run: _Run, grid: Grid) -> None:
        super().__init__(run)
        self.grid = grid
        self.step = constant(1 / (Fraction(grid.pitch) * run.expression.scales.result))

    def piece(self, rows: slice) -> None:
        work = _Piece(self.run, rows)
        found = bounded.product_of(work.number(self.run.root), self.step)
        nearest = self.values[rows]
        with np.errstate(invalid="ignore"):
            np.rint(found.values, out=nearest)
            away = np.subtract(found.values, nearest)
            np.abs(away, out=away)
            if not _is_clear(found, nearest, away):
                # Where half a pitch is within reach of the bound, the tie or its side is not known.
                near = ~(away + found.error < 0.5)
                work.doubt(near if found.lacks is None else near & (found.lacks == 0))
        if found.lacks is not None:
            nearest[np.broadcast_to(found.lacks, nearest.shape) != 0] = 0.0
        self.keep(rows, found.lacks, work.doubtful)

    def column(self) -> Decimals:
        lacks, figures = self.decided()
        beyond: dict[int, int] = {}
        for row, figure in figures:
            whole = self.grid.index(figure)
            if abs(whole) <= _WHOLE_FLOATS:
                self.values[row] = whole
            else:
                self.values[row] = 0.0
                beyond[row] = whole
        if lacks is not None:
            self.values[lacks != 0] = 0.0
        return Decimals(self.values, Fraction(self.grid.pitch), lacks, beyond)


def _is_clear(found: Part, nearest: Floats, away: Floats) -> bool:
    """Whether no row of the piece is near a tie, by the widest bound of all."""
    most = max(float(nearest.max()), -float(nearest.min())) + 1
    absolute = 0.0 if found.absolute is None else float(np.max(found.absolute))
    return float(away.max()) + most * found.relative + absolute < 0.5  # false where something is no number


class _Unrounded(_Result):
    """Results as computed, with their bounds."""

    def __init__(self, run: _Run) -> None:
        super().__init__(run)
        self.bounds: list[tuple[slice, Part]] = []
        self.step = constant(1 / run.expression.scales.result)

    def piece(self, rows: slice) -> None:
        work = _Piece(self.run, rows)
        found = bounded.product_of(work.number(self.run.root), self.step)
        self.values[rows] = found.values
        self.bounds.append((rows, found))
        self.keep(rows, found.lacks, work.doubtful)

    def column(self, found: Magnitude) -> Floating:
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
        shift = power_of_two(self.run.expression.scales.result)
        moved = Magnitude(found.least - shift - 1, found.grain - shift - 1, found.greatest - shift + 1)
        return Floating(self.values, relative, absolute, lacks, moved, self.run.exactly)


def _nearest_float(value: Fraction) -> float:
    """Infinite where it is beyond floats; its column then says so by its magnitude."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
