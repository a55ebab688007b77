"""任务: lists with filters, one with all that happened to it, its evidence, and every act."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from shuangkong.plans.tasks.events import EventKind, Part
from shuangkong.plans.tasks.standing import Standing, clock
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import evidence, store
from shuangkong.records.plans.tasks.acts import act, where_is
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.owners import name_owner
from shuangkong.records.plans.tasks.rows import Handed, TaskRow
from shuangkong.records.plans.tasks.stood import stood
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.collectives import answered_for_body
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.plans import found_plan
from shuangkong.web.api.operations.task_shapes import (
    ActTold,
    Assigned,
    Derived,
    EvidenceTold,
    OwnerTold,
    Picked,
    Task,
    TaskEvents,
    Tasks,
    TaskTold,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Day, Number, figure
from shuangkong.web.plans.tasks.derived import derive, derive_above
from shuangkong.web.site.page import download

room = Room(tags=["tasks"])

#: The path of no region.
_NOWHERE = "/?/"


@room.reads("/tasks", Action.TASK_READ, Tasks)
def tasks(request: HttpRequest, picked: Query[Picked]) -> Any:
    """任务列表，按编号从小到大；下一页把 next 作为 after 传回。"""
    acting, today = caller(request), timezone.localdate()
    past = picked.as_of if picked.as_of is not None and picked.as_of < today else None
    condition = store.readable(acting) & _condition(picked, past) & Q(pk__gt=picked.after)
    if past is None:
        rows = store.tasks(condition & _stands(picked, today, acting.paths), ("pk",), count=picked.limit + 1)
    else:
        rows = tuple(row for row in stood(condition, past) if _stood(picked, row, past, acting.paths))
    shown = rows[: picked.limit]
    return {
        "items": _told(shown, past or today, acting.paths),
        "next": shown[-1].id if len(rows) > len(shown) else None,
    }


@room.reads("/tasks/{task_id}", Action.TASK_READ, Task)
def task(request: HttpRequest, task_id: Number, as_of: Day | None = None) -> Any:
    """一项任务；as_of 给出过去某日的办理情况。"""
    row = found_task(request, task_id)
    if as_of is None or as_of >= timezone.localdate():
        return _told([row], timezone.localdate(), caller(request).paths)[0]
    then = store.task(row.id, as_of)
    if then is None:
        raise Http404
    return _told([then], as_of, caller(request).paths)[0]


@room.reads("/tasks/{task_id}/events", Action.TASK_READ, TaskEvents)
def task_events(request: HttpRequest, task_id: Number, as_of: Day | None = None) -> Any:
    """这项任务办理的全过程。"""
    found_task(request, task_id)
    return {"items": store.events(task_id, as_of)}


@room.hands_out("/evidence/{evidence_id}", Action.TASK_READ, "application/octet-stream")
def evidence_file(request: HttpRequest, evidence_id: Number) -> HttpResponse:
    """一份佐证材料的原件。"""
    found = evidence.content(evidence_id)
    if found is None:
        raise Http404
    file, content, task_id = found
    found_task(request, task_id)
    return download(content, file.name, "application/octet-stream")


@room.does("/tasks/{task_id}/acts", Action.TASK_READ, Made)
def act_on(request: HttpRequest, task_id: Number, told: ActTold) -> Any:
    """对任务办理一件事：报送、确认、申请延期、接受、退回、延期、不同意延期、暂停、恢复、催办、通报、挂牌、摘牌、认定、撤销。"""
    row = found_task(request, task_id)
    if told.kind is EventKind.ASSIGN:
        raise Refused("API-111", "交办请用 POST /tasks。", "To hand out a task, POST /tasks.", "kind")
    files = [handed(each) for each in told.files]
    made = act(
        task_id, caller(request), told.kind, told.text, told.grade, figure(told.percent), told.due, told.on, files,
        told.key,
    )  # fmt: skip
    derive_above(row)
    return {"id": made}


@room.does("/tasks", Action.TASK_ASSIGN, Made)
def hand_out(request: HttpRequest, told: TaskTold) -> Any:
    """另行交办一项任务（重点工程、限期整治、其他）。"""
    if told.plan is not None:
        found_plan(request, told.plan)
    if told.parent is not None:
        found_task(request, told.parent)
    wanted = Wanted(
        told.kind, told.title, tuple((each.body, each.part) for each in told.parts), told.region, told.plan,
        told.parent, told.due, figure(told.amount), told.amount_unit, told.subject,
    )  # fmt: skip
    return {"id": add(wanted, caller(request), told.ground)}


@room.does("/plans/{plan_id}/assign", Action.TASK_ASSIGN, Assigned)
def assign(request: HttpRequest, plan_id: Number) -> Any:
    """把已采用的方案交办成任务；再次调用只补缺的。"""
    found_plan(request, plan_id, Action.TASK_ASSIGN)
    made = assign_plan(plan_id, caller(request)).made
    derive(plan_id)
    return {"made": made}


@room.does("/plans/{plan_id}/derive", Action.TASK_ASSIGN, Derived)
def derive_again(request: HttpRequest, plan_id: Number) -> Any:
    """按目标进展和逾期情况重新推算任务。"""
    found_plan(request, plan_id, Action.TASK_ASSIGN)
    return {"changed": derive(plan_id)}


@room.does("/tasks/{task_id}/owner", Action.TASK_ASSIGN, Done)
def own(request: HttpRequest, task_id: Number, told: OwnerTold) -> Any:
    """为主要目标指定归口单位。"""
    found_task(request, task_id)
    name_owner(task_id, told.body, caller(request), told.ground)
    return {}


def found_task(request: HttpRequest, task_id: int, action: Action | None = None) -> TaskRow:
    """A task that the caller may see, and do ``action`` with. Raises Http404 and Forbidden."""
    row = store.task(task_id)
    reached(request, where_is(task_id) if row else None, Action.TASK_READ, action)
    assert row is not None
    return row


def _condition(picked: Picked, past: date | None) -> Q:
    """What the call asks for that a task keeps, or whose it was on a past day. 7 queries at most."""
    found = Q()
    if picked.region is not None:
        found &= below(path_of(picked.region) or _NOWHERE)
    if picked.body is not None:
        parts = tuple(Part) if picked.part is None else (picked.part,)
        found &= store.of_bodies(answered_for_body(picked.body, past or timezone.localdate()), parts, past)
    return found & _said(plan=picked.plan, kind=picked.kind)


def _stands(picked: Picked, today: date, paths: tuple[str, ...]) -> Q:
    """What the call asks of how a task stands now."""
    found = Q() if picked.clock is None else store.clock_is(picked.clock, today, thresholds(today, paths))
    ends = {"due__gte": picked.due_from, "due__lte": picked.due_until}
    return found & _said(state=picked.state, is_listed=picked.listed, **ends)


def _said(**asked: object) -> Q:
    return Q(**{name: value for name, value in asked.items() if value is not None})


def _stood(picked: Picked, row: TaskRow, past: date, paths: tuple[str, ...]) -> bool:
    """The same of how it stood."""
    now, due = row.standing, row.standing.due
    asked = (
        (picked.clock, clock(now, past, thresholds(past, paths))),
        (picked.state, now.state),
        (picked.listed, now.is_listed),
    )
    is_between = (picked.due_from is None or (due is not None and due >= picked.due_from)) and (
        picked.due_until is None or (due is not None and due <= picked.due_until)
    )
    return is_between and all(wanted is None or wanted == found for wanted, found in asked)


def _told(rows: Any, day: date, paths: tuple[str, ...]) -> list[dict[str, Any]]:
    days = thresholds(day, paths)
    named = [name for name in Task.model_fields if name in TaskRow.__dataclass_fields__]
    standing = Standing.__dataclass_fields__
    return [
        {name: getattr(row, name) for name in named}
        | {name: getattr(row.standing, name) for name in standing}
        | {"name": told_name(row), "clock": clock(row.standing, day, days)}
        for row in rows
    ]


def handed(told: EvidenceTold) -> Handed:
    """A file as a call hands it in. Raises Refused for what is no base64."""
    try:
        return Handed(told.name, b64decode(told.content, validate=True))
    except (NotBase64, ValueError):
        zh, en = f"{told.name}：内容应为 base64。", f"{told.name}: its content should be base64."
        raise Refused("API-112", zh, en, "files") from None
