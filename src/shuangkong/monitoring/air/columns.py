"""空气质量的数组: indices and yearly statistics of all stations or cities at once."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from shuangkong.monitoring.air.evaluation import AirRule
from shuangkong.monitoring.air.index import AirIndex, sub_index

#: Nearness to a whole index below which floats do not tell on which side of it a figure lies.
_DOUBT = 1e-7


def sub_indices(days: pl.DataFrame, rule: AirIndex, factor: str) -> pl.Series:
    """IAQI of a column named after the factor; null where it is."""
    steps = [float(each) for each in rule.pollutants[factor].concentrations]
    levels = [float(each) for each in rule.index]
    value = pl.col(factor)
    exact = pl.lit(levels[len(steps) - 1])
    for n in reversed(range(len(steps) - 1)):
        slope = (levels[n + 1] - levels[n]) / (steps[n + 1] - steps[n])
        exact = pl.when(value <= steps[n + 1]).then((value - steps[n]) * slope + levels[n]).otherwise(exact)
    found = days.select(value=value, exact=pl.when(value.is_not_null()).then(exact))
    near = (pl.col("exact") - pl.col("exact").round(0)).abs() < _DOUBT
    found = found.with_columns(index=pl.col("exact").ceil(), near=near.fill_null(value=False))
    index = found["index"].to_list()
    for row in found["near"].arg_true().to_list():
        index[row] = float(sub_index(rule, factor, Decimal(repr(found["value"][row]))))
    return pl.Series(factor, index, dtype=pl.Float64)


def air_days(days: pl.DataFrame, rule: AirIndex) -> pl.DataFrame:
    """Adds ``index`` (null: nothing told), ``is_good`` (null: what is missing decides) to rows of means by factor."""
    sub = pl.DataFrame([sub_indices(days, rule, factor) for factor in rule.pollutants])
    index = sub.select(pl.max_horizontal(pl.all())).to_series()
    is_whole = sub.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    good = (
        pl.when(pl.col("index") > float(rule.good))
        .then(pl.lit(value=False))
        .when(pl.col("__whole"))
        .then(pl.lit(value=True))
    )
    return days.with_columns(index=index, __whole=is_whole).with_columns(is_good=good).drop("__whole")


def year_statistics(days: pl.DataFrame, rule: AirRule, factor: str, keys: list[str]) -> pl.DataFrame:
    """``keys, days, mean, percentile`` by ``keys`` over the column ``factor``, before rounding; sorted by keys."""
    share = rule.pollutants[factor].percentile
    value = pl.col(factor).drop_nulls()
    # Linear interpolation at (n − 1) · p is that of the rule.
    high = value.quantile(float(share) / 100, interpolation="linear") if share is not None else pl.lit(None, pl.Float64)
    found = days.group_by(keys).agg(days=value.len().cast(pl.Int64), mean=value.mean(), percentile=high)
    return found.sort(keys)


def good_days(days: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """``keys, good, judged, unknown`` of ``air_days``; sorted by keys."""
    found = days.group_by(keys).agg(
        good=pl.col("is_good").sum().cast(pl.Int64),
        judged=pl.col("is_good").is_not_null().sum().cast(pl.Int64),
        unknown=pl.col("is_good").is_null().sum().cast(pl.Int64),
    )
    return found.sort(keys)
