"""Tasks that the cascade makes: gaps to be closed, sub-plans to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.records.plans.authority import path_of
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks.models import TITLE_SIGNS, Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.texts import brief


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be made. ``entry`` and ``ordinal`` tell it from the others of its kind and plan."""

    title: str
    entry: int | None
    ordinal: int = 0
    number: str = ""
    due: date | None = None
    owner: int | None = None
    span: tuple[int, int] | None = None


def make_tasks(
    plan: Plan, kind: TaskKind, new: Sequence[NewTask], author: str, number: int, ground: str = ""
) -> tuple[int, ...]:
    """Makes tasks at the plan's place and returns their numbers; ``number`` is the row of the journal, ``ground``
    what is told of why. 3 queries.

    The caller has asked whether the person may, and holds the transaction.
    """
    today, now = timezone.localdate(), timezone.now()
    made = Task.objects.bulk_create(
        Task(
            plan=plan, kind=kind, entry_id=each.entry, ordinal=each.ordinal, number=each.number,
            title=brief(each.title, TITLE_SIGNS), region_id=plan.region_id, path=path_of(plan), first_due=each.due,
            due=each.due, made_by=author, made_at=now, state=State.ASSIGNED, grade=Grade.NOT_STARTED, heard_on=today,
            span_start=each.span[0] if each.span else None, span_end=each.span[1] if each.span else None,
        )
        for each in new
    )  # fmt: skip
    TaskBody.objects.bulk_create(
        TaskBody(task=task, body_id=each.owner, part=Part.SOLE, ordinal=0)
        for task, each in zip(made, new, strict=True)
        if each.owner is not None
    )
    TaskEvent.objects.bulk_create(
        TaskEvent(task=task, kind=EventKind.ASSIGN, on=today, text=ground, author=author, at=now, journal=number)
        for task in made
    )
    return tuple(task.pk for task in made)
