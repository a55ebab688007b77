"""量级: how small and large the numbers of an expression can be, so that floats serve only where they cannot fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from math import log2

from shuangkong.policyfile.expression import nodes

#: A number of a float's last digit is that much smaller.
DIGITS = 54.0

#: A float reaches from 2⁻¹⁰²² to 2¹⁰²⁴; the bounds of numbers are up to 2⁵⁴ smaller, and are multiplied once.
_LEAST, _GREATEST = -450.0, 450.0


@dataclass(frozen=True, slots=True)
class Magnitude:
    """Powers of two: of the ``least`` magnitude that is not zero, of the ``greatest``, and of a ``grain``:

    every number is a multiple of it. A difference of floats may be as small as the grain of its operands.
    """

    least: float
    grain: float
    greatest: float

    @classmethod
    def between(cls, least: float, greatest: float) -> Magnitude:
        """Of floats whose last digit is all that is known of their grain."""
        return cls(least, least - DIGITS, greatest)


class BeyondFloats(ArithmeticError):
    """Some number of the expression might be too small or too large for floats."""


def magnitude(part: nodes.Number, names: Mapping[str, Magnitude]) -> Magnitude:
    """Of ``part`` and all within it; raises BeyondFloats."""
    found = _magnitude(part, names)
    if found.grain < _LEAST or found.greatest > _GREATEST:
        raise BeyondFloats
    return found


def _magnitude(part: nodes.Number, names: Mapping[str, Magnitude]) -> Magnitude:
    match part:
        case nodes.Literal(value=value):
            power = float(value.copy_abs().log10()) * log2(10) if value else 0.0
            return Magnitude.between(power - 1, power + 1)
        case nodes.Name(id=name):
            return names[name]
        case nodes.Negative(operand=operand):
            return magnitude(operand, names)
        case nodes.Arithmetic(operator=operator, left=left, right=right):
            return _combined(operator, magnitude(left, names), magnitude(right, names))
        case nodes.Combination(function="sum", operands=operands):
            return reduce(_summed, (magnitude(operand, names) for operand in operands))
        case nodes.Combination(operands=operands):
            return reduce(_either, (magnitude(operand, names) for operand in operands))
        case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
            _look_into(condition, names)
            return _either(magnitude(then, names), magnitude(otherwise, names))


def _look_into(part: nodes.Truth, names: Mapping[str, Magnitude]) -> None:
    match part:
        case nodes.Comparison(left=left, right=right):
            magnitude(left, names)
            magnitude(right, names)
        case nodes.Connection(operands=operands):
            for operand in operands:
                _look_into(operand, names)
        case nodes.Denial(operand=operand):
            _look_into(operand, names)


def _combined(operator: nodes.Operator, left: Magnitude, right: Magnitude) -> Magnitude:
    match operator:
        case "*":
            return Magnitude.between(left.least + right.least - 1, left.greatest + right.greatest + 1)
        case "/":
            return Magnitude.between(left.least - right.greatest - 1, left.greatest - right.least + 1)
        case _:
            return _summed(left, right)


def _summed(left: Magnitude, right: Magnitude) -> Magnitude:
    grain = min(left.grain, right.grain)
    return Magnitude(grain, grain, max(left.greatest, right.greatest) + 1)


def _either(left: Magnitude, right: Magnitude) -> Magnitude:
    return Magnitude(min(left.least, right.least), min(left.grain, right.grain), max(left.greatest, right.greatest))
