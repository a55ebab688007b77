"""当日名称: what the bodies of a paper are called on its day, whatever the plan prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.papers.plans.saying import Duty
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.registry.likeness import names_of, present_names
from shuangkong.records.registry.tree import sole_heirs


@dataclass(frozen=True, slots=True)
class Called:
    """Names by body: that of the body itself, or of what it has become."""

    names: Mapping[int, str]

    def duties(self, task: TaskRow) -> tuple[Duty, ...]:
        """Who has which part in a task; bodies that became one are one."""
        return tuple(dict.fromkeys(Duty(self.names[each.id], each.part) for each in task.parts))


def called(tasks: Iterable[TaskRow], on: date) -> Called:
    """The bodies of some tasks as they are called on a day. 2 queries."""
    bodies = {part.id for task in tasks for part in task.parts}
    return Called(names_of(bodies) | present_names(bodies, on))


def called_with_former(bodies: Iterable[int], on: date) -> dict[int, str]:
    """Names by body on a day, with what they were in brackets: 某局（原甲局、乙局）. At most 4 queries."""
    every, formers = set(bodies), defaultdict[int, list[int]](list)
    for before, end in sorted(sole_heirs(on).items()):
        formers[end].append(before)
    names = names_of(every.union(*(formers[each] for each in every)))
    presents = present_names(every, on)
    told = {}
    for each in every:
        was = [names[each]] if each in presents else [names[former] for former in formers[each]]
        told[each] = presents.get(each, names[each]) + (f"（原{'、'.join(was)}）" if was else "")
    return told
