"""地区撤并的影响: what comes within the reach of those who act for the region that another becomes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from shuangkong.records.paths import below
from shuangkong.records.people.acting import appointed_at
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, Enterprise, Region


@dataclass(frozen=True, slots=True)
class Moved:
    """Names of the two regions; how much there is at the first and below it; how many ``people`` act for the second."""

    before: str
    after: str
    places: int
    bodies: int
    plans: int
    tasks: int
    enterprises: int
    people: int


def moved_with(before: str, after: str) -> Moved:
    """What a succession would move; records nothing. 7 queries.

    Raises:
        Refused: a region is unknown, or both are one.
    """
    found = {row.code: row for row in Region.objects.filter(pk__in=(before, after))}
    for code, field in ((before, "before"), (after, "after")):
        if code not in found:
            raise Refused("REG-102", f"没有代码为“{code[:12]}”的地区。", f"There is no region “{code[:12]}”.", field)
    if before == after:
        raise Refused("REG-103", "原地区和现地区是同一个。", "A region cannot become itself.", "after")
    path = found[before].path
    return Moved(
        before=found[before].name,
        after=found[after].name,
        places=Region.objects.filter(below(path)).count(),
        bodies=Body.objects.filter(below(path, "region__path")).count(),
        plans=Plan.objects.filter(below(path, "region__path")).count(),
        tasks=Task.objects.filter(below(path)).count(),
        enterprises=Enterprise.objects.filter(below(path, "region__path")).count(),
        people=appointed_at(after, timezone.localdate()),
    )
