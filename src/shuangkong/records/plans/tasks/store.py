"""Rows ⇄ values of tasks: one, many by condition, their events. Access is the caller's condition (people.access)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy

from shuangkong.plans.tasks.events import Event, EventKind, Grade, Part, State
from shuangkong.plans.tasks.recurrence import WITH_ROUNDS
from shuangkong.plans.tasks.standing import Clock, Standing, Thresholds, standing
from shuangkong.records.past import known_by
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.library import plan_row
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks.acts import as_event, standing_of
from shuangkong.records.plans.tasks.evidence import file_row
from shuangkong.records.plans.tasks.models import Evidence, Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import EventRow, FileRow, PartRow, ShareRow, TaskKind, TaskRow, has_rounds
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.names import names_then

#: The earliest due first; what has no due day comes last, on every database.
DUE_FIRST: tuple[str | OrderBy, ...] = (F("due").asc(nulls_last=True), "pk")
_HEADS = Q(kind=TaskKind.DUTY, recurrence__in=WITH_ROUNDS)
#: What is owed by itself: no sentence, which its measure carries, and no duty that comes again, which its rounds carry.
OWED = ~Q(kind=TaskKind.SENTENCE) & ~_HEADS
_OPEN = (State.ASSIGNED, State.REPORTED, State.ACTIVE, State.RETURNED)


def task(task_id: int, until: date | None = None) -> TaskRow | None:
    """One task, as known at the end of a day; None where there was none yet. 3 queries, 5 for a past day."""
    return next(iter(_rows(_all().filter(known_by(until, "made_at"), pk=task_id), until)), None)


def tasks(
    condition: Q, order: Sequence[str | OrderBy] = DUE_FIRST, first: int = 0, count: int | None = None
) -> tuple[TaskRow, ...]:
    """Tasks that meet a condition, from the ``first``, at most ``count``. 3 queries."""
    found = _all().filter(condition).order_by(*order)
    return _rows(found[first:] if count is None else found[first : first + count])


def tasks_then(condition: Q, until: date) -> tuple[TaskRow, ...]:
    """Tasks that meet a condition of today, as they stood at the end of a day, in the order of numbers. 5 queries."""
    return _rows(_all().filter(condition, known_by(until, "made_at")).order_by("pk"), until)


def count(condition: Q) -> int:
    """How many tasks meet a condition. 1 query."""
    return Task.objects.filter(condition).count()


def counts(condition: Q, parts: Mapping[str, Q]) -> dict[str, int]:
    """How many tasks that meet a condition meet each of several others. 1 query."""
    asked = {key: Count("pk", filter=part) for key, part in parts.items()}
    return Task.objects.filter(condition).aggregate(**asked)


def counts_by_plan(condition: Q) -> dict[int, int]:
    """How many tasks that meet a condition each plan has. 1 query."""
    found = Task.objects.filter(condition, plan__isnull=False).order_by().values_list("plan")
    return dict(found.annotate(Count("pk")))


def plans_to_assign(seen: Q, first: int, count: int) -> tuple[tuple[PlanRow, int], ...]:
    """Plans in force with how many tasks each has become, those that became none first, then the newest. 2 queries.

    ``seen`` is a condition on columns of plans.
    """
    assigned = Exists(Task.objects.filter(plan=OuterRef("pk")))
    found = Plan.objects.select_related("region").filter(seen, version__gt=0)
    rows = tuple(map(plan_row, found.order_by(assigned, "-issued_on", "-pk")[first : first + count]))
    made = counts_by_plan(Q(plan__in=[row.id for row in rows]))
    return tuple((row, made.get(row.id, 0)) for row in rows)


def count_plans_to_assign(seen: Q) -> int:
    """How many plans in force there are. 1 query."""
    return Plan.objects.filter(seen, version__gt=0).count()


def first_ids(condition: Q, count: int) -> tuple[int, ...]:
    """Numbers of the tasks due first. 1 query."""
    return tuple(Task.objects.filter(condition).order_by(*DUE_FIRST).values_list("pk", flat=True)[:count])


def children(task_id: int, until: date | None = None) -> tuple[TaskRow, ...]:
    """Tasks directly below one, in their order, as known at the end of a day. 3 queries, 5 for a past day."""
    found = _all().filter(known_by(until, "made_at"), parent=task_id)
    return _rows(found.order_by("ordinal", "period", "pk"), until)


def events(task_id: int, until: date | None = None) -> tuple[EventRow, ...]:
    """What happened to a task, oldest first, as known at the end of the day ``until``. 3 queries."""
    found = TaskEvent.objects.select_related("body", "answers").filter(task=task_id).order_by("pk")
    if until is not None:
        found = found.filter(known_by(until, "at"))
    files: dict[int, list[FileRow]] = defaultdict(list)
    for each in Evidence.objects.filter(event__task=task_id).select_related("file").defer("file__content"):
        files[each.event_id].append(file_row(each))
    answered = {row.answers_id: row.pk for row in found if row.answers_id is not None}
    return tuple(_event_row(row, answered.get(row.pk), tuple(files[row.pk])) for row in found)


def clock_is(clock: Clock, day: date, thresholds: Thresholds) -> Q:
    """The condition that ``plans.tasks.standing.clock`` says so, for a query."""
    soon, quiet = day + timedelta(days=thresholds.due_soon), day - timedelta(days=thresholds.silent)
    is_open = Q(state__in=_OPEN)
    is_with_body = is_open & ~Q(state=State.REPORTED)
    due_soon = Q(due__gte=day, due__lte=soon)
    far = Q(due__isnull=True) | Q(due__gt=soon)
    silent = Q(heard_on__lt=quiet) & ~_HEADS
    return {
        Clock.LATE: is_late(day),
        Clock.DUE_SOON: is_with_body & due_soon,
        Clock.SILENT: is_with_body & far & silent,
        Clock.WAITING: Q(state=State.REPORTED) & ~is_late(day),
        Clock.CALM: is_with_body & far & ~(silent & Q(heard_on__isnull=False)),
        Clock.STOPPED: Q(state=State.STOPPED),
        Clock.OVER: Q(state__in=(State.DONE, State.CANCELLED)),
    }[clock]


def is_late(day: date) -> Q:
    """The condition that ``plans.tasks.standing.is_late`` holds, for a query."""
    came_late = ~Q(state=State.REPORTED) | Q(waits_from__isnull=True) | Q(waits_from__gt=F("due"))
    return Q(state__in=_OPEN, due__isnull=False, due__lt=day) & came_late


def of_bodies(bodies: Iterable[int], parts: Iterable[Part] = tuple(Part), until: date | None = None) -> Q:
    """The condition that one of the bodies, under whatever name they are printed, has one of the parts, or had it at
    the end of a day. 1 query.
    """
    means, wanted = registry.meanings(until), set(bodies)
    wanted |= {means[each] for each in wanted if each in means}
    wanted |= {each for each, end in means.items() if end in wanted}
    found = TaskBody.objects.filter(_held_on(until), body__in=wanted, part__in=list(parts))
    return Q(pk__in=found.values("task"))


def reports_waiting(task_ids: Iterable[int], until: date | None = None) -> dict[int, EventRow]:
    """The newest report of each task, as known at the end of a day. 3 queries."""
    told = TaskEvent.objects.filter(known_by(until, "at"), task__in=list(task_ids), kind=EventKind.REPORT)
    newest = told.order_by().values("task")
    found = TaskEvent.objects.select_related("body").filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    files: dict[int, list[FileRow]] = defaultdict(list)
    for each in Evidence.objects.filter(event__in=found).select_related("file").defer("file__content"):
        files[each.event_id].append(file_row(each))
    return {row.task_id: _event_row(row, None, tuple(files[row.pk])) for row in found}


def shares(row: TaskRow, until: date | None = None) -> tuple[ShareRow, ...]:
    """Who of a task's bodies has reported or confirmed, and who has not, in the order of the parts. 2 queries.

    What a body said under an earlier name is its own.
    """
    means, said = registry.meanings(until), dict[tuple[int, EventKind], TaskEvent]()
    told = TaskEvent.objects.filter(known_by(until, "at"), task=row.id, kind__in=(EventKind.REPORT, EventKind.CONFIRM))
    for each in told.filter(body__isnull=False).order_by("pk"):
        body = each.body_id or 0
        said[means.get(body, body), EventKind(each.kind)] = each
    return tuple(_share_row(part, said) for part in row.parts)


def _share_row(part: PartRow, said: Mapping[tuple[int, EventKind], TaskEvent]) -> ShareRow:
    report, confirmed = said.get((part.id, EventKind.REPORT)), said.get((part.id, EventKind.CONFIRM))
    return ShareRow(
        part,
        report.on if report else None,
        Grade(report.grade) if report and report.grade else None,
        confirmed.on if confirmed else None,
    )


def is_live() -> Q:
    """The condition that a task is neither done, cancelled nor stopped."""
    return Q(state__in=_OPEN)


def is_unfinished() -> Q:
    """The condition that a task is neither done nor cancelled."""
    return ~Q(state__in=(State.DONE, State.CANCELLED))


def with_event(kind: EventKind, bodies: Iterable[int] | None = None, until: date | None = None) -> Q:
    """The condition that something of a kind happened by the end of a day; where bodies are given, by one of them."""
    of = Q() if bodies is None else Q(body__in=list(bodies))
    return Q(pk__in=TaskEvent.objects.filter(of, known_by(until, "at"), kind=kind).values("task"))


def readable(acting: Acting, action: Action = Action.TASK_READ) -> Q:
    """The condition that a person may see a task (or may do another ``action`` with it). At most 1 query."""
    return visible(acting, action, body=of_bodies)


def _all() -> QuerySet[Task]:
    return Task.objects.select_related("plan", "region")


def _rows(found: Iterable[Task], until: date | None = None) -> tuple[TaskRow, ...]:
    rows = list(found)
    means = registry.meanings(until)
    parts: dict[int, list[PartRow]] = defaultdict(list)
    for each in TaskBody.objects.select_related("body").filter(_held_on(until), task__in=rows).order_by("ordinal"):
        body = means.get(each.body_id, each.body_id)
        parts[each.task_id].append(PartRow(body, each.body.name, Part(each.part), each.is_inherited))
    told = tuple(_row(row, tuple(parts[row.pk])) for row in rows)
    return told if until is None else _as_of(told, until)


def _held_on(until: date | None) -> Q:
    """The condition that a body has its part now, or had it at the end of a day."""
    if until is None:
        return Q(ended_on=None)
    has_begun = Q(starts_on=None) | Q(starts_on__lte=until)
    return has_begun & (Q(ended_on=None) | Q(ended_on__gt=until))


def _as_of(rows: tuple[TaskRow, ...], until: date) -> tuple[TaskRow, ...]:
    """The rows as they stood, regions named as then; what is derived is derived of today only. 2 queries."""
    names, events = names_then(until), defaultdict[int, list[Event]](list)
    known = TaskEvent.objects.filter(known_by(until, "at"), task__in=[row.id for row in rows]).order_by("pk")
    for each in known:
        events[each.task_id].append(as_event(each))
    return tuple(
        replace(
            row,
            region_name=names.region(row.region, row.region_name),
            standing=_heard(row.kind, row.recurrence, standing(row.first_due, events[row.id])),
            derived_grade=None,
            derived_from="",
        )
        for row in rows
    )


def _heard(kind: str, recurrence: str, now: Standing) -> Standing:
    """A duty that comes again is heard of by its rounds: its own silence says nothing."""
    return replace(now, heard_on=None) if has_rounds(kind, recurrence) else now


def _row(row: Task, parts: tuple[PartRow, ...]) -> TaskRow:
    ends = (row.span_start, row.span_end)
    is_invented = bool(row.region and row.region.is_fictional)  # what is owed at an invented place is for show
    return TaskRow(
        id=row.pk,
        plan=row.plan_id,
        plan_title=row.plan.title if row.plan else "",
        parent=row.parent_id,
        kind=TaskKind(row.kind),
        number=row.number,
        title=row.title,
        region=row.region_id,
        region_name=row.region.name if row.region else "",
        path=row.path,
        recurrence=row.recurrence,
        period=row.period,
        deadline_printed=row.deadline_printed,
        first_due=row.first_due,
        amount=row.amount,
        amount_unit=row.amount_unit,
        standing=_heard(row.kind, row.recurrence, standing_of(row)),
        derived_grade=Grade(row.derived_grade) if row.derived_grade else None,
        derived_from=row.derived_from,
        parts=parts,
        span=None if ends[0] is None or ends[1] is None else (ends[0], ends[1]),
        is_demo=bool(row.plan and row.plan.is_demo) or is_invented,
        is_fictional=bool(row.plan and row.plan.is_fictional) or is_invented,
        subject=row.subject,
    )


def _event_row(row: TaskEvent, answered_by: int | None, evidence: tuple[FileRow, ...]) -> EventRow:
    return EventRow(
        id=row.pk,
        task=row.task_id,
        kind=EventKind(row.kind),
        on=row.on,
        body=row.body_id,
        body_name=row.body.name if row.body else "",
        grade=Grade(row.grade) if row.grade else None,
        percent=row.percent,
        due=row.due,
        text=row.text,
        answers=row.answers_id,
        answered_by=answered_by,
        author=row.author,
        at=row.at,
        journal=row.journal,
        evidence=evidence,
        is_by_same=row.answers is not None and row.answers.author == row.author,
    )
