"""Rows that hand out tasks, name owners and tell progress: many at once, with one row of the journal for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.plans.tasks.events import ANSWERING, Event, EventKind, Grade, Part, State, may_happen
from shuangkong.plans.tasks.standing import after
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.cells import choice, day, figure, names, required
from shuangkong.records.plans.exchange.columns import GRADES, KINDS
from shuangkong.records.plans.exchange.known import Known
from shuangkong.records.plans.exchange.rows import RowRefused
from shuangkong.records.plans.tasks.acts import STANDING, set_standing, standing_of
from shuangkong.records.plans.tasks.models import TITLE_SIGNS, Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.owners import start_clocks
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry.enterprises.store import called

type Cells = Mapping[str, str]
_BATCH = 500
#: What a task holds of a unit and of the name of an enterprise.
_UNIT_SIGNS, _SUBJECT_SIGNS = 60, 120


@dataclass(slots=True)
class _Wanted:
    """A task to be made, the number that the table gives it, and the row above it that it names."""

    task: Task
    ref: str
    above: str
    bodies: list[tuple[int, Part]]
    ground: str


class TaskTable:
    """Further tasks: key works, rectifications, sub-plans, others."""

    def __init__(self, by: Acting, rows: Sequence[Cells]) -> None:
        self.by, self.known = by, Known(by, [row.get("parent", "") for row in rows])
        self.refs: set[str] = set()
        self.now, self.today = timezone.now(), timezone.localdate()

    def parse(self, cells: Cells) -> _Wanted:
        """Raises RowRefused."""
        kind = choice("kind", cells.get("kind", ""), KINDS)
        plan = self.known.plan("plan", cells.get("plan", ""))
        above = cells.get("parent", "")
        parent = None if not above or above in self.refs else self.known.task("parent", above)
        region, path = self._place(cells, parent, plan.region_id if plan else None)
        self.known.require("region", path, cells.get("region", ""), Action.TASK_ASSIGN)
        due, amount = day("due", cells.get("due", "")), figure("amount", cells.get("amount", ""))
        unit = required("amount_unit", cells.get("amount_unit", "")) if amount is not None else ""
        subject = cells.get("subject", "")
        if kind is TaskKind.RECTIFY:
            required("subject", subject)
            required("due", cells.get("due", ""))
        named = called(subject, region) if subject else None
        task = Task(
            plan=parent.plan if parent else plan, parent=parent, kind=kind, region_id=region, path=path,
            title=_short("title", required("title", cells.get("title", ""))), number=parent.number if parent else "",
            first_due=due, due=due, amount=amount, amount_unit=_short("amount_unit", unit, _UNIT_SIGNS),
            enterprise_id=named.id if named else None,
            subject=named.name if named else _short("subject", subject, _SUBJECT_SIGNS),
            made_by=self.by.author, made_at=self.now, state=State.ASSIGNED, grade=Grade.NOT_STARTED,
            heard_on=self.today,
        )  # fmt: skip
        bodies, ref = self._bodies(cells, region), cells.get("ref", "")
        self.refs |= {ref} - {""}
        return _Wanted(task, ref, above if parent is None else "", bodies, cells.get("ground", ""))

    def write(self, wanted: Sequence[_Wanted], number: int) -> list[int]:
        """Makes the tasks, those above first; returns their numbers in the order of the rows."""
        by_ref = {each.ref: each.task for each in wanted if each.ref}
        waiting = list(wanted)
        while waiting:
            ready = [each for each in waiting if not each.above or by_ref[each.above].pk]
            if not ready:
                raise AssertionError("a row names one above it that stands below: parse lets none through")
            for each in ready:
                each.task.parent = by_ref[each.above] if each.above else each.task.parent
                each.task.plan = each.task.parent.plan if each.task.parent else each.task.plan
            Task.objects.bulk_create([each.task for each in ready], batch_size=_BATCH)
            waiting = [each for each in waiting if not each.task.pk]
        TaskBody.objects.bulk_create(
            [
                TaskBody(task=each.task, body_id=body, part=part, ordinal=ordinal)
                for each in wanted
                for ordinal, (body, part) in enumerate(each.bodies)
            ],
            batch_size=_BATCH,
        )
        TaskEvent.objects.bulk_create(
            [
                TaskEvent(
                    task=each.task, kind=EventKind.ASSIGN, on=self.today, text=each.ground, author=self.by.author,
                    at=self.now, journal=number,
                )
                for each in wanted
            ],
            batch_size=_BATCH,
        )  # fmt: skip
        return [each.task.pk for each in wanted]

    def _place(self, cells: Cells, parent: Task | None, of_plan: str | None) -> tuple[str, str]:
        printed = cells.get("region", "")
        if not printed and parent is not None and parent.region_id:
            return parent.region_id, parent.path
        return self.known.place("region", printed or of_plan or "")

    def _bodies(self, cells: Cells, region: str) -> list[tuple[int, Part]]:
        leads = names(required("lead", cells.get("lead", "")))
        helping = names(cells.get("helping", ""))
        part = Part.SOLE if len(leads) == 1 and not helping else Part.LEAD
        found = [(self.known.body("lead", region, each), part) for each in leads]
        found += [(self.known.body("helping", region, each), Part.PARTICIPANT) for each in helping]
        return list(dict.fromkeys(found))


class OwnerTable:
    """Who answers for a headline target, and for any task that needs one."""

    def __init__(self, by: Acting, rows: Sequence[Cells]) -> None:
        self.by, self.known = by, Known(by, [row.get("task", "") for row in rows])

    def parse(self, cells: Cells) -> tuple[Task, int]:
        """Raises RowRefused."""
        task = self.known.task("task", required("task", cells.get("task", "")))
        self.known.require("task", task.path, cells["task"], Action.TASK_ASSIGN)
        body = self.known.body("body", task.region_id, required("body", cells.get("body", "")))
        owner = _owner(task)
        if owner is not None and owner.body_id != body and not cells.get("ground", ""):
            expected = Message("更换归口单位的理由", "the reason why the owner changes")
            raise RowRefused("EXC-111", "ground", expected, "")
        return task, body

    def write(self, wanted: Sequence[tuple[Task, int]], number: int) -> list[int]:
        """Ends the parts of the owners before, and gives them to the new ones."""
        today = timezone.localdate()
        newest = {task.pk: (task, body) for task, body in wanted}
        changed = [(task, body, _owner(task)) for task, body in newest.values()]
        ended = [owner for _, body, owner in changed if owner is not None and owner.body_id != body]
        for owner in ended:
            owner.ended_on = today
        TaskBody.objects.bulk_update(ended, ["ended_on"], batch_size=_BATCH)
        TaskBody.objects.bulk_create(
            [
                TaskBody(task=task, body_id=body, part=Part.OWNER, ordinal=0, starts_on=today)
                for task, body, owner in changed
                if owner is None or owner.body_id != body
            ],
            batch_size=_BATCH,
        )
        start_clocks([task for task, _ in newest.values()], self.by, number)
        return [task.pk for task, _ in wanted]


@dataclass(slots=True)
class _Told:
    """What a row tells of a task's progress."""

    task: Task
    event: Event
    text: str


class ProgressTable:
    """Reports of progress, of bodies that take part; each waits for its judgement like any other."""

    def __init__(self, by: Acting, rows: Sequence[Cells]) -> None:
        self.by, self.known = by, Known(by, [row.get("task", "") for row in rows])
        self.today = timezone.localdate()

    def parse(self, cells: Cells) -> _Told:
        """Raises RowRefused."""
        task = self.known.task("task", required("task", cells.get("task", "")))
        if not may_happen(State(task.state), EventKind.REPORT):
            raise RowRefused("EXC-112", "task", Message("还可以报送的任务", "a task that is still open"), task.state)
        body = self.known.body("body", task.region_id, required("body", cells.get("body", "")))
        if body not in {each.body_id for each in task.bodies.all() if not each.ended_on and each.part in ANSWERING}:
            raise RowRefused(
                "EXC-113", "body", Message("负责这项任务的单位", "a body that owes the task"), cells["body"]
            )
        on = day("on", required("on", cells.get("on", ""))) or date.min
        if on > self.today:
            raise RowRefused("EXC-114", "on", Message("不晚于今天的日期", "a day not in the future"), cells["on"])
        newest = self.known.newest_entry(task)
        if on < newest:
            expected = Message(f"不早于最近一次办理的 {newest}", f"a day not before the newest entry, {newest}")
            raise RowRefused("EXC-123", "on", expected, cells["on"])
        percent = figure("percent", cells.get("percent", ""))
        if percent is not None and not 0 <= percent <= 100:
            raise RowRefused("EXC-115", "percent", Message("0 到 100", "0 to 100"), cells["percent"])
        grade = choice("grade", cells.get("grade", ""), GRADES)
        if grade is Grade.DONE and percent not in (None, 100):
            expected = Message("报“已完成”的为 100", "100 where it is done")
            raise RowRefused("EXC-115", "percent", expected, cells["percent"])
        text = required("text", cells.get("text", ""))
        return _Told(task, Event(EventKind.REPORT, on, body, grade, percent, told_on=self.today), text)

    def write(self, wanted: Sequence[_Told], number: int) -> list[int]:
        """Writes the reports in their order, and how the tasks stand after them."""
        now = timezone.now()
        made = [
            TaskEvent(
                task=each.task, kind=each.event.kind, on=each.event.on, body_id=each.event.body,
                grade=each.event.grade or "", percent=each.event.percent, text=each.text, author=self.by.author, at=now,
                journal=number,
            )
            for each in wanted
        ]  # fmt: skip
        TaskEvent.objects.bulk_create(made, batch_size=_BATCH)
        tasks = {each.task.pk: each.task for each in wanted}
        before = {pk: _columns(task) for pk, task in tasks.items()}
        for each in wanted:
            task = tasks[each.task.pk]
            set_standing(task, after(standing_of(task), each.event, None))
        _save_moved(tasks.values(), before)
        return [each.pk for each in made]


def _columns(task: Task) -> dict[str, Any]:
    """How a task stands, as its columns say it."""
    return {name: getattr(task, name) for name in STANDING}


def _save_moved(tasks: Iterable[Task], before: Mapping[int, Mapping[str, Any]]) -> None:
    """Writes what moved. Most rows of a table move tasks alike: one statement for all of them, not one case each."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for task in tasks:
        moved = [(name, now) for name, now in _columns(task).items() if now != before[task.pk][name]]
        alike[tuple(moved)].append(task.pk)
    for moved_alike, numbers in alike.items():
        for part in batched(numbers, _BATCH) if moved_alike else ():
            Task.objects.filter(pk__in=part).update(**dict(moved_alike))


def _owner(task: Task) -> TaskBody | None:
    return next((each for each in task.bodies.all() if each.part == Part.OWNER and each.ended_on is None), None)


def _short(column: str, text: str, most: int = TITLE_SIGNS) -> str:
    if len(text) > most:
        expected = Message(f"不超过 {most} 字", f"at most {most} characters")
        raise RowRefused("EXC-116", column, expected, text)
    return text
