"""计量单位: how a printed unit becomes a base unit. tce is policy, never a conversion between kinds of quantity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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

    def to_base(self, value: Decimal) -> Decimal:
        """``value`` in the printed unit → the base unit, whatever its digits."""
        return WIDE.multiply(value, self.factor)
