"""按列核算: what the engine finds for one subject, found for everyone at once, an indicator and a period at a time.

The rules are those of engine.Engine, and so are the results, digit for digit: a test holds the two together. Instead of
trees it keeps of each figure what a result must say of itself (engine.figures.Standing); trees are the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import reduce

import numpy as np

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell, Measure
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.engine.adding import Adding
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.circling import circling
from shuangkong.indicators.engine.columns_first import METHOD as FIRST_KNOWN
from shuangkong.indicators.engine.columns_first import first_known
from shuangkong.indicators.engine.columns_rows import OneByOne, alike, by_method, by_rows, joined_columns
from shuangkong.indicators.engine.columns_tables import TableColumns
from shuangkong.indicators.engine.everyone import Everyone, Flags, Groups
from shuangkong.indicators.engine.figures import Figures, Standing, Told, none_of, stacked
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.engine.parts import IN_SPACE, cells_in_time, periods_above
from shuangkong.indicators.engine.taken import Taken, taken_by
from shuangkong.indicators.engine.values import (
    decimals,
    gathered,
    lacks_of,
    nothing,
    of_one,
    put_together_in_groups,
    put_together_in_rows,
    remembered,
)
from shuangkong.indicators.formula import IN_PER_CENT, Aggregation, Formula, Indicator, Span
from shuangkong.indicators.graph import Graph, periods_of
from shuangkong.indicators.methods import Given
from shuangkong.indicators.prices import is_link
from shuangkong.indicators.rounding import kept_grid
from shuangkong.indicators.table_words import is_found_of_cells, is_table_id
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.column import Column
from shuangkong.policyfile.expression.columns import evaluate_columns
from shuangkong.policyfile.expression.given import Lack
from shuangkong.policyfile.expression.row import evaluate

#: What a formula takes of the subject itself, or of an industry of it.
_OWN = frozenset({Span.SAME, Span.SECTOR})


class ColumnEngine:
    """Computes columns from the facts it is given; each once. It neither asks nor stores.

    ``by_rows`` counts the cells that no column form was found for: methods, means, figures that rest on those of the
    same indicator about others.
    """

    def __init__(self, law: Law, everyone: Everyone, told: Mapping[Asked, Told]) -> None:
        self.law, self.everyone, self._facts = law, everyone, told
        self.told = joined_columns(law, everyone, told)
        self.by_rows = 0
        self._circling = circling(Graph(law.indicators))
        self._adding = Adding(law.indicators)
        self._owns: dict[Asked, Flags] = {}
        self._figures: dict[Asked, Figures] = {}
        self._parts: dict[Asked, Figures] = {}
        self._wholes: dict[Asked, Figures] = {}
        self._supported: dict[Asked, Flags] = {}
        self.tables = TableColumns(law, everyone, told)
        self._told_periods: dict[str, list[Period]] = {}
        for asked in told:
            if asked.measure is Measure.LEVEL:
                self._told_periods.setdefault(asked.indicator, []).append(asked.period)

    def figures(self, asked: Asked) -> Figures:
        """The figures that count, of everyone."""
        found = self._figures.get(asked)
        if found is None:
            found = self._figures[asked] = self._with_reason(asked, self._found(asked))
        return found

    def _with_reason(self, asked: Asked, found: Figures) -> Figures:
        """Of a link between prices it is known why it is missing."""
        rule = self.law.indicators.get(asked.indicator)
        if rule is None or asked.measure is not Measure.LEVEL or not is_link(rule, asked.period):
            return found
        return replace(found, standing=found.standing.doubting(found.is_missing))

    def _found(self, asked: Asked) -> Figures:
        told = self.told.get(asked)
        if told is not None and told.is_given.all():
            return told.figures
        if is_found_of_cells(asked.indicator):
            return self.tables.figures(asked)
        rule = self.law.indicators.get(asked.indicator)
        formula = self.law.formula(asked.indicator, asked.period)
        whole = self._put_together(asked)
        if rule is None or formula is None or asked.measure in IN_PER_CENT:
            found = whole
            if told is not None:
                found = told.figures.either(told.is_said & whole.is_missing, whole)
        elif asked.indicator in self._circling:
            found = self._by_rows(asked)
        else:
            computed = self._by_formula(asked, rule, formula)
            if asked.measure is Measure.LEVEL and self._adding.adds_up(asked.indicator):
                computed = self._with_sums(asked, computed, whole)
            found = whole.either(computed.is_missing & ~whole.is_missing, computed)
        if told is None:
            return found
        is_joined = told.is_given if told.joined is None else told.is_given | told.joined & found.is_missing
        return told.figures.either(is_joined, found)

    def _with_sums(self, asked: Asked, computed: Figures, whole: Figures) -> Figures:
        """Wholes of their parts' figures, from the lowest up, but where their formula takes what was told of them."""
        told, is_own = self.told.get(asked), self._is_own(asked)
        for level in self.everyone.levels:
            found = whole.either(computed.is_missing & ~whole.is_missing, computed)
            found = found if told is None else told.figures.either(told.is_given, found)
            parts = found.gathered(level.parts.rows)
            groups = Groups(np.arange(len(level.parts.rows)), level.parts.starts)
            made = self._of_parts(Aggregation.SUM, parts, groups)
            is_open = ~made.is_missing & (~is_own | computed.is_missing)[level.wholes]
            computed = computed.with_rows(level.wholes[is_open], made.gathered(np.flatnonzero(is_open)))
        return computed

    def _is_own(self, asked: Asked) -> Flags:
        """Below whose figure something was told of themselves: engine.adding.Own, for everyone."""
        found = self._owns.get(asked)
        if found is None:
            found = self._owns[asked] = self._found_own(asked)
        return found

    def _found_own(self, asked: Asked) -> Flags:
        told = self.told.get(asked)
        found = np.zeros(len(self.everyone), dtype=np.bool_) if told is None else told.is_given.copy()
        if is_table_id(asked.indicator):
            found[self.tables.rows_with_tables(asked.period)] = True
            return found
        formula = None if asked.measure in IN_PER_CENT else self.law.formula(asked.indicator, asked.period)
        for taken in formula.inputs.values() if formula else ():
            rows = self.everyone.sectors(taken.sector) if taken.span is Span.SECTOR else None
            for period in periods_of(taken, asked.period, self.law.base_year) if taken.span in _OWN else ():
                own = self._is_own(Asked(taken.indicator, period, taken.measure))
                found |= own if rows is None else own[rows] & (rows >= 0)
        return found

    def _by_rows(self, asked: Asked) -> Figures:
        self.by_rows += len(self.everyone)
        return by_rows(self.law, self.everyone, self._facts, asked)

    def _by_formula(self, asked: Asked, rule: Indicator, formula: Formula) -> Figures:
        size = len(self.everyone)
        inputs = {
            name: taken_by(taken, asked.period, self.law.base_year, self.everyone, self.figures)
            for name, taken in formula.inputs.items()
        }
        is_told, passed_over = none_of(size), dict[str, Flags]()
        try:
            values = {name: self.law.parameter(key, asked.period.last_day) for name, key in formula.parameters.items()}
        except (NotInForce, KeyError):
            return Figures(nothing(size), _below(inputs, passed_over, size).doubting(True), is_told)
        is_unverified = not formula.is_verified or any(not value.is_verified for value in values.values())
        parameters = {name: value.number for name, value in values.items()}
        if formula.expression is None:
            made = self._by_method(rule, formula.method, inputs, parameters)
            column, doubts, passed_over = made.column, made.doubts, dict(made.passed_over)
        else:
            column, doubts = self._by_expression(rule, formula.expression, inputs, parameters)
        standing = _below(inputs, passed_over, size).doubting(is_unverified)
        return Figures(column, standing.doubting(doubts), is_told)

    def _by_method(
        self, rule: Indicator, method: str, inputs: Mapping[str, Taken], parameters: Mapping[str, Decimal]
    ) -> OneByOne:
        def given(row: int) -> dict[str, Given]:
            return {name: taken.at(row) for name, taken in inputs.items()}

        grid, size = kept_grid(rule, self.law.forms), len(self.everyone)
        found = first_known(inputs, parameters, size) if method == FIRST_KNOWN and grid is None else None
        if found is not None:
            return found
        is_blank = np.logical_and.reduce([np.ones(size, dtype=np.bool_), *(each.is_blank for each in inputs.values())])
        counts = np.stack([np.zeros(size, dtype=np.int64), *(each.counts for each in inputs.values())])
        made = by_method(rule, method, given, parameters, grid, alike(is_blank, counts))
        self.by_rows += made.counted
        return made

    def _by_expression(
        self, rule: Indicator, expression: Expression, inputs: Mapping[str, Taken], parameters: Mapping[str, Decimal]
    ) -> tuple[Column, Flags]:
        """What it yields, and where that is in doubt."""
        size, grid = len(self.everyone), kept_grid(rule, self.law.forms)
        columns = {name: taken.column for name, taken in inputs.items() if taken.column is not None}
        told: dict[str, Column | Decimal] = {**columns, **parameters}
        if any(name not in told for name in expression.names):
            return nothing(size), np.ones(size, dtype=np.bool_)
        if not _used(expression, columns):
            outcome = evaluate(expression, parameters, Message(rule.zh, rule.en), rule.unit, grid)
            same = outcome.state if outcome.value is None else outcome.value
            return of_one(same, size), np.full(size, bool(outcome.zero_divisors))
        # Whoever has nothing at all has the same: it is found once, and columns are as long as there are figures.
        is_blank = np.ones(size, dtype=np.bool_)
        for name in _used(expression, columns):
            is_blank &= lacks_of(columns[name]) == Lack.MISSING
        rows = np.append(np.flatnonzero(~is_blank), np.flatnonzero(is_blank)[:1])
        few = {name: one if isinstance(one, Decimal) else gathered(one, rows) for name, one in told.items()}
        places = np.full(size, len(rows) - 1)
        places[rows] = np.arange(len(rows))
        column = gathered(remembered(evaluate_columns(expression, few, grid)), places)
        return column, lacks_of(column) == Lack.UNDEFINED

    def _put_together(self, asked: Asked) -> Figures:
        """From what was told of their parts, by months first, then by places; parts in turn from theirs."""
        if asked not in self._wholes:
            self._put(asked)
        return self._wholes[asked]

    def _part(self, asked: Asked) -> Figures:
        if asked not in self._parts:
            self._put(asked)
        return self._parts[asked]

    def _put(self, asked: Asked) -> None:
        """Fills in wholes and parts, from the lowest places up."""
        size, told, rule = len(self.everyone), self.told.get(asked), self.law.indicators.get(asked.indicator)
        supported = self._is_supported(asked)
        wholes = Figures.missing(size)
        if rule is not None and asked.measure is Measure.LEVEL and supported.any():
            wholes = self._in_time(asked, rule, supported)
        parts = wholes if told is None else told.figures.either(told.is_given, wholes)
        if rule is not None and asked.measure is Measure.LEVEL and rule.in_space in IN_SPACE and supported.any():
            is_nearest = self._has_supported_months(asked, rule)
            for level in self.everyone.levels:
                has = np.logical_or.reduceat(supported[level.parts.rows], level.parts.starts)
                made = self._of_parts(rule.in_space, parts, level.parts)
                is_open = has & supported[level.wholes] & wholes.is_missing[level.wholes]
                # Where neither way comes to a figure, the first that was tried tells what is lacking.
                is_open &= ~(made.is_missing & is_nearest[level.wholes])
                wholes = wholes.with_rows(level.wholes[is_open], made.gathered(np.flatnonzero(is_open)))
                parts = wholes if told is None else told.figures.either(told.is_given, wholes)
        self._wholes[asked], self._parts[asked] = wholes, parts

    def _in_time(self, asked: Asked, rule: Indicator, supported: Flags) -> Figures:
        size = len(self.everyone)
        periods = self._months(asked, rule)
        if not periods:
            return Figures.missing(size)
        has = self._has_supported_months(asked, rule) & supported
        if not has.any():
            return Figures.missing(size)
        found = [self._part(each) for each in periods]
        is_lacking = any(each.is_missing.all() for each in found)  # of one part nobody has a figure
        parts = [] if is_lacking else [decimals(each.column) for each in found]
        column = put_together_in_rows(rule.in_time, parts) if parts else nothing(size)
        if column is not None:
            standing = reduce(Standing.below, (each.standing for each in found))
            return Figures(column, standing, none_of(size)).either(has, Figures.missing(size))
        rows = (np.arange(size)[:, None] + size * np.arange(len(found))[None, :]).ravel()
        groups = Groups(rows, np.arange(0, len(rows), len(found)))
        return self._of_parts(rule.in_time, stacked(found), groups).either(has, Figures.missing(size))

    def _has_supported_months(self, asked: Asked, rule: Indicator) -> Flags:
        found = [self._is_supported(each) for each in self._months(asked, rule)]
        return np.logical_or.reduce(found) if found else np.zeros(len(self.everyone), dtype=np.bool_)

    def _months(self, asked: Asked, rule: Indicator) -> tuple[Asked, ...]:
        """The parts of a period."""
        cell = Cell(self.everyone.subjects[0], asked.indicator, asked.period, asked.measure)
        return tuple(Asked(asked.indicator, part.period) for part in cells_in_time(cell, rule))

    def _of_parts(self, way: Aggregation, parts: Figures, groups: Groups) -> Figures:
        column, counted = put_together_in_groups(way, decimals(parts.column), groups)
        self.by_rows += counted
        return Figures(column, parts.standing.in_groups(groups), none_of(len(column)))

    def _is_supported(self, asked: Asked) -> Flags:
        """Whom a told figure reaches through the parts: nobody else's can be put together."""
        found = self._supported.get(asked)
        if found is None:
            found = np.zeros(len(self.everyone), dtype=np.bool_)
            for period in self._told_periods.get(asked.indicator, ()) if asked.measure is Measure.LEVEL else ():
                if period == asked.period or asked.period in periods_above(period):
                    found |= self.told[Asked(asked.indicator, period)].is_given
            found = self._supported[asked] = self.everyone.with_wholes(found)
        return found


def _below(inputs: Mapping[str, Taken], passed_over: Mapping[str, Flags], size: int) -> Standing:
    """Of what rests on the inputs, but in rows where one does not matter."""
    standing = Standing.of_nothing(size)
    for name, taken in inputs.items():
        rows = np.where(passed_over.get(name, False), -1, np.arange(size))
        standing = standing.below(taken.standing.gathered(rows))
    return standing


def _used(expression: Expression, columns: Mapping[str, Column]) -> list[str]:
    """Names of the columns that it takes."""
    return [name for name in expression.names if name in columns]
