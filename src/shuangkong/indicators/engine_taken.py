"""公式的输入: the columns that stand for one name of a formula, one for all or a series for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from shuangkong.core.period import Period
from shuangkong.indicators.engine_asked import Asked
from shuangkong.indicators.engine_everyone import Everyone
from shuangkong.indicators.engine_figures import Figures, Standing
from shuangkong.indicators.engine_values import nothing, told_at
from shuangkong.indicators.formula import Input, Shift, Span
from shuangkong.indicators.graph import BaseYears, periods_taken
from shuangkong.indicators.methods import Given
from shuangkong.policyfile.expression.column import Column


@dataclass(frozen=True, slots=True)
class Taken:
    """One name of a formula.

    Attributes:
        column: the figure of everyone; None where it is a series.
        standing: of all that stands for it.
        at: what stands for it in one row.
    """

    column: Column | None
    standing: Standing
    at: Callable[[int], Given]


def taken_by(
    taken: Input, period: Period, base_year: BaseYears, everyone: Everyone, figures: Callable[[Asked], Figures]
) -> Taken:
    """What stands for a name when ``period`` is computed: engine.cells_of_input, for everyone."""
    periods = periods_taken(taken.shift, period, base_year)
    found = [figures(Asked(taken.indicator, each, taken.measure)) for each in periods]
    if taken.span is Span.CHILDREN:
        return _of_parts(found, periods, taken, everyone)
    if taken.span is Span.WHOLE:
        found = [each.gathered(everyone.whole) for each in found]
    standing = _all(found, len(everyone))
    if taken.shift is Shift.SINCE_BASE:
        columns = [(str(each), one.column) for each, one in zip(periods, found, strict=True)]
        has_any = everyone.whole >= 0 if taken.span is Span.WHOLE else np.ones(len(everyone), dtype=np.bool_)
        return Taken(None, standing, lambda row: {name: told_at(one, row) for name, one in columns if has_any[row]})
    column = found[0].column if found else nothing(len(everyone))
    return Taken(column, standing, lambda row: told_at(column, row))


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

    below = _all(found, len(everyone))
    standing = Standing.of_nothing(len(everyone))
    for level in everyone.levels:
        standing = standing.with_rows(level.wholes, below.in_groups(level.parts))
    return Taken(None, standing, at)


def _all(found: Sequence[Figures], size: int) -> Standing:
    return reduce(Standing.below, (each.standing for each in found), Standing.of_nothing(size))
