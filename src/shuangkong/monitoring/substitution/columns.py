"""替代的数组: gaps of all points of a nation, filled by the same rules at once.

The maximum of the valid hours before is a rolling maximum over valid hours alone, joined to where each gap begins; the
means of as many hours before are differences of running sums. Gaps are looked at from where they begin: who knows of
calibrations that failed takes the points' way (``Series.last_calibration``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import polars as pl

from shuangkong.monitoring.findings import NO_SUBSTITUTION_RULE, SHORT_HISTORY, UNFILLED_GAP
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Media
from shuangkong.monitoring.substitution.rule import Band, Method, band_for

_ORDER = ["point", "at"]
#: What decides under which rule a gap falls.
_DECIDING = ["factor", "day", "hours", "capture_pct"]


def gaps(hours: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    """``point, factor, starts_at, ends_at, hours, valid_before`` (valid hours before it), by point and start.

    Args:
        hours: ``point, factor, at, value, mark``, every hour of each point without holes.
    """
    frame = _classed(hours, marks).with_columns(
        run=(pl.col("is_lost") != pl.col("is_lost").shift(1).over("point"))
        .fill_null(value=True)
        .cum_sum()
        .over("point")
    )
    lost = frame.filter("is_lost")
    return (
        lost.group_by("point", "run")
        .agg(
            factor=pl.col("factor").first(),
            starts_at=pl.col("at").min(),
            ends_at=pl.col("at").max().dt.offset_by("1h"),
            hours=pl.len().cast(pl.Int64),
            valid_before=pl.col("valid_before").first().cast(pl.Int64),
        )
        .drop("run")
        .sort("point", "starts_at")
    )


def filled(
    hours: pl.DataFrame,
    media: Media,
    marks: Marks,
    bands: Iterable[Band],
    capture: pl.DataFrame,
    month_means: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """``gaps`` with ``value`` (of each hour; null: not filled), ``method``, ``needed``, ``code`` (empty: filled).

    Medians are left to points, and so are means of valid days where ``month_means`` is not given: their rows say
    ``needs_point``.

    Args:
        capture: ``point, starts, capture_pct``: of each quarter by its first day.
        month_means: ``point, month, mean``: the hourly mean over the valid days of each valid month, by its first day.
    """
    told = tuple(bands)
    found = gaps(hours, marks).with_columns(day=pl.col("starts_at").dt.date())
    found = found.with_columns(starts=pl.col("day").dt.truncate("1q")).join(capture, on=["point", "starts"], how="left")
    found = found.join(_rules(found, told, media), on=_DECIDING, how="left", nulls_equal=True)
    valid = (
        _classed(hours, marks)
        .filter("is_valid")
        .with_columns(
            rank=pl.int_range(pl.len()).over("point").cast(pl.Int64), sums=pl.col("value").cum_sum().over("point")
        )
    )
    found = _with_maxima(found, valid)
    found = _with_means(found, valid)
    found = _with_neighbours(found, valid)
    found = _with_months(found, month_means)
    by = {Method.MAXIMUM_BEFORE: "maximum", Method.MEAN_BEFORE: "mean", Method.MEAN_OF_NEIGHBOURS: "between",
          Method.MEAN_OF_VALID_DAYS: "of_month"}  # fmt: skip
    value = pl.coalesce(*(pl.when(pl.col("method") == key.value).then(pl.col(name)) for key, name in by.items()))
    left = [Method.MEDIAN_BEFORE.value, *([Method.MEAN_OF_VALID_DAYS.value] if month_means is None else [])]
    needs_point = pl.col("method").is_in(left)
    short = value.is_null() & (pl.col("code") == "") & ~needs_point
    return found.with_columns(
        value=value, needs_point=needs_point, code=pl.when(short).then(pl.lit(SHORT_HISTORY)).otherwise("code")
    ).drop("maximum", "mean", "between", "of_month", "day", "starts")


def _rules(found: pl.DataFrame, bands: tuple[Band, ...], media: Media) -> pl.DataFrame:
    """Which rule each kind of gap falls under: asked once for all gaps of one day, length and rate."""
    kinds = found.select(_DECIDING).unique()
    rows = [_row(bands, media, *each) for each in kinds.iter_rows()]
    schema = {"method": pl.String, "needed": pl.Int64, "code": pl.String}
    return pl.concat([kinds, pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal")


def _row(
    bands: tuple[Band, ...], media: Media, factor: str, day: date, hours: int, capture: object
) -> tuple[object, ...]:
    rate = None if capture is None else Decimal(repr(capture))
    band = band_for(bands, media, factor, day, hours, rate)
    if band is None:
        return None, 0, UNFILLED_GAP
    if band.method is Method.BY_HAND:
        return band.method.value, 0, NO_SUBSTITUTION_RULE
    needed = 2 if band.method is Method.MEAN_OF_NEIGHBOURS else band.valid_hours or hours
    return band.method.value, needed, ""


def _classed(hours: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    valid = pl.col("value").is_not_null() & pl.col("mark").is_in([mark.value for mark in marks.measured])
    stopped = pl.col("mark").is_in([mark.value for mark in marks.stopped])
    frame = hours.sort(_ORDER).with_columns(is_valid=valid, is_lost=~valid & ~stopped)
    return frame.with_columns(valid_before=pl.col("is_valid").cast(pl.Int64).cum_sum().over("point"))


def _with_maxima(found: pl.DataFrame, valid: pl.DataFrame) -> pl.DataFrame:
    """The maximum of the ``needed`` valid hours before each gap; one rolling pass for each number that rules name."""
    pieces = [
        found.filter(pl.col("method").ne_missing(Method.MAXIMUM_BEFORE.value)).with_columns(
            maximum=pl.lit(None, pl.Float64)
        )
    ]
    asked = found.filter(pl.col("method") == Method.MAXIMUM_BEFORE.value)
    for (needed,), piece in asked.group_by("needed", maintain_order=True):
        assert isinstance(needed, int)
        rolled = pl.col("value").rolling_max(needed, min_samples=needed).over("point")
        last = valid.with_columns(maximum=rolled, valid_before=pl.col("rank") + 1)
        pieces.append(
            piece.join(last.select("point", "valid_before", "maximum"), on=["point", "valid_before"], how="left")
        )
    return pl.concat(pieces).sort("point", "starts_at")


def _with_means(found: pl.DataFrame, valid: pl.DataFrame) -> pl.DataFrame:
    """The mean of the ``hours`` valid hours before each gap, by running sums."""
    sums = valid.select("point", valid_before=pl.col("rank") + 1, upto="sums")
    zero = valid.select("point").unique().with_columns(valid_before=pl.lit(0, pl.Int64), upto=pl.lit(0.0))
    sums = pl.concat([sums, zero])
    found = found.join(sums, on=["point", "valid_before"], how="left")
    found = found.with_columns(valid_from=pl.col("valid_before") - pl.col("hours"))
    before = sums.rename({"valid_before": "valid_from", "upto": "sum_from"})
    found = found.join(before, on=["point", "valid_from"], how="left")
    mean = (pl.col("upto") - pl.col("sum_from")) / pl.col("hours")
    return found.with_columns(mean=mean).drop("upto", "sum_from", "valid_from")


def _with_neighbours(found: pl.DataFrame, valid: pl.DataFrame) -> pl.DataFrame:
    """The mean of the valid hour before a gap and the one after it."""
    last = valid.select("point", valid_before=pl.col("rank") + 1, left_value="value")
    following = valid.select("point", valid_before="rank", right_value="value")
    keys = ["point", "valid_before"]
    found = found.join(last, on=keys, how="left").join(following, on=keys, how="left")
    between = (pl.col("left_value") + pl.col("right_value")) / 2
    return found.with_columns(between=between).drop("left_value", "right_value")


def _with_months(found: pl.DataFrame, month_means: pl.DataFrame | None) -> pl.DataFrame:
    """The mean of the last valid month before that in which each gap begins."""
    if month_means is None:
        return found.with_columns(of_month=pl.lit(None, pl.Float64))
    known = month_means.select("point", known_from=pl.col("month").dt.offset_by("1mo"), of_month="mean")
    asked = found.with_columns(month=pl.col("day").dt.truncate("1mo")).sort("month")
    joined = asked.join_asof(
        known.sort("known_from"), left_on="month", right_on="known_from", by="point", check_sortedness=False
    )
    return joined.drop("month", "known_from").sort("point", "starts_at")
