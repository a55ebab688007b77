"""报警规则的数组: the rules of single points for all points of a nation at once, with the same outcome.

Frames of hours: ``point``, ``at`` (aware), ``value`` (float, null: none came), ``mark``; ``segment`` and ``offset``
where there are any. Episodes come back as ``point, starts_at, ends_at`` (null: open) and ``count``, some with ``peak``
and ``worst_at``; sorted by point and start. Values are readings as devices print them: their floats compare as the
decimals do.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from shuangkong.monitoring.alarms.exceedance import EpisodeRule

_HOUR = timedelta(hours=1)
_KEYS = ["point", "starts_at"]


def exceedances(
    means: pl.DataFrame, limits: pl.DataFrame, judged: list[str], length: timedelta, rule: EpisodeRule
) -> pl.DataFrame:
    """Episodes of exceedance, with ``peak, worst_at, multiple, most, least`` (those of the worst period).

    Args:
        means: hours or days; of the basis that the limits are of.
        limits: ``point, starts, until`` (days; null: no end) ``, most, least`` (null: no such bound): what counts, at
            most one row a point and day.
        judged: marks that are held against limits. A frame that holds ``is_judged`` already is taken by that.
        length: of a period.
    """
    day = pl.col("at").dt.date()
    held = means.filter(pl.col("value").is_not_null()).join(limits, on="point", how="inner")
    held = held.filter((pl.col("starts") <= day) & (pl.col("until").is_null() | (day <= pl.col("until"))))
    kept = pl.col("is_judged") if "is_judged" in means.columns else pl.col("mark").is_in(judged)
    held = held.filter(kept).sort("point", "at")
    above = (pl.col("value") > pl.col("most")).fill_null(value=False)
    below = (pl.col("value") < pl.col("least")).fill_null(value=False)
    bound = pl.when(above).then(pl.col("most")).otherwise(pl.col("least"))
    apart = (pl.col("value") - bound).abs()
    held = held.with_columns(
        out=above | below,
        distance=pl.when(bound != 0).then(apart / bound).otherwise(pl.col("value").abs()),
        multiple=pl.when(above & (pl.col("most") > 0)).then(pl.col("value") / pl.col("most") - 1),
    )
    return _chained(held, rule, length)


def _chained(held: pl.DataFrame, rule: EpisodeRule, length: timedelta) -> pl.DataFrame:
    """Streaks out of order, joined over fewer than ``close_after`` clean periods, from the first long enough on."""
    last = held.group_by("point").agg(total=pl.len())
    held = held.with_columns(row=pl.int_range(pl.len()).over("point"))
    out = held.filter("out").with_columns(clean=(pl.col("row") - pl.col("row").shift(1).over("point") - 1).fill_null(0))
    out = out.with_columns(streak=(pl.col("clean") > 0).cum_sum().over("point"))
    out = out.with_columns(
        long=pl.len().over("point", "streak") >= rule.open_after,
        chain=(pl.col("clean") >= rule.close_after).cum_sum().over("point"),
    )
    out = out.filter(pl.col("long").cum_max().over("point", "chain"))
    worst = pl.col("distance").arg_max()
    found = out.group_by("point", "chain").agg(
        starts_at=pl.col("at").min(),
        last_at=pl.col("at").max(),
        last_row=pl.col("row").max(),
        count=pl.len().cast(pl.Int64),
        peak=pl.col("value").get(worst),
        worst_at=pl.col("at").get(worst),
        multiple=pl.col("multiple").get(worst),
        most=pl.col("most").get(worst),
        least=pl.col("least").get(worst),
        **{name: pl.col(name).first() for name in ("segment", "offset") if name in held.columns},
    )
    found = found.join(last, on="point")
    is_over = pl.col("total") - 1 - pl.col("last_row") >= rule.close_after
    found = found.with_columns(ends_at=pl.when(is_over).then(pl.col("last_at") + length))
    return found.drop("chain", "last_at", "last_row", "total").sort(_KEYS)


def silences(hours: pl.DataFrame, due: pl.DataFrame, excused: pl.DataFrame, least_hours: int) -> pl.DataFrame:
    """Stretches without a value while a factor was due.

    Args:
        due: ``point, first, last`` (aware hours; ``last`` not included): since when it is owed, and until when asked.
        excused: ``point, at`` of hours in which nothing is due (stopped).
    """
    asked = due.select("point", at=pl.datetime_ranges("first", "last", "1h", closed="left")).explode("at")
    asked = asked.filter(pl.col("at").is_not_null())
    told = hours.filter(pl.col("value").is_not_null()).select("point", "at", is_told=pl.lit(value=True))
    free = excused.select("point", "at", is_excused=pl.lit(value=True))
    asked = (
        asked.join(told, on=["point", "at"], how="left").join(free, on=["point", "at"], how="left").sort("point", "at")
    )
    silent = pl.col("is_told").is_null() & pl.col("is_excused").is_null()
    return runs(asked.with_columns(out=silent), pl.lit(value=False), least_hours)


def is_silent(last: pl.DataFrame, asked_at: datetime, least: timedelta) -> pl.DataFrame:
    """Live: points of which nothing came for ``least``: ``point, last_at, due_from``, the longest silent first.

    Args:
        last: ``point, last_at`` (null: nothing ever came) ``, due_from``, of points that are due now.
    """
    since = pl.coalesce("last_at", "due_from")
    return last.filter(pl.lit(asked_at) - since >= least).sort(since)


def stuck(hours: pl.DataFrame, measured: list[str], least: int) -> pl.DataFrame:
    """Runs of the same value, with ``peak`` (that value)."""
    out = pl.col("value").is_not_null() & pl.col("mark").is_in(measured)
    other = pl.col("value") != pl.col("value").shift(1).over("point")
    other |= pl.col("at").diff().over("point") != _HOUR
    return runs(hours.sort("point", "at").with_columns(out=out), other, least)


def jumps(hours: pl.DataFrame, measured: list[str], multiple: float) -> pl.DataFrame:
    """Hours that leap: ``point, at, value, before``; ``hours`` has ``least_change`` of each point."""
    sound = pl.when(pl.col("mark").is_in(measured)).then(pl.col("value"))
    frame = (
        hours.sort("point", "at")
        .with_columns(sound=sound)
        .with_columns(before=pl.col("sound").shift(1).over("point"), gap=pl.col("at").diff().over("point"))
    )
    low = pl.min_horizontal(pl.col("sound").abs(), pl.col("before").abs())
    high = pl.max_horizontal(pl.col("sound").abs(), pl.col("before").abs())
    both = pl.col("sound").is_not_null() & pl.col("before").is_not_null() & (pl.col("gap") == _HOUR)
    leaps = both & (high - low >= pl.col("least_change")) & (high >= multiple * low)
    return frame.filter(leaps).select("point", "at", "value", "before")


def out_of_range(hours: pl.DataFrame) -> pl.DataFrame:
    """Runs outside ``low``–``high`` (columns of ``hours``; null: no such bound), with ``peak`` and ``worst_at``."""
    below = (pl.col("value") < pl.col("low")).fill_null(value=False)
    above = (pl.col("value") > pl.col("high")).fill_null(value=False)
    beyond = pl.when(above).then(pl.col("value") - pl.col("high")).otherwise(pl.col("low") - pl.col("value"))
    frame = hours.sort("point", "at").with_columns(out=above | below, distance=beyond)
    return runs(frame, pl.lit(value=False), 1)


def runs(frame: pl.DataFrame, starts_anew: pl.Expr, least: int) -> pl.DataFrame:
    """Maximal runs of rows that are ``out``, of at least ``least`` rows; the last of a point is open.

    Args:
        frame: sorted by point and time; ``starts_anew``: a row that is out and yet begins another run.
    """
    frame = frame.with_columns(
        row=pl.int_range(pl.len()).over("point"),
        total=pl.len().over("point"),
        breaks=(~pl.col("out") | starts_anew).fill_null(value=False),
    )
    frame = frame.with_columns(run=pl.col("breaks").cum_sum().over("point")).filter("out")
    more: dict[str, pl.Expr] = {}
    if "value" in frame.columns:
        worst = pl.col("distance").arg_max() if "distance" in frame.columns else pl.lit(0)
        more = {"peak": pl.col("value").get(worst), "worst_at": pl.col("at").get(worst)}
    found = frame.group_by("point", "run").agg(
        starts_at=pl.col("at").min(),
        last_at=pl.col("at").max(),
        last_row=pl.col("row").max(),
        total=pl.col("total").first(),
        count=pl.len().cast(pl.Int64),
        **more,
        **{name: pl.col(name).first() for name in ("segment", "offset") if name in frame.columns},
    )
    found = found.filter(pl.col("count") >= least)
    is_over = pl.col("last_row") < pl.col("total") - 1
    found = found.with_columns(ends_at=pl.when(is_over).then(pl.col("last_at") + _HOUR))
    return found.drop("run", "last_at", "last_row", "total").sort(_KEYS)
