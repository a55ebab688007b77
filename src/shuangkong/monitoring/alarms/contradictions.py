"""数据矛盾的数组: conditions over the hours of all outlets at once; floats sift, the exact evaluator decides."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce

import polars as pl

from shuangkong.core.fact import State
from shuangkong.monitoring.alarms.impossible import Condition, is_impossible
from shuangkong.policyfile.expression import nodes

#: Relative distance below which floats do not tell two figures apart with certainty.
_DOUBT = 1e-9


def impossible_rows(hours: pl.DataFrame, condition: Condition) -> pl.DataFrame:
    """Rows of ``hours`` in which a condition holds.

    Args:
        hours: a row an outlet and hour, with a column for each name of the condition (null: missing).
    """
    root = condition.when.root
    assert isinstance(root, (nodes.Comparison, nodes.Connection, nodes.Denial))
    sifted = hours.filter(_truth(root, may=True))
    names = list(condition.inputs)
    keep = [
        is_impossible(condition, {name: _told(row[name]) for name in names}) for row in sifted.iter_rows(named=True)
    ]
    return sifted.filter(pl.Series(keep, dtype=pl.Boolean))


def _told(value: float | None) -> Decimal | State:
    """The decimal that a float stands for: the shortest that reads back as it."""
    return State.MISSING if value is None else Decimal(repr(value))


def _truth(part: nodes.Truth, *, may: bool) -> pl.Expr:
    """Whether it may hold (``may``), or must hold, within the doubt of floats."""
    match part:
        case nodes.Comparison(relation=relation, left=left, right=right):
            return _compared(relation, _number(left), _number(right), may=may)
        case nodes.Connection(connective=connective, operands=operands):
            found = [_truth(each, may=may) for each in operands]
            return reduce(lambda one, other: one | other if connective == "or" else one & other, found)
        case nodes.Denial(operand=operand):
            return ~_truth(operand, may=not may)


def _compared(relation: str, left: pl.Expr, right: pl.Expr, *, may: bool) -> pl.Expr:
    slack = (left.abs() + right.abs()) * (_DOUBT if may else -_DOUBT)
    match relation:
        case "<" | "<=":
            return left - right <= slack
        case ">" | ">=":
            return right - left <= slack
        case "==":
            return (left - right).abs() <= slack
        case _:
            return (left - right).abs() >= -slack if may else (left - right).abs() > -slack


def _number(part: nodes.Number) -> pl.Expr:
    match part:
        case nodes.Literal(value=value):
            return pl.lit(float(value))
        case nodes.Name(id=name):
            return pl.col(name)
        case nodes.Negative(operand=operand):
            return -_number(operand)
        case nodes.Arithmetic(operator=operator, left=left, right=right):
            one, other = _number(left), _number(right)
            match operator:
                case "+":
                    return one + other
                case "-":
                    return one - other
                case "*":
                    return one * other
                case _:
                    return one / other
        case nodes.Combination(function=function, operands=operands):
            found = [_number(each) for each in operands]
            match function:
                case "min":
                    return pl.min_horizontal(found)
                case "max":
                    return pl.max_horizontal(found)
                case "sum":
                    return pl.sum_horizontal(found)
                case _:
                    return found[0].abs()
        case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
            return pl.when(_truth(condition, may=True)).then(_number(then)).otherwise(_number(otherwise))
