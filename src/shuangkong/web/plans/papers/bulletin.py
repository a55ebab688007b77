"""督查通报: how the tasks of a place stand this month, filled from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.papers.official.paper import Issue
from shuangkong.papers.plans.bulletin import (
    BodyTally,
    BulletinInput,
    CirculatedTask,
    MonthTally,
    NotedTask,
    Tally,
    bulletin_docx,
    bulletin_xlsx,
)
from shuangkong.plans.tasks.events import ANSWERING, EventKind, State
from shuangkong.plans.tasks.standing import Clock, Thresholds, clock
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.happened import Circular, circulars, finished_between, times
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.rows import EventRow, TaskRow
from shuangkong.records.plans.tasks.tallies import counts_by_body
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.registry import store as registry
from shuangkong.web.plans.papers.called import Called, called, called_with_former
from shuangkong.web.plans.papers.making import COUNTED, Made, basis_of, made, nothing

_NOTED = (Clock.LATE, Clock.DUE_SOON, Clock.SILENT)
_SPOKEN = (EventKind.REPORT, EventKind.RETURN, EventKind.EXTEND, EventKind.REMIND)


def make_bulletin(region: str, issue: Issue, by: Acting, on: date) -> Made:
    """The bulletin of a place and all below it, for the month of ``on``, which is today. ~24 queries.

    A part of its tasks never speaks for a place: only who makes papers about the whole of it issues one.

    Raises:
        Forbidden: the person makes no papers about the place.
        Refused: no such place, or no tasks there.
        TemplateRefused: a template of the office cannot be used.
    """
    place, path = registry.region(region), registry.paths([region]).get(region, "")
    if place is None:
        raise nothing()
    require(by, Action.PAPER_MAKE, Where(path))
    condition = below(path) & COUNTED & store.readable(by, Action.PAPER_MAKE)
    days = thresholds(on, (path,))
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
    first = on.replace(day=1)
    circulated = circulars(condition, first, on)
    of_month = {each.id: each for each in store.tasks(Q(pk__in=[each.task for each in circulated]))}
    spoken_of = {each.id: each for each in noted} | of_month
    telling = _Telling(store.reports_waiting(spoken_of), called(spoken_of.values(), on), on, days)
    given = BulletinInput(
        issue=issue,
        basis=basis_of(condition, on, place),
        place=place.name,
        year=on.year,
        month=on.month,
        tally=tally,
        in_month=_month(condition, first, on, len(circulated)),
        bodies=_bodies(condition, parts, on),
        tasks=tuple(map(telling.noted, noted)),
        circulated=tuple(telling.circulated(each, of_month[each.task]) for each in circulated),
    )
    return made(
        given, f"paper/bulletin/{region}", path, by,
        lambda sealed, templates: (bulletin_docx(sealed, templates), bulletin_xlsx(sealed)),
    )  # fmt: skip


def _month(condition: Q, first: date, last: date, circulated: int) -> MonthTally:
    """What happened from the first of the month to the day. 2 queries."""
    said = times(condition, _SPOKEN, first, last)
    return MonthTally(
        reported=said[EventKind.REPORT],
        returned=said[EventKind.RETURN],
        done=store.count(condition & finished_between(first, last)),
        extended=said[EventKind.EXTEND],
        reminded=said[EventKind.REMIND],
        circulated=circulated,
    )


def _bodies(condition: Q, parts: dict[str, Q], on: date) -> tuple[BodyTally, ...]:
    """Bodies that answer on the day, those with most late tasks first."""
    counted = counts_by_body(condition, parts, ANSWERING, on)
    names = called_with_former(counted, on)
    every = [BodyTally(names[body], Tally(**numbers)) for body, numbers in counted.items()]
    return tuple(sorted(every, key=lambda each: (-each.tally.late, -each.tally.total, each.body)))


@dataclass(frozen=True, slots=True)
class _Telling:
    """How tasks are told: with the newest report of each, on a day. A body that never reported is not said to have."""

    reports: Mapping[int, EventRow]
    called: Called
    on: date
    days: Thresholds

    def noted(self, task: TaskRow) -> NotedTask:
        now, said = task.standing, self.reports.get(task.id)
        return NotedTask(
            task.plan_title, task.number, told_name(task), self.called.duties(task),
            clock(now, self.on, self.days), now.state, now.grade, now.percent, now.due,
            said.on if said else None, said.text if said else "", now.reminders, now.is_listed,
        )  # fmt: skip

    def circulated(self, said: Circular, task: TaskRow) -> CirculatedTask:
        return CirculatedTask(self.noted(task), said.on, said.text)
