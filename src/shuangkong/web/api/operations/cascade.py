"""上下级衔接: links of plans, plans side by side, and what a plan owes against the one above it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.moves import Change
from shuangkong.plans.cascade.strictness import Reason, Verdict
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import (
    AdjustmentRow,
    ComparedMeasure,
    ComparedTarget,
    LinkRow,
    LinkVerdict,
    MovedTarget,
    Relation,
)
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.plans import found_plan
from shuangkong.web.api.room import Made, Room
from shuangkong.web.api.values import Day, Figure, Line, Number, Text, listed

room = Room(tags=["cascade"])
#: How the two sides of a line were laid together.
_PAIRED = ("below", "is_doubtful", "is_decided")


class Link(Schema):
    """One decision: ``plan`` follows, supersedes or amends ``other``, null where that is not in the database."""

    id: int
    plan: int
    plan_title: str
    other: int | None
    other_title: str
    relation: Relation
    verdict: LinkVerdict
    title: str
    doc_no: str
    on: date
    ground: str
    document: str
    decided_by: str
    decided_at: datetime
    journal: int


class Links(Schema):
    """Links in force in which a plan takes part, on either side."""

    items: list[Link]


class TargetLine(Schema):
    """One target of the two plans. ``difference`` is child less parent, in the child's unit; ``key`` names a gap.

    ``is_doubtful``: a person has still to say that the two are one, by ``key`` and ``below``.
    """

    verdict: Verdict
    reasons: list[Reason]
    parent: int | None
    child: int | None
    name: str
    difference: Figure | None
    is_assigned: bool
    is_gap: bool
    key: int | None
    task: int | None
    awaited: int | None
    below: int | None
    is_doubtful: bool
    is_decided: bool


class MeasureLine(Schema):
    """One measure of the two plans; see TargetLine."""

    match: Match
    score: float
    parent: int | None
    child: int | None
    title: str
    is_gap: bool
    key: int | None
    task: int | None
    below: int | None
    is_doubtful: bool
    is_decided: bool


class Comparison(Schema):
    """A plan beside the plan it follows; ``versions`` are those compared, child first."""

    link: int
    child: int
    parent: int
    versions: list[int]
    targets: list[TargetLine]
    measures: list[MeasureLine]


class LinkTold(Schema):
    """What is decided of another document: a plan by its number, or title and document number as printed."""

    relation: Relation
    verdict: LinkVerdict
    ground: Text
    other: Number | None = None
    title: Line = ""
    doc_no: Line = ""
    on: Day | None = None
    document: Line = ""


class GapsTold(Schema):
    """Which gaps become tasks: all of them without ``keys``. ``owner`` is the body that is to close them, ``ground``
    why, "" where the plan above is ground enough."""

    due: Day | None = None
    keys: list[Number] | None = Field(None, max_length=1_000)
    owner: Number | None = None
    ground: Text = ""


class GapTasks(Schema):
    """Numbers of the tasks made; empty where every gap had one."""

    tasks: list[int]


class LinkProposal(Schema):
    """A document that a plan names as its ground, not yet decided on; ``candidates`` are plans that may be it."""

    title: str
    doc_no: str
    candidates: list[int]


class LinkProposals(Schema):
    """As the plan names them."""

    items: list[LinkProposal]


class MoveLine(Schema):
    """One target before and after. ``difference`` is after less before; ``tasks`` are open ones that it touches."""

    change: Annotated[Change, listed(Change)]
    fields: list[str]
    verdict: Verdict
    reasons: list[Reason]
    before: int | None
    after: int | None
    name: str
    difference: Figure | None
    is_by_name: bool
    tasks: list[int]


class Adjustment(Schema):
    """What a later plan, or a later version, moves; ``followers`` are links of plans that follow the earlier."""

    before: int
    after: int
    versions: list[int]
    targets: list[MoveLine]
    followers: list[int]


@room.reads("/plans/{plan_id}/links", Action.PLAN_READ, Links)
def plan_links(request: HttpRequest, plan_id: Number, as_of: Day | None = None) -> Any:
    """方案与其他方案的关联。"""
    found_plan(request, plan_id, as_of=as_of)
    acting = caller(request)
    found = store.links(plan_id, as_of)
    seen = [each for each in found if each.plan == plan_id or may(acting, Action.PLAN_READ, Where(each.path))]
    return {"items": seen}


@room.does("/plans/{plan_id}/links", Action.PLAN_REVIEW, Made)
def decide_link(request: HttpRequest, plan_id: Number, told: LinkTold) -> Any:
    """认定方案依据、代替或调整另一份文件，或认定不是。"""
    found_plan(request, plan_id, Action.PLAN_REVIEW)
    if told.other is not None:
        found_plan(request, told.other)
    made = store.decide_link(
        plan_id, caller(request), told.relation, told.verdict, told.ground, told.other, told.title, told.doc_no,
        told.on, told.document,
    )  # fmt: skip
    return {"id": made}


@room.reads("/links/{link_id}/comparison", Action.PLAN_COMPARE, Comparison)
def comparison(request: HttpRequest, link_id: Number, as_of: Day | None = None) -> Any:
    """与上级方案逐项对照：低于、一致、严于、缺、自定。"""
    link = found_link(request, link_id)
    found = store.comparison(link_id, as_of)
    return {
        "link": link.id,
        "child": found.child.id,
        "parent": found.parent.id,
        "versions": found.versions,
        "targets": [_target_line(each) for each in found.targets],
        "measures": [_measure_line(each) for each in found.measures],
    }


@room.does("/links/{link_id}/gaps", Action.TASK_ASSIGN, GapTasks)
def assign_gaps(request: HttpRequest, link_id: Number, told: GapsTold) -> Any:
    """把与上级的差距变成任务，每项一次。"""
    link = found_link(request, link_id, Action.TASK_ASSIGN)
    made = store.assign_gaps(link.id, caller(request), told.due, told.keys, told.owner, told.ground)
    return {"tasks": made}


@room.reads("/plans/{plan_id}/links/proposals", Action.PLAN_COMPARE, LinkProposals)
def link_proposals(request: HttpRequest, plan_id: Number) -> Any:
    """方案文首提到、还没有认定的上级文件。"""
    found_plan(request, plan_id)
    acting = caller(request)
    return {
        "items": [
            {
                "title": each.title,
                "doc_no": each.doc_no,
                "candidates": [plan.id for plan in each.candidates if may(acting, Action.PLAN_COMPARE, plan.where)],
            }
            for each in store.proposals(plan_id)
        ]
    }


@room.reads("/links/{link_id}/adjustment", Action.PLAN_COMPARE, Adjustment)
def adjustment(request: HttpRequest, link_id: Number) -> Any:
    """调整或代替原方案的方案改了哪些目标、影响哪些任务。"""
    return _adjusted(request, store.adjustment(found_link(request, link_id).id))


@room.reads("/plans/{plan_id}/versions/{version}/adjustment", Action.PLAN_COMPARE, Adjustment)
def revision(request: HttpRequest, plan_id: Number, version: Number) -> Any:
    """中期调整：这一版比上一版改了哪些目标、影响哪些任务。"""
    plan = found_plan(request, plan_id)
    if not 1 < version <= plan.version:
        raise Http404
    return _adjusted(request, store.revision(plan_id, version - 1, version))


def found_link(request: HttpRequest, link_id: int, action: Action | None = None) -> LinkRow:
    """A link of a plan that the caller may read, of whose other plan too. Raises Http404 and Forbidden."""
    link = store.link(link_id)
    if link is None:
        raise Http404
    found_plan(request, link.plan, action)
    if link.other is not None:
        found_plan(request, link.other)
    return link


def _target_line(each: ComparedTarget) -> dict[str, Any]:
    named = ("verdict", "reasons", "difference", "is_assigned", "is_gap", "key", "task", "awaited", *_PAIRED)
    row = each.parent or each.child
    ends = {"parent": each.parent.id if each.parent else None, "child": each.child.id if each.child else None}
    return {name: getattr(each, name) for name in named} | ends | {"name": row.indicator_name if row else ""}


def _measure_line(each: ComparedMeasure) -> dict[str, Any]:
    named = ("match", "score", "is_gap", "key", "task", *_PAIRED)
    row = each.parent or each.child
    ends = {"parent": each.parent.id if each.parent else None, "child": each.child.id if each.child else None}
    return {name: getattr(each, name) for name in named} | ends | {"title": row.title if row else ""}


def _adjusted(request: HttpRequest, found: AdjustmentRow) -> dict[str, Any]:
    acting = caller(request)
    return {
        "before": found.before.id,
        "after": found.after.id,
        "versions": found.versions,
        "targets": [_move_line(request, each) for each in found.moves],
        "followers": [each.id for each in found.followers if may(acting, Action.PLAN_COMPARE, Where(each.path))],
    }


def _move_line(request: HttpRequest, each: MovedTarget) -> dict[str, Any]:
    named = ("change", "fields", "verdict", "reasons", "difference", "is_by_name")
    row, acting = each.after or each.before, caller(request)
    ends = {"before": each.before.id if each.before else None, "after": each.after.id if each.after else None}
    seen = [
        task.id
        for task in each.tasks
        if may(acting, Action.TASK_READ, Where(task.path, frozenset(part.id for part in task.parts)))
    ]
    said = {name: getattr(each, name) for name in named}
    return said | ends | {"name": row.indicator_name if row else "", "tasks": seen}
