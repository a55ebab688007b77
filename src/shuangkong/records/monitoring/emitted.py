"""已结算的排放量: closed amounts of outlets by month and year, for what is held against permitted amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from shuangkong.monitoring.alarms.quantities import Emitted
from shuangkong.monitoring.reading import Span, ends_of, starts_of
from shuangkong.records.monitoring.models import AmountClosing

_KG_A_TONNE = Decimal(1000)
type Amounts = Mapping[tuple[int, str], tuple[Emitted, ...]]


def emitted_of(wanted: Iterable[tuple[int, str]], day: date) -> Amounts:
    """(outlet, factor) → its months and years that a day and the month and year before it lie in. 1 query or none."""
    keys = set(wanted)
    if not keys:
        return {}
    this_month, this_year = starts_of(Span.MONTH, day), starts_of(Span.YEAR, day)
    months = (starts_of(Span.MONTH, this_month - timedelta(days=1)), this_month)
    years = (starts_of(Span.YEAR, this_year - timedelta(days=1)), this_year)
    rows = AmountClosing.objects.defer("content").filter(
        outlet__in={outlet for outlet, _ in keys}, factor__in={factor for _, factor in keys}, month__gte=years[0],
        month__lte=this_month,
    )  # fmt: skip
    newest: dict[tuple[int, str], dict[date, AmountClosing]] = defaultdict(dict)
    for row in rows.order_by("pk"):
        newest[row.outlet_id, row.factor][row.month] = row
    spans = [*((Span.MONTH, each) for each in months), *((Span.YEAR, each) for each in years)]
    return {
        key: tuple(_emitted(span, starts, own) for span, starts in spans if _within(span, starts, own))
        for key, own in newest.items()
        if key in keys
    }


def _within(span: Span, starts: date, rows: Mapping[date, AmountClosing]) -> list[AmountClosing]:
    return [row for month, row in sorted(rows.items()) if starts <= month <= ends_of(span, starts)]


def _emitted(span: Span, starts: date, rows: Mapping[date, AmountClosing]) -> Emitted:
    own = _within(span, starts, rows)
    last = own[-1]
    return Emitted(
        span, starts, sum((row.kg for row in own), Decimal(0)) / _KG_A_TONNE, last.through,
        last.is_over and last.through == ends_of(span, starts), sum(row.open_hours for row in own),
        any(row.is_doubted for row in own),
    )  # fmt: skip
