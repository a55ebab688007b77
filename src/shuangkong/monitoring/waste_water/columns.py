"""废水计算（按列）: hours of all outlets at once, equal to ``point.water_hour`` and ``point.together``."""

from __future__ import annotations

import polars as pl

from shuangkong.monitoring.waste_water.point import HOUR_S


def volume(flow_l_s: pl.Expr, seconds: float = float(HOUR_S)) -> pl.Expr:
    return flow_l_s * seconds / 1000


def amount(volume_m3: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Nothing discharged is an amount of zero, whatever the concentration."""
    return pl.when(volume_m3 == 0).then(0.0).otherwise(volume_m3 * value / 1000)


def water_hours(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds ``volume_m3, amount_kg`` to rows of ``flow_l_s, value`` (null: missing)."""
    return frame.with_columns(volume_m3=volume(pl.col("flow_l_s"))).with_columns(
        amount_kg=amount(pl.col("volume_m3"), pl.col("value"))
    )


def together(hours: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sums by ``keys`` of ``volume_m3, amount_kg`` and the flow-weighted ``mean``; null where a part is missing."""

    def whole(name: str) -> pl.Expr:
        return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)

    found = hours.group_by(keys).agg(whole("volume_m3"), whole("amount_kg"))
    mean = pl.when(pl.col("volume_m3") > 0).then(pl.col("amount_kg") * 1000 / pl.col("volume_m3"))
    return found.with_columns(mean=mean).sort(keys)
