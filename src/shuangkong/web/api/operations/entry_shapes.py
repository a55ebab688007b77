"""一企一档事项的形状: what calls about the files of units send and get."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from shuangkong.web.api.values import Code, Line, Text


class EntryKept(Schema):
    """An entry of a unit's file; ``told`` by the names of its fields, figures and days as text."""

    id: int
    kind: str
    unit: str
    name: str
    region: str
    state: str
    due: date | None
    late: bool
    told: dict[str, str]
    is_demo: bool


class EntriesKept(Schema):
    """By number; ``next``: the entry to go on after, none at the end."""

    items: list[EntryKept]
    next: int | None


class EntryHappened(Schema):
    """One thing that happened to an entry; ``papers``: names of what came with it."""

    event: str
    told: dict[str, str]
    ground: str
    author: str
    at: datetime
    papers: list[str]


class EntryWhole(EntryKept):
    """An entry with its history, the oldest first; ``next``: what the caller can do with it."""

    events: list[EntryHappened]
    next: list[str]


class EntryToMake(Schema):
    """``kind`` undertaking, advice, metering, system or evaluation; ``told`` what that asks for."""

    kind: Line
    told: dict[Line, Text] = Field(max_length=30)
    ground: Text = ""


class EntryActTold(Schema):
    """``event`` one of those that the entry's ``next`` names; ``told`` what that asks for."""

    event: Line
    told: dict[Line, Text] = Field(default={}, max_length=30)
    ground: Text = ""


class Judged(Schema):
    """Whether an undertaking is kept by the accepted return."""

    kept: bool


class ReviewsToPlan(Schema):
    """``units``: codes; without any every key energy user of the place and below it."""

    region: Code
    units: list[Line] = Field(default=[], max_length=1000)
    told: dict[Line, Text] = Field(max_length=30)


class PlannedReviews(Schema):
    """Numbers of the reviews that were made; how many units were on that year's plan already."""

    made: list[int]
    there: int


class SystemCounted(Schema):
    """Units of a place and sector; ``key`` and ``others`` of them hold a valid certificate. ``evaluated`` and ``good``
    null where evaluations are not for the caller; no place where certificates are not."""

    region: str
    sector: str
    units: int
    key: int
    others: int
    evaluated: int | None
    good: int | None


class SystemsCounted(Schema):
    """By place and sector."""

    items: list[SystemCounted]
