"""联网直报·期限: what units ask for (extension, stopped clock, stopped production, exemption), the answers of offices,
windows put off as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import petitions, store
from shuangkong.records.reporting.petitions import Answer, PetitionRow, ToAsk
from shuangkong.records.reporting.putting_off import put_off
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.petitions import PetitionKind
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Day, Line, Number, Text
from shuangkong.web.reporting.found import window_or_404

room = Room(tags=["reporting"])
_MOST = 1_000


class PetitionTold(Schema):
    """What a unit asks for on a return; ``waits``: nobody has answered, and the return is owed still. ``kind``: extend,
    hold, stop, exempt; ``due``: the day wished for."""

    id: int
    owned: int
    kind: str
    state: str
    ground: str
    due: date | None
    file_name: str
    author: str
    at: datetime
    journal: int
    answer: str
    answered_by: str
    answered_at: datetime | None
    answered_in: int | None
    waits: bool


class PetitionsTold(Schema):
    """Of a return the newest first, of those that wait for an answer the oldest; at most a thousand."""

    items: list[PetitionTold]


class PetitionToAsk(Schema):
    """``kind``: extend, hold, stop or exempt; ``due``: the day wished for, of an extension alone."""

    kind: Line
    ground: Text = ""
    due: Day | None = None


class PetitionAnswer(Schema):
    """``grant`` false refuses, with a ground. ``due``: the new last day of an extension; without it the one wished
    for."""

    grant: bool
    ground: Text = ""
    document: Line = ""
    due: Day | None = None


class WindowToPutOff(Schema):
    """The new last day, later than the one that is, and why."""

    due: Day | None = None
    ground: Text = ""
    document: Line = ""


class WindowPutOff(Schema):
    """How many returns have the new day, and how many that are owed have a later one of their own."""

    moved: int
    further: int


@room.does("/reporting/windows/{window_id}/put-off", Action.WINDOW_OPEN, WindowPutOff)
def put_off_reporting_window(request: HttpRequest, window_id: Number, told: WindowToPutOff) -> Any:
    """窗口截止日整体顺延：各份报表的截止日改为新的一天，单独定得更晚的不变。"""
    window_or_404(caller(request), window_id)
    return put_off(window_id, told.due, caller(request), told.ground, told.document)


@room.reads("/reporting/petitions", Action.RETURN_READ, PetitionsTold)
def list_petitions(request: HttpRequest) -> Any:
    """等调用人答复的申请。"""
    return {"items": petitions.petitions(petitions.answerable(caller(request)), "pk", count=_MOST)}


@room.reads("/reporting/returns/{return_id}/petitions", Action.RETURN_READ, PetitionsTold)
def list_return_petitions(request: HttpRequest, return_id: Number) -> Any:
    """一份报表的申请和答复。"""
    return {"items": petitions.petitions(Q(owned=_found(request, return_id).id), count=_MOST)}


@room.does("/reporting/returns/{return_id}/petitions", Action.RETURN_FILE, Made)
def ask_on_return(request: HttpRequest, return_id: Number, told: PetitionToAsk) -> Any:
    """填报单位申请延期、停止计时、停产或免报；答复以前什么也不变。"""
    row = _own(request, return_id)
    kind = next((each for each in PetitionKind if each == told.kind), None)
    if kind is None:
        known = "、".join(PetitionKind)
        zh = f"没有这种申请“{told.kind[:20]}”。应为 {known}。"
        raise Refused("RPT-714", zh, f"There is no petition of that kind: expected one of {known}.", "kind")
    return {"id": petitions.ask(row.id, ToAsk(kind, told.ground, told.due), caller(request))}


@room.does("/reporting/petitions/{petition_id}/withdraw", Action.RETURN_FILE, Done)
def withdraw_petition(request: HttpRequest, petition_id: Number) -> Any:
    """填报单位撤回自己的申请。"""
    _own(request, _petition(petition_id).owned)
    petitions.withdraw(petition_id, caller(request))
    return {"done": True}


@room.does("/reporting/petitions/{petition_id}/answer", Action.RETURN_REVIEW, Done)
def answer_petition(request: HttpRequest, petition_id: Number, told: PetitionAnswer) -> Any:
    """审核机关答复申请：同意即按申请办理，不同意须写理由。"""
    _found(request, _petition(petition_id).owned)
    petitions.answer(petition_id, Answer(told.grant, told.ground, told.document, told.due), caller(request))
    return {"done": True}


def _petition(number: int) -> PetitionRow:
    """Raises Http404; whether its return may be seen is asked of that."""
    found = petitions.petition(number)
    if found is None:
        raise Http404(number)
    return found


def _found(request: HttpRequest, number: int) -> ReturnRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.one(number)
    reached(request, row.where if row else None, Action.RETURN_READ)
    assert row is not None
    return row


def _own(request: HttpRequest, number: int) -> ReturnRow:
    """A return that the caller files. Raises Http404."""
    row = _found(request, number)
    if not may(caller(request), Action.RETURN_FILE, row.where):
        raise Http404(number)
    return row
