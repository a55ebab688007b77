"""条件的数组: comparisons of parts, and what and, or, not make of them where a figure is lacking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shuangkong.policyfile.expression.bounded import ROUNDOFF, Flags, Lacks, Part, Values, greatest, in_one_unit


@dataclass(slots=True)
class Answer:
    """Truths of some rows; ``lacks`` as in Part."""

    truths: Flags
    lacks: Lacks | None = None


_RELATIONS: dict[str, Callable[[Values, Values], Flags]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def compared(relation: str, left: Part, right: Part, doubt: Callable[[Flags], None]) -> Answer:
    """A comparison; rows in which the bounds overlap are put to ``doubt``."""
    left, right = in_one_unit(left, right)
    lacks = greatest(left.lacks, right.lacks)
    if not (left.is_whole and right.is_whole):
        error = left.error + right.error
        # The difference of two floats errs by a roundoff of itself: its sign is right, and so is whether it is zero.
        near = np.less_equal(np.abs(left.values - right.values), error * (1 + 4 * ROUNDOFF)) & np.greater(error, 0)
        doubt(near if lacks is None else near & (lacks == 0))
    return Answer(np.atleast_1d(_RELATIONS[relation](left.values, right.values)), lacks)


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
