"""归口单位: who answers for a headline target, whose clock runs from then on; the earlier owner stays on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shuangkong.plans.reading import Role
from shuangkong.plans.tasks.events import EventKind, Part, State
from shuangkong.plans.tasks.recurrence import due_day
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.models import MeasureBody
from shuangkong.records.plans.tasks.models import Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.targets.models import Target

#: States in which a clock may still start.
_BEFORE = (State.ASSIGNED, State.REPORTED, State.ACTIVE, State.RETURNED)
_HEADS = (Role.LEAD, Role.SHARED)


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
        start_clocks([task], by, journal.append(replace(act, place=task.path)))


def start_clocks(tasks: Iterable[Task], by: Acting, number: int) -> None:
    """Whoever answers for a headline target owes it by the day that the plan in force gives: a REDATE event each.

    ``number`` is the row of the journal that names the owners. 4 queries; none for tasks whose clock runs.
    """
    today, now = timezone.localdate(), timezone.now()
    waiting = [each for each in tasks if each.kind == TaskKind.TARGET and each.due is None and each.state in _BEFORE]
    if not waiting:
        return
    newest = Target.objects.filter(entry__in=[each.entry_id for each in waiting], version=F("plan__version"))
    printed = dict(newest.values_list("entry", "deadline"))
    started = [each for each in waiting if due_day(printed.get(each.entry_id or 0, each.deadline_printed))]
    for each in started:
        each.due = due_day(printed.get(each.entry_id or 0, each.deadline_printed))
    TaskEvent.objects.bulk_create(
        TaskEvent(
            task=each, kind=EventKind.REDATE, on=today, due=each.due, text="已明确归口单位，按方案写明的期限计时。",
            author=by.author, at=now, journal=number,
        )
        for each in started
    )  # fmt: skip
    Task.objects.bulk_update(started, ["due"])


def proposed_owners(plan_id: int) -> dict[int, int]:
    """Headline target's task → the body that leads the first measure with a target of the same indicator. 3 queries."""
    of_version = Target.objects.filter(plan=plan_id, version=F("plan__version"), table_no=None).order_by("ordinal")
    rows = list(of_version.values_list("entry", "indicator", "is_headline", "measure"))
    measures = {indicator: measure for _, indicator, is_headline, measure in reversed(rows) if not is_headline}
    heads = MeasureBody.objects.filter(measure__in=[each for each in measures.values() if each], role__in=_HEADS)
    leads = dict(heads.order_by("-ordinal", "-pk").values_list("measure", "body"))
    wanted = {
        entry: leads.get(measures.get(indicator) or 0) for entry, indicator, is_headline, _ in rows if is_headline
    }
    tasks = Task.objects.filter(plan=plan_id, kind=TaskKind.TARGET).values_list("pk", "entry")
    return {pk: body for pk, entry in tasks if (body := wanted.get(entry or 0)) is not None}
