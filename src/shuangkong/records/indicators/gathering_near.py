"""就近取数: figures of cells that moved, from the results that stand of what did not; from all facts where need be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from shuangkong.core.fact import Cell, Fact, Measure, State
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Asked
from shuangkong.indicators.engine.adding import Adding
from shuangkong.indicators.engine.parts import cells_in_space, cells_in_time
from shuangkong.indicators.engine.reach import needed
from shuangkong.indicators.engine.standing import StandingEngine, Stood
from shuangkong.indicators.graph import own_subject, periods_of
from shuangkong.indicators.prices import is_at_prices
from shuangkong.indicators.table_words import is_table_id
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.indicators.gathering import answerable, engine_for, taken_by, with_forerunners
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.looking import ComputedRow
from shuangkong.records.indicators.recording import results_of


def is_kept(indicator: str) -> bool:
    """Figures of tables, and those at the prices of another year, are found when asked for."""
    return not is_table_id(indicator) and not is_at_prices(indicator)


@dataclass(frozen=True)
class Moving:
    """What moved, beside what was ever told.

    Attributes:
        told: columns of which anything was told.
        moved: cells whose figure may be another, those told anew among them.
        periods: those of which results are kept.
    """

    laws: Laws
    told: frozenset[Asked]
    moved: frozenset[Cell]
    periods: frozenset[Period]

    def figures(self, cells: Collection[Cell], layer: str) -> tuple[dict[Cell, Figure], dict[Cell, ComputedRow]]:
        """The figures of cells under a layer of rules, and the results that stood."""
        gathered = _Gathered(self, layer, cells)
        engine = gathered.engine()
        found: dict[Cell, Figure] = {}
        for cell in cells:
            before = gathered.stood.get(cell)
            figure = engine.sure(cell, before.state if before else State.MISSING)
            if figure is not None:
                found[cell] = figure
        others = [cell for cell in cells if cell not in found]
        if others:
            whole = engine_for(others, self.laws.territory, self.laws.law(layer))
            found |= {cell: whole.figure(cell) for cell in others}
        return found, gathered.stood

    def is_kept(self, cell: Cell, layer: str) -> bool:
        """Whether a result of the cell by this layer's rules would be kept."""
        return (
            cell.measure is Measure.LEVEL
            and cell.period in self.periods
            and is_kept(cell.indicator)
            and cell.indicator in self.laws.law(layer).indicators
            and self.laws.layer_of(cell.subject, cell.period) == layer
        )


class _Gathered:
    """What cells rest on, down to what has not moved: facts, and results that stood."""

    def __init__(self, moving: Moving, layer: str, cells: Collection[Cell]) -> None:
        self._moving = moving
        self._law = moving.laws.territory.with_history(moving.laws.law(layer))
        self._adding = Adding(self._law.indicators)
        self._subjects = frozenset(cell.subject for cell in cells)
        self._layer = layer
        self._is_settled, self._is_silent = cache(self._settled), cache(self._silent)
        self.told: dict[Cell, Fact] = {}
        settled = self._gather(cells)
        self.stood = results_of({*cells, *settled})

    def _settled(self, cell: Cell) -> bool:
        if cell in self._moving.moved:
            return False
        return self._moving.is_kept(cell, self._layer) or self._is_silent(
            Asked(cell.indicator, cell.period, cell.measure)
        )

    def _silent(self, asked: Asked) -> bool:
        """Whether such a figure rests on nothing that was told, whosoever it is."""
        return not needed((asked,), self._moving.told, self._law)

    def engine(self) -> StandingEngine:
        moving = self._moving
        stood = {
            cell: Stood(row.state, row.value, row.maturity, row.has_doubts, row.is_demo)
            for cell, row in self.stood.items()
            if row.state is not State.MISSING and row.maturity is not None and self._is_settled(cell)
        }
        return StandingEngine(self._law, self.told, stood, moving.moved, self._is_settled, moving.told)

    def _gather(self, cells: Iterable[Cell]) -> set[Cell]:
        """Fills in what was told; returns the cells at which it stopped. A few queries a step of formulas."""
        asking, asked, settled = set(cells), set[Cell](), set[Cell]()
        while asking:
            asking = with_forerunners(asking, self._law)
            found = facts_for(asking)
            asked |= asking
            self.told |= found
            open_cells = [cell for cell in asking if cell not in found or found[cell].state is State.MISSING]
            settled |= {cell for cell in open_cells if self._is_settled(cell)}
            asking = {taken for cell in answerable(open_cells, None) for taken in self._taken(cell)} - asked
        return settled

    def _taken(self, cell: Cell) -> Iterable[Cell]:
        """Of what stands only that by which it is told whether anything was told of a whole itself.

        What was told of the parts in place of a formula counts for cells that moved alone: others would be unsure.
        """
        if self._is_settled(cell):
            return self._own(cell) if cell.subject in self._subjects else ()
        rule = self._law.indicators.get(cell.indicator)
        if rule is None or cell not in self._moving.moved:
            return taken_by(cell, self._law, self._adding)
        parts = (*cells_in_time(cell, rule), *cells_in_space(cell, rule, self._law.subjects))
        return (*taken_by(cell, self._law, self._adding), *parts)

    def _own(self, cell: Cell) -> Iterable[Cell]:
        """What its formula takes of the same subject."""
        formula = self._law.formula(cell.indicator, cell.period)
        for taken in formula.inputs.values() if formula else ():
            own = own_subject(taken, cell.subject)
            if own is not None:
                for period in periods_of(taken, cell.period, self._law.base_year):
                    yield Cell(own, taken.indicator, period, taken.measure)
