"""算式给浏览器: the expressions of a form as nested lists, so that totals follow typing by the same expressions."""

from __future__ import annotations

from typing import Any

from shuangkong.policyfile.expression import nodes
from shuangkong.reporting.forms.model import Derivation, Field, Form


def formulas(form: Form) -> list[dict[str, Any]]:
    """One a derived field, each after those that it rests on."""
    return [_told(field, field.derived) for field in form.derived if field.derived is not None]


def _told(field: Field, derivation: Derivation) -> dict[str, Any]:
    return {
        "address": field.address,
        "decimals": field.decimals,
        "inputs": [
            [name, address, format(factor, "f")]
            for (name, address), factor in zip(derivation.inputs, derivation.factors, strict=True)
        ],
        "divisor": format(derivation.divisor, "f"),
        "root": _part(derivation.expression.root),
    }


def _part(part: nodes.Number | nodes.Truth) -> list[Any]:
    """The operator first, then what it works on."""
    match part:
        case nodes.Literal(value=value):
            return ["number", format(value, "f")]
        case nodes.Name(id=name):
            return ["name", name]
        case nodes.Negative(operand=operand):
            return ["negative", _part(operand)]
        case nodes.Denial(operand=operand):
            return ["not", _part(operand)]
        case nodes.Arithmetic(operator=operator, left=left, right=right):
            return [operator, _part(left), _part(right)]
        case nodes.Comparison(relation=relation, left=left, right=right):
            return [relation, _part(left), _part(right)]
        case nodes.Combination(function=function, operands=operands):
            return [function, *(_part(each) for each in operands)]
        case nodes.Connection(connective=connective, operands=operands):
            return [connective, *(_part(each) for each in operands)]
        case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
            return ["choice", _part(condition), _part(then), _part(otherwise)]
