"""判哪些目标: the plan of a place that covers a period, and its promises, each with its parts and the place itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.plans.reading import Kind
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.rows import TargetRow
from shuangkong.web.targets.shared import goal_names, shared_goals

type Groups = tuple[tuple[TargetRow, ...], ...]


def plan_of(code: str, period: Period, seen: Q, as_of: date | None = None) -> PlanRow | None:
    """The newest plan in force of a place that covers a period. 1 query, more as of a past day."""
    held = [each for each in plans.plans_in_force(seen=seen, until=as_of) if each.region == code]
    covering = [each for each in held if each.end_year is None or each.start_year is None
                or each.start_year <= period.year <= each.end_year]  # fmt: skip
    return max(covering, key=lambda each: (each.start_year or 0, each.id), default=None)


def newest_plan(code: str, year: int, seen: Q, as_of: date | None = None) -> PlanRow | None:
    """The plan of a place that covers a year, else the one that ended last before it. 2 queries at most."""
    covering = plan_of(code, Period(year), seen, as_of)
    if covering is not None:
        return covering
    held = [each for each in plans.plans_in_force(seen=seen, until=as_of) if each.region == code]
    over = [each for each in held if each.end_year is not None and each.end_year < year]
    return max(over, key=lambda each: (each.end_year or 0, each.id), default=None)


def groups_of(plan: PlanRow, as_of: date | None = None) -> Groups:
    """Promises of a plan: those shared out to regions with the place's own before them, then the place's other ones.

    What is a class or a stage is not measured and left out. 1 query, more as of a past day.
    """
    every = [each for each in targets.targets(plan.id, until=as_of) if Kind(each.kind) is not Kind.STAGE]
    own = [each for each in every if each.is_headline and each.table is None]
    found: list[tuple[TargetRow, ...]] = []
    taken: set[int] = set()
    for group in shared_goals(plan, every, own):
        whole = [each for each in own if _alike(each, group[0]) and each.id not in taken]
        here = [each for each in whole if each.subject_code not in {part.subject_code for part in group}]
        taken |= {each.id for each in whole}
        found.append((*here[:1], *group))
    return (*found, *((each,) for each in own if each.id not in taken))


def _alike(own: TargetRow, part: TargetRow) -> bool:
    return (own.indicator, own.kind, own.unit) == (part.indicator, part.kind, part.unit)


def names_of(groups: Groups) -> list[tuple[str, str]]:
    """Key and name of each promise, to choose by."""
    return [(str(number), name) for number, name in goal_names(groups)]


def chosen(groups: Groups, keys: Sequence[str]) -> Groups:
    """The promises of these keys; all of those that are shared out where no key is given."""
    if keys:
        return tuple(group for group in groups if str(group[0].id) in keys)
    return tuple(group for group in groups if len(group) > 1) or groups
