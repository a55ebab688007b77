"""Filling papers about tasks from the records: asked for by a person who may, and written in the journal.

A paper prints the number and seal of the journal's row about it. That row holds a digest of all that the paper says, so
that asking again on the same day, of the same records and templates, finds the same row and gives the same file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.papers.official.templates import Templates, read_templates
from shuangkong.papers.plans.bulletin import (
    BodyTally,
    BulletinInput,
    NotedTask,
    Tally,
    bulletin_docx,
    bulletin_xlsx,
)
from shuangkong.papers.plans.duty_list import DutyLine, DutyListInput, duty_list_docx, duty_list_xlsx
from shuangkong.papers.plans.saying import Duty
from shuangkong.plans.tasks.events import Part, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.plans.tasks.standing import Clock, clock
from shuangkong.records.journal import store as journal
from shuangkong.records.paths import below
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body
from shuangkong.rulebook import open_rulebook

_ACT = "paper.make"
#: What a duty list has a line for: not the sentences of a measure, nor each round of a duty that comes again.
_LISTED = (TaskKind.MEASURE, TaskKind.DUTY, TaskKind.TARGET, TaskKind.SUB_PLAN, TaskKind.KEY_WORK)
_ANSWERING = (Part.LEAD, Part.SOLE, Part.SHARED, Part.OWNER)
_NOTED = (Clock.LATE, Clock.DUE_SOON, Clock.SILENT)


@dataclass(frozen=True, slots=True)
class Made:
    """A paper as it is handed out; ``journal`` is the number of the row about it."""

    docx: bytes
    xlsx: bytes
    journal: int


def make_duty_list(plan_id: int, issue: Issue, by: Acting, on: date) -> Made:
    """The duty list of a plan as the records have it now; ``on`` is today. ~10 queries.

    A department's list holds its own tasks only.

    Raises:
        Forbidden: the person makes no papers.
        Refused: no such plan, or no tasks in it that the person makes papers about.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.PAPER_MAKE)
    plan = plans.plan(plan_id)
    listed = Q(plan=plan_id, kind__in=_LISTED) & ~Q(state=State.CANCELLED)
    condition = listed & store.readable(by, Action.PAPER_MAKE)
    found = store.tasks(condition, ("pk",))
    if plan is None or not found:
        raise _nothing()
    basis = _basis(condition, on)
    given = DutyListInput(issue, basis, plan.title, plan.doc_no, tuple(map(_duty_line, found)))
    return _made(
        given, f"paper/duty_list/{plan_id}", plan.path, by,
        lambda sealed, templates: (duty_list_docx(sealed, templates), duty_list_xlsx(sealed)),
    )  # fmt: skip


def make_bulletin(region: str, issue: Issue, by: Acting, on: date) -> Made:
    """The bulletin of a place and all below it, for the month of ``on``, which is today. ~20 queries.

    Raises: as make_duty_list.
    """
    require(by, Action.PAPER_MAKE)
    place, path = registry.region(region), registry.paths([region]).get(region, "")
    if place is None:
        raise _nothing()
    condition = below(path) & ~Q(state=State.CANCELLED) & store.readable(by, Action.PAPER_MAKE)
    days = thresholds(on)
    late, due_soon, silent = (store.clock_is(each, on, days) for each in _NOTED)
    parts = {
        "total": Q(),
        "done": Q(state=State.DONE),
        "waiting": Q(state=State.REPORTED),
        "late": late,
        "due_soon": due_soon,
        "silent": silent,
        "stopped": Q(state=State.STOPPED),
    }
    tally = Tally(**store.counts(condition, parts | {"total": Q(pk__isnull=False)}))
    if not tally.total:
        raise _nothing()
    noted = store.tasks(condition & (late | due_soon | silent | Q(is_listed=True)))
    said = store.reports_waiting(each.id for each in noted)
    noted_tasks = tuple(
        _noted(each, clock(each.standing, on, days), said[each.id].text if each.id in said else "") for each in noted
    )
    basis = _basis(condition, on)
    given = BulletinInput(issue, basis, place.name, on.year, on.month, tally, _bodies(condition, parts), noted_tasks)
    return _made(
        given, f"paper/bulletin/{region}", path, by,
        lambda sealed, templates: (bulletin_docx(sealed, templates), bulletin_xlsx(sealed)),
    )  # fmt: skip


def _bodies(condition: Q, parts: dict[str, Q]) -> tuple[BodyTally, ...]:
    """Bodies with most late tasks first."""
    counted = store.counts_by_body(condition, parts | {"total": Q(pk__isnull=False)}, _ANSWERING)
    names = dict(Body.objects.filter(pk__in=counted).values_list("pk", "name"))
    every = [BodyTally(names[body], Tally(**numbers)) for body, numbers in counted.items()]
    return tuple(sorted(every, key=lambda each: (-each.tally.late, -each.tally.total, each.body)))


def _made[Input: (DutyListInput, BulletinInput)](
    given: Input, subject: str, path: str, by: Acting, write: Callable[[Input, Templates], tuple[bytes, bytes]]
) -> Made:
    """Writes the paper with the row about it; a paper that a template spoils leaves no row."""
    templates = read_templates(settings.VAR / "papers")
    digest = sha256(f"{given!r}{sorted(templates.words.items())!r}{templates.look!r}".encode()).hexdigest()
    with transaction.atomic():
        known = [row for row in journal.of_subject(subject) if row.act == _ACT and row.document == digest]
        if known:
            number, seal = known[0].sequence, known[0].digest
        else:
            journal.append(replace(by.act(_ACT, subject, document=digest), place=path))
            number, seal = journal.head()
        sealed = replace(given, basis=replace(given.basis, journal=number, seal=seal))
        docx, xlsx = write(sealed, templates)
    return Made(docx, xlsx, number)


def _basis(condition: Q, on: date) -> Basis:
    """What a paper about the tasks of a condition rests on, before its row is written. 2 queries.

    Labels come from every plan concerned: a month in which nothing is late is demo data all the same.
    """
    found = tuple(Plan.objects.filter(pk__in=store.counts_by_plan(condition)).order_by("pk"))
    return Basis(
        as_of=on,
        rulebook=open_rulebook().version,
        journal=0,
        seal="",
        sources=tuple(dict.fromkeys(each.title for each in found)),
        is_demo=any(each.is_demo for each in found),
        is_fictional=any(each.is_fictional for each in found),
    )


def _duties(task: TaskRow) -> tuple[Duty, ...]:
    return tuple(Duty(each.name, each.part) for each in task.parts)


def _duty_line(task: TaskRow) -> DutyLine:
    """The due day once it was moved, else the deadline as the plan prints it."""
    printed = "" if task.standing.due != task.first_due else task.deadline_printed
    return DutyLine(task.number, task.title, _duties(task), task.standing.due, printed, Recurrence(task.recurrence))


def _noted(task: TaskRow, at: Clock, said: str) -> NotedTask:
    now = task.standing
    return NotedTask(
        task.plan_title, task.number, task.title, _duties(task), at, now.state, now.grade, now.percent, now.due,
        now.heard_on, said, now.reminders, now.is_listed,
    )  # fmt: skip


def _nothing() -> Refused:
    return Refused(
        "PPR-201",
        "没有可以写进公文的任务：方案或地区不存在，还没有交办，或不在您的范围内。请先交办，或切换身份。",
        "No tasks to make a paper of: no such plan or place, nothing assigned yet, or outside your reach.",
    )
