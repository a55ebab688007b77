"""地区比较: which figures there are of the parts of a place, and the figures of one indicator and period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.core.fact import Cell, Measure, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Shift
from shuangkong.indicators.graph import periods_taken
from shuangkong.records.facts.codes import MEASURES, VALUE
from shuangkong.records.facts.dictionary import subjects as numbers_of
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.periods import period_of
from shuangkong.records.indicators.models import ComputedFigure
from shuangkong.records.past import known_by
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.known import GROWTH, Known, known

#: What has most to show, where nobody says what to compare.
_FIRST = ("energy_intensity_growth", "energy_intensity", "total_consumption")
_NEAR = frozenset({Shift.SAME, Shift.YEAR_BEFORE})
#: Steps of formulas upon formulas that are looked through.
_MOST_STEPS = 3
_LEVEL, _YOY = MEASURES.number(Measure.LEVEL), MEASURES.number(Measure.YOY_CHANGE_PCT)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``cells`` in the order of the regions, of one indicator and period."""

    indicator: str
    period: Period
    cells: tuple[Cell, ...]
    seen: Known


def comparable(parts: Collection[Subject], as_of: date | None = None) -> dict[str, tuple[Period, ...]]:
    """Indicator → periods, the newest first, of which a figure of the parts was told or can be computed. 3 queries.

    A change that was told of an indicator is listed as the indicator of that change.
    """
    numbers = numbers_of((each.kind, each.code) for each in parts).values()
    told = Observation.objects.filter(known_by(as_of, "load__loaded_at"), subject__in=numbers, state=VALUE)
    rows = told.filter(measure__in=(_LEVEL, _YOY)).values_list("indicator__text", "first_month", "months", "measure")
    found = {
        (f"{indicator}{GROWTH}" if measure == _YOY else indicator, period_of(first, months))
        for indicator, first, months, measure in rows.distinct()
    }
    made = ComputedFigure.objects.filter(
        known_by(as_of, "computation__computed_at"), subject__in=numbers, state=VALUE
    ).values_list("indicator__text", "first_month", "months")
    found |= {(indicator, period_of(first, months)) for indicator, first, months in made.distinct()}
    found = _with_computable(found, parts)
    periods: dict[str, list[Period]] = {}
    for indicator, period in sorted(found, key=lambda each: (each[0], -each[1].first_month, -each[1].months)):
        periods.setdefault(indicator, []).append(period)
    return {indicator: tuple(each) for indicator, each in periods.items()}


def chosen(asked: str, offered: Mapping[str, object]) -> str:
    """The indicator asked for, where it is offered; else what has most to show; "" where nothing is offered."""
    wanted = (asked, *_FIRST, *offered)
    return next((each for each in wanted if each in offered), "")


def _with_computable(told: set[tuple[str, Period]], parts: Collection[Subject]) -> set[tuple[str, Period]]:
    """With those whose formula takes nothing but what is there, of the same period or of the year before.

    The formulas are those of the laws that any of the parts is under.
    """
    book = open_rulebook()
    periods = {period for _, period in told if not period.is_plan}
    layers = {book.layer_of(part.code, period.last_day) for part in parts for period in periods}
    rules = [pair for layer in layers for pair in book.indicator_rules(layer).items()]
    found = set(told)
    for _round in range(_MOST_STEPS):
        more = {
            (indicator, period)
            for indicator, rule in rules
            for formula in rule.formulas
            for period in periods
            if formula.validity.holds_on(period.last_day)
            and all(
                (taken.indicator, each) in found
                for taken in formula.inputs.values()
                for each in periods_taken(taken.shift, period, _no_plan)
            )
            and all(taken.shift in _NEAR for taken in formula.inputs.values())
        }
        if more <= found:
            break
        found |= more
    return found


def _no_plan(_year: int) -> None:
    return None


def compared(indicator: str, period: Period, parts: Iterable[Subject], as_of: date | None = None) -> Comparison:
    """The figures of all parts. A fixed number of queries a step of the formula."""
    cells = tuple(Cell(part, indicator, period) for part in parts)
    return Comparison(indicator, period, cells, known(cells, as_of))
