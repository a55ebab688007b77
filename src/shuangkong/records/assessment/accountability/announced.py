"""已公布的结果: what announced rounds say of an object, and of which indicator's targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from shuangkong.assessment.answers import Answers
from shuangkong.assessment.results import results_of
from shuangkong.assessment.sheet import scored
from shuangkong.core.period import Period
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import checks_of, kept_sheets, table_of
from shuangkong.records.assessment.years.store import assessments
from shuangkong.records.targets.decomposition.store import decompositions


@dataclass(frozen=True, slots=True)
class Round:
    """One announced result: ``indicator`` is that of the round's targets, "" where its table names its own."""

    period: Period
    indicator: str
    results: Mapping[str, Told]


def announced_rounds(condition: Q) -> dict[int, Round]:
    """Number of an assessment that was announced → its result, of those that meet a condition. 6 queries."""
    rows = [row for row in assessments(condition) if row.standing.announced_on]
    kept = kept_sheets(Q(assessment__in=[row.id for row in rows]))
    heads = {head.id: head.indicator for head in decompositions(Q(pk__in=[row.decomposition for row in rows]))}
    return {
        row.id: Round(
            row.period, heads.get(row.decomposition or 0, ""), _results(row, kept[row.standing.version].answers)
        )
        for row in rows
    }


def _results(row: AssessmentRow, answers: Answers) -> Mapping[str, Told]:
    return results_of(scored(table_of(row), row.subject, row.period, answers, checks_of(row)))
