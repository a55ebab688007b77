"""评分: one subject's score sheet, every mark with the rung it stands on and the figures under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuangkong.assessment.answers import Answers, Judged, taken
from shuangkong.assessment.grading import grade_text, missed_name, parsed, place_of
from shuangkong.assessment.table import SCORE, Grade, Item, ScoreTable, Veto
from shuangkong.core.check import Check
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.row import evaluate, holds

_POINTS = "points"
_SUM = Message("合计", "Sum")
_NOT_VERIFIED = Message("评分规则未与原文核对", "the rule was not compared with its document")


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What an item gives.

    Attributes:
        marks: None where something it needs is missing: that is not zero.
        because: the words of the rung that it stands on.
        figure: the marks with their steps and the figures that they rest on.
        judged: what persons gave for its points, by their codes.
    """

    item: Item
    marks: Decimal | None
    because: Message
    figure: Figure
    judged: Mapping[str, Judged]

    @property
    def least(self) -> Decimal:
        return self.item.least if self.marks is None else self.marks

    @property
    def most(self) -> Decimal:
        return self.item.most if self.marks is None else self.marks


@dataclass(frozen=True, slots=True)
class VetoScore:
    """``holds`` None: what is missing decides it."""

    veto: Veto
    holds: bool | None
    inputs: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score sheet of a subject in a period.

    Attributes:
        total: None while an item lacks its marks, and where the table gives none; ``least`` and ``most``: between which
            it must lie.
        grade: None where it is not decided; ``possible``: the grades that remain, the best first.
        answers: what it was scored from; ``figure``: the total with everything under it.
    """

    table: ScoreTable
    subject: Subject
    period: Period
    day: date
    answers: Answers
    scores: tuple[ItemScore, ...]
    vetoes: tuple[VetoScore, ...]
    least: Decimal
    most: Decimal
    total: Decimal | None
    possible: tuple[Grade, ...]
    figure: Figure
    findings: tuple[Finding, ...]

    @property
    def grade(self) -> Grade | None:
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def is_complete(self) -> bool:
        """Whether no item lacks its marks."""
        return all(score.marks is not None for score in self.scores)

    def score(self, code: str) -> ItemScore:
        """Raises KeyError."""
        found = next((each for each in self.scores if each.item.code == code), None)
        if found is None:
            raise KeyError(code)
        return found


def scored(table: ScoreTable, subject: Subject, period: Period, answers: Answers, checks: Mapping[str, Check]) -> Sheet:
    """The sheet by the rules in force on the period's last day.

    Raises:
        ValueError: the table is not in force on that day.
    """
    day = period.last_day
    if not table.validity.holds_on(day):
        raise ValueError(f"{table.id}: not in force on {day}; expected a table whose dates cover the period")
    found = taken(table, subject, answers, checks)
    scorer = _Scorer(table, subject, period, answers, found.told)
    scores = tuple(map(scorer.item, table.items))
    vetoes = tuple(map(scorer.veto, table.vetoes_on(day)))
    least, most = sum((s.least for s in scores), Decimal(0)), sum((s.most for s in scores), Decimal(0))
    total = least if scores and all(score.marks is not None for score in scores) else None
    best, worst = scorer.places(scores, vetoes, least, most)
    return Sheet(
        table=table,
        subject=subject,
        period=period,
        day=day,
        answers=answers,
        scores=scores,
        vetoes=vetoes,
        least=least,
        most=most,
        total=total,
        possible=table.grades[best : worst + 1],
        figure=scorer.whole(scores, vetoes, total),
        findings=found.findings,
    )


@dataclass(frozen=True, slots=True)
class _Scorer:
    table: ScoreTable
    subject: Subject
    period: Period
    answers: Answers
    told: Mapping[str, Told]

    def item(self, item: Item) -> ItemScore:
        outcome = evaluate(item.expression, self.told, item.name, _POINTS, self.table.grid)
        formula = item.expression.text
        steps = tuple(replace(step, clause=item.clause) if step.formula == formula else step for step in outcome.steps)
        figure = Figure(
            cell=self.cell(item.code),
            state=outcome.state,
            value=outcome.value,
            unit=_POINTS,
            steps=steps,
            inputs=tuple((name, self.answers.figures[name]) for name in item.figures if name in self.answers.figures),
            doubts=() if item.clause.is_verified else (_NOT_VERIFIED,),
        )
        judged = {point.code: self.answers.judged[point.code] for point in item.points if self.is_judged(point.code)}
        return ItemScore(item, outcome.value, self.because(item, outcome.state), figure, judged)

    def is_judged(self, code: str) -> bool:
        return code in self.answers.judged

    def because(self, item: Item, state: State) -> Message:
        """The words of the first rung that holds; what is missing where none can be told."""
        if state is not State.VALUE:
            lacking = [self.spoken(item, name) for name in item.expression.names if self.lacks(name)]
            zh, en = "、".join(each.zh for each in lacking), ", ".join(each.en for each in lacking)
            return Message(f"暂不计分，缺：{zh}", f"not scored yet, missing: {en}")
        for rung, when in zip(item.ladder, item.whens, strict=True):
            if when is None or holds(when, self.told):
                return rung.words
        raise AssertionError(f"{item.code}: the last rung has no condition")

    def lacks(self, name: str) -> bool:
        return isinstance(self.told[name], State)

    def spoken(self, item: Item, name: str) -> Message:
        point = next((point for point in item.points if point.symbol == name), None)
        return self.table.figures[name].name if point is None else point.name

    def veto(self, veto: Veto) -> VetoScore:
        figures = ((name, self.told[name]) for name in veto.when.names)
        inputs = tuple((name, value) for name, value in figures if isinstance(value, Decimal))
        return VetoScore(veto, holds(veto.when, self.told), inputs)

    def places(
        self, scores: tuple[ItemScore, ...], vetoes: tuple[VetoScore, ...], least: Decimal, most: Decimal
    ) -> tuple[int, int]:
        """Places of the best and of the worst grade that remain possible."""
        best, worst = self.graded(scores, most, is_best=True), self.graded(scores, least, is_best=False)
        for each in vetoes:
            place = place_of(self.table, each.veto.grade)
            best = max(best, place) if each.holds else best
            worst = worst if each.holds is False else max(worst, place)
        return best, worst

    def graded(self, scores: tuple[ItemScore, ...], score: Decimal, is_best: bool) -> int:
        counted: dict[str, Told] = {SCORE: score}
        for block in self.table.blocks:
            ours = [each for each in scores if each.item.block == block and not each.item.is_extra]
            missed = sum((each.most if is_best else each.least) < each.item.most for each in ours)
            counted[missed_name(block)] = Decimal(missed)
        expression = parsed(grade_text(self.table, self.period.last_day))
        outcome = evaluate(expression, {**self.told, **counted}, self.table.name, "")
        if outcome.value is None:
            return 0 if is_best else len(self.table.grades) - 1
        return int(outcome.value)

    def whole(self, scores: tuple[ItemScore, ...], vetoes: tuple[VetoScore, ...], total: Decimal | None) -> Figure:
        inputs = tuple((each.item.code, each.marks) for each in scores if each.marks is not None)
        formula = " + ".join(each.item.code for each in scores)
        steps = [Step(_SUM, formula, inputs, total, _POINTS, self.table.clause)] if scores else []
        steps += map(_veto_step, vetoes)
        lack = State.MISSING if scores else State.NOT_APPLICABLE
        return Figure(
            cell=self.cell(""),
            state=lack if total is None else State.VALUE,
            value=total,
            unit=_POINTS,
            steps=tuple(steps),
            inputs=tuple((each.item.code, each.figure) for each in scores),
            doubts=() if self.table.clause.is_verified else (_NOT_VERIFIED,),
        )

    def cell(self, code: str) -> Cell:
        path = ".".join(part for part in ("score_table", self.table.id, code) if part)
        return Cell(self.subject, path, self.period)


def _veto_step(each: VetoScore) -> Step:
    """1 where it holds, 0 where not, no value where what is missing decides it."""
    value = None if each.holds is None else Decimal(each.holds)
    return Step(each.veto.name, each.veto.when.text, each.inputs, value, "", each.veto.clause)
