"""自算均值: our own means of hours from minutes and of days from hours, in place of the device's and beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from shuangkong.monitoring.alarms.comparison import Compared, compared
from shuangkong.monitoring.flue_gas.point import mean
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import HOUR, HOURS_A_DAY, MINUTES_AN_HOUR, Media, Reading, Span
from shuangkong.monitoring.validity.rule import ValidityRules
from shuangkong.readings.columns import Base, Kind
from shuangkong.readings.columns import Span as Rolled
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.data import Value, exact, values
from shuangkong.web.monitoring.flows import FLOWS

#: How many minute readings an hour has, by the intervals that the protocol knows.
_COUNTS = (2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
_DAY = timedelta(days=1)
_HUNDRED = Decimal(100)
#: Hours whose minutes are looked at once more, weighed by flow.
_MOST = 200
_AVG = "avg"


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean of the device that is further from ours than the rule allows."""

    point: Point
    span: Span
    at: datetime
    found: Compared


def law_of(outlet: Outlet, at: datetime) -> MonitoringLaw:
    """What holds at an outlet's place on a day."""
    book = open_rulebook()
    return book.monitoring(book.layer_of(outlet.region_id, at.date()))


def least_minutes(rules: ValidityRules, at: datetime) -> Decimal:
    """Of how many valid minutes an hour is made; all of them where nothing is laid down."""
    rule = rules.on(Span.HOUR, at.date())
    if rule is None:
        return Decimal(MINUTES_AN_HOUR)
    if rule.least is not None:
        return Decimal(rule.least)
    return (rule.least_share_pct or _HUNDRED) * MINUTES_AN_HOUR / _HUNDRED


def own_hours(points: Sequence[Point], first: datetime, last: datetime, told: Mapping[Any, Any]) -> Iterator[Value]:
    """Our mean of each whole hour of which the device told none, where enough of its minutes are valid.

    An hour in which the source stood still for as long is one that is stopped, without a value. One question to the
    store.

    Args:
        told: (point, statistic) → time → what the device told.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    of = {each.pk: each for each in points if each.outlet is not None and each.outlet.kind in set(Media)}
    known = [(point, at) for point in of for at in told.get((point, _AVG), {})]
    frame = _hours(of, first, last)
    if frame.is_empty():
        return
    held = pl.DataFrame(known, schema={"point": pl.UInt32, "at": frame.schema["at"]}, orient="row")
    for row in frame.join(held, on=["point", "at"], how="anti").iter_rows(named=True):
        point = of[row["point"]]
        assert point.outlet is not None
        at = row["at"].astimezone(first.tzinfo)
        least = least_minutes(law_of(point.outlet, at).validity[Media(point.outlet.kind)], at)
        per = Decimal(MINUTES_AN_HOUR) / row["due"]
        if row["valid"] * per >= least:
            yield Value(row["point"], at, _AVG, exact(row["mean"]), "N", "", False, 0, 0, is_own=True)
        elif row["stopped"] * per >= least:
            yield Value(row["point"], at, _AVG, None, "F", "", False, 0, 0, is_own=True)


def _hours(points: Mapping[int, Point], first: datetime, last: datetime) -> pl.DataFrame:
    """Roll-ups of minutes: ``point, at, valid, stopped, mean, due`` (minute readings that an hour has)."""
    shape = {"point": pl.UInt32, "at": pl.Datetime("us", str(first.tzinfo)), "valid": pl.Int64}
    if not points:
        return pl.DataFrame(schema=shape)
    table = data.store().rollup(frozenset(points), Rolled.HOUR, _AVG, first, last, base=Base.MINUTE)
    if not table.num_rows:
        return pl.DataFrame(schema=shape)
    frame = pl.from_arrow(table.select(["point", "at", "told", "valid", "stopped", "mean"]))
    assert isinstance(frame, pl.DataFrame)
    most = pl.col("told").max().over("point")
    due = pl.lit(_COUNTS[-1])
    for count in reversed(_COUNTS[:-1]):
        due = pl.when(most <= count).then(count).otherwise(due)
    zoned = pl.col("at").dt.convert_time_zone(str(first.tzinfo)).dt.cast_time_unit("us")
    return frame.with_columns(at=zoned, point=pl.col("point").cast(pl.UInt32), due=due)


def differences(
    points: Sequence[Point],
    first: datetime,
    last: datetime,
    hours: Mapping[int, Sequence[Reading]],
    tolerance_pct: Decimal,
) -> list[Difference]:
    """Hours and days of which the device's mean and ours differ by more than is allowed, by point and time.

    Of water the mean weighed by flow and the arithmetic one are both right. Three questions to the store.

    Args:
        hours: point → its hours, with the marks that count and whose they are not told: those of devices only.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    of = {each.pk: each for each in points if each.outlet is not None and each.outlet.kind in set(Media)}
    found = [*_hours_apart(of, first, last, hours, tolerance_pct), *_days_apart(of, first, last, hours, tolerance_pct)]
    return sorted(found, key=lambda each: (each.point.pk, each.span, each.at))


def _hours_apart(
    of: Mapping[int, Point], first: datetime, last: datetime, hours: Mapping[int, Sequence[Reading]], tolerance: Decimal
) -> Iterator[Difference]:
    frame = _hours(of, first, last)
    if frame.is_empty():
        return
    told = [
        (point, each.at, float(each.value))
        for point in of
        for each in hours.get(point, ())
        if each.value is not None and each.evidence is not None
    ]
    device = pl.DataFrame(
        told, schema={"point": pl.UInt32, "at": frame.schema["at"], "device": pl.Float64}, orient="row"
    )
    allowed = pl.col("mean").abs() * float(tolerance / _HUNDRED)
    # Half of the minutes may lack before two means are not of the same hour.
    whole = frame.filter(pl.col("valid") * 4 >= pl.col("due") * 3).join(device, on=["point", "at"])
    apart = whole.filter((pl.col("device") - pl.col("mean")).abs() > allowed).sort("point", "at")
    exactly = {(point, each.at): each.value for point in of for each in hours.get(point, ())}
    rows = apart.iter_rows(named=True)
    for count, row in enumerate(rows):
        point, at = of[row["point"]], row["at"].astimezone(first.tzinfo)
        both = compared(exactly[row["point"], at], exact(row["mean"]), tolerance)
        if not both.differs or (count < _MOST and _is_weighed(point, at, both.official, tolerance)):
            continue
        yield Difference(point, Span.HOUR, at, both)


def _is_weighed(point: Point, at: datetime, device: Decimal | None, tolerance: Decimal) -> bool:
    """Whether the device weighed an hour of water by its flow. One question to the store, two queries."""
    assert point.outlet is not None
    if point.outlet.kind != Media.WATER or point.factor == FLOWS[Media.WATER]:
        return False
    flow = Point.objects.filter(outlet=point.outlet_id, factor=FLOWS[Media.WATER]).first()
    if flow is None:
        return False
    told = values((point.pk, flow.pk), Kind.MINUTE, (_AVG,), at, at + HOUR)
    by: dict[datetime, dict[int, Decimal]] = {}
    for each in told:
        if each.value is not None and each.flag in ("", "N"):
            by.setdefault(each.at, {})[each.point] = each.value
    pairs = [(each[point.pk], each[flow.pk]) for each in by.values() if len(each) == 2]
    return not compared(device, weighed(pairs), tolerance).differs


def weighed(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Mean of (value, flow) by flow; None where nothing flowed."""
    total = sum((flow for _value, flow in pairs), Decimal(0))
    return sum((value * flow for value, flow in pairs), Decimal(0)) / total if total > 0 else None


def _days_apart(
    of: Mapping[int, Point], first: datetime, last: datetime, hours: Mapping[int, Sequence[Reading]], tolerance: Decimal
) -> Iterator[Difference]:
    flows = {each.outlet_id: each.pk for each in of.values() if each.factor == FLOWS[Media.WATER]}
    for each in values(of.keys(), Kind.DAY, (_AVG,), first, last):
        point = of[each.point]
        assert point.outlet is not None
        marks = law_of(point.outlet, each.at).marks
        own = own_day(hours.get(each.point, ()), each.at, marks)
        both = compared(each.value, own, tolerance)
        if not both.differs:
            continue
        flow = {one.at: one.value for one in hours.get(flows.get(point.outlet_id, 0), ())}
        pairs = [
            (one.value, flow[one.at])
            for one in _of_day(hours.get(each.point, ()), each.at)
            if one.value is not None and one.mark in marks.measured and flow.get(one.at) is not None
        ]
        if pairs and not compared(each.value, weighed(pairs), tolerance).differs:  # type: ignore[arg-type]
            continue
        yield Difference(point, Span.DAY, each.at, both)


def own_day(hours: Sequence[Reading], day: datetime, marks: Marks) -> Decimal | None:
    """The mean of the normal hours of a day, of all measured ones where none is normal; None of fewer than 3/4."""
    own = [each for each in _of_day(hours, day) if each.value is not None and each.mark in marks.measured]
    if len(own) * 4 < HOURS_A_DAY * 3:
        return None
    normal = [each for each in own if each.mark in marks.judged]
    return mean(each.value for each in normal or own)


def _of_day(hours: Sequence[Reading], day: datetime) -> list[Reading]:
    return [each for each in hours if day <= each.at < day + _DAY]
