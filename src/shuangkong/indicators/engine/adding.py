"""各部分之数相加: where a whole is the sum of its parts' figures, however these were found, before its own formula.

What was told of the whole itself comes first: a formula that takes any of it is tried before the parts. Where nothing
below its formula was told of the whole, the figures of all its parts, where known, are its own: converted by the
factors of each, not by those that nobody told of the whole. Sums of sums are then the sum of all, whatever the levels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shuangkong.core.fact import Cell
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.formula import IN_PER_CENT, Aggregation, Indicator, Span
from shuangkong.indicators.graph import own_subject, periods_of
from shuangkong.indicators.table_words import is_of_table, is_table_id


class Adding:
    """Which indicators add up over places by their parts' own figures."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self._indicators = indicators
        self._known: dict[str, bool] = {}
        self._sound: set[str] = set()

    def adds_up(self, indicator: str) -> bool:
        """Whether its rule says sum; not where the part's figure rests on one of the whole, which would go round."""
        found = self._known.get(indicator)
        if found is None:
            rule = self._indicators.get(indicator)
            is_sum = rule is not None and rule.in_space is Aggregation.SUM and not is_table_id(indicator)
            found = self._known[indicator] = is_sum and not self._rests_on_wholes(indicator)
        return found

    def _rests_on_wholes(self, indicator: str) -> bool:
        seen, waiting = {indicator}, [indicator]
        while waiting:
            rule = self._indicators.get(waiting.pop())
            for formula in rule.formulas if rule else ():
                for taken in formula.inputs.values():
                    if taken.span is Span.WHOLE:
                        return True
                    if taken.indicator not in seen and taken.indicator not in self._sound:
                        seen.add(taken.indicator)
                        waiting.append(taken.indicator)
        self._sound |= seen
        return False


class Own:
    """Cells below which something was told of their very subject: itself, or what its formula takes of it.

    An industry of a region tells of that region.

    ``is_told``: of one cell; ``has_table``: of a table of its subject and period, any cell of which was told.
    """

    def __init__(self, law: Law, is_told: Callable[[Cell], bool], has_table: Callable[[Cell], bool]) -> None:
        self._law, self._is_told, self._has_table = law, is_told, has_table
        self._known: dict[Cell, bool] = {}

    def holds(self, cell: Cell) -> bool:
        found = self._known.get(cell)
        if found is None:
            found = self._known[cell] = self._found(cell)
        return found

    def _found(self, cell: Cell) -> bool:
        if is_of_table(cell):
            return self._has_table(cell)
        if self._is_told(cell):
            return True
        formula = None if cell.measure in IN_PER_CENT else self._law.formula(cell.indicator, cell.period)
        return any(
            self.holds(Cell(own, taken.indicator, period, taken.measure))
            for taken in (formula.inputs.values() if formula else ())
            if (own := own_subject(taken, cell.subject)) is not None
            for period in periods_of(taken, cell.period, self._law.base_year)
        )
