"""分段: an expression on some rows at a time, by floats that know their bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shuangkong.policyfile.expression import Expression, bounded, nodes, truths
from shuangkong.policyfile.expression.bounded import Flags, Part, constant
from shuangkong.policyfile.expression.column import Column
from shuangkong.policyfile.expression.column_exact import exact_figures
from shuangkong.policyfile.expression.given import Lack, exact
from shuangkong.policyfile.expression.row import unrounded
from shuangkong.policyfile.expression.truths import Answer

#: Rows at a time: what one thread works on stays in its cache, and a step of Python is spread over as many rows.
PIECE = 65_536


class Run:
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

    def exactly(self, row: int) -> Fraction | Lack:
        """The figure of one row before rounding."""
        told: dict[str, Fraction | Lack] = {name: column.exactly(row) for name, column in self.columns.items()}
        return unrounded(self.expression, told | self.constants)

    def written(self, rows: NDArray[np.int64]) -> list[Decimal]:
        """The figures of rows that have one, before rounding, to 34 digits."""
        return exact_figures(self.expression, self.columns, self.constants, rows)

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


@dataclass
class Piece:
    """Evaluates the expression on some rows, gathering those in doubt."""

    run: Run
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
        part.unit *= scale
        return part

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
                answer = self.truth(condition)
                return bounded.chosen(answer.truths, answer.lacks, self.number(then), self.number(otherwise))

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
                return truths.compared(relation, self.number(left), self.number(right), self.doubt)
            case nodes.Connection(connective=connective, operands=operands):
                return truths.connected([self.truth(operand) for operand in operands], connective == "or")
            case nodes.Denial(operand=operand):
                return truths.denied(self.truth(operand))


def _combined(function: nodes.Function, parts: list[Part]) -> Part:
    match function:
        case "sum":
            return bounded.total_of(parts)
        case "abs":
            return bounded.size_of(parts[0])
        case _:
            return bounded.extreme_of(parts, is_greatest=function == "max")
