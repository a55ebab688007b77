"""后来怎样: whether the promise that a published level spoke of was kept in the end, as far as bulletins tell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from shuangkong.indicators.methods.compounding import left_after
from shuangkong.outlook.history.published import History, PublishedPromise
from shuangkong.outlook.response.rates import Trial
from shuangkong.policyfile.expression.given import exact

_CHANGE, _GROWTH = "energy_intensity_change", "consumption_growth"
_HUNDRED = 100
_YEAR = 12
#: Rules that speak of totals; all others of the decline of the intensity.
_OF_TOTALS = frozenset({"total", "consumption_growth"})


def trials(history: History) -> tuple[Trial, ...]:
    """Every published level with how its promise ended; None where that is not known."""
    return tuple(
        Trial(table.rule, level, is_missed(history, table.rule, history.promise(region, table.period)))
        for table in history.tables
        for region, level in sorted(table.levels.items())
    )


def is_missed(history: History, rule: str, promise: PublishedPromise | None) -> bool | None:
    """Whether a five-year promise was missed; None where it, or the change of one of its years, was not published."""
    if promise is None:
        return None
    if rule in _OF_TOTALS:
        base, cap = promise.figures.get("base_consumption"), promise.figures.get("increment_cap")
        grown = _left(history, promise, _GROWTH)
        if base is None or cap is None or grown is None:
            return None
        return exact(base) * (grown - 1) > exact(cap)
    promised, left = promise.figures.get("decline"), _left(history, promise, _CHANGE)
    if promised is None or left is None:
        return None
    return _HUNDRED * (1 - left) < exact(promised)


def _left(history: History, promise: PublishedPromise, column: str) -> Fraction | None:
    """What is left of the base after all years of the plan; None where a year was not published."""
    changes = tuple(_changes(history, promise, column))
    if any(each is None for each in changes):
        return None
    return left_after(exact(each) / _HUNDRED for each in changes if each is not None)


def _changes(history: History, promise: PublishedPromise, column: str) -> Iterator[Decimal | None]:
    plan = promise.plan
    years = {period.year: each for (region, period), each in history.changes.items()
             if region == promise.region and period.is_year}  # fmt: skip
    for year in range(plan.year, plan.year + plan.months // _YEAR):
        found = years.get(year)
        yield found.figures.get(column) if found else None
