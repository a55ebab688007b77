"""列出后果: what the rules call for after an announced result; each act of each rule is followed by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.assessment.consequence import ActRule, Consequence, ConsequenceRule, Following, following
from shuangkong.assessment.results import TARGET_MISSED, named_by
from shuangkong.core.finding import Finding
from shuangkong.records.assessment.accountability.announced import Round, announced_rounds
from shuangkong.records.assessment.accountability.models import Consequence as Kept
from shuangkong.records.assessment.accountability.store import rules_of
from shuangkong.records.assessment.years.models import Assessment, AssessmentSheet
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import checks_of
from shuangkong.records.assessment.years.store import assessment
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

_SATURDAY = 5
_TOTAL = "_total"


@dataclass(frozen=True, slots=True)
class ListedUp:
    """Numbers of the consequences that were written down, and of which rules it cannot be told whether they follow."""

    numbers: tuple[int, ...]
    findings: tuple[Finding, ...]


def _called_for(row: AssessmentRow, rounds: Mapping[int, Round], missed: frozenset[str]) -> Following:
    """What the rules in force on the day of the announcement call for; nothing before it.

    A rule that asks for two results (quality and reduction) finds the other in another round over the same object and
    year, once that is announced; a rule that asks for no result of this round is left to the rounds that tell them.
    """
    day = row.standing.announced_on
    if day is None:
        return Following((), ())
    consequences: list[Consequence] = []
    findings: list[Finding] = []
    for rule in rules_of(row.layer).values():
        told = {number: named_by(each.results, each.indicator, rule) for number, each in rounds.items()}
        own = told.pop(row.id)
        if set(own).isdisjoint(rule.when.names) or (_asks_missed(rule) and not missed):
            continue
        results = {name: answer for each in told.values() for name, answer in each.items()} | own
        found = following((rule,), row.subject, results, day, checks_of(row), workdays_after, missed)
        consequences += found.consequences
        findings += found.findings
    return Following(tuple(consequences), tuple(findings))


def _asks_missed(rule: ConsequenceRule) -> bool:
    return any(each.of == "missed" for act in rule.acts if act.suspension for each in act.suspension.scope)


def _missed(row: AssessmentRow, rounds: Mapping[int, Round]) -> frozenset[str]:
    """Codes of the pollutants that were missed: of this round's targets, else of the other rounds over the object."""
    here = rounds[row.id].indicator
    told = [here] if here.endswith(_TOTAL) else [each.indicator for each in rounds.values() if _is_missed(each)]
    return frozenset(each.removesuffix(_TOTAL) for each in told if each.endswith(_TOTAL))


def _is_missed(told: Round) -> bool:
    return told.results.get(TARGET_MISSED) == 1


def list_up(assessment_id: int, by: Acting) -> ListedUp:
    """Writes down what follows from an announced result, whatever of it is not there yet.

    Raises:
        Refused: ASM-501 there is none of that number; ASM-502 its result is not announced.
        Forbidden: the person conducts no assessments there.
    """
    with transaction.atomic():
        held = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment_id).first()
        row = assessment(assessment_id) if held else None
        if held is None or row is None:
            raise Refused("ASM-501", "没有这项考核。", "No such assessment.")
        require(by, Action.ASSESSMENT_CONDUCT, row.where)
        if row.standing.announced_on is None:
            zh = "结果还没有公布，不能列出后果。请先公布文号。"
            raise Refused("ASM-502", zh, "Not announced yet: announce it first.")
        found = _still_called_for(row)
        sheet, missed = found.sheet, found.missed
        made = []
        for each in found.consequences:
            ordinal = _ordinal(each.rule, each.act)
            told = "\n".join(_input_said(each.rule, name, value) for name, value in each.inputs)
            kept = Kept.objects.create(
                assessment=held, sheet=sheet, path=row.path, subject_path=row.subject_path, rule=each.rule.id,
                ordinal=ordinal, act=each.act.kind, inputs=told, missed="\n".join(sorted(missed)), on=each.on,
                due=each.due, proposed_by=by.author, proposed_at=timezone.now(),
            )  # fmt: skip
            said = {"rule": each.rule.id, "act": each.act.kind.value, "due": each.due, "sheet": row.standing.version}
            act = by.act(
                "consequence.propose", f"consequence/{kept.pk}", ground=each.rule.clause.words.zh,
                document=row.standing.numbers[-1], after=said,
            )  # fmt: skip
            journal.append(replace(act, place=row.path))
            made.append(kept.pk)
    return ListedUp(tuple(made), found.findings)


def unlisted(row: AssessmentRow) -> int:
    """How many acts an announced result calls for that nobody has written down. ~9 queries, 0 before it is announced.

    Written down, each is decided or waived with a reason by itself.
    """
    return len(_still_called_for(row).consequences) if row.standing.announced_on else 0


@dataclass(frozen=True, slots=True)
class _Called:
    """What an announced sheet calls for and is not written down; ``missed`` as ``following`` takes it."""

    sheet: AssessmentSheet
    missed: frozenset[str]
    consequences: tuple[Consequence, ...]
    findings: tuple[Finding, ...]


def _still_called_for(row: AssessmentRow) -> _Called:
    rounds = announced_rounds(_over_same(row))
    missed = _missed(row, rounds)
    found = _called_for(row, rounds, missed)
    sheet = AssessmentSheet.objects.filter(assessment=row.id, version=row.standing.version).latest("pk")
    there = set(_of_same(row, sheet).values_list("rule", "ordinal"))
    lacking = (each for each in found.consequences if (each.rule.id, _ordinal(each.rule, each.act)) not in there)
    return _Called(sheet, missed, tuple(lacking), found.findings)


def _over_same(row: AssessmentRow) -> Q:
    """The condition on assessments of the same object and year by the same place."""
    return Q(path=row.path, period=str(row.period), subject_kind=row.subject.kind, subject_code=row.subject.code)


def _of_same(row: AssessmentRow, sheet: AssessmentSheet) -> QuerySet[Kept]:
    """What this sheet led to already, or a rule that two rounds over the object and year lead to did from the other."""
    other = Q(
        assessment__path=row.path, assessment__period=str(row.period), assessment__subject_kind=row.subject.kind,
        assessment__subject_code=row.subject.code,
    )  # fmt: skip
    joint = [rule.id for rule in rules_of(row.layer).values() if len(rule.when.names) > 1]
    return Kept.objects.filter(Q(sheet=sheet) | (other & Q(rule__in=joint) & ~Q(assessment=row.id)))


def _input_said(rule: ConsequenceRule, name: str, value: Decimal) -> str:
    """A result that a rule follows from: by itself where it was merely so, with its figure where it counts."""
    said = rule.results[name].zh
    is_flag = f"{name} == 1" in rule.when.text and value in (0, 1)
    return f"{said}：{value:f}" if not is_flag else said if value else f"{said}：否"


def _ordinal(rule: ConsequenceRule, act: ActRule) -> int:
    return next(at for at, each in enumerate(rule.acts) if each is act)


def workdays_after(day: date, count: int) -> date:
    """The day so many working days after another; Saturdays and Sundays are none."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
