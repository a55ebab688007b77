"""调度会和重大情况: called, minuted, decided; raised and acknowledged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import matters as matter_store
from shuangkong.records.plans.tasks import meetings as store
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.adding import Wanted
from shuangkong.records.plans.tasks.rows import MatterRow, MeetingRow, TaskKind
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.operations.task_shapes import PartTold
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Line, Number, Text

room = Room(tags=["meetings"])


class Meeting(Schema):
    """A meeting with its newest minutes, "" before there are any; ``agenda`` and ``decided`` are tasks, those that the
    caller may see.
    """

    id: int
    title: str
    on: date
    region: str
    region_name: str
    called_by: str
    journal: int
    minutes: str
    agenda: list[int]
    decided: list[int]


class Meetings(Schema):
    """The newest first."""

    items: list[Meeting]


class MeetingTold(Schema):
    """A meeting to be called."""

    title: Line
    on: Day
    region: Code
    agenda: list[Number] = Field(default_factory=list, max_length=500)


class MinutesTold(Schema):
    """The minutes, or better ones; the earlier stay."""

    text: Text


class DecisionTold(Schema):
    """What a meeting decided: it becomes a task of kind minute, at the meeting's place."""

    title: Line
    parts: list[PartTold] = Field(max_length=100)
    due: Day | None = None


class Matter(Schema):
    """A major matter; ``answer``, ``answered_by`` and ``answered_at`` are its acknowledgement."""

    id: int
    title: str
    text: str
    happened_on: date
    body: int | None
    body_name: str
    region_name: str
    acknowledge_by: date
    author: str
    at: datetime
    journal: int
    answer: str
    answered_by: str
    answered_at: datetime | None


class Matters(Schema):
    """Those that wait first."""

    items: list[Matter]


class MatterTold(Schema):
    """A major matter, of the place and the body acted for."""

    title: Line
    text: Text
    happened_on: Day


class AcknowledgementTold(Schema):
    """What is to be done about it."""

    text: Text


@room.reads("/meetings", Action.MEETING_READ, Meetings)
def meetings(request: HttpRequest, as_of: Day | None = None) -> Any:
    """调度会。"""
    return {"items": _seen(request, store.meetings(store.readable(caller(request)), as_of))}


@room.reads("/meetings/{meeting_id}", Action.MEETING_READ, Meeting)
def meeting(request: HttpRequest, meeting_id: Number, as_of: Day | None = None) -> Any:
    """一次调度会。"""
    return _seen(request, (found_meeting(request, meeting_id, as_of),))[0]


@room.does("/meetings", Action.MEETING_HOLD, Made)
def call_meeting(request: HttpRequest, told: MeetingTold) -> Any:
    """召开调度会，列出要议的任务。"""
    reached_place(request, told.region, Action.MEETING_READ, Action.MEETING_HOLD)
    return {"id": store.call_meeting(told.title, told.on, told.region, told.agenda, caller(request))}


@room.does("/meetings/{meeting_id}/minutes", Action.MEETING_HOLD, Done)
def write_minutes(request: HttpRequest, meeting_id: Number, told: MinutesTold) -> Any:
    """写会议纪要；原来的保留。"""
    found_meeting(request, meeting_id)
    store.write_minutes(meeting_id, told.text, caller(request))
    return {}


@room.does("/meetings/{meeting_id}/decisions", Action.MEETING_HOLD, Made)
def decide_item(request: HttpRequest, meeting_id: Number, told: DecisionTold) -> Any:
    """议定事项成为任务。"""
    found_meeting(request, meeting_id)
    parts = tuple((each.body, each.part) for each in told.parts)
    wanted = Wanted(TaskKind.MINUTE, told.title, parts, due=told.due)
    return {"id": store.decide_item(meeting_id, wanted, caller(request))}


@room.reads("/matters", Action.MATTER_READ, Matters)
def matters(request: HttpRequest, as_of: Day | None = None) -> Any:
    """重大情况。"""
    return {"items": matter_store.matters(matter_store.readable(caller(request)), until=as_of)}


@room.reads("/matters/{matter_id}", Action.MATTER_READ, Matter)
def matter(request: HttpRequest, matter_id: Number, as_of: Day | None = None) -> Any:
    """一项重大情况。"""
    return found_matter(request, matter_id, as_of)


@room.does("/matters", Action.MATTER_RAISE, Made)
def raise_matter(request: HttpRequest, told: MatterTold) -> Any:
    """报告重大情况。"""
    return {"id": matter_store.raise_matter(told.title, told.text, told.happened_on, caller(request))}


@room.does("/matters/{matter_id}/acknowledgement", Action.MATTER_ACKNOWLEDGE, Done)
def acknowledge(request: HttpRequest, matter_id: Number, told: AcknowledgementTold) -> Any:
    """签收重大情况并批示。"""
    row = found_matter(request, matter_id)
    reached(request, Where(row.path), Action.MATTER_READ, Action.MATTER_ACKNOWLEDGE)
    matter_store.acknowledge(matter_id, told.text, caller(request))
    return {}


def _seen(request: HttpRequest, rows: tuple[MeetingRow, ...]) -> list[MeetingRow]:
    """Meetings with those of their tasks that the caller may see. 2 queries."""
    asked = {each for row in rows for each in (*row.agenda, *row.decided)}
    known = set(tasks.first_ids(Q(pk__in=asked) & tasks.readable(caller(request)), len(asked)))
    return [
        replace(
            row,
            agenda=tuple(each for each in row.agenda if each in known),
            decided=tuple(each for each in row.decided if each in known),
        )
        for row in rows
    ]


def found_meeting(request: HttpRequest, meeting_id: int, as_of: date | None = None) -> MeetingRow:
    """A meeting that the caller may see, as known at the end of a day. Raises Http404."""
    row = store.meeting(meeting_id, caller(request), as_of)
    if row is None:
        raise Http404
    return row


def found_matter(request: HttpRequest, matter_id: int, as_of: date | None = None) -> MatterRow:
    """A matter that the caller may see, as known at the end of a day. Raises Http404."""
    found = matter_store.matters(matter_store.readable(caller(request)) & Q(pk=matter_id), until=as_of)
    if not found:
        raise Http404
    return found[0]
