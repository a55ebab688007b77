"""登记册: sub-plans to be written, targets whose value comes from above, duties to cooperate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.plans.reading import Op
from shuangkong.records.people.access import Where, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind, RegisterRow
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.plans import found_plan
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Day, Figure, FigureTold, Line, Number, Text, figure, listed

room = Room(tags=["register"])


class RegisterEntry(Schema):
    """One entry as it stands; ``state`` is the kind of the newest thing that happened to it."""

    id: int
    plan: int
    plan_title: str
    kind: EntryKind
    title: str
    giver: str
    item_no: str
    item_title: str
    state: Annotated[EventKind, listed(EventKind)]
    owner: int | None
    owner_name: str
    due: date | None
    task: int | None
    written: int | None
    written_title: str
    op: str
    value: Figure | None
    unit: str
    deadline: str
    base_year: int | None
    ground: str
    document: str
    on: date
    author: str
    at: datetime
    journal: int


class RegisterEntries(Schema):
    """By plan and kind."""

    items: list[RegisterEntry]


class RegisterEvent(Schema):
    """One thing that happened to an entry."""

    id: int
    entry: int
    kind: Annotated[EventKind, listed(EventKind)]
    owner: int | None
    owner_name: str
    due: date | None
    written: int | None
    op: str
    value: Figure | None
    unit: str
    deadline: str
    on: date
    ground: str
    document: str
    author: str
    at: datetime
    journal: int


class RegisterEvents(Schema):
    """Oldest first."""

    items: list[RegisterEvent]


class RegisterProposal(Schema):
    """What the text of a plan leaves open and nobody has decided on; ``quote`` is the sentence."""

    kind: EntryKind
    title: str
    giver: str
    item: int
    item_no: str
    item_title: str
    owner: int | None
    owner_name: str
    due: date | None
    quote: str


class RegisterProposals(Schema):
    """In printed order."""

    items: list[RegisterProposal]


class RegisterTold(Schema):
    """What is to be registered, or declined; ``item`` is the entry of the measure that asks for it."""

    kind: EntryKind
    title: Line
    item: Number | None = None
    giver: Line = ""
    owner: Number | None = None
    due: Day | None = None
    ground: Text
    document: Line = ""


class WithdrawTold(Schema):
    """Why an entry is taken back."""

    ground: Text


class WrittenTold(Schema):
    """Which plan is the sub-plan."""

    written: Number
    ground: Text


class ArrivalTold(Schema):
    """The value that the level above has given, by which document."""

    value: FigureTold
    unit: Line
    op: Op = Op.EQ
    deadline: Line = ""
    base_year: int | None = None
    on: Day | None = None
    document: Line
    ground: Text


@room.reads("/register", Action.PLAN_READ, RegisterEntries)
def register(
    request: HttpRequest, plan: Number | None = None, kind: EntryKind | None = None, as_of: Day | None = None
) -> Any:
    """待编制的子方案、待下达的目标、配合事项。"""
    asked = {"plan": plan, "kind": kind}
    condition = Q(**{name: value for name, value in asked.items() if value is not None})
    return {"items": store.registered(condition & visible(caller(request), Action.PLAN_READ), as_of)}


@room.reads("/register/{entry_id}", Action.PLAN_READ, RegisterEntry)
def register_entry(request: HttpRequest, entry_id: Number, as_of: Day | None = None) -> Any:
    """一项登记。"""
    return found_entry(request, entry_id, until=as_of)


@room.reads("/register/{entry_id}/events", Action.PLAN_READ, RegisterEvents)
def register_events(request: HttpRequest, entry_id: Number, as_of: Day | None = None) -> Any:
    """这项登记的全过程。"""
    found_entry(request, entry_id, until=as_of)
    return {"items": store.register_events(entry_id, as_of)}


@room.reads("/plans/{plan_id}/register/proposals", Action.PLAN_COMPARE, RegisterProposals)
def register_proposals(request: HttpRequest, plan_id: Number) -> Any:
    """方案正文里尚未登记、也未否定的事项。"""
    found_plan(request, plan_id)
    return {"items": store.register_proposals(plan_id)}


@room.does("/plans/{plan_id}/register", Action.PLAN_REVIEW, Made)
def add_to_register(request: HttpRequest, plan_id: Number, told: RegisterTold) -> Any:
    """登记一项；子方案同时成为编制单位的任务。"""
    found_plan(request, plan_id, Action.PLAN_REVIEW)
    return {"id": store.register(plan_id, _wanted(told), caller(request), told.ground, told.document)}


@room.does("/plans/{plan_id}/register/decline", Action.PLAN_REVIEW, Made)
def decline_entry(request: HttpRequest, plan_id: Number, told: RegisterTold) -> Any:
    """认定一项提议不成立。"""
    found_plan(request, plan_id, Action.PLAN_REVIEW)
    return {"id": store.decline(plan_id, _wanted(told), caller(request), told.ground)}


@room.does("/register/{entry_id}/withdraw", Action.PLAN_REVIEW, Done)
def withdraw_entry(request: HttpRequest, entry_id: Number, told: WithdrawTold) -> Any:
    """撤销登记。"""
    found_entry(request, entry_id, Action.PLAN_REVIEW)
    store.withdraw(entry_id, caller(request), told.ground)
    return {}


@room.does("/register/{entry_id}/written", Action.PLAN_REVIEW, Done)
def entry_written(request: HttpRequest, entry_id: Number, told: WrittenTold) -> Any:
    """子方案已编制。"""
    found_entry(request, entry_id, Action.PLAN_REVIEW)
    found_plan(request, told.written)
    store.link_written(entry_id, told.written, caller(request), told.ground)
    return {}


@room.does("/register/{entry_id}/arrival", Action.PLAN_REVIEW, Done)
def entry_arrived(request: HttpRequest, entry_id: Number, told: ArrivalTold) -> Any:
    """上级数值已下达。"""
    found_entry(request, entry_id, Action.PLAN_REVIEW)
    value = figure(told.value)
    assert value is not None
    given = store.Arrived(value, told.unit, told.op, told.deadline, told.base_year)
    store.record_arrival(entry_id, given, caller(request), told.document, told.ground, told.on)
    return {}


def found_entry(
    request: HttpRequest, entry_id: int, action: Action | None = None, until: date | None = None
) -> RegisterRow:
    """An entry that the caller may read, and do ``action`` with. Raises Http404 and Forbidden."""
    row = store.register_entry(entry_id, until)
    if row is None:
        raise Http404
    reached(request, Where(row.path), Action.PLAN_READ, action)
    return row


def _wanted(told: RegisterTold) -> store.Registering:
    return store.Registering(told.kind, told.title, told.item, told.giver, told.owner, told.due)
