"""修约区间: arithmetic with printed numbers, each known to half a unit of its last place.

A printed 13.4 stands for anything from 13.35 to 13.45. A sum or product of printed numbers stands for a range too, and
two figures contradict each other only when their ranges are apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_HUNDRED = 100
HALF = Decimal("0.5")


def last_place(value: Decimal) -> Decimal:
    """One unit of the last printed place: 0.1 for 13.4, 1 for 3550, 0.01 for 2338.80."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, str):
        raise InvalidOperation(f"{value}: expected a finite number")
    return Decimal(1).scaleb(min(exponent, 0))


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number and the range its printing leaves open; ``low <= value <= high``."""

    value: Decimal
    low: Decimal
    high: Decimal

    @classmethod
    def printed(cls, value: Decimal) -> Rounded:
        """The range that a printed number stands for; a bare 0 is nothing at all, not something small."""
        if value == 0 and last_place(value) == 1:
            return cls.exact(value)
        half = last_place(value) * HALF
        return cls(value, value - half, value + half)

    @classmethod
    def exact(cls, value: Decimal | int) -> Rounded:
        """A number that is not rounded: 1, 100, a unit's factor."""
        number = Decimal(value)
        return cls(number, number, number)

    @classmethod
    def total(cls, parts: Iterable[Rounded]) -> Rounded:
        """The sum of all parts; the error of each part counts in full."""
        result = cls.exact(0)
        for part in parts:
            result = result + part
        return result

    def __add__(self, other: Rounded) -> Rounded:
        return Rounded(self.value + other.value, self.low + other.low, self.high + other.high)

    def __sub__(self, other: Rounded) -> Rounded:
        return Rounded(self.value - other.value, self.low - other.high, self.high - other.low)

    def __mul__(self, other: Rounded) -> Rounded:
        corners = (self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high)
        return Rounded(self.value * other.value, min(corners), max(corners))

    def __truediv__(self, other: Rounded) -> Rounded:
        """Raises ZeroDivisionError where the divisor may be zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError(f"division by {other.value}, which may be zero")
        corners = (self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high)
        return Rounded(self.value / other.value, min(corners), max(corners))

    def agrees(self, other: Rounded) -> bool:
        """Whether one true number can stand behind both."""
        return self.low <= other.high and other.low <= self.high

    def surely_above(self, other: Rounded) -> bool:
        return self.low > other.high


def percent(value: Decimal) -> Rounded:
    """A printed percentage as a ratio: 13.4 becomes 0.1335..0.1345 round 0.134."""
    return Rounded.printed(value) * Rounded.exact(Decimal("0.01"))


def same_commitment(one: Decimal, other: Decimal) -> bool:
    """Whether two printings of one commitment agree: equal once both are rounded to the coarser last place.

    A commitment is what is printed, not a measurement: 11 and 10 differ although the ranges of two measurements touch.
    """
    place = max(last_place(one), last_place(other))
    return one.quantize(place, ROUND_HALF_UP) == other.quantize(place, ROUND_HALF_UP)


def figure(value: Decimal, places: int = 2) -> str:
    """A number for people: at most ``places`` decimals (two from a hundred on), no trailing zeros or exponent."""
    places = min(places, 2) if abs(value) >= _HUNDRED else places
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
