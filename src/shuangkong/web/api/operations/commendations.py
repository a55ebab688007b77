"""表彰: proposed, shown for objections, approved, announced, revoked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.assessment.commendation import EventKind, Honoured, State
from shuangkong.records.assessment.commendation import acts, proposing, store
from shuangkong.records.assessment.commendation.rows import CommendationRow, Said, Wanted
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Number, Text, figure, listed

room = Room(tags=["commendations"])


class Commendation(Schema):
    """One commendation as it stands; ``name`` and names of bodies as on the day of the proposal,
    ``honoured_enterprise`` a source code of /enterprises, empty for who is not registered.
    """

    id: int
    kind: Honoured
    name: str
    honoured_region: str | None
    honoured_body: int | None
    honoured_enterprise: str
    workplace: str
    award: str
    period: str
    merit: str
    region: str
    region_name: str
    plan: int | None
    plan_title: str
    clause: str
    ground: str
    proposer: int | None
    proposer_name: str
    funder: int | None
    funder_name: str
    proposed_by: str
    proposed_at: datetime
    state: Annotated[State, listed(State)]
    shown_from: date | None
    shown_until: date | None
    open_objections: list[int]
    approved_on: date | None
    announced_on: date | None
    ended_on: date | None
    number: str
    revoking: str
    amount_cny: Figure | None
    is_demo: bool
    is_fictional: bool


class Commendations(Schema):
    """The newest first."""

    items: list[Commendation]


class CommendationEvent(Schema):
    """One thing that happened; ``answers`` is the objection answered."""

    id: int
    kind: Annotated[EventKind, listed(EventKind)]
    on: date
    until: date | None
    number: str
    document: str
    amount_cny: Figure | None
    answers: int | None
    text: str
    author: str
    at: datetime
    journal: int


class CommendationEvents(Schema):
    """Oldest first."""

    items: list[CommendationEvent]


class CommendationTold(Schema):
    """A commendation to be proposed; ``measure`` is the number of a measure of the plan in force."""

    kind: Honoured
    name: Line = ""
    award: Line
    merit: Text
    region: Code
    honoured_region: Code | None = None
    honoured_body: Number | None = None
    honoured_enterprise: Line = ""
    workplace: Line = ""
    period: Line = ""
    plan: Number | None = None
    measure: Number | None = None
    ground: Text = ""
    funder: Number | None = None
    amount_cny: FigureTold | None = None
    document: Line = ""


class CommendationActTold(Schema):
    """What is done about it; which of the others it asks for hangs on ``kind``."""

    kind: Annotated[EventKind, listed(EventKind)]
    text: Text = ""
    on: Day | None = None
    until: Day | None = None
    number: Line = ""
    document: Line = ""
    amount_cny: FigureTold | None = None
    answers: Number | None = None


@room.reads("/commendations", Action.COMMENDATION_READ, Commendations)
def list_commendations(request: HttpRequest, as_of: Day | None = None) -> Any:
    """表彰名册；as_of 为过去某日。"""
    return {"items": [_told(row) for row in store.commendations(store.readable(caller(request)), as_of)]}


@room.reads("/commendations/{commendation_id}", Action.COMMENDATION_READ, Commendation)
def get_commendation(request: HttpRequest, commendation_id: Number, as_of: Day | None = None) -> Any:
    """一项表彰。"""
    return _told(_found(request, commendation_id, as_of))


@room.reads("/commendations/{commendation_id}/events", Action.COMMENDATION_READ, CommendationEvents)
def list_commendation_events(request: HttpRequest, commendation_id: Number, as_of: Day | None = None) -> Any:
    """一项表彰的经过。"""
    return {"items": store.events(_found(request, commendation_id, as_of).id, as_of)}


@room.does("/commendations", Action.COMMENDATION_PROPOSE, Made)
def propose_commendation(request: HttpRequest, told: CommendationTold) -> Any:
    """提出表彰。"""
    wanted = Wanted(**(told.dict() | {"amount_cny": figure(told.amount_cny)}))
    return {"id": proposing.propose(wanted, caller(request))}


@room.does("/commendations/{commendation_id}/acts", Action.COMMENDATION_READ, Done)
def act_on_commendation(request: HttpRequest, commendation_id: Number, told: CommendationActTold) -> Any:
    """公示、记录和答复异议、批准、公布、不予表彰、撤销。"""
    row = _found(request, commendation_id)
    said = told.dict(exclude={"kind"}) | {"amount_cny": figure(told.amount_cny)}
    acts.act(row.id, caller(request), told.kind, Said(**said))
    return Done()


def _found(request: HttpRequest, commendation_id: int, as_of: date | None = None) -> CommendationRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.commendation(commendation_id, as_of)
    if row is None or not store.may_read(caller(request), row):
        raise Http404
    return row


def _told(row: CommendationRow) -> dict[str, Any]:
    now = row.standing
    columns = {name: getattr(row, name) for name in Commendation.model_fields if hasattr(row, name)}
    stands = {name: getattr(now, name) for name in Commendation.model_fields if hasattr(now, name)}
    return columns | stands | {"open_objections": sorted(now.open)}
