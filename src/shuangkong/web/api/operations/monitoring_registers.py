"""在线监测的登记册: what each register holds; to register, revise and take whole tables, one way for all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Schema

from shuangkong.records.monitoring.registers import acts, store
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.registers.store import RegisterRow
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.registers.taking import take
from shuangkong.records.people.access import may, require
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Line, Number, Text

room = Room(tags=["monitoring"])


class RegisterField(Schema):
    """A field: ``sort`` is what it takes; ``choices``: code → Chinese word. Secrets are taken, never told."""

    key: str
    zh: str
    en: str
    sort: str
    unit: str
    is_needed: bool
    choices: dict[str, str]


class RegisterShape(Schema):
    """A register: its key, its fields, and the action that changes it."""

    key: str
    zh: str
    en: str
    action: str
    fields: list[RegisterField]


class RegisterShapes(Schema):
    """All registers."""

    items: list[RegisterShape]


class RegisterLine(Schema):
    """A row: ``values`` by key as they would be told again, ``words`` as people call the things in it."""

    id: int
    values: dict[str, str]
    words: dict[str, str]
    is_fictional: bool


class RegisterTally(Schema):
    """What rows add up to; ``is_bad``: somebody has to act; ``is_doubted``: by a rule not verified."""

    zh: str
    en: str
    is_bad: bool
    is_doubted: bool


class RegisterLines(Schema):
    """By number; ``tallies`` are of the whole register as the caller sees it today."""

    items: list[RegisterLine]
    tallies: list[RegisterTally]


class RegisterAct(Schema):
    """One act on a row: what was otherwise before and after."""

    kind: str
    before: dict[str, str]
    after: dict[str, str]
    ground: str
    author: str
    at: datetime
    journal: int


class RegisterWhole(RegisterLine):
    """A row with what happened to it, the newest first."""

    history: list[RegisterAct]


class RowTold(Schema):
    """Fields by key; things by number or code. A revision tells what changes, and why."""

    values: dict[str, Line] = Field(max_length=40)
    ground: Text = ""


class RowsTold(Schema):
    """A table: the headings (or keys) first."""

    rows: list[list[Line]] = Field(min_length=1, max_length=20_000)
    ground: Text = ""
    is_dry_run: bool = True


class RowTaken(Schema):
    """What becomes of one row; ``code`` empty where it can be registered, ``id`` its number then."""

    row: int
    code: str
    field: str
    zh: str
    en: str
    id: int | None


class RowsTaken(Schema):
    """Every row; nothing is registered where one cannot be."""

    items: list[RowTaken]


@room.reads("/monitoring/registers", Action.MONITORING_READ, RegisterShapes)
def list_registers(request: HttpRequest) -> Any:
    """登记册及其栏目。"""
    return {"items": [_shape(each) for each in REGISTERS.values()]}


@room.reads("/monitoring/registers/{register_key}", Action.MONITORING_READ, RegisterLines)
def list_register_rows(
    request: HttpRequest, register_key: str, outlet: Number | None = None, ended: bool = False
) -> Any:
    """一个登记册的行；ended 连同已停用的。"""
    held = _register(register_key)
    condition = store.readable(held, caller(request))
    if outlet is not None and any(each.key == "outlet" for each in held.fields):
        condition &= Q(outlet=outlet)
    rows = store.rows(held, condition, None if ended else timezone.localdate())
    told = [
        {"zh": each.words.zh, "en": each.words.en, "is_bad": each.is_bad, "is_doubted": each.is_doubted}
        for each in store.tallies(held, condition, caller(request))
    ]
    return {"items": [_line(each) for each in rows], "tallies": told}


@room.reads("/monitoring/registers/{register_key}/{row_id}", Action.MONITORING_READ, RegisterWhole)
def get_register_row(request: HttpRequest, register_key: str, row_id: Number) -> Any:
    """一行及其经过。"""
    held = _register(register_key)
    found = _found(request, held, row_id)
    names = tuple(RegisterAct.model_fields)
    history = [{name: getattr(each, name) for name in names} for each in store.history(held, found.id)]
    return _line(found) | {"history": history}


@room.does("/monitoring/registers/{register_key}", Action.MONITORING_READ, Made)
def register_monitoring_row(request: HttpRequest, register_key: str, told: RowTold) -> Any:
    """登记一行。"""
    held = _register(register_key)
    require(caller(request), held.action)
    return {"id": acts.register_row(held, told.values, caller(request), told.ground)}


@room.does("/monitoring/register-loads/{register_key}", Action.MONITORING_READ, RowsTaken)
def load_monitoring_rows(request: HttpRequest, register_key: str, told: RowsTold) -> Any:
    """试算或登记一张表：有一行不能登记，就都不登记。"""
    held = _register(register_key)
    require(caller(request), held.action)
    found = take(held, told.rows, caller(request), told.ground, is_dry_run=told.is_dry_run)
    return {
        "items": [
            {
                "row": each.row, "code": each.code, "field": each.field, "zh": each.message.zh if each.message else "",
                "en": each.message.en if each.message else "", "id": None if told.is_dry_run else each.number,
            }
            for each in found
        ]
    }  # fmt: skip


@room.does("/monitoring/registers/{register_key}/{row_id}", Action.MONITORING_READ, Done)
def revise_monitoring_row(request: HttpRequest, register_key: str, row_id: Number, told: RowTold) -> Any:
    """修改一行；写截止日或截止时间就是结束。"""
    held = _register(register_key)
    found = _found(request, held, row_id)
    require(caller(request), held.action, found.where)
    acts.revise_row(held, found.id, told.values, caller(request), told.ground)
    return Done()


def _register(key: str) -> Register:
    if key not in REGISTERS:
        raise Http404
    return REGISTERS[key]


def _found(request: HttpRequest, held: Register, number: int) -> RegisterRow:
    """Raises Http404, also where the caller may not see it."""
    found = store.row(held, number)
    if found is None or not may(caller(request), Action.MONITORING_READ, found.where):
        raise Http404
    return found


def _line(each: RegisterRow) -> dict[str, Any]:
    return {"id": each.id, "values": dict(each.told), "words": dict(each.words), "is_fictional": each.is_fictional}


def _shape(held: Register) -> dict[str, Any]:
    return {
        "key": held.key, "zh": held.name.zh, "en": held.name.en, "action": held.action.value,
        "fields": [
            {
                "key": each.key, "zh": each.name.zh, "en": each.name.en, "sort": each.sort.value, "unit": each.unit,
                "is_needed": each.is_needed, "choices": {code: name.zh for code, name in each.choices.items()},
            }
            for each in held.fields
        ],
    }  # fmt: skip
