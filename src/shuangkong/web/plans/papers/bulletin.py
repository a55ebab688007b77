"""督查通报: how the tasks of a place stand this month, filled from the records."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.papers.official.paper import Issue
from shuangkong.papers.plans.bulletin import (
    BodyTally,
    BulletinInput,
    NotedTask,
    Tally,
    bulletin_docx,
    bulletin_xlsx,
)
from shuangkong.plans.tasks.events import State
from shuangkong.plans.tasks.standing import Clock, clock
from shuangkong.records.paths import below
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.likeness import names_of
from shuangkong.web.plans.papers.making import ANSWERING, Made, basis_of, duties, made, nothing

_NOTED = (Clock.LATE, Clock.DUE_SOON, Clock.SILENT)


def make_bulletin(region: str, issue: Issue, by: Acting, on: date) -> Made:
    """The bulletin of a place and all below it, for the month of ``on``, which is today. ~20 queries.

    Raises:
        Forbidden: the person makes no papers.
        Refused: no such place, or no tasks there that the person makes papers about.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.PAPER_MAKE)
    place, path = registry.region(region), registry.paths([region]).get(region, "")
    if place is None:
        raise nothing()
    condition = below(path) & ~Q(state=State.CANCELLED) & store.readable(by, Action.PAPER_MAKE)
    days = thresholds(on)
    late, due_soon, silent = (store.clock_is(each, on, days) for each in _NOTED)
    parts = {
        "total": Q(pk__isnull=False),
        "done": Q(state=State.DONE),
        "waiting": Q(state=State.REPORTED),
        "late": late,
        "due_soon": due_soon,
        "silent": silent,
        "stopped": Q(state=State.STOPPED),
    }
    tally = Tally(**store.counts(condition, parts))
    if not tally.total:
        raise nothing()
    noted = store.tasks(condition & (late | due_soon | silent | Q(is_listed=True)))
    said = store.reports_waiting(each.id for each in noted)
    noted_tasks = tuple(
        _noted(each, clock(each.standing, on, days), said[each.id].text if each.id in said else "") for each in noted
    )
    rests = basis_of(condition, on, place)
    given = BulletinInput(issue, rests, place.name, on.year, on.month, tally, _bodies(condition, parts), noted_tasks)
    return made(
        given, f"paper/bulletin/{region}", path, by,
        lambda sealed, templates: (bulletin_docx(sealed, templates), bulletin_xlsx(sealed)),
    )  # fmt: skip


def _bodies(condition: Q, parts: dict[str, Q]) -> tuple[BodyTally, ...]:
    """Bodies with most late tasks first."""
    counted = store.counts_by_body(condition, parts, ANSWERING)
    names = names_of(counted)
    every = [BodyTally(names[body], Tally(**numbers)) for body, numbers in counted.items()]
    return tuple(sorted(every, key=lambda each: (-each.tally.late, -each.tally.total, each.body)))


def _noted(task: TaskRow, at: Clock, said: str) -> NotedTask:
    now = task.standing
    return NotedTask(
        task.plan_title, task.number, task.title, duties(task), at, now.state, now.grade, now.percent, now.due,
        now.heard_on, said, now.reminders, now.is_listed,
    )  # fmt: skip
