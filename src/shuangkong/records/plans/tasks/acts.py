"""What people say of tasks: each act is an event, a row of the journal and the task's new standing, together or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.tasks.events import Event, EventKind, Grade, State, may_happen
from shuangkong.plans.tasks.standing import Standing, after
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import keep
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.store import meanings
from shuangkong.records.registry.tree import with_heirs

#: Which action of the table of access each kind of event is.
NEEDS: dict[EventKind, Action] = {
    EventKind.REPORT: Action.TASK_REPORT,
    EventKind.CONFIRM: Action.TASK_CONFIRM,
    EventKind.ACCEPT: Action.TASK_JUDGE,
    EventKind.RETURN: Action.TASK_JUDGE,
    EventKind.STATE: Action.TASK_JUDGE,
    EventKind.EXTEND: Action.TASK_EXTEND,
    EventKind.STOP: Action.TASK_EXTEND,
    EventKind.RESUME: Action.TASK_EXTEND,
    EventKind.REMIND: Action.TASK_ESCALATE,
    EventKind.CIRCULATE: Action.TASK_ESCALATE,
    EventKind.LIST: Action.LISTING_SUPERVISE,
    EventKind.DELIST: Action.LISTING_SUPERVISE,
    EventKind.CANCEL: Action.TASK_ASSIGN,
}
#: Acts that say nothing without a reason.
_NEED_TEXT = frozenset(NEEDS) - {EventKind.ACCEPT, EventKind.CONFIRM}
#: Kinds in which the body acted for speaks for itself.
_SPOKEN = frozenset({EventKind.REPORT, EventKind.CONFIRM})


def act(
    task_id: int,
    by: Acting,
    kind: EventKind,
    text: str = "",
    grade: Grade | None = None,
    percent: Decimal | None = None,
    due: date | None = None,
    on: date | None = None,
    files: Sequence[Handed] = (),
) -> int:
    """Records one act on a task, on today where no day is given; returns the event's number. ~10 queries.

    Raises:
        Refused: no such task; no reason where one is needed; a due day, grade or share that cannot be; the task's state
            does not allow it.
        Forbidden: the person may not do this to this task.
    """
    day = on or timezone.localdate()
    with transaction.atomic():
        task = Task.objects.select_for_update().filter(pk=task_id).first()
        if task is None:
            raise Refused("TSK-101", f"没有编号为 {task_id} 的任务。", f"There is no task {task_id}.")
        require(by, NEEDS[kind], where(task))
        _require_sound(task, kind, text, grade, percent, due, day)
        event = Event(kind, day, by.body if kind in _SPOKEN else None, grade, percent, due)
        waiting = _waiting(task)
        before = standing_of(task)
        now = after(before, event, _as_event(waiting) if waiting else None)
        said = {"kind": kind.value, "grade": grade and grade.value, "percent": percent, "due": due, "on": day}
        row = by.act(
            f"task.{kind.value}", f"task/{task_id}", ground=text, after=said, before={"state": before.state.value}
        )
        made = TaskEvent.objects.create(
            task=task, kind=kind, on=day, body_id=event.body, grade=grade or "", percent=percent, due=due, text=text,
            answers=waiting if kind in (EventKind.ACCEPT, EventKind.RETURN) else None, author=by.author,
            at=timezone.now(), journal=journal.append(replace(row, place=task.path)),
        )  # fmt: skip
        keep(made, files)
        set_standing(task, now)
        task.save(update_fields=STANDING)
    return made.pk


#: The columns of a task that say how it stands.
STANDING = (
    "state", "grade", "percent", "due", "heard_on", "stopped_on", "finished_on", "extensions", "reminders", "circulars",
    "is_listed",
)  # fmt: skip


def standing_of(task: Task) -> Standing:
    """How a task stands, from its columns."""
    said = {name: getattr(task, name) for name in STANDING}
    return Standing(**(said | {"state": State(task.state), "grade": Grade(task.grade)}))


def set_standing(task: Task, now: Standing) -> None:
    """Writes how it stands into the columns; saves nothing."""
    for name in STANDING:
        setattr(task, name, getattr(now, name))


def where(task: Task) -> Where:
    """Where a task is, and the bodies that take part in it, by whatever name, or became one that does. 3 queries."""
    means = meanings()
    printed = frozenset(task.bodies.filter(ended_on=None).values_list("body_id", flat=True))
    named = printed | {means[each] for each in printed if each in means}
    return Where(task.path, with_heirs(named, timezone.localdate()))


def where_is(task_id: int) -> Where | None:
    """``where`` by number; None where there is no such task. 4 queries."""
    task = Task.objects.filter(pk=task_id).first()
    return where(task) if task else None


def _waiting(task: Task) -> TaskEvent | None:
    """The report that waits for its judgement."""
    if task.state != State.REPORTED:
        return None
    return TaskEvent.objects.filter(task=task, kind=EventKind.REPORT).order_by("-pk").first()


def _as_event(row: TaskEvent) -> Event:
    grade = Grade(row.grade) if row.grade else None
    return Event(EventKind(row.kind), row.on, row.body_id, grade, row.percent, row.due)


def _require_sound(
    task: Task, kind: EventKind, text: str, grade: Grade | None, percent: Decimal | None, due: date | None, day: date
) -> None:
    if not may_happen(State(task.state), kind):
        raise Refused(
            "TSK-102",
            f"任务目前的状态（{task.state}）不允许此操作（{kind.value}）。请刷新页面查看最新情况。",
            f"The task is {task.state}: {kind.value} cannot happen now. Reload the page.",
        )
    if kind in _NEED_TEXT and not text.strip():
        raise Refused("TSK-103", "请写明情况或理由。", "Say what was done, or give the reason.", "text")
    if kind is EventKind.REPORT and grade is None:
        raise Refused("TSK-104", "请选择进展等次。", "Choose how well it is going.", "grade")
    if percent is not None and not 0 <= percent <= 100:
        raise Refused(
            "TSK-105", f"完成比例应在 0 到 100 之间，实为 {percent}。", f"0 to 100, found {percent}.", "percent"
        )
    if kind is EventKind.EXTEND and (due is None or (task.due is not None and due <= task.due)):
        raise Refused("TSK-106", "新期限应晚于现期限。", "The new due day must be later than the present one.", "due")
    if day > timezone.localdate():
        raise Refused("TSK-107", "日期不能晚于今天。", "The day cannot be in the future.", "on")
