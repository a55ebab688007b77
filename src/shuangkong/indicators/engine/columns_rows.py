"""逐个核算: the cells for which there is no column form, one by one, by the same functions that serve single cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.fact import Cell, Evidence, Fact, Origin, State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure
from shuangkong.indicators import methods
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.cells import Engine
from shuangkong.indicators.engine.everyone import Everyone, Flags, Rows
from shuangkong.indicators.engine.figures import MATURITIES, UNTOLD, Figures, Standing, Told
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.engine.leaves import is_demo, maturity_of
from shuangkong.indicators.engine.values import gathered, told_at
from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.methods import Given, NotForMethod
from shuangkong.policyfile.expression.column import Column, told
from shuangkong.policyfile.expression.given import Told as Value
from shuangkong.policyfile.expression.grid import Grid


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A column made row by row; ``counted`` of its cells were computed, each without the names ``passed_over``."""

    column: Column
    doubts: Flags
    counted: int
    passed_over: Mapping[str, Flags]


def alike(is_blank: Flags, counts: NDArray[np.int64]) -> Rows:
    """Of each row the first to which the same is given: itself, or a blank one with as many figures for each input."""
    rows = np.arange(len(is_blank))
    blank = rows[is_blank]
    _, first, place = np.unique(counts[:, blank], axis=1, return_index=True, return_inverse=True)
    rows[blank] = blank[first[place.ravel()]]
    return rows


def by_method(
    rule: Indicator,
    method: str,
    inputs: Callable[[int], Mapping[str, Given]],
    parameters: Mapping[str, Decimal],
    grid: Grid | None,
    firsts: Rows,
) -> OneByOne:
    """What a method yields for each row of ``inputs``. Rows to which the same is given (``alike``) share one figure."""
    name = Message(rule.zh, rule.en)
    computed, places = np.unique(firsts, return_inverse=True)
    found = [_one(method, {**inputs(row), **parameters}, name, rule.unit, grid) for row in computed.tolist()]
    doubts = np.array([in_doubt for _, in_doubt, _ in found], dtype=np.bool_)
    names = frozenset().union(*(passed for _, _, passed in found))
    passed_over = {each: np.array([each in passed for _, _, passed in found])[places] for each in names}
    column = gathered(told([value for value, _, _ in found]), places)
    return OneByOne(column, doubts[places], len(found), passed_over)


def _one(
    method: str, given: Mapping[str, Given], name: Message, unit: str, grid: Grid | None
) -> tuple[Value, bool, frozenset[str]]:
    """The figure, whether it is in doubt, and the names that do not matter to it."""
    try:
        outcome = methods.compute(method, given, name, unit, grid)
    except (NotForMethod, KeyError):
        return State.MISSING, True, frozenset()
    value = outcome.state if outcome.value is None else outcome.value
    return value, any(outcome.findings("")), outcome.passed_over


def by_rows(law: Law, everyone: Everyone, told_columns: Mapping[Asked, Told], asked: Asked) -> Figures:
    """The figures of everyone by the engine itself."""
    engine = Engine(law, Facts(law, everyone, told_columns))
    return as_figures(
        [engine.figure(Cell(subject, asked.indicator, asked.period, asked.measure)) for subject in everyone.subjects]
    )


def joined_columns(law: Law, everyone: Everyone, columns: Mapping[Asked, Told]) -> dict[Asked, Told]:
    """With the figures of whoever was merged or renamed made of what was told of those that became them."""
    rows = [everyone.rows[each] for each in law.subjects.history.successors if each in everyone.rows]
    if not rows:
        return dict(columns)
    engine = Engine(law, Facts(law, everyone, columns))
    return {asked: _joined(engine, everyone, asked, column, rows) for asked, column in columns.items()}


def _joined(engine: Engine, everyone: Everyone, asked: Asked, column: Told, rows: Sequence[int]) -> Told:
    cells = [Cell(everyone.subjects[row], asked.indicator, asked.period, asked.measure) for row in rows]
    found = {row: figure for row, cell in zip(rows, cells, strict=True) if (figure := engine.joined(cell)) is not None}
    if not found:
        return column
    places = np.array(list(found), dtype=np.int64)
    joined, is_given, misfits = np.zeros(len(everyone), dtype=np.bool_), column.is_given.copy(), column.misfits.copy()
    joined[places], misfits[places] = True, False
    is_given[places] = [figure.state is not State.MISSING for figure in found.values()]
    figures = column.figures.with_rows(places, as_figures(list(found.values())))
    return Told(figures, is_given, misfits, joined)


def as_figures(found: Sequence[Figure]) -> Figures:
    """Figures of the engine as a column, each with what a result must say of itself."""
    settled = [maturity_of(figure) for figure in found]
    standing = Standing(
        np.array([UNTOLD if each is None else MATURITIES.index(each) for each in settled], dtype=np.int8),
        np.array([is_demo(figure) for figure in found], dtype=np.bool_),
        np.array([bool(figure.doubts) for figure in found], dtype=np.bool_),
    )
    column = told([figure.state if figure.value is None else figure.value for figure in found])
    return Figures(column, standing, np.array([figure.fact is not None for figure in found], dtype=np.bool_))


class Facts(Mapping[Cell, Fact]):
    """Columns of facts as single ones, as far as the engine asks about them: of a fact in another unit, only that."""

    def __init__(self, law: Law, everyone: Everyone, columns: Mapping[Asked, Told]) -> None:
        self.law, self.everyone, self.columns = law, everyone, columns

    def __getitem__(self, cell: Cell) -> Fact:
        asked, row = Asked(cell.indicator, cell.period, cell.measure), self.everyone.rows[cell.subject]
        if not self.columns[asked].figures.is_told[row]:
            raise KeyError(cell)
        return self._fact(cell, asked, row)

    def _fact(self, cell: Cell, asked: Asked, row: int) -> Fact:
        column = self.columns[asked]
        is_misfit, standing = bool(column.misfits[row]), column.figures.standing
        value = Decimal(0) if is_misfit else told_at(column.figures.column, row)
        return Fact(
            cell=cell,
            state=State.VALUE if isinstance(value, Decimal) else value,
            value=value if isinstance(value, Decimal) else None,
            unit="?" if is_misfit else self.law.unit(cell),
            maturity=MATURITIES[standing.maturities[row]],
            origin=Origin.ESTIMATE if standing.has_doubts[row] else Origin.RECOGNISED,
            evidence=Evidence.STATISTICAL,
            source="",
            recorded_on=date.min,
            is_demo=bool(standing.is_demo[row]),
        )

    def __iter__(self) -> Iterator[Cell]:
        for asked, column in self.columns.items():
            for row in np.flatnonzero(column.figures.is_told):
                yield Cell(self.everyone.subjects[row], asked.indicator, asked.period, asked.measure)

    def __len__(self) -> int:
        return sum(int(column.figures.is_told.sum()) for column in self.columns.values())
