"""核查: cases on returns, what an office does and a unit answers; the register of bodies that verify."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting import store
from shuangkong.records.reporting.verification import bodies
from shuangkong.records.reporting.verification.cases import (
    CaseRow,
    act_on_case,
    action_of,
    answer_case,
    case_of,
    cases,
    newest_case,
    next_by,
    open_case,
    seen_by,
)
from shuangkong.records.reporting.verification.fraud import fraud_records
from shuangkong.records.reporting.verification.giving import whose_people_now
from shuangkong.records.reporting.verification.known import Known, body_of, known_of
from shuangkong.reporting.verification.standing import Event, EventKind
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.operations.verification_shapes import (
    AnswerTold,
    BodiesKnown,
    BodyKnown,
    BodyTold,
    BodyToRegister,
    CaseActTold,
    CasesStanding,
    CaseToOpen,
    CaseWhole,
    FraudsTold,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Number

room = Room(tags=["verification"])


@room.reads("/verification/cases", Action.VERIFICATION_READ, CasesStanding)
def list_verification_cases(request: HttpRequest) -> Any:
    """核查案件：核查或审计范围内的，最近办理的在前。"""
    found = cases(seen_by(caller(request)))
    return {
        "items": [
            {"id": line.id, "owned": line.owned, "unit": row.reporter.code, "form": row.form, "period": row.period,
             "state": line.state.value, "since": line.since}
            for line, row in found
        ]
    }  # fmt: skip


@room.reads("/verification/frauds", Action.VERIFICATION_READ, FraudsTold)
def list_established_frauds(request: HttpRequest, after: Number | None = None) -> Any:
    """查实的造假：认定、移送、处理结果和单位答复，供信用记录读取，最近立案的在前；下一页把 next 作为 after 传回。"""
    found, following = fraud_records(seen_by(caller(request)), after or 0)
    return {"items": [asdict(each) for each in found], "next": following}


@room.reads("/verification/cases/{case_id}", Action.VERIFICATION_READ, CaseWhole)
def get_verification_case(request: HttpRequest, case_id: Number) -> Any:
    """一件核查：现状、经过、下一步能办什么。"""
    found = _case(request, case_id)
    return _whole(found, found.events) | {"next": [each.value for each in next_by(found, caller(request))]}


@room.reads("/reporting/returns/{return_id}/verification", Action.VERIFICATION_ANSWER, CaseWhole)
def get_own_verification(request: HttpRequest, return_id: Number) -> Any:
    """本单位一份报表的核查：通知、发现、答复和结果；机关内部的记录不在内。"""
    row, line = store.one(return_id), newest_case(return_id)
    reached(request, row.where if row else None, Action.VERIFICATION_ANSWER)
    found = case_of(line.id) if line else None
    if found is None or not found.is_told:
        raise Http404
    return _whole(found, found.for_unit) | {"next": ["answer"] if found.may_be_answered else []}


@room.does("/verification/cases", Action.VERIFICATION_COMMISSION, Made)
def open_verification_case(request: HttpRequest, told: CaseToOpen) -> Any:
    """对一份报表立案，写明理由和所据的审核。"""
    row = store.one(told.owned)
    reached(request, row.where if row else None, Action.VERIFICATION_READ)
    return {"id": open_case(told.owned, caller(request), told.ground, tuple(told.codes))}


@room.does("/verification/cases/{case_id}/act", Action.RETURN_VERIFY, Done)
def act_on_verification_case(request: HttpRequest, case_id: Number, told: CaseActTold) -> Any:
    """记录一步：通知、发现、现场核查、委托机构、收回委托、要求更正、更正、确认、排除、认定、移送、处理结果、结案。"""
    found = _case(request, case_id)
    kind = next((each for each in EventKind if each == told.kind and each is not EventKind.OPEN), None)
    if kind is None:
        known = "、".join(each.value for each in next_by(found, caller(request)))
        zh = f"没有这种办法“{told.kind[:20]}”。现在可以：{known}。"
        raise Refused("RPT-966", zh, f"No such act. Possible now: {known}.", "kind")
    event = Event(
        kind, told.on or timezone.localdate(), told.ground.strip(), told.document.strip(), people=tuple(told.people),
        version=told.version, body=told.body, until=told.until,
    )  # fmt: skip
    reached(request, found.where, Action.VERIFICATION_READ, action_of(kind))
    act_on_case(found.id, caller(request), event)
    return {"done": True}


@room.does("/verification/cases/{case_id}/answer", Action.VERIFICATION_ANSWER, Done)
def answer_verification_case(request: HttpRequest, case_id: Number, told: AnswerTold) -> Any:
    """单位答复或申诉；记入案件，不能改写。"""
    found = case_of(case_id)
    reached(request, found.owned.where if found and found.is_told else None, Action.VERIFICATION_ANSWER)
    answer_case(case_id, caller(request), told.ground, told.document)
    return {"done": True}


@room.reads("/verification/bodies", Action.VERIFICATION_READ, BodiesKnown)
def list_verification_bodies(request: HttpRequest) -> Any:
    """核查机构名录。"""
    found = bodies.registered(visible(caller(request), Action.VERIFICATION_READ, "path", given=whose_people_now))
    return {"items": [{"id": each.id, "code": each.code, "name": each.name} for each in found]}


@room.reads("/verification/bodies/{verification_body_id}", Action.VERIFICATION_READ, BodyKnown)
def get_verification_body(request: HttpRequest, verification_body_id: Number) -> Any:
    """一家核查机构：资质、利益关系、业绩、抽查、处理，和按抽查结果应采取的措施。"""
    row, today = _body(request, verification_body_id), timezone.localdate()
    rule, step = body_of(row.id)[0], bodies.sanction_due(row.id, today)
    return {
        "id": row.id, "code": row.code, "name": row.name,
        "is_qualified": any(each.validity.holds_on(today) for each in rule.qualifications),
        "is_suspended": any(each.holds_on(today) for each in rule.suspended), "step": step.value if step else "",
        "known": [
            {"kind": each.kind.value, "on": each.on, "told": dict(each.told), "ground": each.ground,
             "author": each.author}
            for each in known_of(row.id)
        ],
    }  # fmt: skip


@room.does("/verification/bodies", Action.VERIFICATION_COMMISSION, Made)
def register_verification_body(request: HttpRequest, told: BodyToRegister) -> Any:
    """登记一家核查机构。"""
    reached_place(request, told.region, Action.VERIFICATION_READ)
    return {"id": bodies.register_body(told.code, told.name, path_of(told.region), caller(request), told.ground)}


@room.does("/verification/bodies/{verification_body_id}/tell", Action.VERIFICATION_COMMISSION, Done)
def tell_verification_body(request: HttpRequest, verification_body_id: Number, told: BodyTold) -> Any:
    """登记一家核查机构由哪家单位的人员办理、资质、股权、服务、业绩、抽查、暂停或移出。"""
    row = _body(request, verification_body_id)
    kind = next((each for each in Known if each == told.kind), None)
    if kind is None:
        known = "、".join(Known)
        zh = f"没有这种登记“{told.kind[:20]}”。应为 {known}。"
        raise Refused("RPT-975", zh, f"No such entry: expected one of {known}.", "kind")
    bodies.enter(row.id, kind, told.told, caller(request), told.ground)
    return {"done": True}


def _case(request: HttpRequest, number: int) -> CaseRow:
    """Raises Http404, also where the caller may not see it."""
    found = case_of(number)
    reached(request, found.where if found else None, Action.VERIFICATION_READ)
    assert found is not None
    return found


def _body(request: HttpRequest, number: int) -> bodies.BodyRow:
    """Raises Http404, also where the caller may not see it."""
    found = next(iter(bodies.registered(Q(pk=number))), None)
    reached(request, found.where if found else None, Action.VERIFICATION_READ)
    assert found is not None
    return found


def _whole(found: CaseRow, events: tuple[tuple[Event, str], ...]) -> dict[str, Any]:
    now, row = found.standing, found.owned
    return {
        "id": found.id, "owned": row.id, "unit": row.reporter.code, "form": row.form, "period": row.period,
        "state": now.state.value, "since": now.since, "codes": list(now.codes),
        "is_administrative": now.is_administrative,
        "events": [
            {"kind": each.kind.value, "on": each.on, "ground": each.ground, "document": each.document,
             "people": list(each.people), "version": each.version, "body": each.body, "until": each.until,
             "author": author}
            for each, author in events
        ],
    }  # fmt: skip
