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
    return None if row.low is None else row.low * ratio, None if row.high is None else row.high * ratio


def range_ratio(factor: str, unit: str, book: Rulebook) -> Decimal | None:
    """By what a bound in a unit becomes one in that of the code table; "" is that unit. None where it cannot."""
    known = hj212_codes(book.folder).factors.get(factor)
    return Decimal(1) if not unit or known is None else ratio_of(unit, known.unit, book)
