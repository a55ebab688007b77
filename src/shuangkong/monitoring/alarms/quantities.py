"""超许可排放量: what came out of an outlet in a month or a year against the amount that its permit allows.

A sum of part of a period that is over the limit is over it whatever the rest brings; one below it says nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.limits.limit import Limit
from shuangkong.monitoring.reading import Span

#: Spans whose limits are amounts, and the unit in which they are compared.
AMOUNT_SPANS, AMOUNT_UNIT = frozenset({Span.MONTH, Span.YEAR}), "t"
_NAMES: Mapping[Span, Message] = {
    Span.MONTH: Message("月排放量", "monthly"),
    Span.YEAR: Message("年排放量", "yearly"),
}
_PLACES = Decimal("0.001")
_MULTIPLE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Emitted:
    """Of one outlet and factor in a month or a year.

    Attributes:
        tonnes: of the hours that are known; ``open_hours`` are not.
        through: the last day in it.
        is_over: the whole period is in it.
        is_doubted: hours stand on a rule of substitution that was not compared with its document.
    """

    span: Span
    starts: date
    tonnes: Decimal
    through: date
    is_over: bool
    open_hours: int = 0
    is_doubted: bool = False


def over_amount(factor: str, found: Emitted, limit: Limit, starts_at: datetime, ends_at: datetime) -> Episode | None:
    """The exceedance of a period; None where what is known of it is not above the limit. Open while the period runs.

    Args:
        starts_at, ends_at: of the period.
    """
    if not limit.is_exceeded_by(found.tonnes):
        return None
    label = f"{found.starts:%Y-%m}" if found.span is Span.MONTH else f"{found.starts:%Y}"
    return Episode(
        kind=Kind.EXCEEDANCE, factor=factor, span=found.span, starts_at=starts_at,
        ends_at=ends_at if found.is_over else None, count=1, words=_words(found, limit, label), peak=found.tonnes,
        worst_at=starts_at, limit=limit, multiple=limit.multiple(found.tonnes), rule=label,
    )  # fmt: skip


def _words(found: Emitted, limit: Limit, label: str) -> Message:
    name, tonnes = _NAMES[found.span], found.tonnes.quantize(_PLACES)
    zh = f"{label} {name.zh} {tonnes:f} t（截至 {found.through}），超过限值 {limit.most:f} t（{limit.name.zh}）"
    en = f"{name.en} amount of {label}: {tonnes:f} t through {found.through}, limit {limit.most:f} t ({limit.name.en})"
    multiple = limit.multiple(found.tonnes)
    if multiple is not None:
        zh, en = f"{zh}，超标 {multiple.quantize(_MULTIPLE)} 倍", f"{en}, {multiple.quantize(_MULTIPLE)} times above it"
    if found.open_hours:
        zh, en = f"{zh}；另有 {found.open_hours} 小时不知道", f"{en}; {found.open_hours} hours more are not known"
    if found.is_doubted:
        zh = f"{zh}；含按未核对原文的规定替代的小时"
        en = f"{en}; hours stand on a rule that was not compared with its document"
    return Message(zh, en)
