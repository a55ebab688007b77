"""各单位的任务数: how many tasks each body answers for, under whatever name a plan calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import BigIntegerField, Case, Count, F, Q, Value, When

from shuangkong.plans.tasks.events import Part
from shuangkong.records.plans.tasks.models import Task, TaskBody
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import sole_heirs


def counts_by_body(condition: Q, parts: Mapping[str, Q], having: Iterable[Part], on: date) -> dict[int, dict[str, int]]:
    """Of each body that answers on a day for one that has some of the parts: how many of its tasks meet each.

    Aliases are one body, and so is what became another; what was split stays for itself. A task counts once for each.
    3 queries.
    """
    asked = [Count("task", filter=Q(task__in=Task.objects.filter(part)), distinct=True) for part in parts.values()]
    named = {f"n{number}": count for number, count in enumerate(asked)}
    found = TaskBody.objects.filter(part__in=list(having), ended_on=None, task__in=Task.objects.filter(condition))
    by_end = found.order_by().annotate(end=_answering(on)).values_list("end").annotate(**named)
    return {body: dict(zip(parts, numbers, strict=True)) for body, *numbers in by_end}


def answering_bodies(on: date) -> dict[int, int]:
    """Body → the one that answers for it on a day, where that is another: by an alias, or as its heir. 2 queries."""
    means, heirs = registry.meanings(), sole_heirs(on)
    ends = {each: heirs.get(means.get(each, each), means.get(each, each)) for each in {*means, *heirs}}
    return {each: end for each, end in ends.items() if each != end}


def _answering(on: date) -> Case:
    former: dict[int, list[int]] = defaultdict(list)
    for each, end in answering_bodies(on).items():
        former[end].append(each)
    cases = [When(body__in=every, then=Value(end)) for end, every in former.items()]
    return Case(*cases, default=F("body_id"), output_field=BigIntegerField())
