"""有效性的数组: the same verdicts for all points of a nation at once."""

from __future__ import annotations

from datetime import date

import polars as pl

from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import HOURS_A_DAY, Span
from shuangkong.monitoring.validity.rule import Of, ValidityRules
from shuangkong.monitoring.validity.verdict import Why

#: How a frame tells ``Verdict.why``; null where the span is valid.
_TRUNCATED = {Span.MONTH: "1mo", Span.QUARTER: "1q", Span.YEAR: "1y"}


def day_verdicts(
    hours: pl.DataFrame, points: pl.Series, marks: Marks, rules: ValidityRules, days: pl.Series
) -> pl.DataFrame:
    """Verdicts of each point on each day.

    Args:
        hours: ``point``, ``at`` (aware, start of the hour), ``mark`` (text of Mark), ``value`` (null: none came); at
            most one row an hour.
        points, days: those asked about: a point without any row on a day has all its hours missing.

    Returns:
        ``point, day, due, measured, stopped, lost, worst, is_valid, why``; sorted by point and day. ``worst`` is the
        mark that most was lost to, null where nothing was; ``lost_<mark>`` counts each.
    """
    told = _marked(hours).with_columns(day=pl.col("at").dt.date())
    counted = told.group_by("point", "day").agg(
        measured=pl.col("mark").is_in(_texts(marks.measured)).sum(),
        stopped=pl.col("mark").is_in(_texts(marks.stopped)).sum(),
        told=pl.len(),
        **{_column(mark): (pl.col("mark") == mark.value).sum() for mark in _lost(marks)},
    )
    asked = pl.DataFrame({"point": points}).join(pl.DataFrame({"day": days}), how="cross")
    frame = asked.join(counted, on=["point", "day"], how="left").with_columns(pl.exclude("point", "day").fill_null(0))
    missing = _column(Mark.MISSING)
    frame = frame.with_columns(
        pl.lit(HOURS_A_DAY).alias("due"), (pl.col(missing) + HOURS_A_DAY - pl.col("told")).alias(missing)
    )
    return _judged(frame, Span.DAY, rules, "day", marks)


def long_verdicts(days: pl.DataFrame, span: Span, marks: Marks, rules: ValidityRules) -> pl.DataFrame:
    """Verdicts of months, quarters or years out of those of days (as ``day_verdicts`` returns them, whole spans).

    Which rule holds is decided by the last day of each span, and with it whether days or hours are counted.
    """
    frame = days.with_columns(starts=pl.col("day").dt.truncate(_TRUNCATED[span]))
    frame = frame.with_columns(last=pl.col("starts").dt.offset_by(_TRUNCATED[span]).dt.offset_by("-1d"))
    pieces = []
    for (last,), piece in frame.group_by("last", maintain_order=True):
        assert isinstance(last, date)
        rule = rules.on(span, last)
        valid = pl.col("is_valid").fill_null(value=False)
        still = (pl.col("due") == pl.col("stopped")) & ~valid
        lost = [_column(mark) for mark in _lost(marks)]
        sums = (
            _in_days(valid, still, lost)
            if rule is not None and rule.of is Of.DAYS
            else {name: pl.col(name).sum() for name in ("due", "measured", "stopped", *lost)}
        )
        counted = piece.group_by("point", "starts").agg(**sums)
        pieces.append(_judged(counted.with_columns(last=pl.lit(last)), span, rules, "last", marks).drop("last"))
    return pl.concat(pieces).sort("point", "starts") if pieces else frame.head(0)


def _in_days(valid: pl.Expr, still: pl.Expr, lost: list[str]) -> dict[str, pl.Expr]:
    """Days by what they count as; a lost one to what most of its hours were lost to."""
    worst = pl.col("worst").fill_null(Mark.MISSING.value)
    by = {name: (~valid & ~still & (worst == name.removeprefix("lost_"))).sum() for name in lost}
    return {"due": pl.len(), "measured": valid.sum(), "stopped": still.sum(), **by}


def _judged(frame: pl.DataFrame, span: Span, rules: ValidityRules, day: str, marks: Marks) -> pl.DataFrame:
    """Adds worst, is_valid and why, each day by the rule of that day."""
    lost = [_column(mark) for mark in _lost(marks)]
    pieces = []
    for (on,), piece in frame.group_by(day, maintain_order=True):
        assert isinstance(on, date)
        rule = rules.on(span, on)
        running = pl.col("due") - pl.col("stopped")
        if rule is None:
            enough = pl.lit(None, dtype=pl.Boolean)
        elif rule.least is not None:
            enough = pl.col("measured") >= rule.least
        else:
            # Whole numbers on both sides: a share of 75 % is decided as on paper.
            share = (rule.least_share_pct or 0).as_integer_ratio()
            enough = pl.col("measured") * 100 * share[1] >= running * share[0]
        is_valid = pl.when(running > 0).then(enough) if rule else pl.lit(None, dtype=pl.Boolean)
        silent = (pl.col("measured") == 0) & (pl.sum_horizontal(*lost) == pl.col(_column(Mark.MISSING)))
        why = (
            pl.lit(Why.NO_RULE.value)
            if rule is None
            else pl.when(running <= 0)
            .then(pl.lit(Why.STOPPED.value))
            .when(~enough)
            .then(pl.when(silent).then(pl.lit(Why.NOTHING.value)).otherwise(pl.lit(Why.TOO_FEW.value)))
        )
        pieces.append(piece.with_columns(is_valid=is_valid, why=why))
    found = pl.concat(pieces) if pieces else frame.with_columns(is_valid=None, why=None)
    most = pl.max_horizontal(*lost)
    worst = pl.coalesce(
        *(pl.when((pl.col(name) == most) & (most > 0)).then(pl.lit(name.removeprefix("lost_"))) for name in lost)
    )
    keys = [name for name in ("point", "day", "starts", "last") if name in found.columns]
    found = found.with_columns(worst=worst, lost=pl.sum_horizontal(*lost))
    return found.select(*keys, "due", "measured", "stopped", "lost", *lost, "worst", "is_valid", "why").sort(keys[:2])


def _marked(hours: pl.DataFrame) -> pl.DataFrame:
    """A normal mark without a value is a hole."""
    hole = pl.col("value").is_null() & (pl.col("mark") == Mark.NORMAL.value)
    return hours.with_columns(mark=pl.when(hole).then(pl.lit(Mark.MISSING.value)).otherwise(pl.col("mark")))


def _lost(marks: Marks) -> list[Mark]:
    """Marks of lost data in the order of documents, MISSING among them whatever the policy says."""
    counted = marks.measured | marks.stopped
    return [mark for mark in Mark if mark not in counted]


def _column(mark: Mark) -> str:
    return f"lost_{mark.value}"


def _texts(marks: frozenset[Mark]) -> list[str]:
    return sorted(mark.value for mark in marks)
