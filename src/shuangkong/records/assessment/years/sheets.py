"""计分表的计算: the score sheets of assessments as of any day, for the assessor or as the assessed sees itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Q

from shuangkong.assessment.answers import Answers, Judged, Proof
from shuangkong.assessment.later import changed_since
from shuangkong.assessment.sheet import Sheet, scored
from shuangkong.assessment.table import ScoreTable
from shuangkong.core.check import Check
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.figures import figures_of
from shuangkong.records.assessment.years.models import AssessmentSheet
from shuangkong.records.assessment.years.rows import AssessmentRow, Side, judged_of
from shuangkong.rulebook import open_rulebook

ROOM = "assessment"


@dataclass(frozen=True, slots=True)
class KeptSheet:
    """A sheet as a result was proposed on it; ``result`` as it was told then, by the rules of then."""

    version: str
    rulebook: str
    answers: Answers
    result: Mapping[str, Any]


def checks_of(row: AssessmentRow) -> dict[str, Check]:
    """The catalogue of findings, of the layer that the assessment stands in."""
    return {check.code: check for check in open_rulebook().checks(ROOM, row.layer)}


def table_of(row: AssessmentRow) -> ScoreTable:
    """The score table of an assessment."""
    return open_rulebook().assessment(row.layer).tables[row.score_table]


def sheets_of(rows: Iterable[AssessmentRow], side: Side = Side.REVIEW, as_of: date | None = None) -> dict[int, Sheet]:
    """Number of an assessment → its sheet, computed from targets, facts and entries as known at the end of a day.

    A fixed number of queries, however many they are.
    """
    every = tuple(rows)
    tables = {row.id: table_of(row) for row in every}
    figures = figures_of(every, tables, as_of)
    entries = store.marks(Q(assessment__in=list(tables)), as_of)
    return {
        row.id: scored(
            tables[row.id],
            row.subject,
            row.period,
            Answers(figures[row.id], judged_of(entries.get(row.id, ()), side)),
            checks_of(row),
        )
        for row in every
    }


def sides_of(row: AssessmentRow, as_of: date | None = None) -> tuple[Sheet, Sheet]:
    """The sheet as the assessed sees itself, and as the assessor does; as many queries as for one."""
    table, checks = table_of(row), checks_of(row)
    figures = figures_of((row,), {row.id: table}, as_of)[row.id]
    entries = store.marks(Q(assessment=row.id), as_of).get(row.id, ())
    own, reviewed = (Answers(figures, judged_of(entries, side)) for side in (Side.SELF, Side.REVIEW))
    return (
        scored(table, row.subject, row.period, own, checks),
        scored(table, row.subject, row.period, reviewed, checks),
    )


def sheet_of(row: AssessmentRow, side: Side = Side.REVIEW, as_of: date | None = None) -> Sheet:
    """One sheet; as ``sheets_of``."""
    return sheets_of((row,), side, as_of)[row.id]


def kept_sheets(condition: Q) -> dict[str, KeptSheet]:
    """Version → the sheet that results stand on. 1 query."""
    return {row.version: _kept(row) for row in AssessmentSheet.objects.filter(condition)}


def since_announced(
    rows: Iterable[AssessmentRow], now: Mapping[int, Sheet], kept: Mapping[str, KeptSheet]
) -> dict[int, tuple[Finding, ...]]:
    """What is other now than when a result was announced, by number; nothing of what was not announced."""
    found: dict[int, tuple[Finding, ...]] = {}
    for row in rows:
        told = kept.get(row.standing.version) if row.standing.announced_on else None
        if told is not None:
            checks = checks_of(row)
            before = scored(table_of(row), row.subject, row.period, told.answers, checks)
            found[row.id] = changed_since(before, now[row.id], checks)
    return found


def sheet_text(sheet: Sheet) -> str:
    """What a sheet was scored from and what it gave, as JSON in one order: its digest is its version."""
    told = {
        "figures": {name: _figure_text(each) for name, each in sheet.answers.figures.items()},
        "judged": {code: _judged_text(each) for code, each in sheet.answers.judged.items()},
        "result": {
            "total": _number(sheet.total),
            "grade": sheet.grade.id if sheet.grade else "",
            "marks": {score.item.code: _number(score.marks) for score in sheet.scores},
            "vetoes": {each.veto.code: each.holds for each in sheet.vetoes},
        },
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def version_of(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def _kept(row: AssessmentSheet) -> KeptSheet:
    told = json.loads(row.content)
    answers = Answers(
        {name: _figure_of(each) for name, each in told["figures"].items()},
        {code: _judged_of(each) for code, each in told["judged"].items()},
    )
    return KeptSheet(row.version, row.rulebook, answers, told["result"])


def _figure_text(figure: Figure) -> dict[str, Any]:
    cell = figure.cell
    return {
        "subject": [cell.subject.kind, cell.subject.code],
        "indicator": cell.indicator,
        "period": str(cell.period),
        "state": figure.state.value,
        "value": _number(figure.value),
        "unit": figure.unit,
        "steps": [_step_text(each) for each in figure.steps],
        "rests_on": sorted({fact.version for _, each in figure.inputs for fact in [each.fact] if fact is not None}),
    }


def _figure_of(told: Mapping[str, Any]) -> Figure:
    cell = Cell(Subject(*told["subject"]), told["indicator"], Period.parse(told["period"]))
    value = None if told["value"] is None else Decimal(told["value"])
    steps = tuple(map(_step_of, told.get("steps", ())))
    return Figure(cell, State(told["state"]), value, told["unit"], steps=steps)


def _step_text(step: Step) -> dict[str, Any]:
    """How the figure came about, for a paper of later on; by which clause is told by the rules of then."""
    inputs = [[name, _number(value)] for name, value in step.inputs]
    said = {"zh": step.name.zh, "en": step.name.en, "formula": step.formula, "unit": step.unit}
    return said | {"inputs": inputs, "value": _number(step.value)}


def _step_of(told: Mapping[str, Any]) -> Step:
    inputs = tuple((name, Decimal(value)) for name, value in told["inputs"])
    value = None if told["value"] is None else Decimal(told["value"])
    return Step(Message(told["zh"], told["en"]), told["formula"], inputs, value, told["unit"])


def _judged_text(judged: Judged) -> dict[str, Any]:
    return {
        "marks": _number(judged.marks),
        "inapplicable": judged.is_inapplicable,
        "proofs": [[each.title, each.number, each.place] for each in judged.proofs],
    }


def _judged_of(told: Mapping[str, Any]) -> Judged:
    marks = None if told["marks"] is None else Decimal(told["marks"])
    return Judged(marks, tuple(Proof(*each) for each in told["proofs"]), is_inapplicable=told["inapplicable"])


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
