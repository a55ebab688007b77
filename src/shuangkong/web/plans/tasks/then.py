"""当时: tasks as they stood at the end of a past day.

Their columns say how they stand now: what was is replayed from their events, and chosen and counted here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from shuangkong.plans.tasks.events import Part, State
from shuangkong.plans.tasks.standing import Clock, Thresholds, clock
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.plans.tasks.stood import stood
from shuangkong.web.plans.tasks.picks import picked
from shuangkong.web.site.scope import scope_of


def picked_then(request: HttpRequest, until: date, days: Thresholds) -> list[TaskRow]:
    """What the address asks for, as it stood, the clock of that day included. At most 11 queries. Raises Refused."""
    rows, wanted = stood(picked(request, days), until), request.GET.get("clock", "")
    is_wanted = wanted in set(Clock)
    return [row for row in rows if not is_wanted or clock(row.standing, until, days) == wanted]


def is_past(request: HttpRequest) -> date | None:
    """The past day that one is looking at."""
    return scope_of(request).as_of


def day_looked_at(request: HttpRequest) -> date:
    """That day, else today."""
    return is_past(request) or timezone.localdate()


def by_clock(rows: Iterable[TaskRow], until: date, days: Thresholds) -> dict[Clock, list[TaskRow]]:
    """Tasks by what their clock said, those due first above."""
    found: dict[Clock, list[TaskRow]] = {each: [] for each in Clock}
    for row in sorted(rows, key=due_first):
        found[clock(row.standing, until, days)].append(row)
    return found


def due_first(row: TaskRow) -> tuple[bool, date, int]:
    """As ``store.DUE_FIRST`` has it."""
    return (row.standing.due is None, row.standing.due or date.max, row.id)


def is_over(row: TaskRow) -> bool:
    """Whether it was done or cancelled."""
    return row.standing.state in (State.DONE, State.CANCELLED)


def count_by_body(
    rows: Iterable[TaskRow],
    parts: Collection[Part],
    keys: Callable[[TaskRow], Iterable[str]],
    names: Iterable[str],
    ends: Mapping[int, int],
) -> dict[int, dict[str, int]]:
    """As ``counts_by_body``: of each body that had one of the parts, how many of its tasks bear each of the keys;
    every one of ``names`` is told. ``ends`` says which body answers for another.
    """
    told: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for row in rows:
        for body in {ends.get(each.id, each.id) for each in row.parts if each.part in parts}:
            for key in keys(row):
                told[body][key] += 1
    return dict(told)
