"""晴雨表: issues with the levels that they print, prepared, signed off and published as on their pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.outlook.barometer.issue import Content
from shuangkong.records.editions.rows import EventKind
from shuangkong.records.outlook.barometer import store
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.outlook.barometer.seeing import as_seen
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.bulletins import Event
from shuangkong.web.api.operations.situation import period_of, place_of
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Figure, Line, Number, listed
from shuangkong.web.outlook.making import judged, prepared

room = Room(tags=["barometer"])


class Issue(Schema):
    """One edition of the barometer of a place and period, frozen with what was known ``as_of`` a day."""

    id: int
    region: str
    period: str
    edition: int
    corrects: int | None
    state: str
    issuer: str
    as_of: date
    rulebook: str
    is_demo: bool
    prepared_by: str
    prepared_at: datetime
    events: list[Event]


class Issues(Schema):
    """The newest first."""

    items: list[Issue]


class LevelShown(Schema):
    """One subject's level: 1 red, 2 yellow, 3 green, null where it cannot be judged and ``cause`` says why.

    ``required`` and ``achieved`` are what the rule compares, in ``unit``; ``last`` the level of the period before.
    ``listing``: regions, sectors or units; ``share``: number of the share in force that it is judged by, laid on it by
    ``assigned_by``; ``printed``: the plan's own figure where ``promised`` is another.
    """

    target: int
    indicator: str
    subject: str
    name: str
    rule: str
    level: int | None
    cause: str
    last: int | None
    move: str
    required: Figure | None
    achieved: Figure | None
    unit: str
    listing: str
    share: int | None
    assigned_by: str
    promised: Figure | None
    printed: Figure | None


class IssuePrinted(Schema):
    """An issue with the levels that it prints; ``hidden``: how many of industries and units the person may not see."""

    issue: Issue
    levels: list[LevelShown]
    hidden: int


class IssueToPrepare(Schema):
    """Which issue to prepare; ``parts``: numbers of the first targets of the promises to judge; empty: those that are
    shared out; ``all``: every one of the plan.
    """

    region: Code
    period: Line
    issuer: Line
    parts: tuple[Line, ...] = ()


class ToDo(Schema):
    """What is done to it: approve, return, publish or withdraw; the document number, the reason."""

    kind: Annotated[EventKind, listed(EventKind)]
    number: Line = ""
    text: Line = ""


@room.reads("/barometers", Action.ACTUAL_READ, Issues)
def list_barometers(request: HttpRequest, as_of: Day | None = None) -> Any:
    """晴雨表，各期各版都在。"""
    by = caller(request)
    rows = store.issues(visible(by, Action.ACTUAL_READ), as_of)
    return {"items": [_issue(each) for each in rows if store.may_read(each, by)]}


@room.reads("/barometers/{issue_id}", Action.ACTUAL_READ, IssuePrinted)
def get_barometer(request: HttpRequest, issue_id: Number, as_of: Day | None = None) -> Any:
    """一期晴雨表和它所印的等级。"""
    row = store.issue(issue_id, as_of)
    if row is None or not store.may_read(row, caller(request)):
        raise Http404
    row, hidden = as_seen(row, caller(request))
    return {"issue": _issue(row), "levels": _levels(row.content), "hidden": hidden}


@room.does("/barometers", Action.BAROMETER_PREPARE, Made)
def prepare_barometer(request: HttpRequest, told: IssueToPrepare) -> Any:
    """起草晴雨表：按现在的数判定并冻结。"""
    place, by = place_of(request, told.region), caller(request)
    found = judged(place, period_of(told.period), visible(by, Action.PLAN_READ, "region__path"), told.parts)
    if found is None:
        zh = "没有覆盖这一期的有效方案，不能判定。请先读入并采用方案。"
        raise Refused("OUT-310", zh, "No plan in force covers the period: adopt one first.", "period")
    return {"id": store.prepare(prepared(place, found, told.issuer), by)}


@room.does("/barometers/{issue_id}/events", Action.ACTUAL_READ, Done)
def act_on_barometer(request: HttpRequest, issue_id: Number, told: ToDo) -> Any:
    """批准、退回、公布或撤回晴雨表。"""
    row = store.issue(issue_id)
    if row is None or not store.may_read(row, caller(request)):
        raise Http404
    store.act(issue_id, told.kind, caller(request), number=told.number, text=told.text)
    return {"done": True}


def _issue(row: IssueRow) -> dict[str, Any]:
    return {
        "id": row.id, "region": row.region, "period": row.period, "edition": row.edition, "corrects": row.corrects,
        "state": row.state.value, "issuer": row.issuer, "as_of": row.as_of, "rulebook": row.rulebook,
        "is_demo": row.is_demo, "prepared_by": row.prepared_by, "prepared_at": row.prepared_at,
        "events": [
            {
                "kind": each.kind.value, "on": each.on, "number": each.number, "text": each.text,
                "author": each.author, "journal": each.journal,
            }
            for each in row.events
        ],
    }  # fmt: skip


def _levels(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "target": line.target, "indicator": part.indicator, "subject": str(line.subject), "name": line.name,
            "rule": line.rule, "level": line.level, "cause": line.cause or "", "last": line.last,
            "move": line.move.value, "required": line.required, "achieved": line.achieved, "unit": line.unit,
            "listing": line.listing.value, "share": line.share, "assigned_by": line.assigned_by,
            "promised": line.promised, "printed": line.printed,
        }
        for part in content.parts
        for line in part.lines
    ]  # fmt: skip
