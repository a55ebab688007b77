"""方案、措施、目标: read only; a plan is read, reviewed and adopted by people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import MeasureRow, PlanRow
from shuangkong.records.targets import store as targets
from shuangkong.web.api.identity import reached
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Code, Day, Figure, Number
from shuangkong.web.site.access import seen

room = Room(tags=["plans"])


class Plan(Schema):
    """One plan; ``version`` is 0 before its first adoption."""

    id: int
    title: str
    doc_no: str
    issuer: str
    issued_on: date | None
    region: str | None
    region_name: str
    base_year: int | None
    start_year: int | None
    end_year: int | None
    status: str
    version: int
    is_demo: bool
    is_fictional: bool
    source_note: str
    read_at: datetime


class Plans(Schema):
    """Plans, the newest first."""

    items: list[Plan]


class BodyPart(Schema):
    """A body's part in a measure, as printed."""

    body: int
    name: str
    role: str


class Measure(Schema):
    """One measure of the version in force."""

    id: int
    plan: int
    version: int
    no: str
    path: list[str]
    title: str
    chapter_no: str
    chapter_title: str
    bodies: list[BodyPart]


class Measures(Schema):
    """Measures in printed order."""

    items: list[Measure]


class Target(Schema):
    """One target. ``unit`` as printed; ``base_value`` and ``reserve`` where the document prints them."""

    id: int
    plan: int
    version: int
    item_no: str
    is_headline: bool
    subject_kind: str
    subject_code: str
    subject_name: str
    indicator: str
    indicator_name: str
    kind: str
    op: str
    value: Figure
    unit: str
    base_year: int | None
    base_value: Figure | None
    base_unit: str
    deadline: str
    scope: str
    denominator: str
    strength: str
    nature: str
    reserve: Figure | None


class Targets(Schema):
    """Targets in printed order, annex tables last."""

    items: list[Target]


@room.reads("/plans", Action.PLAN_READ, Plans)
def plans(request: HttpRequest, region: Code | None = None, as_of: Day | None = None) -> Any:
    """方案目录：可按地区代码筛选；as_of 给出过去某日当时的情况。"""
    return {"items": store.plans(region=region, seen=seen(request, Action.PLAN_READ), until=as_of)}


@room.reads("/plans/{plan_id}", Action.PLAN_READ, Plan)
def plan(request: HttpRequest, plan_id: Number, as_of: Day | None = None) -> Any:
    """一份方案。"""
    return found_plan(request, plan_id, as_of=as_of)


@room.reads("/plans/{plan_id}/measures", Action.PLAN_READ, Measures)
def measures(request: HttpRequest, plan_id: Number, as_of: Day | None = None) -> Any:
    """现行版的措施和责任单位。"""
    found_plan(request, plan_id, as_of=as_of)
    return {"items": [_measure(row) for row in store.measures(plan_id, until=as_of)]}


@room.reads("/plans/{plan_id}/targets", Action.PLAN_READ, Targets)
def plan_targets(request: HttpRequest, plan_id: Number, as_of: Day | None = None) -> Any:
    """现行版的目标。"""
    found_plan(request, plan_id, as_of=as_of)
    return {"items": targets.targets(plan_id, until=as_of)}


@room.reads("/targets/{target_id}", Action.PLAN_READ, Target)
def target(request: HttpRequest, target_id: Number, as_of: Day | None = None) -> Any:
    """一项目标。"""
    row = targets.target(target_id, until=as_of)
    if row is None:
        raise Http404
    found_plan(request, row.plan, as_of=as_of)
    return row


def found_plan(request: HttpRequest, plan_id: int, action: Action | None = None, as_of: date | None = None) -> PlanRow:
    """A plan that the caller may read, and do ``action`` with. Raises Http404 and Forbidden."""
    row = store.plan(plan_id, as_of)
    if row is None:
        raise Http404
    reached(request, row.where, Action.PLAN_READ, action)
    return row


def _measure(row: MeasureRow) -> dict[str, Any]:
    named = ("id", "plan", "version", "no", "path", "title", "chapter_no", "chapter_title", "bodies")
    return {name: getattr(row, name) for name in named}
