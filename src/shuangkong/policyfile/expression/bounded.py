"""带误差界的数组: floats that know how far they may be from the true figures, a piece of a column at a time.

Running error analysis (Wilkinson; Higham, Accuracy and Stability of Numerical Algorithms, 3.3): each operation adds
what it can have rounded off to what its operands can be off. The bound has two parts, so that products and quotients,
which are most of what policy asks for, cost nothing but the operation: |true − value| ≤ relative·|value| + absolute.

No operand is so small or large that a float could underflow or overflow: ``magnitude`` sees to that beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuangkong.policyfile.expression.given import Lack

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Lacks = NDArray[np.int8]

#: Unit roundoff of float64, 2⁻⁵³, with 8 % for what the arithmetic of the bounds itself rounds off.
ROUNDOFF = 2.0**-53 * 1.08


@dataclass(slots=True)
class Part:
    """Numbers of some rows.

    Attributes:
        values: one float a row, or one for all.
        relative, absolute: the bound; ``absolute`` None is zero.
        lacks: Lack of each row, 0 where there is a figure; None: there are figures everywhere.
    """

    values: Floats | float
    relative: float = 0.0
    absolute: Floats | float | None = None
    lacks: Lacks | None = None

    @property
    def error(self) -> Floats | float:
        """The bound in one."""
        error = np.abs(self.values) * self.relative
        return error if self.absolute is None else error + self.absolute


@dataclass(slots=True)
class Answer:
    """Truths of some rows; ``lacks`` as in Part."""

    truths: Flags
    lacks: Lacks | None = None


def greatest(first: Lacks | None, second: Lacks | None) -> Lacks | None:
    """Why there is no figure where one of two operands has none."""
    if first is None:
        return second
    return first if second is None else np.maximum(first, second)


def negative(part: Part) -> Part:
    return Part(-part.values, part.relative, part.absolute, part.lacks)


def magnitude_of(part: Part) -> Part:
    return Part(np.abs(part.values), part.relative, part.absolute, part.lacks)


def sum_of(left: Part, right: Part, is_difference: bool = False) -> Part:
    values = left.values - right.values if is_difference else left.values + right.values
    absolute = _added(_error_or_none(left), _error_or_none(right))
    return Part(values, ROUNDOFF, absolute, greatest(left.lacks, right.lacks))


def product_of(left: Part, right: Part) -> Part:
    relative = left.relative + right.relative + left.relative * right.relative + ROUNDOFF
    absolute: Floats | float | None = None
    if right.absolute is not None:
        absolute = np.abs(left.values) * right.absolute * (1 + left.relative)
    if left.absolute is not None:
        absolute = _added(absolute, np.abs(right.values) * left.absolute * (1 + right.relative))
        if right.absolute is not None:
            absolute = _added(absolute, left.absolute * right.absolute)
    return Part(left.values * right.values, relative, absolute, greatest(left.lacks, right.lacks))


def quotient_of(left: Part, right: Part, doubt: Callable[[Flags], None]) -> Part:
    """Division; rows whose divisor is zero lack a figure, those whose divisor may be zero are put to ``doubt``."""
    if right.absolute is not None:
        return _doubtful_quotient(left, right, doubt)
    lacks = greatest(left.lacks, right.lacks)
    divisors = right.values
    if not np.all(divisors):  # without an absolute bound zero is zero
        is_zero = np.equal(divisors, 0)
        lacks = _undefined(is_zero, lacks)
        divisors = np.where(is_zero, 1.0, divisors)
    relative = (left.relative + right.relative) / (1 - right.relative) + ROUNDOFF
    absolute: Floats | float | None = None
    if left.absolute is not None:
        absolute = left.absolute / np.abs(divisors) * (1 + 2 * right.relative)
    return Part(left.values / divisors, relative, absolute, lacks)


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
    return Part(values, ROUNDOFF, absolute, _undefined(is_zero, lacks))


def _undefined(is_zero: Flags, lacks: Lacks | None) -> Lacks:
    """Lacks with what is divided by zero; whatever lacked a figure already lacks it for its own reason."""
    undefined = np.where(is_zero, np.int8(Lack.UNDEFINED), np.int8(0))
    return undefined if lacks is None else np.where(lacks == 0, undefined, lacks)


def extreme_of(parts: list[Part], is_greatest: bool) -> Part:
    """The least or greatest: the bounds of a number grow with it, so that the wider one holds for whichever it is."""
    found = parts[0]
    pick = np.maximum if is_greatest else np.minimum
    for part in parts[1:]:
        absolute = _greater(found.absolute, part.absolute)
        values = pick(found.values, part.values)
        found = Part(values, max(found.relative, part.relative), absolute, greatest(found.lacks, part.lacks))
    return found


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
    absolute = None if part.absolute is None else np.where(applies, part.absolute, 0.0)
    lacks = np.where(applies, part.lacks, np.int8(0))
    return Part(np.where(applies, part.values, 0.0), part.relative, absolute, lacks), applies


def chosen(condition: Answer, then: Part, otherwise: Part) -> Part:
    truths = condition.truths
    absolute: Floats | float | None = None
    if then.absolute is not None or otherwise.absolute is not None:
        absolute = np.where(truths, _or_zero(then.absolute), _or_zero(otherwise.absolute))
    lacks: Lacks | None = None
    if then.lacks is not None or otherwise.lacks is not None:
        zero = np.int8(0)
        lacks = np.where(
            truths,
            zero if then.lacks is None else then.lacks,
            zero if otherwise.lacks is None else otherwise.lacks,
        )
    if condition.lacks is not None:
        lacks = np.where(condition.lacks == 0, 0 if lacks is None else lacks, condition.lacks).astype(np.int8)
    values = np.where(truths, then.values, otherwise.values)
    return Part(values, max(then.relative, otherwise.relative), absolute, lacks)


def compared(relation: str, left: Part, right: Part, doubt: Callable[[Flags], None]) -> Answer:
    """A comparison; rows in which the bounds overlap are put to ``doubt``."""
    lacks = greatest(left.lacks, right.lacks)
    difference = np.subtract(left.values, right.values)
    error = left.error + right.error
    # The difference of two floats errs by a roundoff of itself, which changes neither its sign nor whether it is zero.
    near = np.less_equal(np.abs(difference), error * (1 + 4 * ROUNDOFF)) & np.greater(error, 0)
    doubt(near if lacks is None else near & (lacks == 0))
    match relation:
        case "<":
            truths = difference < 0
        case "<=":
            truths = difference <= 0
        case ">":
            truths = difference > 0
        case ">=":
            truths = difference >= 0
        case "==":
            truths = difference == 0
        case _:
            truths = difference != 0
    return Answer(np.atleast_1d(truths), lacks)


def connected(answers: list[Answer], is_or: bool) -> Answer:
    """``and`` or ``or`` by what is known: a decisive operand outweighs what is lacking."""
    truths = answers[0].truths
    lacks: Lacks | None = answers[0].lacks
    decisive = _decisive(answers[0], is_or)
    for answer in answers[1:]:
        truths = truths | answer.truths if is_or else truths & answer.truths
        lacks = greatest(lacks, answer.lacks)
        decisive = decisive | _decisive(answer, is_or)
    if lacks is None:
        return Answer(truths)
    return Answer(np.where(decisive, is_or, truths), np.where(decisive, np.int8(0), lacks))


def _decisive(answer: Answer, is_or: bool) -> Flags:
    found = answer.truths if is_or else ~answer.truths
    return found if answer.lacks is None else found & (answer.lacks == 0)


def denied(answer: Answer) -> Answer:
    return Answer(~answer.truths, answer.lacks)


def _error_or_none(part: Part) -> Floats | float | None:
    return part.absolute if part.relative == 0.0 else part.error


def _added(first: Floats | float | None, second: Floats | float | None) -> Floats | float | None:
    if first is None:
        return second
    return first if second is None else first + second


def _greater(first: Floats | float | None, second: Floats | float | None) -> Floats | float | None:
    if first is None:
        return second
    return first if second is None else np.maximum(first, second)


def _or_zero(bound: Floats | float | None) -> Floats | float:
    return 0.0 if bound is None else bound
