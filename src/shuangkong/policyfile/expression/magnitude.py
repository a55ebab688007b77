"""量级: how small and large the floats of an expression can be, so that they serve only where they cannot fail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: A float reaches from 2⁻¹⁰²² to 2¹⁰²⁴; the bounds of numbers are up to 2⁵⁴ smaller, and are multiplied once.
_LEAST, _GREATEST = -450.0, 450.0
#: A number of a float's last digit is that much smaller.
_DIGITS = 54.0


class BeyondFloats(ArithmeticError):
    """Some number might be too small or too large for floats."""


@dataclass(frozen=True, slots=True)
class Magnitude:
    """Powers of two: of the ``least`` magnitude that is not zero, of the ``greatest``, and of a ``grain``:

    every number is a multiple of it. A difference of floats may be as small as the grain of its operands.

    Raises:
        BeyondFloats: it reaches out of what floats can bear.
    """

    least: float
    grain: float
    greatest: float

    def __post_init__(self) -> None:
        if self.grain < _LEAST or self.greatest > _GREATEST:
            raise BeyondFloats

    @classmethod
    def between(cls, least: float, greatest: float) -> Magnitude:
        """Of floats whose last digit is all that is known of their grain."""
        return cls(least, least - _DIGITS, greatest)

    @classmethod
    def of(cls, values: NDArray[np.float64], bounds: NDArray[np.float64] | None = None) -> Magnitude:
        """Of these floats, and of a grain of which ``bounds`` are multiples too. Raises BeyondFloats."""
        least, greatest = _powers(values)
        grain = least - _DIGITS
        return cls(least, grain if bounds is None else min(grain, _powers(bounds)[0] - _DIGITS), greatest)

    def times(self, other: Magnitude) -> Magnitude:
        return Magnitude.between(self.least + other.least - 1, self.greatest + other.greatest + 1)

    def over(self, other: Magnitude) -> Magnitude:
        return Magnitude.between(self.least - other.greatest - 1, self.greatest - other.least + 1)

    def plus(self, other: Magnitude) -> Magnitude:
        grain = min(self.grain, other.grain)
        return Magnitude(grain, grain, max(self.greatest, other.greatest) + 1)

    def beside(self, other: Magnitude) -> Magnitude:
        """Of either."""
        least, grain = min(self.least, other.least), min(self.grain, other.grain)
        return Magnitude(least, grain, max(self.greatest, other.greatest))


#: Of whole numbers that floats or 64 bits hold.
WHOLE = Magnitude(0, 0, 64)
ONE = Magnitude(0, 0, 0)


def _powers(values: NDArray[np.float64]) -> tuple[float, float]:
    """Powers of two below the least that is not zero and above the greatest; zero where there is none."""
    if not np.isfinite(values).all():
        raise BeyondFloats
    powers = np.frexp(values[values != 0])[1]
    return (float(powers.min()) - 1, float(powers.max())) if len(powers) else (0.0, 0.0)
