"""看到的数: figures of many cells at once, told or computed; a published change counts where no levels are known.

Bulletins publish changes on the year before, seldom the levels. Such a change is told of the indicator itself (口径：
比上年变化); where ``<indicator>_growth`` cannot be computed from levels, it stands for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.fact import Cell, Maturity, Measure, State
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine, cells_of_input
from shuangkong.indicators.engine_law import Law
from shuangkong.indicators.engine_leaves import is_demo, maturity_of
from shuangkong.indicators.engine_print import Printed, kept, published
from shuangkong.indicators.formula import Indicator
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.layered import law_for
from shuangkong.records.indicators.territory import Territory
from shuangkong.web.indicators.shown import address, words_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.words import maturity_word, spoken

GROWTH = "_growth"


@dataclass(frozen=True, slots=True)
class Known:
    """``changes``: cells whose figure is a published change and no computed one."""

    engine: Engine
    law: Law
    changes: frozenset[Cell]

    def figure(self, cell: Cell) -> Figure:
        return self.engine.figure(cell)

    def value(self, cell: Cell) -> Decimal | None:
        """In the base unit of the indicator."""
        return self.engine.figure(cell).value

    def rule(self, indicator: str) -> Indicator | None:
        return self.law.indicators.get(indicator)

    def printed(self, cell: Cell) -> Printed:
        """As published."""
        figure = self.figure(cell)
        return published(figure.value, self.rule(cell.indicator), self.law.forms, figure.unit)

    def at_rest(self, cell: Cell) -> Printed:
        """With the decimals that are kept before it enters another figure."""
        figure, rule = self.figure(cell), self.rule(cell.indicator)
        shown = kept(figure.value, rule, self.law.forms, figure.unit)
        places = rule.rounding.kept if rule else None
        if shown.value is None or places is None:
            return shown
        return Printed(shown.value.quantize(Decimal(1).scaleb(-places)), shown.unit)

    def maturity(self, cell: Cell) -> Maturity | None:
        return maturity_of(self.figure(cell))

    def is_demo(self, cells: Collection[Cell]) -> bool:
        return any(is_demo(self.figure(cell)) for cell in cells)

    def unit(self, indicator: str) -> str:
        """The printed unit in which figures of the indicator are shown."""
        rule = self.rule(indicator)
        return rule.display or rule.unit if rule else ""


def known(cells: Collection[Cell], as_of: date | None = None, territory: Territory | None = None) -> Known:
    """All that these cells rest on, as known by the end of a day, by the law of the place that the first is about.

    4 queries for each step of formulas, as many again where figures are put together from parts, 4 for changes.
    """
    territory = territory or Territory()
    first = next(iter(cells), None)
    law = law_of(territory) if first is None else law_for(first.subject, first.period, territory)
    engine = engine_for(cells, territory, law, as_of)
    lacking = {cell for cell in set(_changes(cells, law)) if engine.figure(cell).state is State.MISSING}
    told_as = {
        Cell(cell.subject, cell.indicator.removesuffix(GROWTH), cell.period, Measure.YOY_CHANGE_PCT): cell
        for cell in lacking
    }
    facts = facts_for(told_as, as_of) if told_as else {}
    told = {told_as[cell]: replace(fact, cell=told_as[cell]) for cell, fact in facts.items()}
    changes = frozenset(cell for cell, fact in told.items() if fact.state is State.VALUE)
    return Known(Engine(law, {**engine.told, **told}) if told else engine, law, changes)


def _changes(cells: Collection[Cell], law: Law) -> Iterator[Cell]:
    """Changes on the year before among these cells and all that they rest on."""
    seen: set[Cell] = set()
    waiting = list(cells)
    while waiting:
        cell = waiting.pop()
        if cell in seen:
            continue
        seen.add(cell)
        if cell.indicator.endswith(GROWTH) and cell.indicator.removesuffix(GROWTH) in law.indicators:
            yield cell
        formula = law.formula(cell.indicator, cell.period)
        for taken in formula.inputs.values() if formula else ():
            waiting.extend(cells_of_input(taken, cell, law))


def figure_cell(request: HttpRequest, seen: Known, cell: Cell, *, is_kept: bool = False) -> TableCell:
    """A figure in a table, without its unit; on hover how settled it is and what must be known of it."""
    figure = seen.figure(cell)
    printed = seen.at_rest(cell) if is_kept else seen.printed(cell)
    shown = words_of(Printed(printed.value, ""), figure.state)
    why = "" if cell in seen.changes else address(request, cell)
    return TableCell(shown, printed.value, why=why, hint=hint_of(seen, cell))


def hint_of(seen: Known, cell: Cell) -> str:
    """How settled a figure is, and its first doubt; why there is none."""
    figure = seen.figure(cell)
    if figure.state is State.MISSING:
        return _("缺数：由来里标“—”的各项还没有录入")
    settled = seen.maturity(cell)
    words = [maturity_word(settled)] if settled else []
    if cell in seen.changes:
        words.append(_("公布的变化率，不是由水平算得"))
    return _("；").join([*words, *(spoken(doubt) for doubt in figure.doubts[:1])])
