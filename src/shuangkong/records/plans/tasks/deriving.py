"""推算: what can be told of a task without asking anybody: its targets' progress, its children that are late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from shuangkong.plans.tasks.events import Grade, State
from shuangkong.plans.tasks.standing import is_late
from shuangkong.records.facts.models import Observation
from shuangkong.records.plans.models import Measure
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.targets.models import Target

_BATCH = 500
_READ = ("pk", "parent_id", "entry_id", "kind", "state", "due", "waits_from", "derived_grade", "derived_from")
#: Kinds of tasks that an indicator speaks of.
_LINKED = (TaskKind.MEASURE, TaskKind.TARGET)
#: What a task bears once something below it is late.
_TELLING = (Grade.BEHIND, Grade.BLOCKED)
#: The worst first.
_ORDER = (Grade.BLOCKED, Grade.BEHIND, Grade.NOT_STARTED, Grade.ON_TRACK, Grade.DONE)


@dataclass(frozen=True, slots=True)
class Ground:
    """A grade and what it rests on: "target/12", "task/57"."""

    grade: Grade
    rests_on: str


def derive_from(plan_id: int, linked: Mapping[int, Ground], day: date) -> int:
    """Writes what can be derived of a plan's tasks anew; returns how many changed. 1 query and 1 per 500 changed.

    ``linked`` is what the indicators say, by the reading entry that a task comes from. A late child outweighs a
    target that is on schedule: what is worst is told. Done twice it changes nothing.
    """
    tasks = list(Task.objects.filter(plan=plan_id).only(*_READ).order_by("pk"))
    late = {task.pk for task in tasks if is_late(State(task.state), task.due, task.waits_from, day)}
    by_pk = {task.pk: task for task in tasks}
    found: dict[int, Ground] = {}
    for task in tasks:
        if task.entry_id is not None and task.entry_id in linked and task.kind in _LINKED:
            found[task.pk] = linked[task.entry_id]
    for pk in sorted(late):
        above = by_pk.get(by_pk[pk].parent_id or 0)
        while above is not None:
            found[above.pk] = _worse(found.get(above.pk), Ground(Grade.BEHIND, f"task/{pk}"))
            above = by_pk.get(above.parent_id or 0)
    changed = [task for task in tasks if _set(task, found.get(task.pk))]
    Task.objects.bulk_update(changed, ["derived_grade", "derived_from"], batch_size=_BATCH)
    return len(changed)


def measure_entries(plan_id: int) -> dict[int, int]:
    """Reading entry by measure, of the version in force: how a target's measure is found among the tasks. 1 query."""
    found = Measure.objects.filter(plan=plan_id, version=F("plan__version"))
    return dict(found.values_list("pk", "entry_id"))


def plans_of_load(load: int) -> tuple[int, ...]:
    """Plans with tasks whose targets the figures of a load speak of. 2 queries."""
    columns = ("indicator__text", "subject__kind", "subject__code")
    told = set(Observation.objects.filter(load=load).values_list(*columns))
    about = Target.objects.filter(indicator__in={indicator for indicator, _kind, _code in told})
    asked = about.filter(plan__in=Task.objects.filter(plan__isnull=False).values("plan"), version=F("plan__version"))
    rows = asked.values_list("plan", "indicator", "subject_kind", "subject_code")
    return tuple(sorted({plan for plan, *key in rows if tuple(key) in told}))


def plans_gone_late(day: date) -> tuple[int, ...]:
    """Plans in which a task is late that one of the two above it does not tell. 1 query; none once they are derived."""
    late = Task.objects.filter(store.is_late(day), plan__isnull=False, parent__isnull=False)
    untold = ~Q(parent__derived_grade__in=_TELLING) | (
        Q(parent__parent__isnull=False) & ~Q(parent__parent__derived_grade__in=_TELLING)
    )
    return tuple(late.filter(untold).order_by("plan").values_list("plan", flat=True).distinct())


def worst(grounds: list[Ground]) -> Ground:
    """The worst of several; of equals the first."""
    return min(grounds, key=lambda each: _ORDER.index(each.grade))


def _worse(known: Ground | None, other: Ground) -> Ground:
    return worst([known, other]) if known else other


def _set(task: Task, ground: Ground | None) -> bool:
    before = (task.derived_grade, task.derived_from)
    task.derived_grade = ground.grade if ground else ""
    task.derived_from = ground.rests_on if ground else ""
    return (task.derived_grade, task.derived_from) != before
