"""考核: launched, checked by the assessed, reviewed, drawn, proposed, announced; its score sheet on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse

from shuangkong.assessment.sheet import Sheet
from shuangkong.core.period import Period
from shuangkong.records.assessment.years import acts, carrying, drawing, launching, marking, store
from shuangkong.records.assessment.years.rows import AssessmentRow, Given, Said, Wanted
from shuangkong.records.assessment.years.sheets import kept_sheets, sides_of, since_announced
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.assessment_shapes import (
    Assessment,
    AssessmentActTold,
    AssessmentEvents,
    Assessments,
    AssessmentSheet,
    Carried,
    CarryTold,
    Drawn,
    DrawTold,
    Launched,
    MarkTold,
    RoundTold,
)
from shuangkong.web.api.operations.decompositions import steps_told
from shuangkong.web.api.operations.tasks import handed
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Day, Number, figure
from shuangkong.web.site.page import download

room = Room(tags=["assessments"])


@room.reads("/assessments", Action.ASSESSMENT_READ, Assessments)
def list_assessments(request: HttpRequest, as_of: Day | None = None) -> Any:
    """考核台；as_of 为过去某日。"""
    return {"items": [_told(row) for row in store.assessments(store.readable(caller(request)), as_of)]}


@room.reads("/assessments/{assessment_id}", Action.ASSESSMENT_READ, Assessment)
def get_assessment(request: HttpRequest, assessment_id: Number, as_of: Day | None = None) -> Any:
    """一个对象的考核。"""
    return _told(_found(request, assessment_id, as_of))


@room.reads("/assessments/{assessment_id}/sheet", Action.ASSESSMENT_READ, AssessmentSheet)
def get_score_sheet(request: HttpRequest, assessment_id: Number, as_of: Day | None = None) -> Any:
    """计分表：得分、数据和算式、否决、打分和证据；按当日所知重算。"""
    row = _found(request, assessment_id, as_of)
    own, reviewed = sides_of(row, as_of)
    kept = kept_sheets(Q(assessment=row.id)) if row.standing.announced_on else {}
    changes = since_announced((row,), {row.id: reviewed}, kept).get(row.id, ())
    return {
        "total": reviewed.total, "least": reviewed.least, "most": reviewed.most,
        "possible": [grade.id for grade in reviewed.possible],
        "items": _items(own, reviewed),
        "figures": _figures(reviewed),
        "vetoes": [
            {
                "code": each.veto.code, "zh": each.veto.name.zh, "en": each.veto.name.en, "grade": each.veto.grade,
                "holds": each.holds,
            }
            for each in reviewed.vetoes
        ],
        "entries": [
            {
                "id": mark.id, "side": mark.side, "code": mark.code, "marks": mark.marks,
                "is_inapplicable": mark.is_inapplicable, "evidence": [each.title for each in mark.evidence],
                "text": mark.text, "author": mark.author, "at": mark.at,
            }
            for mark in store.marks(Q(assessment=row.id), as_of).get(row.id, ())
        ],
        "changes": [{"code": each.code, "zh": each.message.zh, "en": each.message.en} for each in changes],
    }  # fmt: skip


@room.reads("/assessments/{assessment_id}/events", Action.ASSESSMENT_READ, AssessmentEvents)
def list_assessment_events(request: HttpRequest, assessment_id: Number, as_of: Day | None = None) -> Any:
    """一个对象考核的经过。"""
    return {"items": store.events(_found(request, assessment_id, as_of).id, as_of)}


@room.hands_out("/assessment-evidence/{evidence_id}", Action.ASSESSMENT_READ, "application/octet-stream")
def assessment_evidence_file(request: HttpRequest, evidence_id: Number) -> HttpResponse:
    """一份自评或审核证据的原件。"""
    found = store.evidence_file(evidence_id)
    if found is None:
        raise Http404
    file, content, number = found
    _found(request, number)
    return download(content, f"{file.title}.{file.medium}", "application/octet-stream")


@room.does("/assessments", Action.ASSESSMENT_CONDUCT, Launched)
def launch_assessments(request: HttpRequest, told: RoundTold) -> Any:
    """启动一轮考核。"""
    wanted = Wanted(
        region=told.region, duty=told.duty, period=Period(told.year), until=told.until, subjects=tuple(told.subjects),
        decomposition=told.decomposition, document=told.document,
    )  # fmt: skip
    return {"items": launching.launch(wanted, caller(request))}


@room.does("/assessment-draws", Action.ASSESSMENT_CONDUCT, Drawn)
def draw_assessments(request: HttpRequest, told: DrawTold) -> Any:
    """抽签：哪些对象现场核查。"""
    asked = drawing.Round(told.region, told.duty, Period(told.year))
    return {"items": drawing.draw_for_check(asked, told.count, told.seed, caller(request))}


@room.does("/assessments/{assessment_id}/marks", Action.ASSESSMENT_READ, Made)
def mark_assessment(request: HttpRequest, assessment_id: Number, told: MarkTold) -> Any:
    """自评或审核打分，附证据。"""
    row = _found(request, assessment_id)
    given = Given(
        code=told.code, marks=figure(told.marks), is_inapplicable=told.is_inapplicable, title=told.title,
        number=told.number, file=handed(told.file) if told.file else None, text=told.text,
    )  # fmt: skip
    [made] = marking.give(row.id, told.side, [given], caller(request))
    return {"id": made}


@room.does("/assessments/{assessment_id}/carry-overs", Action.ASSESSMENT_READ, Carried)
def carry_over_assessment(request: HttpRequest, assessment_id: Number, told: CarryTold) -> Any:
    """从本地考核结转打分和材料到上级的表。"""
    row = _found(request, assessment_id)
    return {"count": carrying.carry_over(told.source, row.id, caller(request))}


@room.does("/assessments/{assessment_id}/acts", Action.ASSESSMENT_READ, Done)
def act_on_assessment(request: HttpRequest, assessment_id: Number, told: AssessmentActTold) -> Any:
    """报送、退回、审核、核查、提出结果、异议和答复、批准、公布、更正、归档、取消。"""
    row = _found(request, assessment_id)
    acts.act(row.id, caller(request), told.kind, Said(**told.dict(exclude={"kind"})))
    return Done()


def _found(request: HttpRequest, assessment_id: int, as_of: date | None = None) -> AssessmentRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.assessment(assessment_id, as_of)
    if row is None or not store.may_read(caller(request), row):
        raise Http404
    return row


def _told(row: AssessmentRow) -> dict[str, Any]:
    now, names = row.standing, Assessment.model_fields
    columns = {name: getattr(row, name) for name in names if hasattr(row, name)}
    stands = {name: getattr(now, name) for name in names if hasattr(now, name)}
    about = {"subject_kind": row.subject.kind, "subject_code": row.subject.code, "period": str(row.period)}
    return columns | stands | about | {"open_objections": sorted(now.open)}


def _items(own: Sheet, reviewed: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "code": score.item.code, "zh": score.item.name.zh, "en": score.item.name.en, "full": score.item.most,
            "self_marks": before.marks, "marks": score.marks, "because_zh": score.because.zh,
            "because_en": score.because.en,
        }
        for before, score in zip(own.scores, reviewed.scores, strict=True)
    ]  # fmt: skip


def _figures(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "zh": rule.name.zh, "en": rule.name.en, "unit": rule.unit, "value": told.value,
            "steps": steps_told(told.steps),
        }
        for name, rule in sheet.table.figures.items()
        if (told := sheet.answers.figures.get(name)) is not None
    ]  # fmt: skip
