"""修约的格: the decimals that a rule keeps, in the unit that it counts them in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.rounding import WIDE, Rounding


@dataclass(frozen=True, slots=True)
class Grid:
    """``places`` decimals of a unit of which one is ``factor`` base units, a tie settled by ``rule``.

    Four decimals of tce per 10,000 yuan are the multiples of 0.0001 · 0.0001 tce/CNY.
    """

    places: int
    factor: Decimal = Decimal(1)
    rule: Rounding = Rounding.HALF_EVEN

    @property
    def pitch(self) -> Decimal:
        """The distance of two neighbours, in base units."""
        return self.factor.scaleb(-self.places)

    def index(self, value: Fraction) -> int:
        """Which multiple of ``pitch`` the value comes to rest on; exact, ties included."""
        ratio = value / Fraction(self.pitch)
        below, rest = divmod(abs(ratio.numerator), ratio.denominator)
        is_up = 2 * rest > ratio.denominator or (
            2 * rest == ratio.denominator and (self.rule is Rounding.HALF_UP or below % 2 == 1)
        )
        size = below + is_up
        return size if ratio.numerator >= 0 else -size

    def at(self, index: int) -> Decimal:
        """The value of a multiple, in base units, without the zeros that arithmetic leaves behind."""
        return WIDE.multiply(Decimal(index), self.pitch).normalize(WIDE)

    def rounded(self, value: Fraction) -> Decimal:
        return self.at(self.index(value))
