"""公式的输入: the columns that stand for one name of a formula, one for all or a series for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from shuangkong.core.period import Period
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.everyone import Everyone, Flags, Rows
from shuangkong.indicators.engine.figures import Figures, Standing
from shuangkong.indicators.engine.values import lacks_of, nothing, told_at
from shuangkong.indicators.formula import Input, Shift, Span
from shuangkong.indicators.graph import BaseYears, periods_of
from shuangkong.indicators.methods import Given
from shuangkong.policyfile.expression.column import Column
from shuangkong.policyfile.expression.given import Lack


@dataclass(frozen=True, slots=True)
class Taken:
    """One name of a formula.

    Attributes:
        column: the figure of everyone; None where it is a series.
        standing: of all that stands for it.
        at: what stands for it in one row.
        is_blank: where all that stands for it is missing; ``counts``: how many figures stand for it.
    """

    column: Column | None
    standing: Standing
    at: Callable[[int], Given]
    is_blank: Flags
    counts: Rows


def taken_by(
    taken: Input, period: Period, base_year: BaseYears, everyone: Everyone, figures: Callable[[Asked], Figures]
) -> Taken:
    """What stands for a name when ``period`` is computed: engine.cells_of_input, for everyone."""
    periods = periods_of(taken, period, base_year)
    found = [figures(Asked(taken.indicator, each, taken.measure)) for each in periods]
    if taken.span is Span.CHILDREN:
        return _of_parts(found, periods, taken, everyone)
    rows = _rows(taken, everyone)
    if rows is not None:
        found = [each.gathered(rows) for each in found]
    standing = _all(found, len(everyone))
    if taken.shift is Shift.SINCE_BASE:
        columns = [(str(each), one.column) for each, one in zip(periods, found, strict=True)]
        has_any = np.ones(len(everyone), dtype=np.bool_) if rows is None else rows >= 0

        def at(row: int) -> Given:
            return {name: told_at(one, row) for name, one in columns if has_any[row]}

        return Taken(None, standing, at, _is_blank(found, len(everyone)), len(found) * has_any.astype(np.int64))
    column = found[0].column if found else nothing(len(everyone))
    is_blank = lacks_of(column) >= Lack.MISSING
    return Taken(column, standing, lambda row: told_at(column, row), is_blank, np.ones(len(everyone), dtype=np.int64))


def _rows(taken: Input, everyone: Everyone) -> Rows | None:
    """Whose figure stands for that of each; None: everyone's own."""
    match taken.span:
        case Span.WHOLE:
            return everyone.whole
        case Span.SECTOR:
            return everyone.sectors(taken.sector)
        case _:
            return None


def _of_parts(found: Sequence[Figures], periods: Sequence[Period], taken: Input, everyone: Everyone) -> Taken:
    """A series by part, and by period where there are several."""
    is_of_periods = taken.shift is Shift.SINCE_BASE

    def at(row: int) -> Given:
        return {
            f"{everyone.subjects[part].code} {period}" if is_of_periods else everyone.subjects[part].code: told_at(
                one.column, int(part)
            )
            for part in everyone.parts[row]
            for period, one in zip(periods, found, strict=True)
        }

    below, is_blank_below = _all(found, len(everyone)), _is_blank(found, len(everyone))
    standing, is_blank = Standing.of_nothing(len(everyone)), np.ones(len(everyone), dtype=np.bool_)
    for level in everyone.levels:
        standing = standing.with_rows(level.wholes, below.in_groups(level.parts))
        is_blank[level.wholes] = np.logical_and.reduceat(is_blank_below[level.parts.rows], level.parts.starts)
    counts = len(found) * np.array([len(parts) for parts in everyone.parts], dtype=np.int64)
    return Taken(None, standing, at, is_blank, counts)


def _is_blank(found: Sequence[Figures], size: int) -> Flags:
    """Where all of them are missing."""
    return reduce(np.logical_and, (each.is_missing for each in found), np.ones(size, dtype=np.bool_))


def _all(found: Sequence[Figures], size: int) -> Standing:
    return reduce(Standing.below, (each.standing for each in found), Standing.of_nothing(size))
