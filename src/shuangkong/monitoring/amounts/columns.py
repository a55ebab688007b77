"""排放量的数组: the amounts of a nation's outlets at once, equal to those of points to the digits that are reported.

Hours come as ``point, factor, at, kg`` (null: lost) ``, mark``, every hour of each point without holes. Data of many
years or outlets is taken a piece at a time (points are independent of each other): 100 000 outlets × 744 hours fit.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from shuangkong.monitoring.amounts.hours import A_KG, Origin
from shuangkong.monitoring.findings import NO_FLOW, UNFILLED_GAP
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Media, Span
from shuangkong.monitoring.substitution import columns as substitution
from shuangkong.monitoring.substitution.rule import Band, Quantity

_TRUNCATED = {Span.DAY: "1d", Span.MONTH: "1mo", Span.QUARTER: "1q", Span.YEAR: "1y"}


def hour_amounts(
    hours: pl.DataFrame,
    media: Media,
    marks: Marks,
    bands: Iterable[Band],
    capture: pl.DataFrame,
    month_means: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The hours with ``origin`` (text of Origin), ``kg`` (null: OPEN) and ``code`` (why it is open).

    Rules that fill concentrations are followed where ``hours`` has ``concentration`` and ``flow_m3`` (null: not
    measured); those that take the mean of valid days where ``month_means`` is given (``substitution.columns.filled``).
    """
    told = tuple(bands)
    named = hours.drop("concentration", "flow_m3", strict=False).rename({"kg": "value"})
    rules = [band for band in told if band.quantity is Quantity.AMOUNT]
    found = substitution.filled(named, media, marks, rules, capture, month_means)
    joined = _by_amounts(named, found, marks)
    if "concentration" in hours.columns:
        means = hours.select("point", "factor", "at", "mark", value="concentration")
        others = [band for band in told if band.quantity is Quantity.CONCENTRATION]
        filled = substitution.filled(means, media, marks, others, capture)
        flows = hours.select("point", "factor", "at", "flow_m3")
        joined = _by_means(joined.join(flows, on=["point", "factor", "at"]), filled, media)
    kept = [name for name in named.columns if name not in ("value", "mark")]
    return joined.select(*kept, "mark", "kg", "origin", "code")


def _by_amounts(named: pl.DataFrame, found: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    """What was measured, what stood still, and what rules on amounts fill."""
    stops = [mark.value for mark in marks.stopped]
    valid = pl.col("value").is_not_null() & pl.col("mark").is_in([mark.value for mark in marks.measured])
    joined = _within(named, found.select("point", "starts_at", "ends_at", stand_in="value", gap_code="code"))
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
    return joined.with_columns(kg=kg, code=code).drop("starts_at", "ends_at")


def _by_means(joined: pl.DataFrame, found: pl.DataFrame, media: Media) -> pl.DataFrame:
    """Hours that no rule on amounts is about, from the concentration that another rule gives them and their flow."""
    given = found.filter(pl.col("method").is_not_null())
    joined = _within(joined, given.select("point", "starts_at", "ends_at", mean="value", mean_code="code"))
    is_theirs = (
        (pl.col("origin") == Origin.OPEN.value)
        & (pl.col("gap_code") == UNFILLED_GAP)
        & (pl.col("at") < pl.col("ends_at")).fill_null(value=False)
    )
    has_mean, has_flow = pl.col("mean").is_not_null(), pl.col("flow_m3").is_not_null()
    is_filled = is_theirs & has_mean & has_flow
    code = pl.when(is_theirs & ~has_mean).then("mean_code").when(is_theirs & ~has_flow).then(pl.lit(NO_FLOW))
    return joined.with_columns(
        origin=pl.when(is_filled).then(pl.lit(Origin.SUBSTITUTED.value)).otherwise("origin"),
        kg=pl.when(is_filled).then(pl.col("flow_m3") * pl.col("mean") / float(A_KG[media])).otherwise("kg"),
        code=pl.when(is_filled).then(pl.lit("")).otherwise(code.otherwise("code")),
    )


def _within(hours: pl.DataFrame, gaps: pl.DataFrame) -> pl.DataFrame:
    """Each hour with the last gap that began by then; whether it still lasts, ``ends_at`` tells."""
    return hours.sort("point", "at").join_asof(
        gaps.sort("point", "starts_at"), left_on="at", right_on="starts_at", by="point", check_sortedness=False
    )


def account(hours: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Sums of ``hour_amounts`` by point and span: ``point, factor, starts, kg`` and ``measured, substituted, stopped,
    open`` (hours each), sorted."""
    starts = pl.col("at").dt.date().dt.truncate(_TRUNCATED[span])
    counts = {origin.value: (pl.col("origin") == origin.value).sum().cast(pl.Int64) for origin in Origin}
    found = hours.group_by("point", "factor", starts.alias("starts")).agg(kg=pl.col("kg").sum(), **counts)
    return found.sort("point", "factor", "starts")
