"""续期: the present round of every live recurring duty, until its plan ends or another takes the plan's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, State
from shuangkong.plans.tasks.recurrence import WITH_ROUNDS, Recurrence, Round, rounds
from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.plans.cascade.links import superseded
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind

#: Who acts where a clock does.
SYSTEM = "system"
_BATCH = 500
_YEAR = timedelta(days=366)


def present_round(recurrence: Recurrence, day: date) -> Round:
    """The round whose period a day lies in."""
    return rounds(recurrence, day, day + _YEAR)[0]


def renew(day: date) -> int:
    """Makes the present round of each live duty that lacks it; returns how many. Done twice it makes nothing twice.

    4 queries where nothing is to be made.
    """
    return sum(_renew(present_round(often, day), often, day) for often in WITH_ROUNDS)


def _renew(present: Round, often: Recurrence, day: date) -> int:
    kept = Task.objects.filter(kind=TaskKind.ROUND, period=present.period, parent__isnull=False)
    over = Q(plan__end_year__lt=day.year) | Q(plan__in=superseded(day))
    lacking = Task.objects.filter(store.is_live(), ~over, kind=TaskKind.DUTY, recurrence=often).exclude(
        pk__in=kept.values("parent")
    )
    numbers = list(lacking.order_by("pk").values_list("pk", flat=True))
    return sum(_make(some, present, day) for some in batched(numbers, _BATCH))


def _make(duties: Iterable[int], present: Round, day: date) -> int:
    """The rounds of some duties with their bodies, events and a row of the journal a plan, together or not."""
    with transaction.atomic():
        # Locked, then looked at again: another clock may have made them meanwhile.
        held = Task.objects.select_for_update().filter(pk__in=list(duties)).order_by("pk")
        there = Task.objects.filter(kind=TaskKind.ROUND, period=present.period, parent__in=list(duties))
        done = set(there.values_list("parent", flat=True))
        above = [each for each in held if each.pk not in done]
        if not above:
            return 0
        made = Task.objects.bulk_create([_round(each, present, day) for each in above])
        _share(made)
        numbers = _journalled(made, present)
        now = timezone.now()
        TaskEvent.objects.bulk_create(
            TaskEvent(task=each, kind=EventKind.ASSIGN, on=day, author=SYSTEM, at=now, journal=numbers[each.plan_id])
            for each in made
        )
    return len(made)


def _round(duty: Task, present: Round, day: date) -> Task:
    return Task(
        plan_id=duty.plan_id, parent=duty, kind=TaskKind.ROUND, entry_id=duty.entry_id, number=duty.number,
        title=duty.title, region_id=duty.region_id, path=duty.path, period=present.period, first_due=present.due,
        due=present.due, made_by=SYSTEM, made_at=timezone.now(), state=State.ASSIGNED, grade=Grade.NOT_STARTED,
        heard_on=day,
    )  # fmt: skip


def _share(made: Iterable[Task]) -> None:
    """The bodies of the duty have the same parts in its round."""
    by_duty = {each.parent_id: each for each in made}
    shares = TaskBody.objects.filter(task__in=[key for key in by_duty if key], ended_on=None).order_by(
        "task", "ordinal"
    )
    TaskBody.objects.bulk_create(
        TaskBody(
            task=by_duty[each.task_id], body_id=each.body_id, part=each.part, ordinal=each.ordinal, is_inherited=True
        )
        for each in shares
    )


def _journalled(made: Iterable[Task], present: Round) -> dict[int | None, int]:
    """One row a plan; returns its number by plan."""
    by_plan: dict[int | None, list[Task]] = defaultdict(list)
    for each in made:
        by_plan[each.plan_id].append(each)
    acts = [
        Act(SYSTEM, "task.renew", f"plan/{plan}" if plan else "plan", place=some[0].path,
            after={"tasks": len(some), "period": present.period, "due": present.due})
        for plan, some in by_plan.items()
    ]  # fmt: skip
    return dict(zip(by_plan, journal.append_all(acts), strict=True))
