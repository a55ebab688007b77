"""自评与评分的依据: figures that the system has, marks that persons give with evidence, and what becomes of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuangkong.assessment.table import FigureRule, Item, Point, ScoreTable
from shuangkong.core.check import Check
from shuangkong.core.fact import Evidence, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.trace import Figure
from shuangkong.policyfile.expression.given import Told

#: Codes of the catalogue ``policy/<layer>/assessment/checks.yaml``.
NO_EVIDENCE, BEYOND_MARKS, TYPED_OVER, UNLIKE_UNIT, UNKNOWN_CODE, NO_RULE, STATISTICAL = (
    "ASM-001", "ASM-002", "ASM-003", "ASM-004", "ASM-005", "ASM-006", "ASM-010",
)  # fmt: skip
#: Whose statistical returns identify them: these may not carry an administrative act against them (统计法).
RESPONDENTS = frozenset({"unit", "state_enterprise", "grid_company", "institution"})


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: its title, number and where it lies."""

    title: str
    number: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person gives: marks of a point, or the value of a figure that persons establish.

    ``marks`` None with ``is_inapplicable``: the point does not apply here. Without ``proofs`` it does not count.
    """

    marks: Decimal | None
    proofs: tuple[Proof, ...] = ()
    by: str = ""
    on: date | None = None
    is_inapplicable: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """``figures``: by the names of the table; ``judged``: by codes of points and names of established figures."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    judged: Mapping[str, Judged] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands for every name of the table's expressions, and what was refused on the way."""

    told: Mapping[str, Told]
    findings: tuple[Finding, ...]


def taken(table: ScoreTable, subject: Subject, answers: Answers, checks: Mapping[str, Check]) -> Taken:
    """Figures and judgements as the arithmetic takes them; whatever cannot count is MISSING, and a finding says why."""
    reader = _Taking(table, subject, answers, checks)
    told = {name: reader.figure(name, rule) for name, rule in table.figures.items()}
    told |= {point.symbol: reader.point(item, point) for item in table.items for point in item.points}
    return Taken(told, (*reader.findings, *reader.strangers()))


def rests_on_statistics(figure: Figure) -> bool:
    """Whether a statistical return stands anywhere under a figure."""
    is_statistical = figure.fact is not None and figure.fact.evidence is Evidence.STATISTICAL
    return is_statistical or any(rests_on_statistics(each) for _, each in figure.inputs)


@dataclass
class _Taking:
    table: ScoreTable
    subject: Subject
    answers: Answers
    checks: Mapping[str, Check]
    findings: list[Finding] = field(default_factory=list)

    def figure(self, name: str, rule: FigureRule) -> Told:
        if rule.is_established:
            return self.established(name, rule)
        if name in self.answers.judged:
            self.find(TYPED_OVER, rule.name.zh, name=rule.name)
        figure = self.answers.figures.get(name)
        if figure is None:
            return State.MISSING
        if figure.unit != rule.unit:
            self.find(UNLIKE_UNIT, rule.name.zh, name=rule.name, expected=rule.unit, found=figure.unit)
            return State.MISSING
        if self.subject.kind in RESPONDENTS and rests_on_statistics(figure):
            self.find(STATISTICAL, rule.name.zh, name=rule.name)
            return State.MISSING
        return figure.state if figure.value is None else figure.value

    def established(self, name: str, rule: FigureRule) -> Told:
        given = self.answers.judged.get(name)
        if given is None:
            return State.MISSING
        if not given.proofs:
            self.find(NO_EVIDENCE, rule.name.zh, name=rule.name)
            return State.MISSING
        if given.is_inapplicable:
            return State.NOT_APPLICABLE
        return State.MISSING if given.marks is None else given.marks

    def point(self, item: Item, point: Point) -> Told:
        given, place = self.answers.judged.get(point.code), f"{item.code} {point.code}"
        if given is None:
            return State.MISSING
        if not given.proofs:
            self.find(NO_EVIDENCE, place, name=point.name)
            return State.MISSING
        if given.is_inapplicable:
            return self.inapplicable(place, point)
        if given.marks is None:
            return State.MISSING
        if not 0 <= given.marks <= point.marks:
            self.find(BEYOND_MARKS, place, name=point.name, most=point.marks, found=given.marks)
            return State.MISSING
        return given.marks

    def inapplicable(self, place: str, point: Point) -> Told:
        """Not deducted where the table says so; else the table says nothing of what it counts, and nobody may guess."""
        if point.is_full_if_inapplicable:
            return point.marks
        self.find(NO_RULE, place, name=point.name)
        return State.MISSING

    def strangers(self) -> Iterator[Finding]:
        """What was answered and nobody asked."""
        known = {*self.table.figures, *(point.code for point in self.table.points)}
        for code in (*self.answers.figures, *self.answers.judged):
            if code not in known:
                yield self.finding(UNKNOWN_CODE, code, found=code, table=self.table.name)

    def find(self, code: str, place: str, **said: object) -> None:
        self.findings.append(self.finding(code, place, **said))

    def finding(self, code: str, place: str, **said: object) -> Finding:
        check = self.checks[code]
        zh = {key: value.zh if isinstance(value, Message) else value for key, value in said.items()}
        en = {key: value.en if isinstance(value, Message) else value for key, value in said.items()}
        message = Message(check.message.zh.format(**zh), check.message.en.format(**en))
        return Finding(code, check.severity, f"{self.table.name.zh} {place}", message)
