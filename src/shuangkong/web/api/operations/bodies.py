"""地区、责任单位和沿革: regions by code, bodies, which name means which, what became of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema

from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.succession import moved_with
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.likeness import changes, likely_same, record_distinct
from shuangkong.records.registry.rows import BodyRow
from shuangkong.records.registry.succession import region_changes, succeed_body, succeed_region
from shuangkong.records.registry.tree import Change, path_of
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.room import Done, Room
from shuangkong.web.api.values import Code, Day, Line, Number, Text

room = Room(tags=["bodies"])


class Region(Schema):
    """One administrative division by its code."""

    code: str
    name: str
    level: str
    parent: str | None
    starts_on: date | None
    ends_on: date | None
    is_fictional: bool


class Regions(Schema):
    """Regions directly below one."""

    items: list[Region]


class Body(Schema):
    """A responsible body; ``same_as`` is the body it stands for, itself included."""

    id: int
    region: str | None
    name: str
    same_as: int


class Bodies(Schema):
    """Bodies of one region."""

    items: list[Body]


class BodyChange(Schema):
    """One body that became another."""

    before: int
    before_name: str
    after: int
    after_name: str
    kind: Change
    on: date
    document: str
    decided_by: str


class BodyChanges(Schema):
    """The newest first."""

    items: list[BodyChange]


class Likeness(Schema):
    """Two names that may mean one body."""

    short: int
    short_name: str
    full: int
    full_name: str


class Likenesses(Schema):
    """For a person to decide."""

    items: list[Likeness]


class AliasTold(Schema):
    """Which body a name means; null withdraws the decision before."""

    same_as: Number | None
    reason: Text


class DistinctTold(Schema):
    """Which body a name does not mean, and why."""

    not_same_as: Number
    reason: Text


class ChangeTold(Schema):
    """What became of a body, by which document: ``after``, or a body of the same place that is new by its ``name``."""

    before: Number
    after: Number | None = None
    name: Line = ""
    kind: Change
    on: Day | None = None
    document: Line


@room.reads("/regions/{code}", Action.BODY_READ, Region)
def region(request: HttpRequest, code: Code) -> Any:
    """一个地区。"""
    reached_place(request, code, Action.BODY_READ)
    return registry.region(code)


@room.reads("/regions/{code}/regions", Action.BODY_READ, Regions)
def regions_below(request: HttpRequest, code: Code) -> Any:
    """直接下级地区。"""
    reached_place(request, code, Action.BODY_READ)
    return {"items": registry.children(code)}


@room.reads("/regions/{code}/bodies", Action.BODY_READ, Bodies)
def bodies(request: HttpRequest, code: Code, as_of: Day | None = None) -> Any:
    """一个地区的责任单位。"""
    reached_place(request, code, Action.BODY_READ)
    return {"items": registry.bodies(code, as_of)}


@room.reads("/regions/{code}/bodies/likely", Action.BODY_CONFIRM, Likenesses)
def likely_bodies(request: HttpRequest, code: Code) -> Any:
    """名称相近、可能是同一单位的。"""
    reached_place(request, code, Action.BODY_READ, Action.BODY_CONFIRM)
    return {"items": likely_same(code)}


@room.reads("/regions/{code}/bodies/changes", Action.BODY_READ, BodyChanges)
def body_changes(request: HttpRequest, code: Code) -> Any:
    """更名、合并、分设。"""
    reached_place(request, code, Action.BODY_READ)
    return {"items": changes(code)}


@room.reads("/bodies/{body_id}", Action.BODY_READ, Body)
def body(request: HttpRequest, body_id: Number, as_of: Day | None = None) -> Any:
    """一个责任单位。"""
    return found_body(request, body_id, as_of=as_of)


@room.does("/bodies/{body_id}/alias", Action.BODY_CONFIRM, Done)
def confirm_alias(request: HttpRequest, body_id: Number, told: AliasTold) -> Any:
    """认定两个名称是同一单位，或撤销。"""
    found_body(request, body_id, Action.BODY_CONFIRM)
    registry.record_alias(body_id, told.same_as, told.reason, caller(request))
    return {}


@room.does("/bodies/{body_id}/distinction", Action.BODY_CONFIRM, Done)
def confirm_distinction(request: HttpRequest, body_id: Number, told: DistinctTold) -> Any:
    """认定两个相近的名称不是同一单位。"""
    found_body(request, body_id, Action.BODY_CONFIRM)
    record_distinct(body_id, told.not_same_as, told.reason, caller(request))
    return {}


@room.does("/body-changes", Action.BODY_CONFIRM, Done)
def record_change(request: HttpRequest, told: ChangeTold) -> Any:
    """记录单位的更名、合并、分设。"""
    before = found_body(request, told.before, Action.BODY_CONFIRM)
    if told.after is not None:
        found_body(request, told.after, Action.BODY_CONFIRM)
    with transaction.atomic():
        after = told.after or _new_body(before.region, told.name.strip())
        if any((row.before, row.after) == (told.before, after) for row in changes(before.region)):
            raise Refused("REG-106", "这一变化已经记录。", "This change is on record already.", "after")
        on = told.on or timezone.localdate()
        succeed_body(told.before, after, told.kind, on, told.document, caller(request))
    return {}


class RegionChange(Schema):
    """One region that became another."""

    before: str
    before_name: str
    after: str
    after_name: str
    on: date
    document: str
    decided_by: str


class RegionChanges(Schema):
    """The newest first."""

    items: list[RegionChange]


class RegionChangeTold(Schema):
    """Which region became which, when and by which document; ``dry_run`` records nothing."""

    before: Code
    after: Code
    on: Day | None = None
    document: Line = ""
    dry_run: bool = False


class Moved(Schema):
    """How much there is at the region that became another and below it; how many people act for the other."""

    before: str
    after: str
    places: int
    bodies: int
    plans: int
    tasks: int
    enterprises: int
    people: int


@room.reads("/region-changes", Action.REGISTRY_CHANGE, RegionChanges)
def region_history(request: HttpRequest) -> Any:
    """区划沿革。"""
    return {"items": region_changes()}


@room.does("/region-changes", Action.REGISTRY_CHANGE, Moved)
def record_region_change(request: HttpRequest, told: RegionChangeTold) -> Any:
    """登记地区的撤并、分设，或只看影响。"""
    moved = moved_with(told.before, told.after)
    if not told.dry_run:
        succeed_region(told.before, told.after, told.on or timezone.localdate(), told.document, caller(request))
    return moved


def _new_body(region: str | None, name: str) -> int:
    """The body of a name at a place. Raises Refused where no name is given."""
    if not name:
        zh, en = "请指明现单位，或写明它的名称。", "Name the body that it became."
        raise Refused("REG-110", zh, en, "after")
    return registry.name_bodies(region, [name])[name]


def found_body(request: HttpRequest, body_id: int, action: Action | None = None, as_of: date | None = None) -> BodyRow:
    """A body that the caller may see. Raises Http404 and Forbidden."""
    row = registry.body(body_id, as_of)
    where = None if row is None else Where(path_of(row.region) if row.region else registry.WHOLE)
    reached(request, where, Action.BODY_READ, action)
    assert row is not None
    return row


def reached_place(request: HttpRequest, code: str, read: Action, action: Action | None = None) -> Where:
    """Where a region is. Raises Http404 and Forbidden."""
    path = path_of(code)
    return reached(request, Where(path) if path else None, read, action)
