"""问责: what follows from results, on which ground, for whom, by whom, until when.

A statute and a plan may speak of the same thing with different conditions: where the law says "or" and a plan says
"and", both stand, each as a rule of its own, and the plan's takes nothing away from the law's. What is missing decides
nothing: a rule whose condition cannot be told is a finding, not a "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.check import Check
from shuangkong.core.dated import Parameter, Validity
from shuangkong.core.fact import State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.restriction import Approval, Firmness, Ground, Restriction, Term
from shuangkong.core.trace import Clause
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.row import holds

UNDECIDED = "ASM-009"


class GroundKind(StrEnum):
    """On what a rule rests. None of them weakens another."""

    STATUTE = "statute"  # 法律法规
    RULE = "rule"  # 考核办法、通知
    PLAN = "plan"  # 工作方案


class ActKind(StrEnum):
    """What follows."""

    INTERVIEW = "interview"  # 约谈，留有纪要
    ACCOUNTABILITY = "accountability"  # 问责
    CRITICISM_NOTICE = "criticism_notice"  # 通报批评
    REMINDER = "reminder"  # 提醒
    RECTIFICATION = "rectification"  # 限期报整改方案
    SUSPENSION = "suspension"  # 暂停审批、缓批限批
    CREDIT_RECORD = "credit_record"  # 记入信用记录
    CADRE_RECORD = "cadre_record"  # 作为干部考核依据
    NO_AWARD = "no_award"  # 不得评优、表彰
    COMMENDATION = "commendation"  # 表彰（assessment.commendation）
    INSPECTION_LIST = "inspection_list"  # 列入督查范围
    WORK_REPORT = "work_report"  # 向上级书面报告
    DEEMED_FAILED = "deemed_failed"  # 直接定为未完成


class DaysKind(StrEnum):
    """In what a term is counted."""

    DAY = "day"
    WORKDAY = "workday"


@dataclass(frozen=True, slots=True)
class TermOf:
    """A term of a restriction; ``of``: the subject itself, or what it missed, stands for its codes."""

    term: Term
    of: str = ""


@dataclass(frozen=True, slots=True)
class Suspension:
    """The restriction that an act lays down, before it is known whom it is laid upon.

    ``until``: the last day that the document itself names; None: until it is lifted.
    """

    approvals: frozenset[Approval]
    firmness: Firmness
    scope: tuple[TermOf, ...]
    exempt: tuple[Term, ...]
    lifted_when: Message
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ActRule:
    """One act: the row "consequence → object → executor → evidence → lifted on".

    Attributes:
        term: its number of days, counted as ``days``; None: no term.
        is_published: it is made public.
    """

    kind: ActKind
    object: str
    executors: str
    evidence: str
    is_published: bool = False
    term: Parameter | None = None
    days: DaysKind = DaysKind.DAY
    suspension: Suspension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceRule:
    """``results``: the names of its condition, 1 for yes and 0 for no, or figures, and what they mean.

    ``indicators``: result → indicators; where a round's targets are of one of these, a missed target is this result.
    """

    id: str
    name: Message
    subjects: tuple[str, ...]
    ground: GroundKind
    results: Mapping[str, Message]
    when: Expression
    acts: tuple[ActRule, ...]
    validity: Validity
    clause: Clause
    source: str
    at: str
    place: str
    indicators: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one rule calls for against one subject.

    Attributes:
        inputs: the results that it follows from.
        due: last day of the act's term, counted from ``on``; None where it has none.
        restriction: of a suspension.
    """

    rule: ConsequenceRule
    act: ActRule
    subject: Subject
    on: date
    inputs: tuple[tuple[str, Decimal], ...]
    due: date | None = None
    restriction: Restriction | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """What follows, and of which rules it cannot be told whether they do."""

    consequences: tuple[Consequence, ...]
    findings: tuple[Finding, ...]


type Workdays = Callable[[date, int], date]


def following(
    rules: Iterable[ConsequenceRule],
    subject: Subject,
    results: Mapping[str, Told],
    on: date,
    checks: Mapping[str, Check],
    workdays: Workdays,
    missed: frozenset[str] = frozenset(),
) -> Following:
    """All that follows on a day.

    Args:
        results: by the names that the rules use; a name that is not there is missing.
        on: the day of the announcement, from which terms are counted.
        workdays: the day so many working days after another (the calendar is a shell's).
        missed: codes of what was missed (pollutants), where a suspension speaks of it.
    """
    found: list[Consequence] = []
    findings: list[Finding] = []
    for rule in rules:
        if subject.kind not in rule.subjects or not rule.validity.holds_on(on):
            continue
        told = {name: results.get(name, State.MISSING) for name in rule.when.names}
        answer = holds(rule.when, told)
        if answer is None:
            findings.append(_undecided(rule, told, subject, checks[UNDECIDED]))
        elif answer:
            inputs = tuple((name, value) for name, value in told.items() if isinstance(value, Decimal))
            found += (_consequence(rule, act, subject, on, inputs, workdays, missed) for act in rule.acts)
    return Following(tuple(found), tuple(findings))


def _undecided(rule: ConsequenceRule, told: Mapping[str, Told], subject: Subject, check: Check) -> Finding:
    lacking = [rule.results[name] for name, value in told.items() if isinstance(value, State)]
    zh, en = "、".join(each.zh for each in lacking), ", ".join(each.en for each in lacking)
    message = Message(
        check.message.zh.format(name=rule.name.zh, found=zh), check.message.en.format(name=rule.name.en, found=en)
    )
    return Finding(check.code, check.severity, f"{rule.id} {subject}", message)


def _consequence(
    rule: ConsequenceRule,
    act: ActRule,
    subject: Subject,
    on: date,
    inputs: tuple[tuple[str, Decimal], ...],
    workdays: Workdays,
    missed: frozenset[str],
) -> Consequence:
    due = None if act.term is None else last_day(on, int(act.term.on(on).number), act.days, workdays)
    restriction = None
    if act.suspension is not None:
        restriction = restriction_of(rule, act.suspension, subject, on, missed)
    return Consequence(rule, act, subject, on, inputs, due, restriction)


def last_day(on: date, count: int, days: DaysKind, workdays: Workdays) -> date:
    """The last day of a term that begins the day after ``on``."""
    return workdays(on, count) if days is DaysKind.WORKDAY else date.fromordinal(on.toordinal() + count)


def restriction_of(
    rule: ConsequenceRule, suspension: Suspension, subject: Subject, on: date, missed: frozenset[str] = frozenset()
) -> Restriction:
    """The restriction laid upon a subject from a day, until it is lifted.

    Raises:
        ValueError: the rule speaks of what was missed and nobody says what that was.
    """
    if not missed and any(each.of == "missed" for each in suspension.scope):
        raise ValueError(f"{rule.id}: speaks of what was missed, and nothing is named; expected the codes of it")
    codes = {"subject": frozenset({subject.code}), "missed": missed}
    scope = tuple(
        Term(each.term.kind, codes[each.of], each.term.threshold) if each.of else each.term for each in suspension.scope
    )
    return Restriction(
        id=f"{rule.id}/{subject}/{on}",
        approvals=suspension.approvals,
        scope=scope,
        validity=Validity(on, suspension.until),
        ground=Ground(rule.clause, rule.source, rule.at, occasion=str(subject)),
        lifted_when=suspension.lifted_when,
        firmness=suspension.firmness,
        exempt=suspension.exempt,
    )
