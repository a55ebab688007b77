"""给定的数: what stands for a name of an expression, and what an expression yields where there is no figure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import IntEnum
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.rounding import WIDE

#: A figure in its unit, or why there is none (any State but VALUE).
type Told = Decimal | State


class Lack(IntEnum):
    """Why there is no figure; of several the greatest counts. UNDEFINED: divided by zero."""

    NOT_APPLICABLE = 1
    SUPPRESSED = 2
    MISSING = 3
    UNDEFINED = 4


LACKS: Mapping[State, Lack] = {
    State.NOT_APPLICABLE: Lack.NOT_APPLICABLE,
    State.SUPPRESSED: Lack.SUPPRESSED,
    State.MISSING: Lack.MISSING,
}
#: What is undefined is missing to whoever asks for it; a Finding says why.
STATES: Mapping[Lack, State] = {lack: state for state, lack in LACKS.items()} | {Lack.UNDEFINED: State.MISSING}

#: 34 digits, as decimal128 has them. The largest amounts here have 18 digits in base units (a nation's GDP in yuan and
#: fen), so a product of two is exact to the last digit shown, and a quotient errs by less than any rule can see. It is
#: used only to write a result down: arithmetic itself is on fractions and loses nothing, so that a comparison or a tie
#: (1/3 + 1/6 = 0.5) is decided as it is on paper.
WRITTEN = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-9_999, Emax=9_999)
#: Figures beyond ten to this power are no figures: their fractions would fill the memory.
MOST_MAGNITUDE = 400


def exact(value: Decimal) -> Fraction:
    """The number itself.

    Raises:
        ValueError: it is not finite, or of no magnitude that a figure has.
    """
    if not value.is_finite() or (value and abs(value.adjusted()) > MOST_MAGNITUDE):
        raise ValueError(f"{value:.6E}: expected a finite figure below 10^{MOST_MAGNITUDE}")
    return Fraction(value)


def written(value: Fraction) -> Decimal:
    """The nearest number of 34 digits, ties to even."""
    return WRITTEN.divide(Decimal(value.numerator), Decimal(value.denominator))


def plain(value: Fraction) -> Decimal:
    """A fraction that is a decimal, as that decimal."""
    return WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
