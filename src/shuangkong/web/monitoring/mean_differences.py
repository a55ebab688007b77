"""均值比对的结果: hours and days of which the device's mean is further from ours than the rule allows, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
from django.utils import timezone

from shuangkong.core.finding import Finding
from shuangkong.monitoring.alarms.comparison import Compared, compared, differing
from shuangkong.monitoring.findings import MEANS_DIFFER, TOTALS_DIFFER
from shuangkong.monitoring.flue_gas.point import mean
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import HOUR, HOURS_A_DAY, Media, Reading, Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Point
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import exact, values
from shuangkong.web.monitoring.flows import FLOWS
from shuangkong.web.monitoring.hours import Told
from shuangkong.web.monitoring.own_means import law_of, minute_hours

_AVG, NORMAL = "avg", frozenset({"", "N"})
_DAY = timedelta(days=1)
_HUNDRED = Decimal(100)
#: Share of the minutes or hours of a period that have to be there before two means are of the same period.
_PARTS, _OF = 3, 4
#: Hours whose minutes are looked at once more, weighed by flow.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean of the device, or a total, that is further from ours than the rule allows."""

    point: Point
    span: Span
    at: datetime
    found: Compared
    is_total: bool = False

    def finding(self) -> Finding | None:
        """As people are told it."""
        assert self.point.outlet is not None
        checks = law_of(self.point.outlet, self.at).checks
        at = f"{self.at:%m-%d %H:%M}" if self.span is Span.HOUR else f"{self.at:%m-%d}"
        place = f"{self.point.outlet.name} {factor_word(self.point.factor)}"
        return differing(checks, place, at, self.found, code=TOTALS_DIFFER if self.is_total else MEANS_DIFFER)


def differences(held: Told, first: datetime, last: datetime) -> list[Difference]:
    """Of every point of gas and water, by point and time; what the device itself calls not normal is not compared.

    Of water the mean weighed by flow and the arithmetic one are both right. Of gas that was brought to another state
    the figures as they were sent are compared: a device makes its means of those. Two questions to the store, and one
    for each hour of water that is apart.

    Args:
        held: the hours of that time, means at least.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    of = {key: each for key, each in held.points.items() if each.outlet is not None and each.outlet.kind in set(Media)}
    hours = {key: held.sent(key) for key in of}
    found = [*_hours_apart(of, held, first, last), *_days_apart(of, hours, first, last)]
    return sorted(found, key=lambda each: (each.point.pk, each.span, each.at))


def tolerance_of(point: Point, at: datetime) -> Decimal:
    """By how much a figure of a device may differ from ours, % of ours."""
    assert point.outlet is not None
    return law_of(point.outlet, at).thresholds(at.date()).mean_tolerance_pct


def _hours_apart(of: Mapping[int, Point], held: Told, first: datetime, last: datetime) -> Iterator[Difference]:
    frame = minute_hours(of, first, last)
    told = {
        (point, at): sent
        for point in of
        for at, each in held.values.get((point, _AVG), {}).items()
        if (sent := each.as_sent) is not None and not each.is_own and each.flag in NORMAL
    }
    if frame.is_empty() or not told:
        return
    rows = [(point, at, float(value)) for (point, at), value in told.items()]
    device = pl.DataFrame(
        rows, schema={"point": pl.UInt32, "at": frame.schema["at"], "device": pl.Float64}, orient="row"
    )
    least = min(tolerance_of(each, last) for each in of.values())
    allowed = pl.col("mean").abs() * float(least / _HUNDRED)
    whole = frame.filter(pl.col("valid") * _OF >= pl.col("due") * _PARTS).join(device, on=["point", "at"])
    apart = whole.filter((pl.col("device") - pl.col("mean")).abs() > allowed).sort("point", "at")
    for count, row in enumerate(apart.iter_rows(named=True)):
        point, at = of[row["point"]], timezone.localtime(row["at"])
        tolerance = tolerance_of(point, at)
        both = compared(told[row["point"], at], exact(row["mean"]), tolerance)
        if both.differs and not (count < _MOST and _is_weighed(point, at, both.official, tolerance)):
            yield Difference(point, Span.HOUR, at, both)


def _is_weighed(point: Point, at: datetime, device: Decimal | None, tolerance: Decimal) -> bool:
    """Whether the device weighed an hour of water by its flow. One question to the store, a query."""
    assert point.outlet is not None
    if point.outlet.kind != Media.WATER or point.factor == FLOWS[Media.WATER]:
        return False
    flow = Point.objects.filter(outlet=point.outlet_id, factor=FLOWS[Media.WATER]).first()
    if flow is None:
        return False
    told = values((point.pk, flow.pk), Kind.MINUTE, (_AVG,), at, at + HOUR)
    by: dict[datetime, dict[int, Decimal]] = {}
    for each in told:
        if each.value is not None and each.flag in NORMAL:
            by.setdefault(each.at, {})[each.point] = each.value
    pairs = [(each[point.pk], each[flow.pk]) for each in by.values() if len(each) == len((point, flow))]
    ours = weighed(pairs)
    return ours is not None and not compared(device, ours, tolerance).differs


def weighed(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Mean of (value, flow) by flow; None where nothing flowed."""
    total = sum((flow for _value, flow in pairs), Decimal(0))
    return sum((value * flow for value, flow in pairs), Decimal(0)) / total if total > 0 else None


def _days_apart(
    of: Mapping[int, Point], hours: Mapping[int, Sequence[Reading]], first: datetime, last: datetime
) -> Iterator[Difference]:
    flows = {each.outlet_id: key for key, each in of.items() if each.factor == FLOWS[Media.WATER]}
    for each in values(of.keys(), Kind.DAY, (_AVG,), first, last):
        point = of[each.point]
        assert point.outlet is not None
        if each.flag not in NORMAL:
            continue
        marks, tolerance = law_of(point.outlet, each.at).marks, tolerance_of(point, each.at)
        own = day_hours(hours[each.point], each.at, marks)
        both = compared(each.value, own_day(own, marks), tolerance)
        if not both.differs:
            continue
        flow = {one.at: one.value for one in hours.get(flows.get(point.outlet_id, 0), ())}
        pairs = [(one.value, told) for one in own if one.value is not None and (told := flow.get(one.at)) is not None]
        ours = weighed(pairs) if point.factor != FLOWS[Media.WATER] else None
        if ours is None or compared(each.value, ours, tolerance).differs:
            yield Difference(point, Span.DAY, each.at, both)


def own_day(hours: Sequence[Reading], marks: Marks) -> Decimal | None:
    """The mean of the normal hours of a day, of all measured ones where none is normal; None of too few."""
    if len(hours) * _OF < HOURS_A_DAY * _PARTS:
        return None
    normal = [each for each in hours if each.mark in marks.judged]
    return mean(each.value for each in normal or hours)


def day_hours(hours: Sequence[Reading], day: datetime, marks: Marks) -> list[Reading]:
    """The measured hours of a day, of those told."""
    return [
        each for each in hours if day <= each.at < day + _DAY and each.value is not None and each.mark in marks.measured
    ]
