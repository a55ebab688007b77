"""变动: where the document in force has it otherwise than the tasks that it was handed out as."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Part, State
from shuangkong.records.plans.cascade.links import superseded
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks.drafting import Draft, Key, Share, key_of
from shuangkong.records.plans.tasks.models import Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry

#: Kinds that a plan's own text asks for; the others were handed out by a person.
OF_TEXT = (TaskKind.MEASURE, TaskKind.SENTENCE, TaskKind.DUTY, TaskKind.ROUND, TaskKind.TARGET)
_OVER = (State.DONE, State.CANCELLED)


class ChangeKind(StrEnum):
    """What became of what a task stands for."""

    MOVED = "moved"  # 期限或责任单位有变
    DROPPED = "dropped"  # 文件里不再有
    SUPERSEDED = "superseded"  # 方案已被代替


@dataclass(frozen=True, slots=True)
class Change:
    """A task that is not over and that the document has otherwise now.

    Attributes:
        task, number, title: which.
        kind: see ChangeKind.
        due_before, due_after: the document's due day then and now, the same where it was not moved.
        added, removed: bodies and parts that are new, and that are gone.
        shares: all bodies that take part now, in order.
    """

    task: int
    number: str
    title: str
    kind: ChangeKind
    due_before: date | None = None
    due_after: date | None = None
    added: tuple[tuple[int, Part], ...] = ()
    removed: tuple[tuple[int, Part], ...] = ()
    shares: tuple[Share, ...] = ()

    @property
    def is_redated(self) -> bool:
        return self.kind is ChangeKind.MOVED and self.due_before != self.due_after

    @property
    def is_shared_anew(self) -> bool:
        return bool(self.added or self.removed)


def changes_of(plan: Plan, drafts: Iterable[Draft], known: Mapping[Key, Task]) -> tuple[Change, ...]:
    """The changes of a plan's tasks, in the order of their numbers. ``drafts`` is what the version in force asks for.

    5 queries.
    """
    open_ = {key: each for key, each in known.items() if each.kind in OF_TEXT and each.state not in _OVER}
    if plan.pk in superseded(timezone.localdate()):
        return tuple(_change(each, ChangeKind.SUPERSEDED) for each in _in_order(open_.values()))
    asked = {key_of(each.task): each for each in drafts}
    said, shares = _said_due(plan.pk), _shares(plan.pk)
    found = []
    for key, task in open_.items():
        draft = asked.get(key)
        if draft is None:
            found += [_change(task, ChangeKind.DROPPED)] if _is_gone(task, known, asked) else []
            continue
        moved = _moved(task, draft, said.get(task.pk, task.first_due), shares[task.pk])
        found += [moved] if moved.is_redated or moved.is_shared_anew else []
    return tuple(sorted(found, key=lambda each: each.task))


def _change(task: Task, kind: ChangeKind) -> Change:
    return Change(task.pk, task.number, task.title, kind)


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda each: each.pk)


def _moved(task: Task, draft: Draft, said: date | None, held: frozenset[tuple[int, Part]]) -> Change:
    """A headline target has its due day once somebody answers for it."""
    wanted = tuple(dict.fromkeys((body, part) for body, part, _ in draft.shares))
    has_clock = task.kind != TaskKind.TARGET or said is not None
    return Change(
        task.pk, task.number, task.title, ChangeKind.MOVED, said, draft.said_due if has_clock else said,
        tuple(each for each in wanted if each not in held), tuple(sorted(held - set(wanted))), draft.shares,
    )  # fmt: skip


def _is_gone(task: Task, known: Mapping[Key, Task], asked: Mapping[Key, Draft]) -> bool:
    """A round of a duty that is still there, and comes as often, is not gone: rounds of the past are not asked for."""
    if task.kind != TaskKind.ROUND:
        return True
    above = next((each for each in known.values() if each.pk == task.parent_id), None)
    draft = asked.get(key_of(above)) if above else None
    return draft is None or above is None or draft.task.recurrence != above.recurrence


def _said_due(plan_id: int) -> dict[int, date | None]:
    """The due day that the document gave last, of tasks whose due day it moved. 1 query."""
    found = TaskEvent.objects.filter(task__plan=plan_id, kind=EventKind.REDATE).order_by("pk")
    return dict(found.values_list("task", "due"))


def _shares(plan_id: int) -> Mapping[int, frozenset[tuple[int, Part]]]:
    """Bodies and parts of each task, as what they stand for; owners are named by people. 2 queries."""
    means, found = registry.meanings(), defaultdict[int, set[tuple[int, Part]]](set)
    held = TaskBody.objects.filter(task__plan=plan_id, ended_on=None).exclude(part=Part.OWNER)
    for task, body, part in held.values_list("task", "body", "part"):
        found[task].add((means.get(body, body), Part(part)))
    return defaultdict(frozenset, {task: frozenset(parts) for task, parts in found.items()})
