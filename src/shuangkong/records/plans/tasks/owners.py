"""归口单位: who answers for a headline target; the earlier owner stays on record."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.tasks.events import Part
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.models import Task, TaskBody
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body


def name_owner(task_id: int, body: int, by: Acting, ground: str = "") -> None:
    """Names the body that answers for a task; naming the present owner again does nothing. ~7 queries.

    Raises:
        Refused: there is no such task or body; an owner is replaced without a reason.
        Forbidden: the person may not assign there.
    """
    with transaction.atomic():
        task = Task.objects.select_for_update().filter(pk=task_id).first()
        if task is None:
            raise Refused("TSK-101", f"没有编号为 {task_id} 的任务。", f"There is no task {task_id}.")
        require(by, Action.TASK_ASSIGN, Where(task.path))
        if not Body.objects.filter(pk=body).exists():
            raise Refused("TSK-304", "请选择责任单位。", "Choose who is responsible.", "body")
        before = TaskBody.objects.filter(task=task, part=Part.OWNER, ended_on=None).first()
        if before is not None and before.body_id == body:
            return
        if before is not None:
            if not ground.strip():
                raise Refused("TSK-310", "更换归口单位须写明理由。", "Say why the owner changes.", "ground")
            before.ended_on = timezone.localdate()
            before.save(update_fields=["ended_on"])
        TaskBody.objects.create(task=task, body_id=body, part=Part.OWNER, ordinal=0, starts_on=timezone.localdate())
        was = {"owner": before.body_id} if before else None
        act = by.act("task.own", f"task/{task_id}", ground=ground, before=was, after={"owner": body})
        journal.append(replace(act, place=task.path))
