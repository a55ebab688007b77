"""另行交办: tasks that no adopted version asks for by itself: key works, stages, minutes, rectification, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks.models import Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.store import called
from shuangkong.records.registry.models import Body, Region

#: Kinds that a person may hand out; the others come from a plan's own text.
ADDED = (TaskKind.KEY_WORK, TaskKind.OTHER, TaskKind.SUB_PLAN, TaskKind.RECTIFY, TaskKind.MINUTE, TaskKind.GAP)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task to be handed out.

    Attributes:
        kind: one of ADDED.
        title: what is to be done.
        parts: body and part, in order; at least one.
        region: code of the place; taken from parent or plan where it is None.
        plan, parent: what it belongs to; a parent's plan is its own.
        due: due day, None where there is none.
        amount, amount_unit: investment or quantity, with its unit as printed.
        subject: the enterprise that is to rectify: its name, or a code by which it is registered.
    """

    kind: TaskKind
    title: str
    parts: tuple[tuple[int, Part], ...]
    region: str | None = None
    plan: int | None = None
    parent: int | None = None
    due: date | None = None
    amount: Decimal | None = None
    amount_unit: str = ""
    subject: str = ""


def add(wanted: Wanted, by: Acting, ground: str = "", on: date | None = None) -> int:
    """Hands out one task, today where no day is given, and returns its number. ~9 queries.

    Raises:
        Refused: no title, body or place; an amount without unit; a rectification without enterprise or due day; no
            such parent, plan, body or region; the day is to come.
        Forbidden: the person may not assign there, or not at the place of the plan or of the task above.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("TSK-107", "日期不能晚于今天。", "The day cannot be in the future.", "on")
    with transaction.atomic():
        task = _sound(wanted, by, day)
        for path in _places(task):
            require(by, Action.TASK_ASSIGN, Where(path))
        task.save()
        shares = [
            TaskBody(task=task, body_id=body, part=part, ordinal=n)
            for n, (body, part) in enumerate(dict.fromkeys(wanted.parts))
        ]
        TaskBody.objects.bulk_create(shares)
        told = {
            "kind": wanted.kind.value, "title": wanted.title, "due": wanted.due, "parent": wanted.parent,
            "bodies": [body for body, _ in wanted.parts], "amount": wanted.amount, "subject": wanted.subject,
        }  # fmt: skip
        act = by.act("task.add", f"task/{task.pk}", ground=ground, after=told)
        TaskEvent.objects.create(
            task=task, kind=EventKind.ASSIGN, on=day, text=ground, author=by.author,
            at=timezone.now(), journal=journal.append(replace(act, place=task.path)),
        )  # fmt: skip
    return task.pk


def add_all(wanted: Sequence[Wanted], by: Acting, ground: str = "") -> tuple[int, ...]:
    """Hands out several tasks, all or none."""
    with transaction.atomic():
        return tuple(add(each, by, ground) for each in wanted)


def _places(task: Task) -> set[str]:
    """Where a task is, and where what it belongs to is: the tree of another's plan counts it too."""
    above = task.plan.region if task.plan else None
    return {task.path} | ({task.parent.path} if task.parent else set()) | ({above.path} if above else set())


def _sound(wanted: Wanted, by: Acting, day: date) -> Task:
    """The task as a row, not saved. Raises Refused."""
    parent = Task.objects.filter(pk=wanted.parent).first() if wanted.parent else None
    plan = Plan.objects.filter(pk=(parent.plan_id if parent else wanted.plan) or 0).first()
    code = wanted.region or (parent.region_id if parent else None) or (plan.region_id if plan else None)
    region = Region.objects.filter(pk=code).first()
    bodies = {body for body, _ in wanted.parts}
    known = Body.objects.filter(pk__in=bodies).count()
    rectifies = wanted.kind is TaskKind.RECTIFY
    for holds, number, zh, en, field in (
        (wanted.kind in ADDED, 302, "请选择任务的种类。", "Choose the kind of the task.", "kind"),
        (wanted.title.strip(), 303, "请写明要办什么。", "Say what is to be done.", "title"),
        (bodies and known == len(bodies), 304, "请选择责任单位。", "Choose who is responsible.", "lead"),
        (wanted.parent is None or parent, 305, "没有这项上级任务。", "There is no such task above.", "parent"),
        (region, 306, "请指明地区。", "Say at which place.", "region"),
        (wanted.amount is None or wanted.amount_unit.strip(), 307, "金额或数量须有单位。", "An amount needs its unit.",
         "amount_unit"),
        (not rectifies or wanted.subject.strip(), 308, "请写明整治的企业。", "Name the enterprise.", "subject"),
        (not rectifies or wanted.due, 309, "限期整治须有期限。", "Rectification needs a due day.", "due"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"TSK-{number}", zh, en, field)
    assert region is not None
    named = called(wanted.subject, region.pk) if rectifies else None
    return Task(
        plan=plan, parent=parent, kind=wanted.kind, title=wanted.title.strip(), region=region, path=region.path,
        number=parent.number if parent else "", first_due=wanted.due, due=wanted.due, amount=wanted.amount,
        amount_unit=wanted.amount_unit.strip(), enterprise_id=named.id if named else None,
        subject=named.name if named else wanted.subject.strip(),
        ordinal=Task.objects.filter(parent=parent).count() if parent else 0, made_by=by.author,
        made_at=timezone.now(), state=State.ASSIGNED, grade=Grade.NOT_STARTED, heard_on=day,
    )  # fmt: skip
