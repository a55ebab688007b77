"""重点用能单位名单: who stands in which list (百家、千家、万家) from when until when; published lists come in whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from shuangkong.records.assessment.key_units.store import key_units, readable
from shuangkong.records.assessment.key_units.taking import take_list
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Code, Day, Line

room = Room(tags=["assessments"])


class KeyUnit(Schema):
    """One enterprise in one list; ``source`` is its source code."""

    id: int
    source: str
    name: str
    region: str
    region_name: str
    listing: str
    starts: date
    until: date | None
    document: str
    is_fictional: bool


class KeyUnits(Schema):
    """By list and enterprise."""

    items: list[KeyUnit]


class ListTold(Schema):
    """A list for the enterprises of a place and below it: the rows of the form, its headings first."""

    region: Code
    rows: list[list[Line]] = Field(min_length=1, max_length=20_000)
    is_dry_run: bool = True


class ListedRow(Schema):
    """What becomes of one row; ``code`` empty where it can be taken, ``is_same`` where it stands already."""

    row: int
    code: str
    zh: str
    en: str
    is_same: bool


class ListTaken(Schema):
    """Every row; ``journal`` null where nothing was written: a trial, or a row that cannot be taken."""

    items: list[ListedRow]
    journal: int | None


@room.reads("/key-units", Action.ASSESSMENT_READ, KeyUnits)
def list_key_units(request: HttpRequest, as_of: Day | None = None) -> Any:
    """重点用能单位名单；as_of 为过去某日。"""
    return {"items": key_units(readable(caller(request)), as_of)}


@room.does("/key-units", Action.ASSESSMENT_CONDUCT, ListTaken)
def take_key_units(request: HttpRequest, told: ListTold) -> Any:
    """试算或导入一份名单：有一行不能收，就都不收。"""
    found = take_list(told.rows, told.region, caller(request), is_dry_run=told.is_dry_run)
    items = [
        {
            "row": each.row, "code": each.code, "zh": each.message.zh if each.message else "",
            "en": each.message.en if each.message else "", "is_same": each.is_same,
        }
        for each in found.rows
    ]  # fmt: skip
    return {"items": items, "journal": found.journal}
