"""交办: the task tree of an adopted plan, made once and completed after each new adoption."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shuangkong.plans.reading import Role
from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence, due_day, recurrence_of, rounds
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.models import Measure, MeasureBody, Plan, PlanDuty, SubTask
from shuangkong.records.plans.tasks.models import Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.models import Target

_BATCH = 500
_PARTS = {
    Role.LEAD: Part.LEAD,
    Role.PARTICIPANT: Part.PARTICIPANT,
    Role.SHARED: Part.SHARED,
    Role.STANDING: Part.STANDING,
}

#: What tells one task of a plan from another: kind, entry, ordinal, period.
type Key = tuple[str, int | None, int, str]
#: A body's part: body, part, whether it is inherited.
type Share = tuple[int, Part, bool]


@dataclass(slots=True)
class _Draft:
    """A task to be made, with the key of the one above it and the bodies that take part."""

    task: Task
    above: Key | None
    shares: tuple[Share, ...]


def assign_plan(plan_id: int, by: Acting, on: date | None = None) -> int:
    """Makes the tasks that the version in force asks for and that are not there yet; returns how many. ~12 queries.

    Handed out today where no day is given; a plan that was handed out before it came into this system on that day.

    Raises:
        Refused: there is no such plan, or it has not been adopted; the day is to come.
        Forbidden: the person may not assign there.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("TSK-107", "日期不能晚于今天。", "The day cannot be in the future.", "on")
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).select_related("region").filter(pk=plan_id).first()
        if plan is None or not plan.version:
            raise Refused("TSK-301", "方案尚未采用，不能交办。请先审阅并采用。", "Adopt the plan first.")
        path = plan.region.path if plan.region else "/"
        require(by, Action.TASK_ASSIGN, Where(path))
        known = {_key(each): each for each in Task.objects.filter(plan=plan_id)}
        drafts = [each for each in _Drafting(plan, path, by.author, day).drafts() if _key(each.task) not in known]
        if not drafts:
            return 0
        act = by.act("task.assign", f"plan/{plan_id}", after={"tasks": len(drafts), "version": plan.version})
        number = journal.append(replace(act, place=path))
        _save(drafts, known, by.author, number, day)
    return len(drafts)


def _save(drafts: Iterable[_Draft], known: dict[Key, Task], author: str, number: int, today: date) -> None:
    """Parents first, floor by floor, so that every task knows the one above it."""
    waiting = list(drafts)
    while waiting:
        ready = [each for each in waiting if each.above is None or each.above in known]
        for each in ready:
            each.task.parent = known[each.above] if each.above else None
        made = Task.objects.bulk_create([each.task for each in ready], batch_size=_BATCH)
        known |= {_key(each): each for each in made}
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


def _key(task: Task) -> Key:
    return (task.kind, task.entry_id, task.ordinal, task.period)


class _Drafting:
    """The tasks of one adopted version. Reads each table once."""

    def __init__(self, plan: Plan, path: str, author: str, today: date) -> None:
        self.plan, self.path, self.author, self.today = plan, path, author, today
        self.end = date(plan.end_year, 12, 31) if plan.end_year else None
        self.now = timezone.now()
        self.shares = self._all_shares()

    def drafts(self) -> Iterable[_Draft]:
        """Measures with their sentences, duties with their rounds, headline targets."""
        measures = {row.pk: row for row in Measure.objects.filter(plan=self.plan, version=self.plan.version)}
        for row in measures.values():
            yield self._of_measure(row)
        yield from self._sentences(measures)
        duties = PlanDuty.objects.select_related("entry").filter(plan=self.plan, version=self.plan.version)
        for duty in duties.order_by("pk"):
            yield from self._of_duty(duty, measures.get(duty.measure_id or 0))
        headlines = Target.objects.filter(plan=self.plan, version=self.plan.version, is_headline=True)
        for target in headlines.order_by("ordinal"):
            yield self._of_target(target)

    def _all_shares(self) -> Mapping[int, tuple[Share, ...]]:
        """Parts by measure; bodies named once for all are inherited by every measure."""
        means = registry.meanings()
        found = MeasureBody.objects.filter(plan=self.plan, version=F("plan__version")).order_by("ordinal", "pk")
        own: dict[int | None, list[tuple[int, Part]]] = defaultdict(list)
        for row in found:
            own[row.measure_id].append((means.get(row.body_id, row.body_id), _PARTS[Role(row.role)]))
        standing = own.pop(None, [])
        return {
            measure: tuple(
                dict.fromkeys([*((b, p, False) for b, p in _sole(parts)), *((b, p, True) for b, p in standing)])
            )
            for measure, parts in own.items()
            if measure is not None
        } | {0: tuple((body, part, True) for body, part in standing)}

    def _shares_of(self, measure: int | None) -> tuple[Share, ...]:
        return self.shares.get(measure or 0, self.shares[0])

    def _task(
        self,
        kind: TaskKind,
        title: str,
        entry: int | None,
        first_due: date | None = None,
        span: tuple[int | None, int | None] = (None, None),
        **said: object,
    ) -> Task:
        return Task(
            plan=self.plan, kind=kind, title=title[:300], entry_id=entry, region_id=self.plan.region_id, path=self.path,
            made_by=self.author, made_at=self.now, state=State.ASSIGNED, grade=Grade.NOT_STARTED, heard_on=self.today,
            first_due=first_due, due=first_due, span_start=span[0], span_end=span[1], **said,
        )  # fmt: skip

    def _of_measure(self, row: Measure) -> _Draft:
        span, shares = (row.span_start, row.span_end), self._shares_of(row.pk)
        due = self.end if shares else None  # nobody is late with what nobody owes (总体要求)
        task = self._task(TaskKind.MEASURE, row.title, row.entry_id, number=row.no, first_due=due, span=span)
        return _Draft(task, None, shares)

    def _sentences(self, measures: Mapping[int, Measure]) -> Iterable[_Draft]:
        for row in SubTask.objects.filter(measure__in=measures).order_by("measure", "ordinal"):
            measure = measures[row.measure_id]
            span = (row.span_start, row.span_end)
            title = f"{measure.title}（{row.ordinal + 1}）"
            task = self._task(
                TaskKind.SENTENCE, title, measure.entry_id, number=measure.no, ordinal=row.ordinal, span=span
            )
            yield _Draft(task, _of(measure), _inherited(self._shares_of(measure.pk)))

    def _of_duty(self, row: PlanDuty, measure: Measure | None) -> Iterable[_Draft]:
        title = row.what or (measure.title if measure else "")
        often = recurrence_of(row.recurrence)
        shares = _inherited(self._shares_of(measure.pk if measure else None))
        task = self._task(
            TaskKind.DUTY, title, row.entry_id, number=measure.no if measure else "", recurrence=often,
            deadline_printed=row.deadline or row.recurrence, first_due=due_day(row.deadline),
            span=(row.entry.span_start, row.entry.span_end),
        )  # fmt: skip
        yield _Draft(task, _of(measure) if measure else None, shares)
        if often is not Recurrence.NONE and self.end is not None:
            for each in rounds(often, self.today, self.end):
                round_ = self._task(
                    TaskKind.ROUND, title, row.entry_id, number=task.number, period=each.period, first_due=each.due
                )
                yield _Draft(round_, _key(task), shares)

    def _of_target(self, row: Target) -> _Draft:
        task = self._task(
            TaskKind.TARGET, row.indicator_name, row.entry_id, number=row.item_no, deadline_printed=row.deadline,
            first_due=due_day(row.deadline), span=(row.span_start, row.span_end),
        )  # fmt: skip
        return _Draft(task, None, ())


def _sole(parts: list[tuple[int, Part]]) -> list[tuple[int, Part]]:
    """The one body of a measure that names no other is not its leader but the only one."""
    return [(parts[0][0], Part.SOLE)] if len(parts) == 1 and parts[0][1] is Part.LEAD else parts


def _inherited(shares: tuple[Share, ...]) -> tuple[Share, ...]:
    return tuple((body, part, True) for body, part, _ in shares)


def _of(measure: Measure) -> Key:
    return (TaskKind.MEASURE, measure.entry_id, 0, "")
