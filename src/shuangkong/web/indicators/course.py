"""强度的历程: intensity of a region year by year of its plan, before and after exclusions, with what they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.engine.printing import Printed, at_rest
from shuangkong.indicators.excluding import statement
from shuangkong.indicators.exclusions import Exclusion
from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.prices import at_prices
from shuangkong.records.facts.store import observations
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.known import Known, known
from shuangkong.web.indicators.shown import words_of

INTENSITY, TOTAL, GDP = "energy_intensity", "total_consumption", "gdp_constant"
ASSESSED, ASSESSED_DECLINE = "assessed_energy_intensity", "assessed_energy_intensity_decline"
DECLINE, DUE = "energy_intensity_cumulative_decline", "energy_intensity_due_decline"
PROGRESS, EFFORT = "energy_intensity_progress", "energy_intensity_remaining_effort"
TARGET = "energy_intensity_target"
CHANGES = (
    "energy_intensity_growth", "total_consumption_growth", "electricity_intensity_growth",
    "industry_energy_intensity_growth",
)  # fmt: skip
_ALL = (INTENSITY, ASSESSED, ASSESSED_DECLINE, DECLINE, DUE, PROGRESS, EFFORT, *CHANGES)
#: What is shown of the base year at its own prices: its last year in the plan before is told at older ones.
_PRICED = frozenset({INTENSITY, ASSESSED})
#: Of what something must be told for a period to be shown.
_TELLING = (INTENSITY, TOTAL, GDP, "energy_intensity_growth")
_YEAR = 12

#: What each figure is called in a sentence.
BRIEFLY: Mapping[str, str | Promise] = {
    "total_consumption_growth": lazy("总量同比"),
    "energy_intensity_growth": lazy("强度同比"),
    DECLINE: lazy("累计下降"),
    ASSESSED_DECLINE: lazy("扣除后累计下降"),
    DUE: lazy("应累计下降"),
    PROGRESS: lazy("完成五年目标"),
    EFFORT: lazy("余下每年须下降"),
}


@dataclass(frozen=True, slots=True)
class Excluded:
    """One exclusion and by how much it lowers the intensity, as shown."""

    indicator: str
    shown: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Course:
    """``periods``: whole years from the base year on, the months to date of the year under way the last.

    ``years`` are those after the base year: what compounds and what is due is told of them alone.
    """

    subject: Subject
    base: int
    periods: tuple[Period, ...]
    seen: Known

    @property
    def years(self) -> tuple[Period, ...]:
        return tuple(period for period in self.periods if period.year > self.base)

    @property
    def last(self) -> Period:
        return self.periods[-1]

    @property
    def is_demo(self) -> bool:
        return self.seen.is_demo([self.cell(indicator, self.last) for indicator in (INTENSITY, DECLINE)])

    def cell(self, indicator: str, period: Period) -> Cell:
        return _cell(self.subject, indicator, period, self.base)

    def cells(self, period: Period) -> tuple[Cell, ...]:
        """Every figure of a period; what compounds only of those after the base year."""
        wanted = _ALL if period.year > self.base else (INTENSITY, ASSESSED, *CHANGES)
        return tuple(self.cell(indicator, period) for indicator in wanted)

    def exclusions(self) -> tuple[Excluded, ...]:
        """What is taken away in the last period, item by item; none where nothing is or figures are lacking."""
        cell = self.cell(ASSESSED, self.last)
        found = statement(cell, self.seen.engine_of(cell))
        if found is None or found.sides is None:
            return ()
        forms = self.seen.law.forms
        return tuple(_excluded(each, found.rule, forms) for each in found.sides.exclusions)


def _cell(subject: Subject, indicator: str, period: Period, base: int) -> Cell:
    """The intensity of a base year is that at the prices of the plan which it is the base of, like all beside it."""
    is_base = period.year == base and open_rulebook().base_year(base + 1) == base
    return Cell(subject, at_prices(indicator, base) if is_base and indicator in _PRICED else indicator, period)


def _excluded(each: Exclusion, rule: Indicator, forms: Mapping[str, PrintedUnit]) -> Excluded:
    if isinstance(each.moves, State):
        return Excluded(each.indicator, words_of(Printed(None, ""), each.moves), None)
    printed = at_rest(each.moves, rule, forms, rule.unit)
    return Excluded(each.indicator, words_of(Printed(printed.value, ""), State.VALUE), printed.value)


def course_of(subject: Subject, as_of: date | None = None, year: int | None = None) -> Course | None:
    """The course up to the newest period of a year, of the newest one where none is given; None where nothing is told.

    A year that is over is shown whole, the one under way by its longest months to date. A fixed number of queries.
    """
    told = observations(_TELLING, [(subject.kind, subject.code)], as_of)
    telling: dict[Period, set[str]] = defaultdict(set)
    for row in told:
        if row.state is State.VALUE:
            telling[Period.parse(row.period)].add(row.indicator)
    found = [
        each for each, ids in telling.items() if _tells(ids) and not each.is_plan and each.first_month % _YEAR == 0
    ]
    wanted = [each for each in found if year is None or each.year <= year]
    last = max(wanted, key=lambda each: each.first_month + each.months, default=None)
    if last is None:
        return None
    base = open_rulebook().base_year(last.year)
    first = last.year - 1 if base is None else base
    every = (*(Period(each) for each in range(first, last.year)), last)
    cells = [_cell(subject, indicator, period, first) for indicator in _ALL for period in every]
    return Course(subject, first, every, known(cells, as_of))


def _tells(indicators: set[str]) -> bool:
    """Whether an intensity or its change was told, or what it is made of."""
    return bool(indicators - {TOTAL, GDP}) or {TOTAL, GDP} <= indicators
