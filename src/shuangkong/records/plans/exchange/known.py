"""What rows speak of, looked up for a whole table at once: places, bodies, plans and tasks, within one's reach."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from django.db.models import Max, Q

from shuangkong.core.finding import Message
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.keys import key_of
from shuangkong.records.plans.exchange.models import LoadRow
from shuangkong.records.plans.exchange.rows import RowRefused, Sort
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.lookup import RegionLookup
from shuangkong.records.registry.models import Body, Region

_ELSEWHERE = Message("您可以批量录入的地区", "a place where you may load tables")


class Known:
    """Looks up once what a table names. Every look-up raises RowRefused where there is no such thing within reach."""

    def __init__(self, by: Acting, tasks: Iterable[str] = ()) -> None:
        self.by = by
        self._bodies: dict[str | None, dict[str, int]] = {}
        self._asked = {each for each in tasks if each}
        self._reach: dict[str, bool] = {}

    def place(self, column: str, printed: str) -> tuple[str, str]:
        """Code and path of a region, that of the person where none is printed."""
        if not printed and not self.by.region:
            raise RowRefused("EXC-102", column, Message("地区名称或代码", "a region's name or code"), "")
        found = self._regions.find(printed) if printed else self._regions.find(self.by.region)
        if len(found) != 1:
            several = "、".join(row.code for row in found[:4])
            expected = Message(
                f"唯一的地区（{several}）" if several else "名录中的地区名称或代码",
                f"one region ({several})" if several else "a region's name or code",
            )
            raise RowRefused("EXC-106", column, expected, printed)
        path = self._paths[found[0].code]
        self.require(column, path, printed or found[0].name)
        return found[0].code, path

    def require(self, column: str, path: str, found: str, action: Action = Action.EXCHANGE_IMPORT) -> None:
        """Raises RowRefused where the person may not load (or do something else) there."""
        key = f"{action}{path}"
        if key not in self._reach:
            self._reach[key] = may(self.by, action, Where(path))
        if not self._reach[key]:
            raise RowRefused("EXC-107", column, _ELSEWHERE, found)

    def body(self, column: str, region: str | None, name: str) -> int:
        """A body of a region by its name."""
        if region not in self._bodies:
            means = registry.meanings()
            rows = Body.objects.filter(region=region).values_list("name", "pk")
            self._bodies[region] = {each: means.get(pk, pk) for each, pk in rows}
        if name not in self._bodies[region]:
            then = Message(
                "请先登记该单位，或写已登记的名称。", "Register the body first, or give its registered name."
            )
            raise RowRefused("EXC-108", column, Message("该地区已登记的单位", "a registered body"), name, then)
        return self._bodies[region][name]

    def plan(self, column: str, printed: str) -> Plan | None:
        """An adopted plan by its number or document number; None where none is printed."""
        if not printed:
            return None
        found = self._plans.get(printed)
        if found is None:
            raise RowRefused("EXC-109", column, Message("已采用方案的编号或文号", "an adopted plan"), printed)
        self.require(column, found.region.path if found.region else "/", printed)
        return found

    def task(self, column: str, printed: str) -> Task:
        """A task by its number, or by the number that an earlier load gave it."""
        found = self._tasks.get(printed)
        if found is None or not self._is_mine(found):
            raise RowRefused("EXC-110", column, Message("任务的编号", "the number of a task"), printed)
        return found

    def newest_entry(self, task: Task) -> date:
        """The day of the newest event of a task that the table names."""
        return self._newest[task.pk]

    def _is_mine(self, task: Task) -> bool:
        """Beyond one's reach a task is told like one that is not there."""
        try:
            self.require("", task.path, "")
        except RowRefused:
            return False
        return True

    @cached_property
    def _regions(self) -> RegionLookup:
        return registry.lookup()

    @cached_property
    def _paths(self) -> dict[str, str]:
        return dict(Region.objects.values_list("pk", "path"))

    @cached_property
    def _plans(self) -> dict[str, Plan]:
        rows = list(Plan.objects.select_related("region").filter(version__gt=0).order_by("pk"))
        return {row.doc_no: row for row in rows if row.doc_no} | {str(row.pk): row for row in rows}

    @cached_property
    def _tasks(self) -> dict[str, Task]:
        numbers = {each: int(each) for each in self._asked if each.isdecimal() and len(each) < 19}
        refs = {key_of(Sort.TASKS, self.by, each): each for each in self._asked}
        made = {pk: refs[key] for key, pk in _in_parts(LoadRow, "key", refs, ("key", "made"))}
        wanted = [*numbers.values(), *made]
        rows = {row.pk: row for row in _tasks_of(wanted)}
        found = {printed: rows[pk] for pk, printed in made.items() if pk in rows}
        return found | {printed: rows[pk] for printed, pk in numbers.items() if pk in rows}

    @cached_property
    def _newest(self) -> dict[int, date]:
        numbers, found = sorted({row.pk for row in self._tasks.values()}), dict[int, date]()
        for at in range(0, len(numbers), _PART):
            told = TaskEvent.objects.filter(task__in=numbers[at : at + _PART]).order_by().values_list("task")
            found |= dict(told.annotate(Max("on")))
        return found


_PART = 500


def _in_parts(model: type[LoadRow], field: str, keys: Iterable[str], columns: tuple[str, str]) -> list[tuple[str, int]]:
    wanted, found = list(keys), list[tuple[str, int]]()
    for at in range(0, len(wanted), _PART):
        part = Q(**{f"{field}__in": wanted[at : at + _PART]})
        found += list(model.objects.filter(part).values_list(*columns))
    return found


def _tasks_of(numbers: list[int]) -> Iterable[Task]:
    for at in range(0, len(numbers), _PART):
        yield from Task.objects.filter(pk__in=numbers[at : at + _PART]).prefetch_related("bodies")
