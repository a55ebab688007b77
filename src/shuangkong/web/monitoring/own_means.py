"""自算均值: our own means of hours from minutes and of days from hours, in place of the device's and beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from django.utils import timezone

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.reading import MINUTES_AN_HOUR, Media, Span
from shuangkong.monitoring.validity.rule import ValidityRules
from shuangkong.readings.columns import Base
from shuangkong.readings.columns import Span as Rolled
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.data import Source, Value, exact

#: How many minute readings an hour has, by the intervals that the protocol knows.
_COUNTS = (2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
_DAY = timedelta(days=1)
_HUNDRED = Decimal(100)
#: Hours whose minutes are looked at once more, weighed by flow.
_MOST = 200
_AVG = "avg"


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
    frame = minute_hours(of, first, last)
    if frame.is_empty():
        return
    held = pl.DataFrame(known, schema={"point": pl.UInt32, "at": frame.schema["at"]}, orient="row")
    for row in frame.join(held, on=["point", "at"], how="anti").iter_rows(named=True):
        point = of[row["point"]]
        assert point.outlet is not None
        at = timezone.localtime(row["at"])
        least = least_minutes(law_of(point.outlet, at).validity[Media(point.outlet.kind)], at)
        per = Decimal(MINUTES_AN_HOUR) / row["due"]
        if row["valid"] * per >= least:
            yield Value(row["point"], at, _AVG, exact(row["mean"]), "N", "", False, 0, 0, source=Source.MINUTES)
        elif row["stopped"] * per >= least:
            yield Value(row["point"], at, _AVG, None, "F", "", False, 0, 0, source=Source.MINUTES)


def minute_hours(points: Mapping[int, Point], first: datetime, last: datetime, stat: str = _AVG) -> pl.DataFrame:
    """Roll-ups of minutes: ``point, at, valid, stopped, mean, due`` (minute readings that an hour has)."""
    zone = str(first.tzinfo)
    shape: dict[str, pl.DataType | type[pl.DataType]] = {
        "point": pl.UInt32, "at": pl.Datetime("us", zone), "valid": pl.Int64,
    }  # fmt: skip
    if not points:
        return pl.DataFrame(schema=shape)
    table = data.store().rollup(frozenset(points), Rolled.HOUR, stat, first, last, base=Base.MINUTE)
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
