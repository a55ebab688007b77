"""提醒、通道和日历: what waits for whoever calls, by which channels it is told, and the address of the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.reminders import inbox
from shuangkong.records.plans.reminders.calendar import address_made_at, make_address, revoke_address
from shuangkong.records.plans.reminders.channels import ChannelKind
from shuangkong.records.plans.reminders.choices import Choice, choices, choose
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.letters import Outcome
from shuangkong.records.plans.reminders.outbox import messages_of
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Room
from shuangkong.web.api.values import Line, Number, listed

room = Room(tags=["reminders"])

USUAL_ITEMS = 100
Limit = Annotated[int, Field(ge=1, le=500)]


class Reminder(Schema):
    """One reminder that holds; ``task``, ``matter`` or ``notice`` is what it is about, ``text`` what was said of it."""

    id: int
    kind: ReminderKind
    task: int | None
    matter: int | None
    notice: int | None
    title: str
    text: str
    due: date | None
    opened_at: datetime
    is_read: bool
    appointment: int
    plan_title: str
    is_demo: bool
    is_fictional: bool


class Reminders(Schema):
    """By kind, the unread first; ``unread`` counts all of them, shown or not."""

    unread: int
    items: list[Reminder]


class ReadTold(Schema):
    """Which reminders were read; all of them where none is named."""

    reminders: list[Number] | None = Field(None, max_length=1_000)


class Read(Schema):
    """How many were unread until now."""

    read: int


class Channel(Schema):
    """What the person chose for a channel that the site offers."""

    channel: ChannelKind
    address: str
    language: str
    is_on: bool


class Channels(Schema):
    """Every channel that the site offers."""

    items: list[Channel]


class ChannelTold(Schema):
    """What is chosen for a channel."""

    channel: ChannelKind
    address: Line = ""
    language: Annotated[str, Field(pattern="^(zh-hans|en)$")] = "zh-hans"
    is_on: bool


class Letter(Schema):
    """One message that left, or is to leave, by a channel."""

    channel: ChannelKind
    subject: str
    made_at: datetime
    outcome: Annotated[Outcome, listed(Outcome)]
    attempts: int


class Letters(Schema):
    """The newest first."""

    items: list[Letter]


class CalendarAddress(Schema):
    """The secret address of the calendar, told once, when it is made; "" at any other time."""

    made_at: datetime | None
    address: str


@room.reads("/reminders", Action.TASK_READ, Reminders)
def reminders(request: HttpRequest, kind: ReminderKind | None = None, limit: Limit = USUAL_ITEMS) -> Any:
    """以当前身份该办、该看的提醒；limit 是每类最多几条。"""
    seen = inbox.open_to(_person(request), (caller(request),))
    counts = inbox.counts(seen)
    kinds = [each for each in ReminderKind if each in counts and kind in (None, each)]
    rows = [row for each in kinds for row in inbox.rows(seen, each, 0, limit)]
    return {"unread": sum(new for _every, new in counts.values()), "items": rows}


@room.does("/reminders/read", Action.TASK_READ, Read)
def read_reminders(request: HttpRequest, told: ReadTold) -> Any:
    """标为已读。"""
    return {"read": inbox.mark_read(inbox.open_to(_person(request), (caller(request),)), told.reminders)}


@room.reads("/reminders/channels", Action.TOKEN_HOLD, Channels)
def channels(request: HttpRequest) -> Any:
    """系统开通的通道和本人的选择。"""
    return {"items": list(choices(_person(request)).values())}


@room.does("/reminders/channels", Action.TOKEN_HOLD, Done)
def choose_channel(request: HttpRequest, told: ChannelTold) -> Any:
    """打开、关闭一个通道，或改收信地址。"""
    choose(_person(request), Choice(told.channel, told.address.strip(), told.language, told.is_on))
    return {}


@room.reads("/reminders/messages", Action.TOKEN_HOLD, Letters)
def messages(request: HttpRequest, limit: Limit = USUAL_ITEMS) -> Any:
    """近期发给本人的消息和结果。"""
    return {"items": messages_of(_person(request).pk, limit)}


@room.reads("/reminders/calendar", Action.TOKEN_HOLD, CalendarAddress)
def calendar_address(request: HttpRequest) -> Any:
    """日历地址是何时生成的。"""
    return {"made_at": address_made_at(_person(request)), "address": ""}


@room.does("/reminders/calendar", Action.TOKEN_HOLD, CalendarAddress)
def make_calendar_address(request: HttpRequest) -> Any:
    """生成新的日历地址，只告知一次；原来的作废。"""
    person = _person(request)
    path = reverse("calendar", args=[make_address(person)])
    whole = f"{settings.SITE_ADDRESS}{path}" if settings.SITE_ADDRESS else request.build_absolute_uri(path)
    return {"made_at": address_made_at(person), "address": whole}


@room.does("/reminders/calendar/revoke", Action.TOKEN_HOLD, Done)
def revoke_calendar_address(request: HttpRequest) -> Any:
    """日历地址作废。"""
    revoke_address(_person(request))
    return {}


def _person(request: HttpRequest) -> Person:
    """Who calls."""
    return Person.objects.get(username=caller(request).author)
