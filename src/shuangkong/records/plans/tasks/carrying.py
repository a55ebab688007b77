"""落实变动: what the document moved or dropped, carried to the tasks on a person's word, the document as its ground."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Part, State, may_happen
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.acts import cancel, record
from shuangkong.records.plans.tasks.assigning import plan_changes
from shuangkong.records.plans.tasks.changes import Change, ChangeKind
from shuangkong.records.plans.tasks.models import Task, TaskBody
from shuangkong.records.plans.tasks.sound import Said
from shuangkong.records.plans.tasks.spoken import STATES
from shuangkong.records.refusal import Refused


def carry(plan_id: int, tasks: Collection[int], by: Acting, ground: str) -> int:
    """Carries the changes of some tasks of a plan, all or none; returns how many tasks were changed.

    A moved day is a REDATE, other bodies are a SHARE, what is gone or superseded is a CANCEL: each with its row of the
    journal. Done twice it changes nothing: then there is no change left.

    Raises:
        Refused: no ground; no such plan, or it has not been adopted; none of the tasks has a change.
        Forbidden: the person may not assign there.
    """
    _require_ground(ground)
    with transaction.atomic():
        found = [each for each in plan_changes(plan_id, by) if each.task in tasks]
        if not found:
            raise Refused("TSK-320", "所选任务没有要落实的变动。请刷新页面。", "Nothing is left to carry.", "tasks")
        held = {each.pk: each for each in Task.objects.select_for_update().filter(pk__in=[row.task for row in found])}
        for each in found:
            _carry(held[each.task], each, by, ground)
    return len(found)


def redate(task_id: int, due: date | None, by: Acting, ground: str) -> int:
    """Moves the due day of one task as an adjusting document has it; returns the event's number.

    Raises:
        Refused: no ground, no such task, or it is over.
        Forbidden: the person may not assign there.
    """
    _require_ground(ground)
    with transaction.atomic():
        task = Task.objects.select_for_update().filter(pk=task_id).first()
        if task is None:
            raise Refused("TSK-101", f"没有编号为 {task_id} 的任务。", f"There is no task {task_id}.")
        require(by, Action.TASK_ASSIGN, Where(task.path))
        if not may_happen(State(task.state), EventKind.REDATE):
            zh = f"任务已经了结（{STATES[State(task.state)]}），期限不再调整。"
            raise Refused("TSK-102", zh, f"The task is {task.state}.")
        return record(task, Said(EventKind.REDATE, timezone.localdate(), ground, due=due), by).pk


def _require_ground(ground: str) -> None:
    if not ground.strip():
        raise Refused("TSK-321", "请写明依据的文件。", "Name the document that it rests on.", "ground")


def _carry(task: Task, change: Change, by: Acting, ground: str) -> None:
    today = timezone.localdate()
    if change.kind is not ChangeKind.MOVED:
        task.refresh_from_db()  # it may have gone with the one above it
        if may_happen(State(task.state), EventKind.CANCEL):
            cancel(task, Said(EventKind.CANCEL, today, ground), by)
        return
    if change.is_redated:
        record(task, Said(EventKind.REDATE, today, ground, due=change.due_after), by)
    if change.is_shared_anew:
        _share(task, change, today)
        record(task, Said(EventKind.SHARE, today, ground), by)


def _share(task: Task, change: Change, today: date) -> None:
    """Ends the parts that are gone and begins the new ones; what stays is left as it is."""
    wanted = {(body, part) for body, part, _ in change.shares}
    for each in task.bodies.filter(ended_on=None).exclude(part=Part.OWNER):
        if (each.body_id, Part(each.part)) in change.removed and (each.body_id, Part(each.part)) not in wanted:
            each.ended_on = today
            each.save(update_fields=["ended_on"])
    TaskBody.objects.bulk_create(
        TaskBody(task=task, body_id=body, part=part, ordinal=ordinal, is_inherited=is_inherited, starts_on=today)
        for ordinal, (body, part, is_inherited) in enumerate(change.shares)
        if (body, part) in change.added
    )
