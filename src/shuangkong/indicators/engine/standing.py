"""就近取数: single cells from the results that stand of whatever did not move, instead of from all that is below it.

A result that stands is what computing it anew would give, and says all that a result above it must know of it. Where
that does not suffice (a figure is missing and why must be told, or counts beside what is missing) it says so, and the
cell is left to engine.Engine, which walks down to what was told. Trees are the engine's: these end at what stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.cells import Engine
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.engine.parts import cells_in_space, cells_in_time
from shuangkong.indicators.graph import Subjects

_WHOLE, _PART = Subject("region", "whole"), Subject("region", "part")
_IN_DOUBT = Message("其下有存疑的数", "something below it is in doubt")


class Unsure(Exception):
    """What stands does not tell the figure of a cell."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A result that stands: a figure, or a word of why there is none, other than that it is missing."""

    state: State
    value: Decimal | None
    maturity: Maturity
    has_doubts: bool
    is_demo: bool


class StandingEngine(Engine):
    """Computes cells from facts and from the results that stand.

    Args:
        told: of the cells, of all they take down to what has not moved, and of the latter itself.
        stood: results of cells that have not moved.
        moved: cells whose result may be another.
        is_settled: whether a cell has not moved, and its result is kept or rests on nothing told; without one in
            ``stood`` it is then missing.
        columns: of which anything was told, about anybody.
    """

    def __init__(
        self,
        law: Law,
        told: Mapping[Cell, Fact],
        stood: Mapping[Cell, Stood],
        moved: Collection[Cell],
        is_settled: Callable[[Cell], bool],
        columns: Collection[Asked],
    ) -> None:
        super().__init__(law, told)
        self._stood, self._moved = stood, moved
        self._is_settled, self._columns = is_settled, columns
        self._open: dict[tuple[str, Period], bool] = {}
        # Two of whom nobody told anything, one part of the other.
        whole, parts = {_PART: _WHOLE}, {_WHOLE: (_PART,)}
        subjects = Subjects(whole.get, lambda subject: parts.get(subject, ()))
        self._silent = Engine(replace(law, subjects=subjects), {})
        self._blank: dict[Asked, bool] = {}

    def sure(self, cell: Cell, stood: State) -> Figure | None:
        """Its figure, with all that a result must say of it; None where it is to be found by walking down.

        Args:
            stood: state of its result before: of what was and is missing nothing need be said.
        """
        try:
            found = self.figure(cell)
        except Unsure:
            return None
        if found.fact is not None or (found.state is State.MISSING and stood is State.MISSING):
            return found
        return None if _has_missing(found) else found

    def _figure(self, cell: Cell) -> Figure:
        return self._standing(cell) or super()._figure(cell)

    def _part(self, cell: Cell) -> Figure:
        """Of told figures alone: of an indicator that has a formula what stands may be something else."""
        if self._is_told(cell) or cell in self._moved or not self._is_open(cell):
            return super()._part(cell)
        found = self._standing(cell)
        if found is None or (found.fact is not None and self.law.formula(cell.indicator, cell.period) is not None):
            raise Unsure
        return found

    def _standing(self, cell: Cell) -> Figure | None:
        """Of what has not moved and was not told."""
        if self._is_told(cell) or not self._is_settled(cell):
            return None
        stood, unit = self._stood.get(cell), self.law.unit(cell)
        if stood is not None:
            doubts = (_IN_DOUBT,) if stood.has_doubts else ()
            return Figure(cell, stood.state, stood.value, unit, fact=_fact(cell, stood, unit), doubts=doubts)
        if not self._is_blank(cell):
            raise Unsure
        return Figure(cell, State.MISSING, None, unit)

    def _is_blank(self, cell: Cell) -> bool:
        """Whether there is no figure of anybody of whom nothing was told: such a figure is nobody's, and not kept."""
        asked = Asked(cell.indicator, cell.period, cell.measure)
        found = self._blank.get(asked)
        if found is None:
            silent = (self._silent.figure(Cell(each, *asked)) for each in (_PART, _WHOLE))
            found = self._blank[asked] = all(figure.state is State.MISSING for figure in silent)
        return found

    def _whole(self, cell: Cell) -> Figure:
        """As the engine has it, but for what a missing one says of itself; missing where one part is."""
        rule = self.law.indicators.get(cell.indicator)
        if rule is not None and self._is_open(cell):
            in_time, in_space = cells_in_time(cell, rule), cells_in_space(cell, rule, self.law.subjects)
            for way, cells in ((rule.in_time, in_time), (rule.in_space, in_space)):
                parts = self._parts(cells)
                if parts:
                    return self._of_parts(cell, rule, way, parts)
        return Figure(cell, State.MISSING, None, self.law.unit(cell))

    def _is_open(self, cell: Cell) -> bool:
        """Whether anybody may have such a figure of what was told: of its period, or of all that make it up."""
        known = self._open.get((cell.indicator, cell.period))
        if known is None:
            rule = self.law.indicators.get(cell.indicator)
            parts = () if rule is None else cells_in_time(cell, rule)
            is_told = Asked(cell.indicator, cell.period) in self._columns
            known = is_told or (bool(parts) and all(map(self._is_open, parts)))
            self._open[cell.indicator, cell.period] = known
        return known

    def _parts(self, cells: Iterable[Cell]) -> tuple[Figure, ...]:
        """None where one of them is missing."""
        found: list[Figure] = []
        is_unsure = False
        for cell in cells:
            try:
                found.append(self._part(cell))
            except Unsure:
                is_unsure = True
            else:
                if found[-1].state is State.MISSING:
                    return ()
        if is_unsure:
            raise Unsure
        return tuple(found)


def _fact(cell: Cell, stood: Stood, unit: str) -> Fact:
    """All facts below it in one, as far as results above it must know them."""
    return Fact(
        cell=cell, state=stood.state, value=stood.value, unit=unit, maturity=stood.maturity, origin=Origin.REPORTED,
        evidence=Evidence.STATISTICAL, source="", recorded_on=date.min, is_demo=stood.is_demo,
    )  # fmt: skip


def _has_missing(figure: Figure) -> bool:
    """Whether it is missing, or rests on what is."""
    seen: set[int] = set()
    waiting: list[Figure] = [figure]
    while waiting:
        here = waiting.pop()
        if here.state is State.MISSING:
            return True
        if id(here) not in seen:
            seen.add(id(here))
            waiting.extend(each for _, each in here.inputs)
    return False
