"""判哪些目标: the plan of a place that covers a period, and its promises, each with its parts and the place itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.listing import Listing, listing_of
from shuangkong.plans.reading import Kind
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.in_force import alone, counted, end_of, in_force, of_subjects
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.targets.shared import goal_names, home_code, shared_goals

type Groups = tuple[tuple[TargetRow, ...], ...]
#: Key that stands for all promises.
EVERYTHING = "all"


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
    return _headline(plan, every)


def every_group(plan: PlanRow, path: str, period: Period, as_of: date | None = None) -> Groups:
    """All that can be judged at a place, as it counts: what ``groups_of`` finds; key industries and units that its

    annexes bind, and whoever else its adopted decompositions do; then every other promise of the place itself, classes
    among them. 2 queries where nothing is shared out, else 6.

    Args:
        path: of the place.
    """
    printed = targets.targets(plan.id, until=as_of)
    bound = of_subjects({(each.subject_kind, each.subject_code) for each in printed})
    held = in_force(Q(scenario__decomposition__path=path) | bound, as_of)
    rows = tuple(counted(printed, held, open_rulebook()))
    headline = _headline(plan, [each for each in rows if Kind(each.kind) is not Kind.STAGE])
    own_shares = (each for each in held
                  if each.head.path == path and each.head.base_year < period.year <= each.head.end_year)  # fmt: skip
    more = list(alone(own_shares, rows))
    found = [_with_more(group, more) for group in headline]
    taken = {each.id for group in found for each in group}
    others = [each for each in (*rows, *more) if each.id not in taken]
    home = home_code(plan)
    listed = [each for each in others if each.subject_code != home and (each.table is not None or each.id < 0)]
    own = sorted((each for each in others if each.subject_code == home), key=lambda each: each.table is not None)
    return (*found, *_by_promise(listed), *((each,) for each in _once(own)))


def _headline(plan: PlanRow, every: Sequence[TargetRow]) -> Groups:
    own = [each for each in every if each.is_headline and each.table is None]
    found: list[tuple[TargetRow, ...]] = []
    taken: set[int] = set()
    for group in shared_goals(plan, every, own):
        whole = [each for each in own if _alike(each, group[0]) and each.id not in taken]
        here = [each for each in whole if each.subject_code not in {part.subject_code for part in group}]
        taken |= {each.id for each in whole}
        found.append((*here[:1], *group))
    return (*found, *((each,) for each in own if each.id not in taken))


def _with_more(group: tuple[TargetRow, ...], more: Sequence[TargetRow]) -> tuple[TargetRow, ...]:
    """A promise of regions with those that only a decomposition lays it on."""
    known, end = {each.subject_code for each in group}, end_of(group[0])
    added = (each for each in more if _alike(group[0], each) and end_of(each) == end)
    parts = (each for each in added if listing_of(each.subject_kind) is Listing.REGIONS)
    return (*group, *(each for each in parts if each.subject_code not in known))


def _once(rows: Iterable[TargetRow]) -> list[TargetRow]:
    """Each promise once: the total row of an annex mostly says again what the text says."""
    found: dict[tuple[object, ...], TargetRow] = {}
    for each in rows:
        found.setdefault((each.indicator, each.kind, each.unit, end_of(each), each.strength, each.value), each)
    return list(found.values())


def _by_promise(rows: Iterable[TargetRow]) -> Groups:
    """One promise to several subjects of one list stands together; each subject once."""
    found: dict[Listing, dict[tuple[object, ...], dict[str, TargetRow]]] = {each: {} for each in Listing}
    for each in rows:
        key = (each.indicator, each.kind, each.unit, end_of(each), each.strength)
        found[listing_of(each.subject_kind)].setdefault(key, {}).setdefault(each.subject_code, each)
    return tuple(tuple(group.values()) for listed in found.values() for group in listed.values())


def _alike(own: TargetRow, part: TargetRow) -> bool:
    return (own.indicator, own.kind, own.unit) == (part.indicator, part.kind, part.unit)


def names_of(groups: Groups) -> list[tuple[str, str]]:
    """Key and name of each promise, to choose by."""
    return [(str(number), name) for number, name in goal_names(groups)]


def chosen(groups: Groups, keys: Sequence[str]) -> Groups:
    """The promises of these keys; all of those that are shared out where no key is given."""
    if EVERYTHING in keys:
        return groups
    if keys:
        return tuple(group for group in groups if str(group[0].id) in keys)
    return tuple(group for group in groups if _is_shared(group)) or groups


def _is_shared(group: Sequence[TargetRow]) -> bool:
    return len(group) > 1 or group[0].id < 0 or listing_of(group[0].subject_kind) is not Listing.REGIONS
