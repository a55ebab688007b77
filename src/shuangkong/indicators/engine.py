"""核算引擎: the figure of one cell with all it rests on, from what was told and by the rules of its day.

A told figure counts before a computed one; the word that a figure is missing does not. What is not told is computed by
the formula in force on the last day of its period, or put together from its parts where its rule says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.core.fact import Cell, Fact, Maturity, Origin, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause, Figure, Step
from shuangkong.indicators.book import IN_PER_CENT
from shuangkong.indicators.engine_law import Given, Law, Sample
from shuangkong.indicators.engine_parts import Supported, cells_in_space, cells_in_time, put_together
from shuangkong.indicators.formula import Aggregation, Formula, Indicator, Input, Span
from shuangkong.indicators.graph import periods_taken
from shuangkong.indicators.rounding import kept_grid
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.row import Outcome, evaluate

_PER_CENT = "pct"
_AGGREGATIONS = {
    Aggregation.SUM: Message("由各部分相加", "Sum of the parts"),
    Aggregation.MEAN: Message("各部分的平均", "Mean of the parts"),
    Aggregation.LAST: Message("取期末数", "The last part stands for the whole"),
}
_FLASH = Message("快报数，以后会修订", "a flash figure, to be revised")
_ESTIMATE = Message("本级测算数，未经上级反馈核定", "an own estimate, not recognised from above")
_DEMO = Message("演示数据", "demonstration data")


def cells_of_input(taken: Input, cell: Cell, law: Law) -> tuple[Cell, ...]:
    """The cells that stand for one name of a formula when ``cell`` is computed; none where none is known."""
    subjects: Iterable[Subject]
    match taken.span:
        case Span.SAME:
            subjects = (cell.subject,)
        case Span.CHILDREN:
            subjects = law.subjects.parts(cell.subject)
        case Span.WHOLE:
            whole = law.subjects.whole(cell.subject)
            subjects = () if whole is None else (whole,)
    periods = periods_taken(taken.shift, cell.period, law.base_year)
    return tuple(Cell(subject, taken.indicator, period, taken.measure) for subject in subjects for period in periods)


class Engine:
    """Computes cells from the facts it is given; each cell once. It neither asks nor stores.

    ``lacking`` gathers the cells without a figure that could be put together if facts of their parts were known.
    """

    def __init__(self, law: Law, told: Mapping[Cell, Fact]) -> None:
        self.law, self.told = law, told
        self.lacking: set[Cell] = set()
        self._figures: dict[Cell, Figure] = {}
        self._wholes: dict[Cell, Figure] = {}

    @cached_property
    def supported(self) -> Supported:
        told = (cell for cell, fact in self.told.items() if fact.state is not State.MISSING)
        return Supported(told, self.law.subjects)

    def figure(self, cell: Cell) -> Figure:
        """The figure that counts, with its tree."""
        found = self._figures.get(cell)
        if found is None:
            found = self._figures[cell] = self._figure(cell)
        return found

    def _figure(self, cell: Cell) -> Figure:
        fact = self.told.get(cell)
        if fact is not None and fact.state is not State.MISSING:
            return self._of_fact(cell, fact)
        rule, formula = self.law.indicators.get(cell.indicator), self.law.formula(cell.indicator, cell.period)
        computed = None
        if rule is not None and formula is not None and cell.measure not in IN_PER_CENT:
            computed = self._by_formula(cell, rule, formula)
            if computed.state is not State.MISSING:
                return computed
        whole = self._put_together(cell)
        if whole.state is not State.MISSING:
            return whole
        if fact is not None and computed is None:
            return self._of_fact(cell, fact)
        return computed or whole

    def _of_fact(self, cell: Cell, fact: Fact) -> Figure:
        """A told figure; what is told in another unit than the indicator's counts as missing, and says so."""
        doubts = [_FLASH] if fact.maturity is Maturity.FLASH else []
        doubts += [_ESTIMATE] if fact.origin is Origin.ESTIMATE else []
        doubts += [_DEMO] if fact.is_demo else []
        unit = self.unit(cell)
        if fact.value is not None and unit and fact.unit != unit:
            words = (
                f"单位是 {fact.unit}，应为 {unit}，不能计入",
                f"told in {fact.unit} instead of {unit}: it does not count",
            )
            return Figure(cell, State.MISSING, None, unit, fact=fact, doubts=(Message(*words),))
        return Figure(cell, fact.state, fact.value, fact.unit, fact=fact, doubts=tuple(doubts))

    def unit(self, cell: Cell) -> str:
        """The base unit that a figure of the cell is in; "" where no file says."""
        if cell.measure in IN_PER_CENT:
            return _PER_CENT
        rule = self.law.indicators.get(cell.indicator)
        return rule.unit if rule else ""

    def _by_formula(self, cell: Cell, rule: Indicator, formula: Formula) -> Figure:
        inputs = {
            name: tuple(map(self.figure, cells_of_input(taken, cell, self.law)))
            for name, taken in formula.inputs.items()
        }
        clause = self.law.clause(formula.source, formula.at, formula.is_verified)
        doubts = [] if formula.is_verified else [_unverified("公式", "the formula", clause.words)]
        try:
            values = {name: self.law.parameter(key, cell.period.last_day) for name, key in formula.parameters.items()}
        except (NotInForce, KeyError) as lack:
            doubts.append(Message(str(lack), str(lack)))
            return Figure(cell, State.MISSING, None, rule.unit, inputs=_named(inputs), doubts=tuple(doubts))
        outcome = self._outcome(rule, formula, inputs, values)
        doubts += [finding.message for finding in outcome.findings(str(cell.subject))]
        steps = [self._parameter(name, formula.parameters[name], value) for name, value in values.items()]
        steps += [_with_clause(step, clause, formula) for step in outcome.steps]
        doubts += [
            _unverified("参数", "the parameter", step.clause.words)
            for step in steps[: len(values)]
            if step.clause and not step.clause.is_verified
        ]
        return Figure(
            cell, outcome.state, outcome.value, rule.unit, steps=tuple(steps), inputs=_named(inputs),
            doubts=_all_doubts(doubts, inputs),
        )  # fmt: skip

    def _outcome(
        self,
        rule: Indicator,
        formula: Formula,
        inputs: Mapping[str, tuple[Figure, ...]],
        values: Mapping[str, DatedValue],
    ) -> Outcome:
        name, grid = Message(rule.zh, rule.en), kept_grid(rule, self.law.forms)
        numbers = {each: value.number for each, value in values.items()}
        if formula.expression is None:
            samples = {
                each: tuple(Sample(one.cell.subject, one.cell.period, _told(one)) for one in figures)
                for each, figures in inputs.items()
            }
            return self.law.methods[formula.method](Given(samples, numbers, name, rule.unit, grid))
        singles = {each: _told(figures[0]) if figures else State.MISSING for each, figures in inputs.items()}
        return evaluate(formula.expression, {**singles, **numbers}, name, rule.unit, grid)

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
        missing = Figure(cell, State.MISSING, None, self.unit(cell))
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
        fact = self.told.get(cell)
        if fact is not None and fact.state is not State.MISSING:
            return self._of_fact(cell, fact)
        return self._put_together(cell)

    def _of_parts(self, cell: Cell, rule: Indicator, way: Aggregation, parts: tuple[Figure, ...]) -> Figure:
        told = put_together(way, tuple(map(_told, parts)))
        value, state = (told, State.VALUE) if isinstance(told, Decimal) else (None, told)
        symbols = {f"x{number}": (part,) for number, part in enumerate(parts, 1)}
        given = tuple((name, part.value) for name, (part,) in symbols.items() if part.value is not None)
        step = Step(_AGGREGATIONS[way], f"{way.value}({', '.join(symbols)})", given, value, rule.unit)
        inputs = _named(symbols)
        return Figure(cell, state, value, rule.unit, steps=(step,), inputs=inputs, doubts=_all_doubts([], symbols))


def _told(figure: Figure) -> Told:
    return figure.state if figure.value is None else figure.value


def _named(inputs: Mapping[str, tuple[Figure, ...]]) -> tuple[tuple[str, Figure], ...]:
    return tuple((name, figure) for name, figures in inputs.items() for figure in figures)


def _all_doubts(own: list[Message], inputs: Mapping[str, tuple[Figure, ...]]) -> tuple[Message, ...]:
    """Its own and those of whatever it rests on, each once."""
    every = [*own, *(doubt for figures in inputs.values() for figure in figures for doubt in figure.doubts)]
    return tuple(dict.fromkeys(every))


def _unverified(zh: str, en: str, words: Message) -> Message:
    return Message(f"{zh}尚未与文件原文核对：{words.zh}", f"{en} has not been compared with the document: {words.en}")


def _with_clause(step: Step, clause: Clause, formula: Formula) -> Step:
    """The step that is the formula itself bears the rule; changes of unit and rounding are arithmetic."""
    text = formula.expression.text if formula.expression else None
    if step.clause is not None or (text is not None and step.formula != text):
        return step
    return replace(step, clause=clause)
