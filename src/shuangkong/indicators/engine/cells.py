"""核算引擎: the figure of one cell with all it rests on, from what was told and by the rules of its day.

A told figure counts before a computed one; the word that a figure is missing does not. What is not told is computed by
the formula in force on the last day of its period, or put together from its parts where its rule says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.core.fact import Cell, Fact, Maturity, Origin, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Clause, Figure, Step
from shuangkong.indicators import methods
from shuangkong.indicators.engine.adding import Adding, Own
from shuangkong.indicators.engine.inputs import by_name, cells_of_input, is_series, told_apart
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.engine.parts import Supported, cells_in_space, cells_in_time, put_together
from shuangkong.indicators.forerunners import JOINED, REASONS, TOLD_TWICE, Joining
from shuangkong.indicators.formula import IN_PER_CENT, Aggregation, Formula, Indicator
from shuangkong.indicators.methods import NotForMethod
from shuangkong.indicators.prices import is_link, unlinked
from shuangkong.indicators.rounding import kept_grid
from shuangkong.indicators.table_words import is_of_table, rests_on_cells
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.row import Outcome, evaluate

_AGGREGATIONS = {
    Aggregation.SUM: Message("由各部分相加", "Sum of the parts"),
    Aggregation.MEAN: Message("各部分的平均", "Mean of the parts"),
    Aggregation.LAST: Message("取期末数", "The last part stands for the whole"),
}
_FLASH = Message("快报数，以后会修订", "a flash figure, to be revised")
_ESTIMATE = Message("本级测算数，未经上级反馈核定", "an own estimate, not recognised from above")
_DEMO = Message("演示数据", "demonstration data")


class Engine:
    """Computes cells from the facts it is given; each cell once. It neither asks nor stores.

    ``lacking`` gathers the cells without a figure that could be put together if facts of their parts were known.
    """

    def __init__(self, law: Law, told: Mapping[Cell, Fact]) -> None:
        self.law, self.told = law, told
        self.lacking: set[Cell] = set()
        self._figures: dict[Cell, Figure] = {}
        self._wholes: dict[Cell, Figure] = {}
        self._adding = Adding(law.indicators)
        self._own = Own(law, self._counts, lambda cell: (cell.subject, cell.period) in self._with_tables)

    @cached_property
    def supported(self) -> Supported:
        history = self.law.subjects.history
        cells = {cell for cell in self.told if self._is_told(cell)}
        joined = {replace(cell, subject=after) for cell in cells for after in history.after(cell.subject)}
        open_cells = {cell for cell in cells | joined if cell.subject in history.successors}
        counting = {cell for cell in open_cells if self._counts(cell)}
        return Supported((cells - open_cells) | counting, self.law.subjects)

    def _counts(self, cell: Cell) -> bool:
        joined = self.joined(cell)
        return self._is_told(cell) if joined is None else joined.state is not State.MISSING

    def _is_told(self, cell: Cell) -> bool:
        fact = self.told.get(cell)
        return fact is not None and fact.state is not State.MISSING

    @cached_property
    def _with_tables(self) -> frozenset[tuple[Subject, Period]]:
        """Of whom and when any cell of a table was told: of others nothing can be computed of one."""
        found = {(cell.subject, cell.period) for cell in self.told if is_of_table(cell)}
        after = self.law.subjects.history.after
        return frozenset(found | {(each, period) for subject, period in found for each in after(subject)})

    def figure(self, cell: Cell) -> Figure:
        """The figure that counts, with its tree."""
        found = self._figures.get(cell)
        if found is None:
            found = self._figures[cell] = self._with_reason(self._figure(cell))
        return found

    def _with_reason(self, figure: Figure) -> Figure:
        """A link between prices that nobody told is missing for a reason that whatever rests on it must name."""
        rule = self.law.indicators.get(figure.cell.indicator)
        if figure.state is not State.MISSING or rule is None or not is_link(rule, figure.cell.period):
            return figure
        return replace(figure, doubts=(*figure.doubts, unlinked(rule, figure.cell.period)))

    def _figure(self, cell: Cell) -> Figure:
        joined = self.joined(cell)
        if joined is not None and joined.state is not State.MISSING:
            return joined
        fact = self.told.get(cell) if joined is None else None
        if fact is not None and fact.state is not State.MISSING:
            return self._of_fact(cell, fact)
        if rests_on_cells(cell) and (cell.subject, cell.period) not in self._with_tables:
            return Figure(cell, State.MISSING, None, self.law.unit(cell))
        rule, formula = self.law.indicators.get(cell.indicator), self.law.formula(cell.indicator, cell.period)
        computed = None
        if rule is not None and formula is not None and cell.measure not in IN_PER_CENT:
            computed = self._computed(cell, rule, formula)
            if computed.state is not State.MISSING:
                return computed
        whole = self._put_together(cell)
        if whole.state is not State.MISSING:
            return whole
        if joined is not None:
            return joined
        if fact is not None and computed is None:
            return self._of_fact(cell, fact)
        return computed or whole

    def _computed(self, cell: Cell, rule: Indicator, formula: Formula) -> Figure:
        """By its formula or of its parts' figures: what was told of the whole itself comes first (engine.adding)."""
        parts = cells_in_space(cell, rule, self.law.subjects) if self._adding.adds_up(cell.indicator) else ()
        computed = self._by_formula(cell, rule, formula) if not parts or self._own.holds(cell) else None
        if computed is not None and (not parts or computed.state is not State.MISSING):
            return computed
        added = self._of_parts(cell, rule, Aggregation.SUM, tuple(map(self.figure, parts)))
        return added if added.state is not State.MISSING else computed or self._by_formula(cell, rule, formula)

    def joined(self, cell: Cell) -> Figure | None:
        """Of what was told of those that became its subject; None where its own figure alone counts."""
        history = self.law.subjects.history
        if cell.subject not in history.successors:
            return None
        rule = self.law.indicators.get(cell.indicator)
        way = rule.in_space if rule else Aggregation.NONE
        found = history.joining(cell, way, self._is_told)
        return None if found is None else self._of_forerunners(cell, found)

    def _of_forerunners(self, cell: Cell, found: Joining) -> Figure:
        unit = self.law.unit(cell)
        everyone = (cell.subject, *self.law.subjects.history.of(cell.subject))
        cells = found.parts if found.because is None else tuple(replace(cell, subject=each) for each in everyone)
        there = (each for each in cells if self._is_told(each))
        named = tuple((f"x{number}", self._of_fact(each, self.told[each])) for number, each in enumerate(there, 1))
        if found.because is not None:
            doubts = _all_doubts([REASONS[found.because]], named)
            return Figure(cell, State.MISSING, None, unit, inputs=named, doubts=doubts)
        total = put_together(Aggregation.SUM, tuple(_told(part) for _, part in named))
        value, state = (total, State.VALUE) if isinstance(total, Decimal) else (None, total)
        given = tuple((name, part.value) for name, part in named if part.value is not None)
        step = Step(JOINED, f"sum({', '.join(name for name, _ in named)})", given, value, unit)
        own = [TOLD_TWICE] if found.beside else []
        return Figure(cell, state, value, unit, steps=(step,), inputs=named, doubts=_all_doubts(own, named))

    def _of_fact(self, cell: Cell, fact: Fact) -> Figure:
        """A told figure; what is told in another unit than the indicator's counts as missing, and says so."""
        doubts = [_FLASH] if fact.maturity is Maturity.FLASH else []
        doubts += [_ESTIMATE] if fact.origin is Origin.ESTIMATE else []
        doubts += [_DEMO] if fact.is_demo else []
        unit = self.law.unit(cell)
        if fact.value is not None and unit and fact.unit != unit:
            zh, en = f"单位是 {fact.unit}，应为 {unit}，不能计入", f"told in {fact.unit} instead of {unit}: not counted"
            return Figure(cell, State.MISSING, None, unit, fact=fact, doubts=(Message(zh, en),))
        return Figure(cell, fact.state, fact.value, fact.unit, fact=fact, doubts=tuple(doubts))

    def _by_formula(self, cell: Cell, rule: Indicator, formula: Formula) -> Figure:
        inputs = {
            name: tuple(map(self.figure, cells_of_input(taken, cell, self.law)))
            for name, taken in formula.inputs.items()
        }
        named, clause = by_name(formula, inputs), self.law.clause(formula.source, formula.at, formula.is_verified)
        doubts = [] if formula.is_verified else [_unverified("公式", "the formula", clause.words)]
        try:
            values = {name: self.law.parameter(key, cell.period.last_day) for name, key in formula.parameters.items()}
            outcome = self._outcome(rule, formula, inputs, {name: value.number for name, value in values.items()})
        except (NotInForce, NotForMethod, KeyError) as lack:
            doubts.append(Message(str(lack), str(lack)))
            return Figure(cell, State.MISSING, None, rule.unit, inputs=named, doubts=_all_doubts(doubts, named))
        named = tuple(pair for pair in named if pair[0].partition("[")[0] not in outcome.passed_over)
        steps = [self._parameter(name, formula.parameters[name], value) for name, value in values.items()]
        doubts += [
            _unverified("参数", "the parameter", step.clause.words)
            for step in steps
            if step.clause and not step.clause.is_verified
        ]
        doubts += [finding.message for finding in outcome.findings(str(cell.subject))]
        steps += [_with_clause(step, clause, formula) for step in outcome.steps]
        return Figure(
            cell, outcome.state, outcome.value, rule.unit, steps=tuple(steps), inputs=named,
            doubts=_all_doubts(doubts, named),
        )  # fmt: skip

    def _outcome(
        self,
        rule: Indicator,
        formula: Formula,
        inputs: Mapping[str, tuple[Figure, ...]],
        parameters: Mapping[str, Decimal],
    ) -> Outcome:
        """What the expression or the method yields; raises NotForMethod, and KeyError where there is no such method."""
        name, grid = Message(rule.zh, rule.en), kept_grid(rule, self.law.forms)
        given: dict[str, methods.Given] = {
            each: {told_apart(one.cell, formula.inputs[each]): _told(one) for one in figures}
            if is_series(formula.inputs[each])
            else next(map(_told, figures), State.MISSING)
            for each, figures in inputs.items()
        }
        if formula.expression is None:
            return methods.compute(formula.method, {**given, **parameters}, name, rule.unit, grid)
        singles = {each: told for each, told in given.items() if not isinstance(told, Mapping)}
        return evaluate(formula.expression, {**singles, **parameters}, name, rule.unit, grid)

    def _parameter(self, name: str, key: str, value: DatedValue) -> Step:
        clause = self.law.clause(value.source, value.at, value.is_verified)
        return Step(Message(f"参数 {key}", f"Parameter {key}"), name, (), value.number, "", clause)

    def _put_together(self, cell: Cell) -> Figure:
        """From what was told of its parts, by months first, then by places; parts in turn from theirs."""
        found = self._wholes.get(cell)
        if found is None:
            found = self._wholes[cell] = self._whole(cell)
        return found

    def _whole(self, cell: Cell) -> Figure:
        missing = Figure(cell, State.MISSING, None, self.law.unit(cell))
        rule = self.law.indicators.get(cell.indicator)
        if rule is None:
            return missing
        in_time, in_space = cells_in_time(cell, rule), cells_in_space(cell, rule, self.law.subjects)
        if not in_time and not in_space:
            return missing
        if not self.supported.holds(cell):
            self.lacking.add(cell)
            return missing
        nearest = missing
        for way, cells in ((rule.in_time, in_time), (rule.in_space, in_space)):
            if any(map(self.supported.holds, cells)):
                parts = tuple(map(self._part, cells))
                made = self._of_parts(cell, rule, way, parts)
                if made.state is not State.MISSING:
                    return made
                nearest = made if nearest is missing else nearest
        return nearest

    def _part(self, cell: Cell) -> Figure:
        joined = self.joined(cell)
        if joined is not None:
            return joined if joined.state is not State.MISSING else self._put_together(cell)
        fact = self.told.get(cell)
        if fact is not None and fact.state is not State.MISSING:
            return self._of_fact(cell, fact)
        return self._put_together(cell)

    def _of_parts(self, cell: Cell, rule: Indicator, way: Aggregation, parts: tuple[Figure, ...]) -> Figure:
        told = put_together(way, tuple(map(_told, parts)))
        value, state = (told, State.VALUE) if isinstance(told, Decimal) else (None, told)
        named = tuple((f"x{number}", part) for number, part in enumerate(parts, 1))
        given = tuple((name, part.value) for name, part in named if part.value is not None)
        formula = f"{way.value}({', '.join(name for name, _ in named)})"
        step = Step(_AGGREGATIONS[way], formula, given, value, rule.unit)
        return Figure(cell, state, value, rule.unit, steps=(step,), inputs=named, doubts=_all_doubts([], named))


def _told(figure: Figure) -> Told:
    return figure.state if figure.value is None else figure.value


def _all_doubts(own: list[Message], inputs: tuple[tuple[str, Figure], ...]) -> tuple[Message, ...]:
    """Its own and those of whatever it rests on, each once."""
    return tuple(dict.fromkeys([*own, *(doubt for _, figure in inputs for doubt in figure.doubts)]))


def _unverified(zh: str, en: str, words: Message) -> Message:
    return Message(f"{zh}尚未与文件原文核对：{words.zh}", f"{en} has not been compared with the document: {words.en}")


def _with_clause(step: Step, clause: Clause, formula: Formula) -> Step:
    """The step that is the formula itself bears the rule; changes of unit and rounding are arithmetic."""
    text = formula.expression.text if formula.expression else None
    if step.clause is not None or (text is not None and step.formula != text):
        return step
    return replace(step, clause=clause)
