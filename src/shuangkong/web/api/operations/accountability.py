"""问责: consequences of announced results, followed to their end; whether something may be approved here today."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Schema

from shuangkong.assessment.consequence import ActKind
from shuangkong.assessment.enforcement import EventKind, State
from shuangkong.core.restriction import Approval, Equipment, Project, ScopeKind, Verdict
from shuangkong.records.assessment.accountability import acts, store
from shuangkong.records.assessment.accountability.exempting import WantedExemption, end_exemption, exempt
from shuangkong.records.assessment.accountability.exemptions import exemptions, readable
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.accountability.restricting import may_be_approved_here
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, Minutes, Said
from shuangkong.records.assessment.years import store as years
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, FigureTold, Line, Number, Text, listed

room = Room(tags=["assessments"])


class Consequence(Schema):
    """One consequence as it stands; ``documents`` in their order."""

    id: int
    assessment: int
    subject_kind: str
    subject_code: str
    subject_name: str
    period: str
    rule: str
    rule_zh: str
    rule_en: str
    act: Annotated[ActKind, listed(ActKind)]
    inputs: list[str]
    executors: str
    evidence: str
    state: Annotated[State, listed(State)]
    on: date
    due: date | None
    documents: list[str]
    is_fictional: bool


class Consequences(Schema):
    """The newest first."""

    items: list[Consequence]


class InterviewTold(Schema):
    """约谈纪要: where and by whom an interview was held, who came, what was said, and what was promised."""

    venue: Line
    chair: Line
    attendants: list[Line] = Field(min_length=1, max_length=200)
    problems: Text
    measures: Text


class InterviewMinutes(Schema):
    """What was said in an interview."""

    venue: str
    chair: str
    attendants: list[str]
    problems: str
    measures: str


class ConsequenceEvent(Schema):
    """One thing that happened; ``minutes`` of an interview that was held."""

    kind: Annotated[EventKind, listed(EventKind)]
    on: date
    document: str
    due: date | None
    text: str
    author: str
    at: datetime
    journal: int
    minutes: InterviewMinutes | None


class ConsequenceEvents(Schema):
    """Oldest first."""

    items: list[ConsequenceEvent]


class UndecidedRule(Schema):
    """A rule of which it cannot be told whether it follows."""

    code: str
    zh: str
    en: str


class ListedUp(Schema):
    """Numbers of the consequences that were written down now, and the rules that are undecided."""

    items: list[int]
    undecided: list[UndecidedRule]


class ConsequenceActTold(Schema):
    """What is done about it; which of the others it asks for hangs on ``kind``, ``minutes`` of an interview."""

    kind: Annotated[EventKind, listed(EventKind)]
    document: Line = ""
    text: Text = ""
    on: Day | None = None
    due: Day | None = None
    minutes: InterviewTold | None = None


class DeviceTold(Schema):
    """One device of a project: its class and its capacity in t/h."""

    sort: Line
    capacity: FigureTold | None = None


class ApprovalAsked(Schema):
    """A project: ``at`` is kind of scope → its codes; an empty list is none, surely; an absent kind is not told.

    ``project`` is its name, by which exemptions are recorded.
    """

    project: Line = ""
    act: Annotated[Approval, listed(Approval)]
    region: Code
    at: dict[ScopeKind, list[Line]] = Field(default_factory=dict)
    equipment: list[DeviceTold] | None = None


class ApprovalHit(Schema):
    """What one restriction says; ``untold``: kinds of scope that must be told first; ``exempt``: by which document."""

    id: str
    verdict: Annotated[Verdict, listed(Verdict)]
    clause_zh: str
    clause_en: str
    source: str
    starts: date
    untold: list[ScopeKind]
    lifted_when_zh: str
    lifted_when_en: str
    exempt: str


class ApprovalAnswer(Schema):
    """The gravest verdict, and the restrictions that have a say."""

    verdict: Annotated[Verdict, listed(Verdict)]
    hits: list[ApprovalHit]


class ExemptionTold(Schema):
    """One project that a place and all below it let through a restriction from today on."""

    region: Code
    restriction: Line
    project: Line
    document: Line
    reason: Text
    until: Day | None = None


class ExemptionEnd(Schema):
    """By which document an exemption ends, and why."""

    document: Line
    reason: Text


class ApprovalExemption(Schema):
    """One exemption; ``last_day`` null while it and the restriction hold."""

    id: int
    region: str
    restriction: str
    project: str
    starts: date
    last_day: date | None
    document: str
    reason: str
    author: str
    journal: int


class ApprovalExemptions(Schema):
    """The newest first."""

    items: list[ApprovalExemption]


@room.reads("/consequences", Action.ASSESSMENT_READ, Consequences)
def list_consequences(request: HttpRequest, as_of: Day | None = None) -> Any:
    """问责台；as_of 为过去某日。"""
    return {"items": [_told(row) for row in store.consequences(store.readable(caller(request)), as_of)]}


@room.reads("/consequences/{consequence_id}", Action.ASSESSMENT_READ, Consequence)
def get_consequence(request: HttpRequest, consequence_id: Number, as_of: Day | None = None) -> Any:
    """一项后果。"""
    return _told(_found(request, consequence_id, as_of))


@room.reads("/consequences/{consequence_id}/events", Action.ASSESSMENT_READ, ConsequenceEvents)
def list_consequence_events(request: HttpRequest, consequence_id: Number, as_of: Day | None = None) -> Any:
    """一项后果的经过。"""
    return {"items": store.events(_found(request, consequence_id, as_of).id, as_of)}


@room.does("/assessments/{assessment_id}/consequences", Action.ASSESSMENT_CONDUCT, ListedUp)
def list_up_consequences(request: HttpRequest, assessment_id: Number) -> Any:
    """按规定列出已公布结果的后果。"""
    row = years.assessment(assessment_id)
    if row is None or not years.may_read(caller(request), row):
        raise Http404
    found = list_up(assessment_id, caller(request))
    undecided = [{"code": each.code, "zh": each.message.zh, "en": each.message.en} for each in found.findings]
    return {"items": found.numbers, "undecided": undecided}


@room.does("/consequences/{consequence_id}/acts", Action.ASSESSMENT_READ, Done)
def act_on_consequence(request: HttpRequest, consequence_id: Number, told: ConsequenceActTold) -> Any:
    """决定、不予适用、执行、报送整改、验收、解除、办结、撤销。"""
    row = _found(request, consequence_id)
    minutes = None
    if told.minutes is not None:
        minutes = Minutes(**told.minutes.dict() | {"attendants": tuple(told.minutes.attendants)})
    acts.act(row.id, caller(request), told.kind, Said(told.document, told.text, told.on, told.due, minutes))
    return Done()


@room.does("/approval-questions", Action.ASSESSMENT_READ, ApprovalAnswer)
def may_be_approved(request: HttpRequest, told: ApprovalAsked) -> Any:
    """这个项目今天在这里能不能批，凭哪一条；不作任何记录。"""
    region = registry.region(told.region)
    if region is None:
        raise Http404
    within = frozenset(each.code for each in registry.lineage(region.code)) | {region.code}
    at: dict[ScopeKind, frozenset[str]] = {kind: frozenset(codes) for kind, codes in told.at.items()}
    devices = None if told.equipment is None else tuple(_device(each) for each in told.equipment)
    project = Project(told.project, at | {ScopeKind.REGION: within, ScopeKind.PREFECTURE: within}, devices)
    found = may_be_approved_here(told.act, project, region.code, timezone.localdate())
    return {
        "verdict": found.verdict,
        "hits": [
            {
                "id": hit.restriction.id, "verdict": hit.verdict, "clause_zh": hit.clause.words.zh,
                "clause_en": hit.clause.words.en, "source": hit.restriction.ground.source,
                "starts": hit.restriction.validity.starts, "untold": list(hit.untold),
                "lifted_when_zh": hit.restriction.lifted_when.zh, "lifted_when_en": hit.restriction.lifted_when.en,
                "exempt": hit.by.document if hit.by else "",
            }
            for hit in found.hits
        ],
    }  # fmt: skip


@room.reads("/approval-exemptions", Action.ASSESSMENT_READ, ApprovalExemptions)
def list_exemptions(request: HttpRequest, as_of: Day | None = None) -> Any:
    """记录的限制例外；as_of 为过去某日。"""
    return {"items": exemptions(readable(caller(request)), as_of)}


@room.does("/approval-exemptions", Action.ASSESSMENT_APPROVE, Made)
def record_exemption(request: HttpRequest, told: ExemptionTold) -> Any:
    """给一个项目记录限制的例外。"""
    wanted = WantedExemption(
        told.region, told.restriction, told.project, told.document, told.reason, timezone.localdate(), told.until
    )
    return {"id": exempt(wanted, caller(request))}


@room.does("/approval-exemptions/{exemption_id}/end", Action.ASSESSMENT_APPROVE, Done)
def end_approval_exemption(request: HttpRequest, exemption_id: Number, told: ExemptionEnd) -> Any:
    """取消一项例外，从今天起照常限制。"""
    if not exemptions(readable(caller(request)) & Q(pk=exemption_id)):
        raise Http404
    end_exemption(exemption_id, caller(request), told.document, told.reason)
    return Done()


def _device(told: DeviceTold) -> Equipment:
    return Equipment(told.sort, {} if told.capacity is None else {"capacity": Decimal(told.capacity)})


def _found(request: HttpRequest, consequence_id: int, as_of: date | None = None) -> ConsequenceRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.consequence(consequence_id, as_of)
    if row is None or not store.may_read(caller(request), row):
        raise Http404
    return row


def _told(row: ConsequenceRow) -> dict[str, Any]:
    now = row.standing
    return {
        "id": row.id, "assessment": row.assessment, "subject_kind": row.subject.kind,
        "subject_code": row.subject.code, "subject_name": row.subject_name, "period": str(row.period),
        "rule": row.rule.id, "rule_zh": row.rule.name.zh, "rule_en": row.rule.name.en, "act": row.act.kind,
        "inputs": list(row.inputs), "executors": row.act.executors, "evidence": row.act.evidence, "state": now.state,
        "on": row.on, "due": now.due, "documents": list(now.documents), "is_fictional": row.is_fictional,
    }  # fmt: skip
