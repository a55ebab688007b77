"""数据自动取得: what a score table takes from targets and statistics, with its trace; nobody types it.

Targets are the shares in force of adopted decompositions, and where none is adopted what the assessor's plan prints;
results are the figures of the statistics engine; all as known at the end of a day. What one of them does not know is
missing, and its words say which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.assessment.table import Aspect, FigureRule, ScoreTable
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine import Engine
from shuangkong.plans.reading import Kind
from shuangkong.records.assessment.years.changes import GROWTH, with_told_changes
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.targets.decomposition.rows import YearDue
from shuangkong.records.targets.decomposition.store import decompositions
from shuangkong.records.targets.goals import course_due
from shuangkong.records.targets.in_force import InForce, alone, assigned_steps, counted, end_of, in_force, of_subjects
from shuangkong.records.targets.rows import TargetRow
from shuangkong.records.targets.store import targets_laid_on
from shuangkong.rulebook import Rulebook, open_rulebook

_PERCENT = Decimal(100)
_PCT = "pct"
#: As steps print it.
_SIGN = "%"
_DONE = frozenset({Aspect.ANNUAL_DONE, Aspect.CUMULATIVE_DONE, Aspect.LEVEL_DONE, Aspect.LEVEL_BEFORE})
_DUE = Message("目标", "due")
_REACHED = Message("实际完成", "achieved")
_OF_SHARE = Message("分解下达的目标", "as shared out")
_AS_PRINTED = Message("方案所印的目标，没有另行分解下达", "as the plan prints it; none was shared out")
_NOT_RATE = Message("下达的不是降低率，不能折算", "not promised as a rate of decline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a subject owes of one indicator: its share in force, else what the assessor's plan prints.

    ``row``: the target as it counts; ``years``: what is due by the end of each, of an increment the totals.
    """

    row: TargetRow
    years: tuple[YearDue, ...]

    @property
    def subject(self) -> Subject:
        return Subject(self.row.subject_kind, self.row.subject_code)

    @property
    def base_year(self) -> int | None:
        return self.row.base_year or (self.row.start_year - 1 if self.row.start_year else None)

    def due(self, year: int) -> YearDue | None:
        return next((each for each in self.years if each.year == year), None)

    def covers(self, year: int) -> bool:
        """Whether a year lies in it."""
        last = end_of(self.row)
        return self.base_year is not None and last is not None and self.base_year < year <= last

    @property
    def decomposition(self) -> int | None:
        return self.row.assigned.decomposition if self.row.assigned else None

    @property
    def is_rate(self) -> bool:
        return Kind(self.row.kind) is Kind.REDUCTION_RATE

    @property
    def name(self) -> Message:
        said = _OF_SHARE if self.row.assigned else _AS_PRINTED
        return Message(f"{self.row.indicator_name}：{said.zh}", f"{self.row.indicator}: {said.en}")

    @property
    def steps(self) -> tuple[Step, ...]:
        return assigned_steps(self.row)


def figures_of(
    rows: Iterable[AssessmentRow], tables: Mapping[int, ScoreTable], as_of: date | None = None
) -> dict[int, dict[str, Figure]]:
    """Number of an assessment → name in its table → the figure, where the system can tell one.

    A fixed number of queries: 5 for shares, 4 for each step of formulas below the figures, 4 for published changes.
    """
    filling = _Filling(tuple(rows), tables, as_of)
    return {row.id: dict(filling.figures(row)) for row in filling.rows}


class _Filling:
    """All that the tables of these assessments rest on, found once."""

    def __init__(self, rows: tuple[AssessmentRow, ...], tables: Mapping[int, ScoreTable], as_of: date | None) -> None:
        self.rows, self.tables = rows, tables
        self.promises = tuple(_promises(rows, as_of))
        upward = {row.decomposition for row in rows if row.is_upward and row.decomposition}
        self.shared_on = {each.id: each.indicator for each in decompositions(Q(pk__in=upward))} if upward else {}
        self.laws = Laws(Territory())
        cells = {cell for row in rows for rule in self.rules(row).values() for cell in self.cells(row, rule)}
        by_layer = self.laws.by_layer(cells)
        self.engines: dict[str, Engine] = {
            layer: with_told_changes(engine_for(under, self.laws.territory, self.laws.law(layer), as_of), under, as_of)
            for layer, under in by_layer.items()
        }

    def rules(self, row: AssessmentRow) -> dict[str, FigureRule]:
        """Figures that the system has to tell, by the names of the table."""
        return {name: rule for name, rule in self.tables[row.id].figures.items() if rule.aspect is not None}

    def figures(self, row: AssessmentRow) -> Iterator[tuple[str, Figure]]:
        for name, rule in self.rules(row).items():
            yield name, self.figure(row, rule)

    def promise(self, row: AssessmentRow, rule: FigureRule) -> Promise | None:
        """What the subject owes of the rule's indicator; where the table names none, of the round's decomposition."""
        year = row.period.year
        found = (each for each in self.promises if each.subject == row.subject and each.covers(year))
        # Towards a superior outside the system: what the place owes itself of the target that it shared out below.
        wanted = rule.indicator or (self.shared_on.get(row.decomposition or 0, "") if row.is_upward else "")
        if wanted:
            return next((each for each in found if each.row.indicator == wanted), None)
        return next((each for each in found if each.decomposition and each.decomposition == row.decomposition), None)

    def indicator(self, row: AssessmentRow, rule: FigureRule) -> str:
        promise = self.promise(row, rule)
        return rule.indicator or (promise.row.indicator if promise else "")

    def cells(self, row: AssessmentRow, rule: FigureRule) -> Iterator[Cell]:
        """What the figure may rest on."""
        indicator, promise = self.indicator(row, rule), self.promise(row, rule)
        if not indicator or rule.aspect not in _DONE:
            return
        first = _base_year(promise) or row.period.year - 1
        for year in {row.period.year, row.period.year - 1, first}:
            yield Cell(row.subject, indicator, Period(year))
        if self.has_growth(row, indicator):
            for year in range(min(first + 1, row.period.year), row.period.year + 1):
                yield Cell(row.subject, f"{indicator}{GROWTH}", Period(year))

    def has_growth(self, row: AssessmentRow, indicator: str) -> bool:
        """Whether changes on the year before are counted of it (an intensity, at the prices of one year)."""
        return f"{indicator}{GROWTH}" in self.laws.law(self.laws.layer_of(row.subject, row.period)).indicators

    def told(self, subject: Subject, indicator: str, year: int) -> Figure:
        cell = Cell(subject, indicator, Period(year))
        return self.engines[self.laws.layer_of(subject, cell.period)].figure(cell)

    def figure(self, row: AssessmentRow, rule: FigureRule) -> Figure:
        cell = Cell(row.subject, self.indicator(row, rule) or row.score_table, row.period)
        promise, year = self.promise(row, rule), row.period.year
        match rule.aspect:
            case Aspect.ANNUAL_DUE:
                return _annual_due(cell, promise, year)
            case Aspect.CUMULATIVE_DUE:
                return _due(cell, promise, year, _PCT) if promise is None or promise.is_rate else _no_rate(cell)
            case Aspect.LEVEL_DUE:
                return _due(cell, promise, year, rule.unit)
        if not self.indicator(row, rule):
            return _lacking(cell, rule.unit)
        return self.done(row, rule, cell, promise)

    def done(self, row: AssessmentRow, rule: FigureRule, cell: Cell, promise: Promise | None) -> Figure:
        year, indicator = row.period.year, cell.indicator
        if rule.aspect in (Aspect.LEVEL_DONE, Aspect.LEVEL_BEFORE):
            return self.told(row.subject, indicator, year - (rule.aspect is Aspect.LEVEL_BEFORE))
        first = year - 1 if rule.aspect is Aspect.ANNUAL_DONE else _base_year(promise)
        if first is None:
            return _lacking(cell, _PCT)
        if self.has_growth(row, indicator):
            changes = [
                (f"r{each}", self.told(row.subject, f"{indicator}{GROWTH}", each))
                for each in range(first + 1, year + 1)
            ]
            return _compounded(cell, changes)
        levels = (
            (f"L{year}", self.told(row.subject, indicator, year)),
            (f"L{first}", self.told(row.subject, indicator, first)),
        )
        return _declined(cell, *levels)


def _promises(rows: tuple[AssessmentRow, ...], as_of: date | None) -> Iterator[Promise]:
    """By decompositions and plans of the assessors: shares in force first. 2 queries, 6 with shares."""
    if not rows:
        return
    book, subjects = open_rulebook(), {(row.subject.kind, row.subject.code) for row in rows}
    held = in_force(Q(scenario__decomposition__path__in={row.path for row in rows}) & of_subjects(subjects), as_of)
    printed = targets_laid_on(subjects, {row.region for row in rows}, as_of)
    shares = {each.share.id: each for each in held}
    counting = (*counted(printed, held, book), *alone(held, printed))
    for row in sorted(counting, key=lambda each: each.assigned is None):
        yield Promise(row=row, years=_years(row, shares, book))


def _years(row: TargetRow, shares: Mapping[int, InForce], book: Rulebook) -> tuple[YearDue, ...]:
    """As it was shared out; else as the schedule has it, where the plan itself gives no years."""
    if row.assigned is not None:
        return shares[row.assigned.share].share.years
    if Kind(row.kind) is Kind.CAP_INCREMENT:  # totals are owed, and the plan prints what is added to them
        return ()
    return tuple(
        YearDue(each.year, each.due, each.steps[-1].formula) for each in course_due(row, book) if each.due is not None
    )


def _base_year(promise: Promise | None) -> int | None:
    return promise.base_year if promise else None


def _lacking(cell: Cell, unit: str, *doubts: Message) -> Figure:
    return Figure(cell, State.MISSING, None, unit, doubts=doubts)


def _no_rate(cell: Cell) -> Figure:
    return _lacking(cell, _PCT, _NOT_RATE)


def _due(cell: Cell, promise: Promise | None, year: int, unit: str) -> Figure:
    """What is due by the end of the year, as it was shared out."""
    due = promise.due(year) if promise else None
    if promise is None or due is None:
        return _lacking(cell, unit)
    step = Step(promise.name, due.formula, (), due.due, _SIGN if unit == _PCT else unit)
    return Figure(cell, State.VALUE, due.due, unit, steps=(*promise.steps, step))


def _annual_due(cell: Cell, promise: Promise | None, year: int) -> Figure:
    """Of a decline promised since the base year, what falls on one year: ``1 − (1 − D_t)/(1 − D_(t−1))``."""
    if promise is not None and not promise.is_rate:
        return _no_rate(cell)
    due = promise.due(year) if promise else None
    if promise is None or due is None:
        return _lacking(cell, _PCT)
    before = promise.due(year - 1)
    earlier = before.due if before else Decimal(0)
    if (before is None and year - 1 != promise.base_year) or earlier >= _PERCENT:
        return _lacking(cell, _PCT)
    value = (1 - (_PERCENT - due.due) / (_PERCENT - earlier)) * _PERCENT
    inputs = ((f"D{year}", due.due), (f"D{year - 1}", earlier))
    step = Step(_DUE, f"(1 − (100 − D{year}) ÷ (100 − D{year - 1})) × 100", inputs, value, _SIGN)
    return Figure(cell, State.VALUE, value, _PCT, steps=(*promise.steps, step))


def _declined(cell: Cell, now: tuple[str, Figure], before: tuple[str, Figure]) -> Figure:
    """``1 − L_t / L_0``, in per cent; a fall is positive."""
    (name, current), (earlier_name, earlier) = now, before
    formula = f"(1 − {name} ÷ {earlier_name}) × 100"
    value = None
    if current.value is not None and earlier.value:
        value = (1 - current.value / earlier.value) * _PERCENT
    return _computed(cell, (now, before), formula, value)


def _compounded(cell: Cell, changes: list[tuple[str, Figure]]) -> Figure:
    """``1 − Π(1 + r)``, in per cent; a fall is positive."""
    formula = "(1 − " + " × ".join(f"(1 + {name} ÷ 100)" for name, _ in changes) + ") × 100"
    left: Decimal | None = Decimal(1)
    for _, change in changes:
        left = None if left is None or change.value is None else left * (1 + change.value / _PERCENT)
    return _computed(cell, changes, formula, None if left is None else (1 - left) * _PERCENT)


def _computed(cell: Cell, inputs: Iterable[tuple[str, Figure]], formula: str, value: Decimal | None) -> Figure:
    told = tuple(inputs)
    known = tuple((name, figure.value) for name, figure in told if figure.value is not None)
    step = Step(_REACHED, formula, known, value, _SIGN)
    doubts = tuple(dict.fromkeys(doubt for _, figure in told for doubt in figure.doubts))
    state = State.MISSING if value is None else State.VALUE
    return Figure(cell, state, value, _PCT, steps=(step,), inputs=told, doubts=doubts)
