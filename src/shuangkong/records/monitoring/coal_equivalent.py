"""折标准煤: what metered amounts make in coal equivalent, by the dated coefficients of statistics.

At the calorific value (当量值) of GB/T 2589 where nothing was measured: a coefficient that the standard prints as a
range makes a range, and where one has no value on the day the amount stays out and says so. Water is no energy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.dated import NotInForce
from shuangkong.core.finding import Message
from shuangkong.indicators.balance.rules import STANDARD_HEAT
from shuangkong.indicators.conversion import Coefficient, Converter
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.rulebook import Rulebook

_FOLDER = "indicators/coefficients"
#: Carriers that no total of energy has: an energy-consuming medium is no energy.
MEDIA = frozenset({"fresh_water"})


@dataclass(frozen=True, slots=True)
class Converted:
    """One carrier: ``low`` to ``high`` tce, equal where the coefficient is one number; None: see ``lacking``.

    ``coefficient`` None: there is none on the day, or it is no energy.
    """

    carrier: str
    low: Decimal | None
    high: Decimal | None
    coefficient: Coefficient | None = None
    lacking: Message | None = None


@dataclass(frozen=True, slots=True)
class CoalTotal:
    """What carriers make together, of those that could be converted; None where none could.

    Attributes:
        is_whole: no amount is lacking, and each has a coefficient.
        is_verified: every coefficient was compared with its document.
    """

    low: Decimal | None
    high: Decimal | None
    parts: tuple[Converted, ...]
    is_whole: bool
    is_verified: bool

    @property
    def number(self) -> Decimal | None:
        """The total where it is whole and one number."""
        return self.low if self.is_whole and self.low == self.high else None


class Coal:
    """Converts by the law of one place on one day."""

    def __init__(self, book: Rulebook, layer: str, day: date) -> None:
        self._book, self._layer, self._day = book, layer, day
        self._converter = Converter(book.units(), book.parameter_over_time(STANDARD_HEAT, layer))

    def total(self, amounts: Mapping[str, Decimal | None]) -> CoalTotal:
        """``amounts``: carrier → amount in its base unit; None: it is not known whole."""
        parts = tuple(self.converted(carrier, amount) for carrier, amount in amounts.items())
        counted = [each for each in parts if each.carrier not in MEDIA]
        known = [each for each in counted if each.low is not None]
        return CoalTotal(
            _sum(each.low for each in known), _sum(each.high for each in known), parts,
            is_whole=bool(known) and len(known) == len(counted),
            is_verified=all(each.coefficient.is_verified for each in known if each.coefficient),
        )  # fmt: skip

    def converted(self, carrier: str, amount: Decimal | None) -> Converted:
        """One carrier's amount."""
        if carrier in MEDIA:
            return Converted(carrier, None, None, lacking=Message("不计入综合能耗", "not part of energy"))
        try:
            found = self._book.parameter_over_time(f"{_FOLDER}/{carrier}", self._layer)
            coefficient = self._converter.default(found, CARRIERS[carrier].unit, self._day)
        except (KeyError, NotInForce):
            words = Message(f"{self._day} 没有现行的折标准煤系数", f"no coefficient is in force on {self._day}")
            return Converted(carrier, None, None, lacking=words)
        if amount is None:
            return Converted(carrier, None, None, coefficient, Message("用量不完整", "the amount is not whole"))
        low, high = sorted(_tce(amount, each) for each in (coefficient.low, coefficient.high))
        return Converted(carrier, low, high, coefficient)


def _tce(amount: Decimal, coefficient: Fraction) -> Decimal:
    return amount * coefficient.numerator / coefficient.denominator


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    told = [each for each in values if each is not None]
    return sum(told, Decimal(0)) if told else None
