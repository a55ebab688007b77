"""列出后果: what the rules call for after an announced result; each act of each rule is followed by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.assessment.consequence import ActRule, ConsequenceRule, Following, following
from shuangkong.assessment.results import results_of
from shuangkong.assessment.sheet import scored
from shuangkong.core.finding import Finding
from shuangkong.records.assessment.accountability.models import Consequence
from shuangkong.records.assessment.accountability.store import rules_of
from shuangkong.records.assessment.years.models import Assessment, AssessmentSheet
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import checks_of, kept_sheets, table_of
from shuangkong.records.assessment.years.store import assessment
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition.store import decomposition

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ListedUp:
    """Numbers of the consequences that were written down, and of which rules it cannot be told whether they follow."""

    numbers: tuple[int, ...]
    findings: tuple[Finding, ...]


def called_for(row: AssessmentRow) -> Following:
    """What the rules in force on the day of the announcement call for; nothing before it. ~3 queries."""
    now = row.standing
    kept = kept_sheets(Q(assessment=row.id)).get(now.version) if now.announced_on else None
    if kept is None or now.announced_on is None:
        return Following((), ())
    sheet = scored(table_of(row), row.subject, row.period, kept.answers, checks_of(row))
    rules, missed = rules_of(row.layer), _missed(row)
    usable = tuple(rule for rule in rules.values() if missed or not _asks_missed(rule))
    return following(usable, row.subject, results_of(sheet), now.announced_on, checks_of(row), workdays_after, missed)


def _asks_missed(rule: ConsequenceRule) -> bool:
    return any(each.of == "missed" for act in rule.acts if act.suspension for each in act.suspension.scope)


def _missed(row: AssessmentRow) -> frozenset[str]:
    """Code of what was missed: the pollutant of the round's targets."""
    head = decomposition(row.decomposition) if row.decomposition else None
    return frozenset() if head is None else frozenset({head.indicator.removesuffix("_total")})


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
        found = called_for(row)
        sheet = AssessmentSheet.objects.filter(assessment=held, version=row.standing.version).latest("pk")
        there = set(Consequence.objects.filter(assessment=held, sheet=sheet).values_list("rule", "ordinal"))
        made = []
        for each in found.consequences:
            ordinal = _ordinal(each.rule, each.act)
            if (each.rule.id, ordinal) in there:
                continue
            told = "\n".join(f"{each.rule.results[name].zh}：{value:f}" for name, value in each.inputs)
            kept = Consequence.objects.create(
                assessment=held, sheet=sheet, path=row.path, subject_path=row.subject_path, rule=each.rule.id,
                ordinal=ordinal, act=each.act.kind, inputs=told, missed="\n".join(sorted(_missed(row))), on=each.on,
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


def _ordinal(rule: ConsequenceRule, act: ActRule) -> int:
    return next(at for at, each in enumerate(rule.acts) if each is act)


def workdays_after(day: date, count: int) -> date:
    """The day so many working days after another; Saturdays and Sundays are none."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
