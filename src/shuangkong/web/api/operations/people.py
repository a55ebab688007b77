"""人员、授权和日志: whom one acts as, who may do what where, and what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from shuangkong.records.journal import store as journal
from shuangkong.records.people import persons
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.web.api import calls as call_log
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Line, Number, Text

room = Room(tags=["people"])

USUAL_ITEMS = 100
Limit = Annotated[int, Field(ge=1, le=500)]


class Me(Schema):
    """As whom the call acts, and what it may do somewhere."""

    author: str
    role: Role
    appointment: int | None
    body: int | None
    body_name: str
    region: str
    region_name: str
    actions: list[Action]


class Appointment(Schema):
    """One appointment as it stands; ``ends_on`` null: until it is withdrawn."""

    id: int
    person: str
    role: Role
    body_name: str
    region_name: str
    starts_on: date
    ends_on: date | None
    ground: str
    decided_by: str
    decided_at: datetime


class Appointments(Schema):
    """The newest first."""

    items: list[Appointment]


class AppointmentTold(Schema):
    """Who may do what where, on what ground."""

    person: Line
    role: Role
    ground: Text
    body: Number | None = None
    region: Code | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


class WithdrawalTold(Schema):
    """Why an appointment ends."""

    ground: Text


class JournalRow(Schema):
    """One row of the journal; ``before`` and ``after`` are JSON texts or "", ``digest`` seals it and all before."""

    sequence: int
    at: datetime
    author: str
    body: str
    place: str
    act: str
    subject: str
    ground: str
    document: str
    before: str
    after: str
    digest: str


class JournalPage(Schema):
    """The newest first. ``next`` is to be sent as ``before`` for older rows; null at the end."""

    items: list[JournalRow]
    next: int | None


class Call(Schema):
    """One call of this interface. ``place`` is the path of the caller's region, ``token`` the number of its token."""

    at: datetime
    author: str
    role: str
    token: int | None
    body: int | None
    place: str
    address: str
    method: str
    path: str
    status: int
    milliseconds: int


class Calls(Schema):
    """The calls of one day, the newest first."""

    items: list[Call]


@room.reads("/me", None, Me)
def me(request: HttpRequest) -> Any:
    """以谁的身份，能办什么。"""
    acting = caller(request)
    named = {name: getattr(acting, name) for name in Me.model_fields if name in Acting.__dataclass_fields__}
    return named | {"actions": [action for action in Action if may(acting, action)]}


@room.reads("/appointments", Action.PEOPLE_READ, Appointments)
def appointments(request: HttpRequest, person: Line | None = None, as_of: Day | None = None) -> Any:
    """授权。"""
    names = {each.get_username() for each in persons.persons(caller(request), as_of)}
    rows = persons.appointment_rows(until=as_of)
    return {"items": [row for row in rows if row.person in names and person in (None, row.person)]}


@room.does("/appointments", Action.PEOPLE_APPOINT, Made)
def grant(request: HttpRequest, told: AppointmentTold) -> Any:
    """授权。"""
    found = _person(request, told.person)
    if found is None:
        zh, en = f"没有名为 {told.person} 的人员。", f"There is no person {told.person}."
        raise Refused("PPL-101", zh, en, "person")
    made = persons.grant(
        found, told.role, caller(request), told.ground, told.body, told.region, told.starts_on, told.ends_on
    )
    return {"id": made}


@room.does("/appointments/{appointment_id}/withdraw", Action.PEOPLE_APPOINT, Done)
def withdraw_appointment(request: HttpRequest, appointment_id: Number, told: WithdrawalTold) -> Any:
    """收回授权。"""
    row = next((row for row in persons.appointment_rows() if row.id == appointment_id), None)
    if row is None or _person(request, row.person) is None:
        raise Http404
    persons.take_back(appointment_id, caller(request), told.ground)
    return {}


@room.reads("/journal", Action.JOURNAL_READ, JournalPage)
def journal_rows(
    request: HttpRequest,
    subject: Line | None = None,
    before: Number | None = None,
    limit: Limit = USUAL_ITEMS,
) -> Any:
    """日志，从新到旧；更早的把 next 作为 before 传回。subject 如 task/17。"""
    seen = visible(caller(request), Action.JOURNAL_READ, "place")
    rows = journal.newest(seen, limit + 1, before, subject)
    return {"items": rows[:limit], "next": rows[limit - 1].sequence if len(rows) > limit else None}


@room.reads("/calls", Action.JOURNAL_READ, Calls)
def calls(
    request: HttpRequest,
    on: Day | None = None,
    limit: Limit = USUAL_ITEMS,
) -> Any:
    """接口的访问记录：谁、何时、调用了什么、结果如何。"""
    return {"items": call_log.calls_of(on or timezone.localdate(), caller(request), limit)}


def _person(request: HttpRequest, username: str) -> Person | None:
    """A person whom the caller may see."""
    return next((each for each in persons.persons(caller(request)) if each.get_username() == username), None)
