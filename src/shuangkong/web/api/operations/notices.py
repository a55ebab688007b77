"""通知和签收: what was told to whom, and who has acknowledged it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.records.notices import store
from shuangkong.records.notices.rows import NoticeRow
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Room
from shuangkong.web.api.values import Day, Line, Number

room = Room(tags=["notices"])


class Receipt(Schema):
    """One who was told, with what is for that one alone; ``at`` none: not acknowledged yet."""

    notice: int
    body: int
    name: str
    text: str
    at: datetime | None
    author: str
    answer: str


class Notice(Schema):
    """One notice: its kind and the number of what it is about, and who was told as far as the caller may see."""

    id: int
    kind: str
    thing: int
    title: str
    text: str
    region: str
    is_urgent: bool
    author: str
    at: datetime
    journal: int
    is_demo: bool
    is_fictional: bool
    receipts: list[Receipt]


class Notices(Schema):
    """The newest first."""

    items: list[Notice]


class ToAcknowledge(Schema):
    """What is answered; nothing need be."""

    text: Line = ""


@room.reads("/notices", Action.NOTICE_READ, Notices)
def list_notices(request: HttpRequest, as_of: Day | None = None) -> Any:
    """发给本单位的和本地发出的通知。"""
    by = caller(request)
    return {"items": [_notice(store.seen_by(row, by)) for row in store.notices(store.readable(by), as_of)]}


@room.reads("/notices/{notice_id}", Action.NOTICE_READ, Notice)
def get_notice(request: HttpRequest, notice_id: Number, as_of: Day | None = None) -> Any:
    """一份通知和签收情况。"""
    row = store.notice(notice_id, as_of)
    if row is None or not may(caller(request), Action.NOTICE_READ, row.where):
        raise Http404
    return _notice(store.seen_by(row, caller(request)))


@room.does("/notices/{notice_id}/acknowledge", Action.NOTICE_ACKNOWLEDGE, Done)
def acknowledge_notice(request: HttpRequest, notice_id: Number, told: ToAcknowledge) -> Any:
    """以本单位签收。"""
    row = store.notice(notice_id)
    if row is None or not may(caller(request), Action.NOTICE_READ, row.where):
        raise Http404
    store.acknowledge(notice_id, told.text, caller(request))
    return {"done": True}


def receipts_of(row: NoticeRow) -> list[dict[str, Any]]:
    """Everybody who was told of a notice."""
    return [
        {
            "notice": row.id, "body": each.body, "name": each.name, "text": each.text, "at": each.at,
            "author": each.author, "answer": each.answer,
        }
        for each in row.bodies
    ]  # fmt: skip


def _notice(row: NoticeRow) -> dict[str, Any]:
    names = (
        "id", "thing", "title", "text", "region", "is_urgent", "author", "at", "journal", "is_demo", "is_fictional",
    )  # fmt: skip
    return {"kind": row.kind.value, "receipts": receipts_of(row)} | {name: getattr(row, name) for name in names}
