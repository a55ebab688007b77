"""表内各数的列: figures of tables, of those alone who tell of one, by the engine itself; others have none.

A table is told by few and asked for seldom, and each of its figures rests on hundreds of cells of the same subject: the
engine keeps what it has found of a cell, a column would find it anew for everyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from shuangkong.core.fact import Cell
from shuangkong.core.period import Period
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.cells import Engine
from shuangkong.indicators.engine.columns_rows import Facts, as_figures
from shuangkong.indicators.engine.everyone import Everyone, Flags, Rows
from shuangkong.indicators.engine.figures import Figures, Told
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.table_words import is_table_id


class TableColumns:
    """Columns of the figures of tables; ``counted`` of their cells were computed."""

    def __init__(self, law: Law, everyone: Everyone, told: Mapping[Asked, Told]) -> None:
        self.law, self.everyone = law, everyone
        self.counted = 0
        self._told = told
        self._rows: dict[Period, Rows] = {}

    @cached_property
    def _engine(self) -> Engine:
        """It knows the cells of tables and all that their rules rest on."""
        taken: set[str] = set()
        waiting = [key for key in self.law.indicators if is_table_id(key)]
        while waiting:
            rule = self.law.indicators.get(waiting.pop())
            formulas = rule.formulas if rule else ()
            inputs = {each.indicator for formula in formulas for each in formula.inputs.values()}
            waiting += inputs - taken
            taken |= inputs
        of_use = (asked for asked in self._told if is_table_id(asked.indicator) or asked.indicator in taken)
        return Engine(self.law, Facts(self.law, self.everyone, {asked: self._told[asked] for asked in of_use}))

    def figures(self, asked: Asked) -> Figures:
        rows = self.rows_with_tables(asked.period)
        if not len(rows):
            return Figures.missing(len(self.everyone))
        self.counted += len(rows)
        cells = (Cell(self.everyone.subjects[row], asked.indicator, asked.period, asked.measure) for row in rows)
        places = np.full(len(self.everyone), -1)
        places[rows] = np.arange(len(rows))
        return as_figures([self._engine.figure(cell) for cell in cells]).gathered(places)

    def rows_with_tables(self, period: Period) -> Rows:
        """Of whom any cell of a table was told: of others nothing can be computed of one."""
        if period not in self._rows:
            found: Flags = np.zeros(len(self.everyone), dtype=np.bool_)
            for asked, told in self._told.items():
                if asked.period == period and is_table_id(asked.indicator):
                    found |= told.figures.is_told
            after = self.law.subjects.history.after
            for row in np.flatnonzero(found).tolist():
                found[[self.everyone.rows[each] for each in after(self.everyone.subjects[row])]] = True
            self._rows[period] = np.flatnonzero(found)
        return self._rows[period]
