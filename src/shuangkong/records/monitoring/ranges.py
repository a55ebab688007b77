"""量程: from where to where a factor's instrument measures, in the unit that its readings are kept in."""

from __future__ import annotations

from decimal import Decimal

from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import FactorDue
from shuangkong.rulebook import Rulebook


def range_of(row: FactorDue, book: Rulebook) -> tuple[Decimal | None, Decimal | None]:
    """Lower and upper bound; None where there is none, or its unit cannot become the factor's."""
    ratio = range_ratio(row.factor, row.unit, book)
    if ratio is None:
        return None, None
    low, high = (None if each is None else each if ratio == 1 else _short(each * ratio) for each in (row.low, row.high))
    return low, high


def _short(value: Decimal) -> Decimal:
    """Without the noughts that a conversion leaves behind the point."""
    found = value.normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


def range_ratio(factor: str, unit: str, book: Rulebook) -> Decimal | None:
    """By what a bound in a unit becomes one in that of the code table; "" is that unit. None where it cannot."""
    known = hj212_codes(book.folder).factors.get(factor)
    return Decimal(1) if not unit or known is None else ratio_of(unit, known.unit, book)
