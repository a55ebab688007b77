"""What people say of tasks: each act is an event, a row of the journal and the task's new standing, together or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shuangkong.plans.tasks.events import Event, EventKind, Grade, Part, State, may_happen
from shuangkong.plans.tasks.standing import Standing, after
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import digests, keep
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.plans.tasks.sound import SPEAKERS, Said, require_sound
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.store import meanings
from shuangkong.records.registry.tree import with_heirs

#: Which action of the table of access each kind of event is.
NEEDS: dict[EventKind, Action] = {
    EventKind.REPORT: Action.TASK_REPORT,
    EventKind.CONFIRM: Action.TASK_CONFIRM,
    EventKind.ASK: Action.TASK_REPORT,
    EventKind.ACCEPT: Action.TASK_JUDGE,
    EventKind.RETURN: Action.TASK_JUDGE,
    EventKind.STATE: Action.TASK_JUDGE,
    EventKind.DECLINE: Action.TASK_EXTEND,
    EventKind.EXTEND: Action.TASK_EXTEND,
    EventKind.STOP: Action.TASK_EXTEND,
    EventKind.RESUME: Action.TASK_EXTEND,
    EventKind.REMIND: Action.TASK_ESCALATE,
    EventKind.CIRCULATE: Action.TASK_ESCALATE,
    EventKind.LIST: Action.LISTING_SUPERVISE,
    EventKind.DELIST: Action.LISTING_SUPERVISE,
    EventKind.CANCEL: Action.TASK_ASSIGN,
}
#: What an answer answers.
_ANSWERS: dict[EventKind, EventKind] = {
    EventKind.ACCEPT: EventKind.REPORT,
    EventKind.RETURN: EventKind.REPORT,
    EventKind.EXTEND: EventKind.ASK,
    EventKind.DECLINE: EventKind.ASK,
}


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
    key: str = "",
) -> int:
    """Records one act on a task, on today where no day is given; returns the event's number. ~11 queries.

    The same again is recorded once: a second call with the same ``key``, a report equal to the one that waits. What is
    cancelled is cancelled with everything below it.

    Raises:
        Refused: no such task; no reason where one is needed; a day, grade or share that cannot be; the task's state, or
            what was done before, does not allow it (see ``sound``).
        Forbidden: the person may not do this to this task.
    """
    today = timezone.localdate()
    said = Said(kind, on or today, text, grade, percent, due, files, key)
    with transaction.atomic():
        task = Task.objects.select_for_update().filter(pk=task_id).first()
        if task is None:
            raise Refused("TSK-101", f"没有编号为 {task_id} 的任务。", f"There is no task {task_id}.")
        require_allowed(task, kind, by)
        same = _same(task, said, by)
        if same is not None:
            return same
        newest = task.events.aggregate(Max("on"))["on__max"] or said.on
        require_sound(said, standing_of(task), newest, today)
        return (cancel if kind is EventKind.CANCEL else record)(task, said, by).pk


def require_allowed(task: Task, kind: EventKind, by: Acting) -> None:
    """Raises Forbidden where the person, or the part of the person's body, does not go so far; Refused for a kind that
    nobody says by itself."""
    if kind not in NEEDS:
        raise Refused("TSK-119", "这件事不能单独办理。", "This cannot be done by itself.", "kind")
    require(by, NEEDS[kind], where(task))
    if not by.bodies.isdisjoint(where(task, SPEAKERS[kind]).bodies) if kind in SPEAKERS else True:
        return
    zh, en = (
        ("本单位是牵头或负责单位，请报送进展。", "Your body owes this task: report on it.")
        if kind is EventKind.CONFIRM
        else ("本单位是配合单位，请确认份额；进展由负责单位报送。", "Your body helps: confirm its share.")
    )
    raise Forbidden("TSK-120", zh, en)


def record(task: Task, said: Said, by: Acting) -> TaskEvent:
    """The event, its row of the journal and the task's new standing. The caller asks, and holds the transaction."""
    today, kind = timezone.localdate(), said.kind
    before, waiting = standing_of(task), _waiting(task)
    body = by.body if kind in SPEAKERS else None
    event = Event(kind, said.on, body, said.grade, said.percent, said.due, today)
    now = after(before, event, as_event(waiting) if waiting else None)
    told = {
        "kind": kind.value, "grade": said.grade and said.grade.value, "percent": said.percent, "due": said.due,
        "on": said.on,
    }  # fmt: skip
    row = by.act(
        f"task.{kind.value}", f"task/{task.pk}", ground=said.text, after=told, before={"state": before.state.value}
    )
    made = TaskEvent.objects.create(
        task=task, kind=kind, on=said.on, body_id=body, grade=said.grade or "", percent=said.percent, due=said.due,
        text=said.text, answers=_answered(task, kind, waiting), author=by.author, at=timezone.now(),
        journal=journal.append(replace(row, place=task.path)), key=said.key,
    )  # fmt: skip
    keep(made, said.files)
    set_standing(task, now)
    task.save(update_fields=STANDING)
    return made


def _same(task: Task, said: Said, by: Acting) -> int | None:
    """The event by which this was said already."""
    if said.key:
        found = TaskEvent.objects.filter(task=task, key=said.key).first()
        if found is not None and (found.kind, found.author) != (said.kind, by.author):
            raise Refused(
                "TSK-121", "这个防重复的键已经用过。请刷新页面再办。", "This key was used: reload the page.", "key"
            )
        if found is not None:
            return found.pk
    waiting = _waiting(task) if said.kind is EventKind.REPORT else None
    if waiting is None or waiting.key != said.key:
        return None
    known = (waiting.author, waiting.on, waiting.body_id, waiting.grade, waiting.percent, waiting.text)
    wanted = (by.author, said.on, by.body, said.grade or "", said.percent, said.text)
    kept = list(waiting.evidence.order_by("pk").values_list("name", "file__sha256"))
    return waiting.pk if known == wanted and kept == digests(said.files) else None


def cancel(task: Task, said: Said, by: Acting) -> TaskEvent:
    """As ``record``; whatever hangs below goes with it, for the same reason."""
    made = record(task, said, by)
    _cancel_below(task, said, by)
    return made


def _cancel_below(task: Task, said: Said, by: Acting) -> None:
    for child in Task.objects.select_for_update().filter(parent=task).order_by("pk"):
        if may_happen(State(child.state), EventKind.CANCEL):
            record(child, replace(said, files=(), key=""), by)
        _cancel_below(child, said, by)


#: The columns of a task that say how it stands.
STANDING = (
    "state", "grade", "percent", "due", "heard_on", "waits_from", "asked_due", "before_stop", "stopped_on",
    "finished_on", "extensions", "reminders", "circulars", "is_listed",
)  # fmt: skip


def standing_of(task: Task) -> Standing:
    """How a task stands, from its columns."""
    said = {name: getattr(task, name) for name in STANDING}
    before = State(task.before_stop) if task.before_stop else None
    return Standing(**(said | {"state": State(task.state), "grade": Grade(task.grade), "before_stop": before}))


def set_standing(task: Task, now: Standing) -> None:
    """Writes how it stands into the columns; saves nothing."""
    for name in STANDING:
        setattr(task, name, getattr(now, name))
    task.before_stop = now.before_stop or ""


def where(task: Task, parts: Iterable[Part] = tuple(Part)) -> Where:
    """Where a task is, and the bodies that take one of some parts in it, by whatever name, or became one that does.

    3 queries.
    """
    means = meanings()
    held = task.bodies.filter(ended_on=None, part__in=list(parts))
    printed = frozenset(held.values_list("body_id", flat=True))
    named = printed | {means[each] for each in printed if each in means}
    return Where(task.path, with_heirs(named, timezone.localdate()))


def where_is(task_id: int) -> Where | None:
    """``where`` by number; None where there is no such task. 4 queries."""
    task = Task.objects.filter(pk=task_id).first()
    return where(task) if task else None


def _waiting(task: Task) -> TaskEvent | None:
    """The report that waits for its judgement."""
    if State.REPORTED not in (task.state, task.before_stop):
        return None
    return TaskEvent.objects.filter(task=task, kind=EventKind.REPORT).order_by("-pk").first()


def _answered(task: Task, kind: EventKind, waiting: TaskEvent | None) -> TaskEvent | None:
    """What an answer answers: the report that waits, the request that does."""
    if _ANSWERS.get(kind) is EventKind.REPORT:
        return waiting
    if _ANSWERS.get(kind) is EventKind.ASK and task.asked_due is not None:
        return TaskEvent.objects.filter(task=task, kind=EventKind.ASK).order_by("-pk").first()
    return None


def as_event(row: TaskEvent) -> Event:
    """What the clock reads of a row."""
    grade = Grade(row.grade) if row.grade else None
    told_on = timezone.localdate(row.at)
    return Event(EventKind(row.kind), row.on, row.body_id, grade, row.percent, row.due, told_on)
