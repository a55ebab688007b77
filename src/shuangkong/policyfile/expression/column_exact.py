"""整列精确求值: the exact figures of many rows at once, as ratios of whole numbers of any length.

What the row evaluator does on fractions is done here on columns of numerators and denominators, which are not reduced:
the one division, to 34 digits, comes at the end. It serves rows of which it is known that they have a figure.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.bounded import Flags
from shuangkong.policyfile.expression.column import Column, Decimals
from shuangkong.policyfile.expression.given import WRITTEN

#: Python's whole numbers.
type Wholes = NDArray[np.object_]
type Rows = NDArray[np.int64]

_RELATIONS: Mapping[nodes.Relation, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ratios:
    """``over`` / ``under``, which is positive; ``has``: where there is a figure. Elsewhere they mean nothing."""

    over: Wholes
    under: Wholes
    has: Flags


@dataclass(frozen=True, slots=True)
class Answers:
    """Truths; ``has``: where they are known."""

    truths: Flags
    has: Flags


def exact_figures(
    expression: Expression, columns: Mapping[str, Column], constants: Mapping[str, Fraction], rows: Rows
) -> list[Decimal]:
    """What the row evaluator writes down of these rows, all of which have a figure; to 34 digits."""
    work = _Exact(expression, columns, constants, rows)
    root = expression.root
    assert not isinstance(root, (nodes.Comparison, nodes.Connection, nodes.Denial)), expression.text
    found = work.number(root)
    result = expression.scales.result
    over, under = found.over * result.denominator, found.under * result.numerator
    return list(map(WRITTEN.divide, over.tolist(), under.tolist()))


@dataclass(frozen=True, slots=True)
class _Exact:
    expression: Expression
    columns: Mapping[str, Column]
    constants: Mapping[str, Fraction]
    rows: Rows

    def number(self, part: nodes.Number) -> Ratios:
        match part:
            case nodes.Literal(value=value):
                return self._same(Fraction(value))
            case nodes.Name(id=name):
                return self._named(name)
            case nodes.Negative(operand=operand):
                found = self.number(operand)
                return Ratios(-found.over, found.under, found.has)
            case nodes.Arithmetic(operator=sign):
                return _ARITHMETIC[sign](self.number(part.left), self.number(part.right))
            case nodes.Combination(function=function, operands=operands):
                return _combined(function, [self.number(operand) for operand in operands])
            case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
                return _chosen(self.truth(condition), self.number(then), self.number(otherwise))

    def truth(self, part: nodes.Truth) -> Answers:
        match part:
            case nodes.Comparison(relation=relation, left=left, right=right):
                one, other = self.number(left), self.number(right)
                truths = _RELATIONS[relation](one.over * other.under, other.over * one.under)
                return Answers(truths.astype(np.bool_), one.has & other.has)
            case nodes.Connection(connective=connective, operands=operands):
                return _connected([self.truth(operand) for operand in operands], is_or=connective == "or")
            case nodes.Denial(operand=operand):
                found = self.truth(operand)
                return Answers(~found.truths, found.has)

    def _same(self, value: Fraction) -> Ratios:
        size = len(self.rows)
        return Ratios(_full(size, value.numerator), _full(size, value.denominator), np.ones(size, dtype=np.bool_))

    def _named(self, name: str) -> Ratios:
        scale = dict(self.expression.scales.names).get(name, Fraction(1))
        if name in self.constants:
            return self._same(self.constants[name] * scale)
        column, size = self.columns[name], len(self.rows)
        has = np.ones(size, dtype=np.bool_) if column.lacks is None else column.lacks[self.rows] == 0
        if isinstance(column, Decimals):
            unit = column.pitch * scale
            return Ratios(_wholes(column, self.rows) * unit.numerator, _full(size, unit.denominator), has)
        pairs = [figure.as_integer_ratio() for figure in column.write(self.rows[has])]
        over, under = _full(size, 0), _full(size, 1)
        over[has], under[has] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        return Ratios(over * scale.numerator, under * scale.denominator, has)


def _full(size: int, value: int) -> Wholes:
    return np.full(size, value, dtype=np.object_)


def _wholes(column: Decimals, rows: Rows) -> Wholes:
    found = column.wholes[rows].astype(np.int64).astype(np.object_)
    if column.beyond:
        for place, row in enumerate(rows.tolist()):
            if row in column.beyond:
                found[place] = column.beyond[row]
    return found


def _sum(left: Ratios, right: Ratios) -> Ratios:
    return Ratios(left.over * right.under + right.over * left.under, left.under * right.under, left.has & right.has)


def _difference(left: Ratios, right: Ratios) -> Ratios:
    return Ratios(left.over * right.under - right.over * left.under, left.under * right.under, left.has & right.has)


def _product(left: Ratios, right: Ratios) -> Ratios:
    return Ratios(left.over * right.over, left.under * right.under, left.has & right.has)


def _quotient(left: Ratios, right: Ratios) -> Ratios:
    """Where it is divided by zero there is no figure: whoever has one has not chosen that branch."""
    is_zero = (right.over == 0).astype(np.bool_)
    is_below = (right.over < 0).astype(np.bool_)
    over, under = left.over * right.under, left.under * right.over
    under = np.where(is_zero, _full(len(under), 1), np.where(is_below, -under, under))
    return Ratios(np.where(is_below, -over, over), under, left.has & right.has & ~is_zero)


_ARITHMETIC: Mapping[nodes.Operator, Callable[[Ratios, Ratios], Ratios]] = {
    "+": _sum, "-": _difference, "*": _product, "/": _quotient
}  # fmt: skip


def _combined(function: nodes.Function, parts: list[Ratios]) -> Ratios:
    match function:
        case "abs":
            return Ratios(abs(parts[0].over), parts[0].under, parts[0].has)
        case "sum":
            return reduce(_present_sum, parts)
        case _:
            return reduce(_greater if function == "max" else _lesser, parts)


def _present_sum(left: Ratios, right: Ratios) -> Ratios:
    """What has no figure does not apply, or the sum would have none either."""
    both = left.has & right.has
    made = _sum(left, right)
    return _either(both, made, _either(left.has, left, right), left.has | right.has)


def _greater(left: Ratios, right: Ratios) -> Ratios:
    is_left = (left.over * right.under >= right.over * left.under).astype(np.bool_)
    return _either(is_left, left, right, left.has & right.has)


def _lesser(left: Ratios, right: Ratios) -> Ratios:
    is_left = (left.over * right.under <= right.over * left.under).astype(np.bool_)
    return _either(is_left, left, right, left.has & right.has)


def _chosen(answers: Answers, then: Ratios, otherwise: Ratios) -> Ratios:
    return _either(answers.truths, then, otherwise, answers.has & np.where(answers.truths, then.has, otherwise.has))


def _either(is_first: Flags, first: Ratios, second: Ratios, has: Flags | None = None) -> Ratios:
    return Ratios(
        np.where(is_first, first.over, second.over),
        np.where(is_first, first.under, second.under),
        np.where(is_first, first.has, second.has) if has is None else has,
    )


def _connected(answers: list[Answers], *, is_or: bool) -> Answers:
    """By what is known: a decisive operand outweighs what is lacking."""
    decisive = np.logical_or.reduce([(each.truths == is_or) & each.has for each in answers])
    return Answers(
        np.where(decisive, is_or, not is_or), decisive | np.logical_and.reduce([each.has for each in answers])
    )
