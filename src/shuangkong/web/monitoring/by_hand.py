"""手工监测 → 小时: the kilograms that registered results give to hours of an outlet and factor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from shuangkong.monitoring.amounts.hours import A_KG, Hour
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring.models import ManualResult
from shuangkong.web.monitoring.flows import a_kg


def by_hand(hours: Iterable[Hour], rows: Iterable[ManualResult], media: Media, marks: Marks) -> tuple[Hour, ...]:
    """The same hours; those that a result tells of have its kilograms and its report.

    Args:
        rows: of one outlet and factor in order, no two of one hour.
    """
    held = tuple(rows)
    if not held:
        return tuple(hours)
    return tuple(_told(each, held, media, marks) for each in hours)


def _told(hour: Hour, rows: tuple[ManualResult, ...], media: Media, marks: Marks) -> Hour:
    for row in rows:
        if row.starts_at <= hour.at < row.ends_at:
            said = f"{row.laboratory} {row.document}（第 {row.pk} 号）"
            return replace(hour, by_hand_kg=_kilograms(hour, row, media, marks), by_hand=said)
    return hour


def _kilograms(hour: Hour, row: ManualResult, media: Media, marks: Marks) -> Decimal | None:
    """What a device measured of the hour stays: the result stands in for the lost part alone. None: a flow lacks."""
    told: Decimal | None = row.kg_per_hour
    if told is not None:
        return told
    flow = hour.flow_m3 if hour.flow_mark in marks.measured else None
    value = hour.value if hour.mark in marks.measured else None
    flow = row.flow_m3_h if flow is None else flow
    is_by_hand = value is None
    value = row.concentration if value is None else value
    if flow is None or value is None:
        return None
    # A result tells mg/m³ or mg/L, whatever the unit of the factor.
    divisor = A_KG[media] if is_by_hand else a_kg(row.factor) or A_KG[media]
    return flow * value / divisor
