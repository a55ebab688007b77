"""带误差界的数组: floats that know how far they may be from the true figures, a piece of a column at a time.

Decimals are whole numbers of a unit (a column's pitch, a literal's digits). Units are kept apart as fractions, so that
factors cost nothing; and while the whole numbers stay below 2⁵³, floats hold them without error, ties and all. After a
quotient, or beyond that size, there is a running error bound instead (Wilkinson; Higham, Accuracy and Stability of
Numerical Algorithms, 3.3): |true − value| ≤ relative·|value| + absolute, of which products need the first alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np
from numpy.typing import NDArray

from shuangkong.policyfile.expression.given import Lack
from shuangkong.policyfile.expression.magnitude import ONE, WHOLE, Magnitude

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Lacks = NDArray[np.int8]
#: One float a row, or one for all.
type Values = Floats | float

#: Unit roundoff of float64, 2⁻⁵³, with 8 % for what the arithmetic of the bounds itself rounds off.
ROUNDOFF = 2.0**-53 * 1.08
#: Below this every whole number is a float; floats whose sum or product is not below it do not come out below it.
WHOLE_FLOATS = 2**53
_UNIT = Fraction(1)


@dataclass(slots=True)
class Part:
    """Numbers of some rows: ``values`` times ``unit``.

    Attributes:
        unit: positive.
        most: no value is greater, and all are whole and without error; infinite where that is not so.
        relative, absolute: the bound, in units; ``absolute`` None is zero.
        lacks: Lack of each row, 0 where there is a figure; None: there are figures everywhere.
        magnitude: of the values.
    """

    values: Values
    unit: Fraction = _UNIT
    most: float = inf
    relative: float = 0.0
    absolute: Values | None = None
    lacks: Lacks | None = None
    magnitude: Magnitude = WHOLE

    @property
    def is_whole(self) -> bool:
        return self.most < WHOLE_FLOATS

    @property
    def error(self) -> Values:
        """The bound in one."""
        error = np.abs(self.values) * self.relative
        return error if self.absolute is None else error + self.absolute

    def stays_whole(self, factor: int, below: int = WHOLE_FLOATS) -> bool:
        """Whether the values times ``factor`` are whole numbers without error, and less than ``below``."""
        return factor < below and self.most * factor < below

    def scaled(self, factor: Fraction) -> Part:
        """The same numbers in a unit that is ``factor`` times smaller."""
        unit = self.unit / factor
        if factor.denominator == 1 and self.stays_whole(factor.numerator):
            values = self.values * float(factor.numerator)
            return Part(values, unit, self.most * factor.numerator, 0.0, None, self.lacks, self.magnitude)
        power = power_of_two(factor)
        magnitude = self.magnitude.times(Magnitude.between(power - 1, power + 1))
        near = float(factor)
        absolute = None if self.absolute is None else self.absolute * near
        return Part(self.values * near, unit, inf, self.relative + 2 * ROUNDOFF, absolute, self.lacks, magnitude)


def constant(value: Fraction) -> Part:
    """One number for all rows."""
    if value == 0:
        return Part(0.0, _UNIT, 0.0, magnitude=ONE)
    return Part(1.0 if value > 0 else -1.0, abs(value), 1.0, magnitude=ONE)


def power_of_two(value: Fraction) -> float:
    """log₂ of a positive fraction of any size, to the nearest whole number or the next."""
    return float(value.numerator.bit_length() - value.denominator.bit_length())


def greatest(first: Lacks | None, second: Lacks | None) -> Lacks | None:
    """Why there is no figure where one of two operands has none."""
    if first is None:
        return second
    return first if second is None else np.maximum(first, second)


def negative(part: Part) -> Part:
    return _with_values(part, -part.values)


def size_of(part: Part) -> Part:
    return _with_values(part, np.abs(part.values))


def _with_values(part: Part, values: Values) -> Part:
    return Part(values, part.unit, part.most, part.relative, part.absolute, part.lacks, part.magnitude)


def in_one_unit(left: Part, right: Part) -> tuple[Part, Part]:
    """Both in the same unit, whole if they are and the unit allows it."""
    if left.unit == right.unit or _is_nothing(right):
        return left, right
    if _is_nothing(left):
        return _with_unit(left, right.unit), right
    ratio = left.unit / right.unit
    if left.stays_whole(ratio.numerator) and right.stays_whole(ratio.denominator):
        return left.scaled(Fraction(ratio.numerator)), right.scaled(Fraction(ratio.denominator))
    if isinstance(left.values, float):
        return left.scaled(ratio), right
    return left, right.scaled(1 / ratio)


def _is_nothing(part: Part) -> bool:
    """Whether it is the number zero, which is of any unit."""
    return isinstance(part.values, float) and part.values == 0.0


def _with_unit(part: Part, unit: Fraction) -> Part:
    return Part(part.values, unit, part.most, part.relative, part.absolute, part.lacks, part.magnitude)


def sum_of(left: Part, right: Part, is_difference: bool = False) -> Part:
    left, right = in_one_unit(left, right)
    values = left.values - right.values if is_difference else left.values + right.values
    lacks = greatest(left.lacks, right.lacks)
    magnitude = left.magnitude.plus(right.magnitude)
    most = left.most + right.most
    if most < WHOLE_FLOATS:
        return Part(values, left.unit, most, 0.0, None, lacks, magnitude)
    absolute = _added(_error_or_none(left), _error_or_none(right))
    return Part(values, left.unit, inf, ROUNDOFF, absolute, lacks, magnitude)


def product_of(left: Part, right: Part) -> Part:
    unit = left.unit * right.unit
    lacks = greatest(left.lacks, right.lacks)
    for one, other in ((left, right), (right, left)):
        if isinstance(one.values, float) and one.values == 1.0:
            return Part(other.values, unit, other.most, other.relative, other.absolute, lacks, other.magnitude)
    values = left.values * right.values
    magnitude = left.magnitude.times(right.magnitude)
    most = left.most * right.most
    if most < WHOLE_FLOATS:
        return Part(values, unit, most, 0.0, None, lacks, magnitude)
    relative = left.relative + right.relative + left.relative * right.relative + ROUNDOFF
    absolute: Values | None = None
    if right.absolute is not None:
        absolute = np.abs(left.values) * right.absolute * (1 + left.relative)
    if left.absolute is not None:
        absolute = _added(absolute, np.abs(right.values) * left.absolute * (1 + right.relative))
        if right.absolute is not None:
            absolute = _added(absolute, left.absolute * right.absolute)
    return Part(values, unit, inf, relative, absolute, lacks, magnitude)


def quotient_of(left: Part, right: Part, doubt: Callable[[Flags], None]) -> Part:
    """Division; rows whose divisor is zero lack a figure, those whose divisor may be zero are put to ``doubt``."""
    if isinstance(right.values, float) and right.values in (1.0, -1.0) and right.lacks is None:
        return product_of(left, Part(right.values, 1 / right.unit, 1.0, magnitude=ONE))
    if right.absolute is not None:
        return _doubtful_quotient(left, right, doubt)
    lacks = greatest(left.lacks, right.lacks)
    divisors = right.values
    if not np.all(divisors):  # without an absolute bound zero is zero
        is_zero = np.equal(divisors, 0)
        lacks = _undefined(is_zero, lacks)
        divisors = np.where(is_zero, 1.0, divisors)
    relative = (left.relative + right.relative) / (1 - right.relative) + ROUNDOFF
    absolute: Values | None = None
    if left.absolute is not None:
        absolute = left.absolute / np.abs(divisors) * (1 + 2 * right.relative)
    magnitude = left.magnitude.over(right.magnitude)
    return Part(left.values / divisors, left.unit / right.unit, inf, relative, absolute, lacks, magnitude)


def _doubtful_quotient(left: Part, right: Part, doubt: Callable[[Flags], None]) -> Part:
    lacks = greatest(left.lacks, right.lacks)
    error = right.error
    # Beyond four times its error a divisor keeps three quarters of itself at least: hence the factor 4/3.
    near_zero = np.less_equal(np.abs(right.values), 4 * error)
    is_zero = near_zero & np.equal(right.values, 0) & np.equal(error, 0)
    in_doubt = near_zero & ~is_zero
    doubt(in_doubt if lacks is None else in_doubt & (lacks == 0))
    divisors = np.where(near_zero, 1.0, right.values)
    values = left.values / divisors
    absolute = (left.error + np.abs(values) * error) / np.abs(divisors) * (4 / 3)
    magnitude = left.magnitude.over(right.magnitude)
    return Part(values, left.unit / right.unit, inf, ROUNDOFF, absolute, _undefined(is_zero, lacks), magnitude)


def _undefined(is_zero: Flags, lacks: Lacks | None) -> Lacks:
    """Lacks with what is divided by zero; whatever lacked a figure already lacks it for its own reason."""
    undefined = np.where(is_zero, np.int8(Lack.UNDEFINED), np.int8(0))
    return undefined if lacks is None else np.where(lacks == 0, undefined, lacks)


def extreme_of(parts: list[Part], is_greatest: bool) -> Part:
    """The least or greatest: the bounds of a number grow with it, so that the wider one holds for whichever it is."""
    found = parts[0]
    pick = np.maximum if is_greatest else np.minimum
    for part in parts[1:]:
        one, other = in_one_unit(found, part)
        found = _either(one, other, pick(one.values, other.values), _greater(one.absolute, other.absolute))
        found.lacks = greatest(one.lacks, other.lacks)
    return found


def _either(one: Part, other: Part, values: Values, absolute: Values | None) -> Part:
    """Values taken from two parts of one unit."""
    most, relative = max(one.most, other.most), max(one.relative, other.relative)
    return Part(values, one.unit, most, relative, absolute, None, one.magnitude.beside(other.magnitude))


def total_of(parts: list[Part]) -> Part:
    """The sum, in which what does not apply is absent; it lacks a figure where nothing applies."""
    found, is_applied = _present(parts[0])
    for part in parts[1:]:
        present, applies = _present(part)
        found = sum_of(found, present)
        is_applied = None if is_applied is None or applies is None else is_applied | applies
    if is_applied is not None:
        found.lacks = greatest(found.lacks, np.where(is_applied, np.int8(0), np.int8(Lack.NOT_APPLICABLE)))
    return found


def _present(part: Part) -> tuple[Part, Flags | None]:
    """A summand with zero where it does not apply, and where it does (None: everywhere)."""
    if part.lacks is None:
        return part, None
    applies = part.lacks != Lack.NOT_APPLICABLE
    present = _with_values(part, np.where(applies, part.values, 0.0))
    present.absolute = None if part.absolute is None else np.where(applies, part.absolute, 0.0)
    present.lacks = np.where(applies, part.lacks, np.int8(0))
    return present, applies


def chosen(truths: Flags, lacks: Lacks | None, then: Part, otherwise: Part) -> Part:
    """``then`` where ``truths``, else ``otherwise``; nothing where the condition itself has ``lacks``."""
    then, otherwise = in_one_unit(then, otherwise)
    absolute: Values | None = None
    if then.absolute is not None or otherwise.absolute is not None:
        absolute = np.where(truths, _or_zero(then.absolute), _or_zero(otherwise.absolute))
    found = _either(then, otherwise, np.where(truths, then.values, otherwise.values), absolute)
    if then.lacks is not None or otherwise.lacks is not None:
        zero = np.int8(0)
        found.lacks = np.where(
            truths,
            zero if then.lacks is None else then.lacks,
            zero if otherwise.lacks is None else otherwise.lacks,
        )
    if lacks is not None:
        found.lacks = np.where(lacks == 0, np.int8(0) if found.lacks is None else found.lacks, lacks)
    return found


def _error_or_none(part: Part) -> Values | None:
    return part.absolute if part.relative == 0.0 else part.error


def _added(first: Values | None, second: Values | None) -> Values | None:
    if first is None:
        return second
    return first if second is None else first + second


def _greater(first: Values | None, second: Values | None) -> Values | None:
    if first is None:
        return second
    return first if second is None else np.maximum(first, second)


def _or_zero(bound: Values | None) -> Values:
    return 0.0 if bound is None else bound
