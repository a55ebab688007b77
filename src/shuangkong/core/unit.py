"""计量单位: how a printed unit becomes a base unit. tce is policy, never a conversion between kinds of quantity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.rounding import WIDE


@dataclass(frozen=True, slots=True)
class Unit:
    """A base unit: ``id`` as code writes it (``tce``, ``m3/CNY``), ``kind`` the kind of quantity it measures."""

    id: str
    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class PrintedUnit:
    """A unit as documents print it: one of it is ``factor`` of the base unit.

    ``en`` is its own English name where it has one; else it is told as a multiple of the base unit.
    """

    printed: str
    unit: Unit
    factor: Decimal
    en: str = ""

    @property
    def words(self) -> Message:
        """As it is printed, and in English: 万吨, ×10⁴ tonne."""
        return Message(self.printed, self._english())

    def _english(self) -> str:
        if self.printed.isascii():
            return self.printed
        if self.factor == 1 or self.en:
            return self.en or self.unit.en
        exponent = self.factor.adjusted()
        if self.factor != Decimal(1).scaleb(exponent):
            return f"×{self.factor:f} {self.unit.en}"
        measure, per, of = self.unit.en.partition(" per ")
        if exponent < 0 and per:
            return f"{measure} per {_power(-exponent)} {of}"
        return f"×{_power(exponent)} {self.unit.en}"

    def to_base(self, value: Decimal) -> Decimal:
        """``value`` in the printed unit → the base unit, whatever its digits."""
        return WIDE.multiply(value, self.factor)


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _power(exponent: int) -> str:
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"
