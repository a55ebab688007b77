"""传输率的数组: day rates of all points of a nation at once, equal to ``transmission.day_rate``."""

from __future__ import annotations

import polars as pl

from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.rates.transmission import Cut, RateRules
from shuangkong.monitoring.reading import HOURS_A_DAY


def day_rates(
    hours: pl.DataFrame, points: pl.DataFrame, days: pl.Series, marks: Marks, rules: RateRules, cut: Cut
) -> pl.DataFrame:
    """``point, day, hours, stopped, excused, received, valid, due, effective_pct``; sorted by point and day.

    Args:
        hours: ``point, at`` (aware) ``, value, mark, received_at`` (null: not told), at most one row an hour.
        points: ``point, factor`` of those due; ``days``: on these days.
        rules: those in force on all of ``days``: ask once for each stretch of days of one rule.
    """
    late = pl.col("received_at") - pl.col("at")
    if cut is Cut.REAL_TIME:
        in_time = late <= pl.duration(hours=rules.real_time_hours + 1)
    else:
        in_time = (pl.col("received_at").dt.date() - pl.col("at").dt.date()).dt.total_days() <= rules.repair_days
    stopped = pl.col("mark").is_in([mark.value for mark in marks.stopped])
    came = ~stopped & pl.col("value").is_not_null() & in_time.fill_null(value=True)
    valid = came & pl.col("mark").is_in([mark.value for mark in marks.measured])
    counted = hours.group_by("point", day=pl.col("at").dt.date()).agg(
        stopped=stopped.sum().cast(pl.Int64), received=came.sum().cast(pl.Int64), valid=valid.sum().cast(pl.Int64)
    )
    frame = points.join(pl.DataFrame({"day": days}), how="cross").join(counted, on=["point", "day"], how="left")
    frame = frame.with_columns(pl.col("stopped", "received", "valid").fill_null(0), hours=pl.lit(HOURS_A_DAY))
    checked = pl.col("factor").is_in(sorted(rules.checked))
    frame = frame.with_columns(allowed=pl.when(checked).then(rules.check_hours).otherwise(0))
    missing = pl.col("hours") - pl.col("stopped") - pl.col("received")
    frame = frame.with_columns(lost=pl.min_horizontal("allowed", missing))
    frame = frame.with_columns(
        spoiled=pl.min_horizontal(pl.col("allowed") - pl.col("lost"), pl.col("received") - pl.col("valid"))
    )
    frame = frame.with_columns(
        excused=pl.col("lost") + pl.col("spoiled"), received=pl.col("received") - pl.col("spoiled")
    )
    frame = frame.with_columns(due=pl.col("hours") - pl.col("stopped") - pl.col("excused"))
    rate = pl.when(pl.col("due") > 0).then(pl.col("valid") * 100 / pl.col("due"))
    kept = ("point", "day", "hours", "stopped", "excused", "received", "valid", "due")
    return frame.with_columns(effective_pct=rate).select(*kept, "effective_pct").sort("point", "day")
