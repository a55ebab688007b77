"""修约: the one place where a figure loses digits."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

#: Wide enough for any figure and any of its multiples: nothing is lost there, as it is beyond 28 digits elsewhere.
WIDE = Context(prec=1_000, Emin=-9_999, Emax=9_999)


class Rounding(StrEnum):
    """How a tie is settled: to even (GB/T 8170), or away from zero (四舍五入)."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"


_MODES = {Rounding.HALF_EVEN: ROUND_HALF_EVEN, Rounding.HALF_UP: ROUND_HALF_UP}


def rounded(value: Decimal, places: int, rule: Rounding = Rounding.HALF_EVEN) -> Decimal:
    """修约 to ``places`` decimals (before the point where negative)."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=_MODES[rule], context=WIDE)


def brief(value: Decimal, digits: int = 10) -> Decimal:
    """A number that nobody rounds by rule, for people to read: as it is, or with its first digits alone."""
    plain = as_printed(value)
    if len(plain.as_tuple().digits) <= digits or plain == plain.to_integral_value():
        return plain
    return as_printed(Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(plain))


def as_printed(value: Decimal) -> Decimal:
    """The same number without the zeros that arithmetic leaves behind (−0.4100 → −0.41, 1E+1 → 10)."""
    plain = value.normalize(WIDE)
    return plain.quantize(Decimal(1), context=WIDE) if plain == plain.to_integral_value() else plain
