"""办理经过: what happened to tasks in a span of days. Access is the caller's condition on tasks (people.access)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shuangkong.plans.tasks.events import EventKind, State
from shuangkong.records.plans.tasks.models import Task, TaskEvent


@dataclass(frozen=True, slots=True)
class Circular:
    """One task that was circulated: when last, and with which words."""

    task: int
    on: date
    text: str


def finished_between(first: date, last: date) -> Q:
    """The condition that a task was done on one of the days, and still is."""
    return Q(state=State.DONE, finished_on__gte=first, finished_on__lte=last)


def times(condition: Q, kinds: Iterable[EventKind], first: date, last: date) -> dict[EventKind, int]:
    """How often each kind happened to tasks that meet a condition, on the days from ``first`` to ``last``. 1 query.

    A report that its body replaced before anybody judged it is not counted beside the one that replaced it.
    """
    asked = {kind.value: Count("pk", filter=Q(kind=kind)) for kind in kinds}
    found = _between(condition, first, last).exclude(_is_replaced()).aggregate(**asked)
    return {kind: found[kind.value] for kind in kinds}


def circulars(condition: Q, first: date, last: date) -> tuple[Circular, ...]:
    """The tasks that were circulated on one of the days, the first of them first; each once. 1 query."""
    found = _between(condition, first, last).filter(kind=EventKind.CIRCULATE).order_by("pk")
    newest = {task: Circular(task, on, text) for task, on, text in found.values_list("task", "on", "text")}
    return tuple(newest.values())


def _is_replaced() -> Q:
    """The condition that an event is a report that nobody judged, and after which the same body reported again."""
    judged = TaskEvent.objects.filter(answers=OuterRef("pk"))
    same = {"task": OuterRef("task"), "body": OuterRef("body"), "kind": EventKind.REPORT}
    later = TaskEvent.objects.filter(pk__gt=OuterRef("pk"), **same)
    return Q(kind=EventKind.REPORT) & ~Exists(judged) & Exists(later)


def _between(condition: Q, first: date, last: date) -> QuerySet[TaskEvent]:
    return TaskEvent.objects.filter(task__in=Task.objects.filter(condition), on__gte=first, on__lte=last)
