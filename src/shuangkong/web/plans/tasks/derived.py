"""推算: brings what is derived of a plan's tasks in line with its targets' progress and its late tasks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.utils import timezone

from shuangkong.plans.tasks.events import Grade
from shuangkong.plans.tasks.recurrence import due_day
from shuangkong.records.plans.tasks.deriving import (
    Ground,
    derive_from,
    measure_entries,
    plans_gone_late,
    plans_of_load,
    worst,
)
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.targets import store as targets
from shuangkong.targets.status import Standing
from shuangkong.web.targets.course import courses

#: What a target's standing says of the task that it belongs to; one that cannot be judged says nothing.
_GRADES = {
    Standing.MET: Grade.DONE,
    Standing.AHEAD: Grade.ON_TRACK,
    Standing.ON_SCHEDULE: Grade.ON_TRACK,
    Standing.BEHIND: Grade.BEHIND,
    Standing.MISSED: Grade.BEHIND,
}


def derive(plan_id: int, day: date | None = None) -> int:
    """Derives anew for all tasks of a plan, as of today or ``day``; returns how many changed.

    ~8 queries. Done twice it changes nothing. A count of things built or closed (绿色工厂10家) is the count in the
    register: its figures are those of the indicator.
    """
    entries, today = measure_entries(plan_id), day or timezone.localdate()
    grounds: dict[int, list[Ground]] = defaultdict(list)
    for course in courses([each for each in targets.targets(plan_id) if each.table is None]):
        grade = _GRADES.get(course.standing)
        if grade is None or (grade is Grade.ON_TRACK and _is_over(course.target.deadline, today)):
            continue
        ground = Ground(grade, f"target/{course.target.id}")
        grounds[course.target.entry].append(ground)
        measure = entries.get(course.target.measure or 0)
        if measure is not None:
            grounds[measure].append(ground)
    linked = {entry: worst(found) for entry, found in grounds.items()}
    return derive_from(plan_id, linked, today)


def _is_over(deadline: str, today: date) -> bool:
    """After its last day a target is met, missed or unknown: on schedule it was with the figures of an earlier year."""
    due = due_day(deadline)
    return due is not None and due < today


def derive_above(row: TaskRow) -> None:
    """After an act on a task: what it says of those above it. Nothing for a task without a plan."""
    if row.plan is not None:
        derive(row.plan)


def derive_loaded(load: int) -> int:
    """After figures came in: what they say of the tasks of every plan that they speak of; returns how many changed."""
    return sum(map(derive, plans_of_load(load)))


def derive_late(day: date) -> int:
    """The daily clock: tells above what became late by itself; returns how many changed. Done twice it does nothing.

    1 query on a day on which nothing became late.
    """
    return sum(derive(plan, day) for plan in plans_gone_late(day))
