"""交办: the task tree of an adopted plan, made once and completed after each new adoption."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks.changes import Change, changes_of
from shuangkong.records.plans.tasks.drafting import Draft, Drafting, Key, key_of
from shuangkong.records.plans.tasks.models import Task, TaskBody, TaskEvent
from shuangkong.records.refusal import Refused

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Handout:
    """What came of handing out: how many tasks were made, and what the document has otherwise than the tasks that are
    there. That is carried by a person (see ``carrying.carry``), never by itself."""

    made: int
    changes: tuple[Change, ...]


def assign_plan(plan_id: int, by: Acting, on: date | None = None) -> Handout:
    """Makes the tasks that the version in force asks for and that are not there yet. ~20 queries.

    Handed out today where no day is given; a plan that was handed out before it came into this system on that day: its
    recurring duties have rounds from then on.

    Raises:
        Refused: there is no such plan, or it has not been adopted; the day is to come.
        Forbidden: the person may not assign there.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("TSK-107", "日期不能晚于今天。", "The day cannot be in the future.", "on")
    with transaction.atomic():
        plan, path = held(plan_id, by)
        known = {key_of(each): each for each in Task.objects.filter(plan=plan_id)}
        every = list(Drafting(plan, path, by.author, day).drafts())
        drafts = [each for each in every if key_of(each.task) not in known]
        found = changes_of(plan, every, known)
        if drafts:
            act = by.act("task.assign", f"plan/{plan_id}", after={"tasks": len(drafts), "version": plan.version})
            number = journal.append(replace(act, place=path))
            _save(drafts, known, by.author, number, day)
    return Handout(len(drafts), found)


def plan_changes(plan_id: int, by: Acting) -> tuple[Change, ...]:
    """What the version in force, or the plan in this one's place, has otherwise than the tasks; writes nothing.

    ~15 queries. Raises as ``assign_plan``.
    """
    with transaction.atomic():
        plan, path = held(plan_id, by)
        known = {key_of(each): each for each in Task.objects.filter(plan=plan_id)}
        return changes_of(plan, list(Drafting(plan, path, by.author, timezone.localdate()).drafts()), known)


def held(plan_id: int, by: Acting) -> tuple[Plan, str]:
    """An adopted plan, locked, and the path of its place. Call it in a transaction; raises as ``assign_plan``."""
    found = Plan.objects.select_for_update(of=("self",)).select_related("region", "file").filter(pk=plan_id).first()
    if found is None or not found.version:
        raise Refused("TSK-301", "方案尚未采用，不能交办。请先审阅并采用。", "Adopt the plan first.")
    path = found.region.path if found.region else "/"
    require(by, Action.TASK_ASSIGN, Where(path))
    return found, path


def _save(drafts: Iterable[Draft], known: dict[Key, Task], author: str, number: int, today: date) -> None:
    """Parents first, floor by floor, so that every task knows the one above it."""
    waiting = list(drafts)
    while waiting:
        ready = [each for each in waiting if each.above is None or each.above in known]
        for each in ready:
            each.task.parent = known[each.above] if each.above else None
        made = Task.objects.bulk_create([each.task for each in ready], batch_size=_BATCH)
        known |= {key_of(each): each for each in made}
        shares = [
            TaskBody(task=each.task, body_id=body, part=part, ordinal=ordinal, is_inherited=is_inherited)
            for each in ready
            for ordinal, (body, part, is_inherited) in enumerate(each.shares)
        ]
        TaskBody.objects.bulk_create(shares, batch_size=_BATCH)
        now = timezone.now()
        TaskEvent.objects.bulk_create(
            [
                TaskEvent(task=each, kind=EventKind.ASSIGN, on=today, author=author, at=now, journal=number)
                for each in made
            ],
            batch_size=_BATCH,
        )
        waiting = [each for each in waiting if each not in ready]
