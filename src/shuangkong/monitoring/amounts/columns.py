"""排放量的数组: the amounts of a nation's outlets at once, equal to those of points to the digits that are reported.

Hours come as ``point, factor, at, kg`` (null: lost) ``, mark``, every hour of each point without holes. Data of many
years or outlets is taken a piece at a time (points are independent of each other): 100 000 outlets × 744 hours fit.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from shuangkong.monitoring.amounts.hours import Origin
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Media, Span
from shuangkong.monitoring.substitution import columns as substitution
from shuangkong.monitoring.substitution.rule import Band, Quantity

_TRUNCATED = {Span.DAY: "1d", Span.MONTH: "1mo", Span.QUARTER: "1q", Span.YEAR: "1y"}


def hour_amounts(
    hours: pl.DataFrame, media: Media, marks: Marks, bands: Iterable[Band], capture: pl.DataFrame
) -> pl.DataFrame:
    """The hours with ``origin`` (text of Origin), ``kg`` (null: OPEN) and ``code`` (why it is open).

    By rules that fill amounts; what those that fill concentrations would, and medians, stays OPEN for points to settle.
    """
    rules = [band for band in bands if band.quantity is Quantity.AMOUNT]
    named = hours.rename({"kg": "value"})
    found = substitution.filled(named, media, marks, rules, capture)
    stops = [mark.value for mark in marks.stopped]
    valid = pl.col("value").is_not_null() & pl.col("mark").is_in([mark.value for mark in marks.measured])
    gaps = found.select("point", "starts_at", "ends_at", stand_in="value", gap_code="code")
    joined = named.sort("point", "at").join_asof(
        gaps.sort("point", "starts_at"), left_on="at", right_on="starts_at", by="point", check_sortedness=False
    )
    lost = ~valid & ~pl.col("mark").is_in(stops) & (pl.col("at") < pl.col("ends_at"))
    origin = (
        pl.when(pl.col("mark").is_in(stops))
        .then(pl.lit(Origin.STOPPED.value))
        .when(valid)
        .then(pl.lit(Origin.MEASURED.value))
        .when(lost & pl.col("stand_in").is_not_null())
        .then(pl.lit(Origin.SUBSTITUTED.value))
        .otherwise(pl.lit(Origin.OPEN.value))
    )
    joined = joined.with_columns(origin=origin)
    kg = (
        pl.when(pl.col("origin") == Origin.STOPPED.value)
        .then(0.0)
        .when(pl.col("origin") == Origin.MEASURED.value)
        .then("value")
        .when(pl.col("origin") == Origin.SUBSTITUTED.value)
        .then("stand_in")
    )
    code = pl.when(pl.col("origin") == Origin.OPEN.value).then("gap_code").otherwise(pl.lit(""))
    kept = [name for name in named.columns if name not in ("value", "mark")]
    return joined.with_columns(kg=kg, code=code).select(*kept, "mark", "kg", "origin", "code")


def account(hours: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Sums of ``hour_amounts`` by point and span: ``point, factor, starts, kg`` and ``measured, substituted, stopped,
    open`` (hours each), sorted."""
    starts = pl.col("at").dt.date().dt.truncate(_TRUNCATED[span])
    counts = {origin.value: (pl.col("origin") == origin.value).sum().cast(pl.Int64) for origin in Origin}
    found = hours.group_by("point", "factor", starts.alias("starts")).agg(kg=pl.col("kg").sum(), **counts)
    return found.sort("point", "factor", "starts")
