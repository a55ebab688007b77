"""看到的数: figures of many cells at once, told or computed; a published change counts where no levels are known.

Bulletins publish changes on the year before, seldom the levels. Such a change is told of the indicator itself (口径：
比上年变化); where ``<indicator>_growth`` cannot be computed from levels, it stands for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.fact import Cell, Fact, Maturity, Measure, State
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine, Law, cells_of_input
from shuangkong.indicators.engine.leaves import is_demo, is_doubted, maturity_of
from shuangkong.indicators.engine.printing import Printed, at_rest, published
from shuangkong.indicators.formula import Indicator
from shuangkong.policyfile.books import NATION
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.territory import Territory
from shuangkong.web.indicators.shown import address, words_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.words import maturity_word

GROWTH = "_growth"


@dataclass(frozen=True, slots=True)
class Known:
    """Figures of cells, each by the law of its own place and day.

    Attributes:
        engines: by layer; what is asked of besides the cells that were given is found by the engine of the first.
        law: that of the first cell: headings speak by it.
        changes: cells whose figure is a published change and no computed one.
    """

    laws: Laws
    engines: Mapping[str, Engine]
    law: Law
    changes: frozenset[Cell]

    def engine_of(self, cell: Cell) -> Engine:
        layer = self.laws.layer_of(cell.subject, cell.period)
        return self.engines.get(layer) or next(iter(self.engines.values()))

    def figure(self, cell: Cell) -> Figure:
        return self.engine_of(cell).figure(cell)

    def value(self, cell: Cell) -> Decimal | None:
        """In the base unit of the indicator."""
        return self.figure(cell).value

    def rule(self, cell: Cell) -> Indicator | None:
        """That of the place of the cell; shown in the unit of the heading above it, which is one for all places."""
        rule = self.engine_of(cell).law.indicators.get(cell.indicator)
        heading = self.law.indicators.get(cell.indicator)
        if rule is None or heading is None or rule.display == heading.display:
            return rule
        return replace(rule, display=heading.display)

    def printed(self, cell: Cell) -> Printed:
        """As published."""
        figure = self.figure(cell)
        return published(figure.value, self.rule(cell), self.law.forms, figure.unit)

    def at_rest(self, cell: Cell) -> Printed:
        """With the decimals that are kept before it enters another figure."""
        figure = self.figure(cell)
        return at_rest(figure.value, self.rule(cell), self.law.forms, figure.unit)

    def maturity(self, cell: Cell) -> Maturity | None:
        return maturity_of(self.figure(cell))

    def is_demo(self, cells: Collection[Cell]) -> bool:
        return any(is_demo(self.figure(cell)) for cell in cells)

    def is_doubted(self, cell: Cell) -> bool:
        return is_doubted(self.figure(cell))

    def unit(self, indicator: str) -> str:
        """The printed unit in which figures of the indicator are shown."""
        rule = self.law.indicators.get(indicator)
        return rule.display or rule.unit if rule else ""

    def with_told(self, cell: Cell, fact: Fact) -> Known:
        """As if that had been told of a cell."""
        layer = self.laws.layer_of(cell.subject, cell.period)
        engine = self.engine_of(cell)
        return replace(self, engines={**self.engines, layer: Engine(engine.law, {**engine.told, cell: fact})})


def known(cells: Collection[Cell], as_of: date | None = None, territory: Territory | None = None) -> Known:
    """All that these cells rest on, as known by the end of a day, each by the law of its place on its last day.

    Where all are under one law, 4 queries for each step of formulas, as many again where figures are put together from
    parts, 4 for changes; as many more for each further layer of rules that some of the cells are under.
    """
    territory = territory or Territory()
    laws = Laws(territory)
    ordered = dict.fromkeys(laws.layer_of(cell.subject, cell.period) for cell in cells)
    by_layer = laws.by_layer(cells)
    engines, changes = {}, set()
    for layer in ordered or (NATION,):
        under, law = by_layer.get(layer, frozenset()), laws.law(layer)
        engines[layer], told = _with_changes(engine_for(under, territory, law, as_of), under, as_of)
        changes |= {cell for cell in told if laws.layer_of(cell.subject, cell.period) == layer}
    return Known(laws, engines, laws.law(next(iter(engines))), frozenset(changes))


def _with_changes(engine: Engine, cells: Collection[Cell], as_of: date | None) -> tuple[Engine, frozenset[Cell]]:
    """The engine with the published changes that stand for what cannot be computed, and the cells that they stand for.

    4 queries where any change is lacking.
    """
    lacking = {cell for cell in set(_changes(cells, engine.law)) if engine.figure(cell).state is State.MISSING}
    told_as = {
        Cell(cell.subject, cell.indicator.removesuffix(GROWTH), cell.period, Measure.YOY_CHANGE_PCT): cell
        for cell in lacking
    }
    facts = facts_for(told_as, as_of) if told_as else {}
    told = {told_as[cell]: replace(fact, cell=told_as[cell]) for cell, fact in facts.items()}
    valued = frozenset(cell for cell, fact in told.items() if fact.state is State.VALUE)
    return (Engine(engine.law, {**engine.told, **told}) if told else engine), valued


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
    return TableCell(shown, printed.value, why=why, hint=hint_of(seen, cell), is_doubted=is_doubted(figure))


def hint_of(seen: Known, cell: Cell) -> str:
    """How settled a figure is; why there is none."""
    if seen.figure(cell).state is State.MISSING:
        return _("缺数：由来里标“—”的各项还没有录入")
    settled = seen.maturity(cell)
    words = [maturity_word(settled)] if settled else []
    if cell in seen.changes:
        words.append(_("公布的变化率，不是由水平算得"))
    return _("；").join(words)
