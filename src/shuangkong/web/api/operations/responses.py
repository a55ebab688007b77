"""预警调控: what warnings started, how each stands, and what is done about it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.response.states import EventKind
from shuangkong.records.outlook.barometer import store as issues
from shuangkong.records.outlook.response import store
from shuangkong.records.outlook.response.rows import ResponseRow
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Day, Line, Number, listed

room = Room(tags=["responses"])


class ResponseEvent(Schema):
    """What was done; ``level`` where it went to another, ``tasks`` the numbers of those that it handed out."""

    kind: str
    on: date
    level: int | None
    ground: str
    author: str
    journal: int
    tasks: list[int]


class Response(Schema):
    """One response: whom and what it is about, at which level it stands since when, and all that happened."""

    id: int
    issue: int
    region: str
    target: int
    subject: str
    indicator: str
    rule: str
    state: str
    level: int
    since: date
    events: list[ResponseEvent]


class Responses(Schema):
    """The newest first."""

    items: list[Response]


class ToStart(Schema):
    """A line of a published barometer that is answered."""

    issue: Number
    target: Number


class Charge(Schema):
    """Which body does a duty."""

    duty: Line
    body: Number


class ToRespond(Schema):
    """What is done: start, follow, escalate, lower or lift; the level, the ground, who does each duty."""

    kind: Annotated[EventKind, listed(EventKind)]
    level: int | None = None
    ground: Line = ""
    bodies: tuple[Charge, ...] = ()


@room.reads("/responses", Action.ACTUAL_READ, Responses)
def list_responses(request: HttpRequest, as_of: Day | None = None) -> Any:
    """预警调控，在办的和已解除的。"""
    rows = store.responses(visible(caller(request), Action.ACTUAL_READ), as_of)
    return {"items": [_response(each) for each in rows]}


@room.reads("/responses/{response_id}", Action.ACTUAL_READ, Response)
def get_response(request: HttpRequest, response_id: Number, as_of: Day | None = None) -> Any:
    """一项预警调控。"""
    return _response(_found(request, response_id, as_of))


@room.does("/responses", Action.RESPONSE_DECIDE, Made)
def start_response(request: HttpRequest, told: ToStart) -> Any:
    """对公布的晴雨表上一级、二级的对象启动调控。"""
    row = issues.issue(told.issue)
    if row is None or not issues.may_read(row, caller(request)):
        raise Http404
    return {"id": store.start(told.issue, told.target, caller(request))}


@room.does("/responses/{response_id}/events", Action.ACTUAL_READ, Done)
def act_on_response(request: HttpRequest, response_id: Number, told: ToRespond) -> Any:
    """启动措施、跟踪效果、升级、降级或解除。"""
    _found(request, response_id, None)
    level = next((each for each in Level if int(each) == told.level), None)
    bodies = {each.duty: each.body for each in told.bodies}
    store.act(response_id, told.kind, caller(request), level=level, ground=told.ground, bodies=bodies)
    return {"done": True}


def _found(request: HttpRequest, response_id: int, as_of: date | None) -> ResponseRow:
    row = store.response(response_id, as_of)
    if row is None or not may(caller(request), Action.ACTUAL_READ, row.where):
        raise Http404
    return row


def _response(row: ResponseRow) -> dict[str, Any]:
    now = row.standing
    return {
        "id": row.id, "issue": row.issue, "region": row.region, "target": row.target,
        "subject": ":".join(row.subject), "indicator": row.indicator, "rule": row.rule, "state": now.state.value,
        "level": int(now.level), "since": now.since,
        "events": [
            {
                "kind": each.event.kind.value, "on": each.event.on, "level": each.event.level,
                "ground": each.event.ground, "author": each.author, "journal": each.journal,
                "tasks": list(each.tasks.values()),
            }
            for each in row.happened
        ],
    }  # fmt: skip
