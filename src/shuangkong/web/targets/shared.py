"""What a plan asks of its regions, promise by promise: each table of regions speaks of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets.rows import TargetRow
from shuangkong.web.site.words import deadline_word, indicator_word, strength_word, unit_word

type Promise = tuple[str, str, str, str, str]


def home_code(plan: PlanRow) -> str:
    """The subject code of the plan's own region; its name where no list holds it."""
    return plan.region or plan.region_name


def promise(target: TargetRow) -> Promise:
    """What must be the same for regions to be compared: another year or another firmness is another promise."""
    return target.indicator, target.kind, target.unit, target.deadline, target.strength


def shared_goals(plan: PlanRow, every: Iterable[TargetRow], own: Sequence[TargetRow]) -> list[list[TargetRow]]:
    """Groups of targets of one promise for several regions; those of the headline indicators ``own`` first."""
    groups: dict[Promise, list[TargetRow]] = defaultdict(list)
    for target in every:
        if target.table is not None and target.subject_kind == "region":
            groups[promise(target)].append(target)
    rank = {target.indicator: place for place, target in reversed(list(enumerate(own)))}
    several = [part for group in groups.values() for part in _once_each(group) if _is_shared(part, home_code(plan))]
    return sorted(several, key=lambda group: rank.get(group[0].indicator, len(rank)))


def goal_of(every: Iterable[TargetRow], row: TargetRow) -> list[TargetRow]:
    """The regions' targets of the promise that a row of an annex is one of."""
    group = [each for each in every if each.table and promise(each) == promise(row)]
    return next(part for part in _once_each(group) if row in part)


def _once_each(group: list[TargetRow]) -> list[list[TargetRow]]:
    """One table names a region once: where a promise stands in two columns, each is a table of its own."""
    if len({target.subject_code for target in group}) == len(group):
        return [group]
    columns: dict[tuple[int, int], list[TargetRow]] = defaultdict(list)
    for target in group:
        if target.table is not None:
            columns[target.table[0], target.table[2]].append(target)
    return list(columns.values())


def _is_shared(group: Sequence[TargetRow], home: str) -> bool:
    return len(group) > 1 and any(target.subject_code != home for target in group)


def goal_names(groups: Sequence[Sequence[TargetRow]]) -> list[tuple[int, str]]:
    """Id of the first target → the name to choose a group by: with year and firmness where there are several."""
    firsts = [group[0] for group in groups]
    alike = Counter(promise(target)[:3] for target in firsts)
    return [(target.id, _goal_name(target, is_one=alike[promise(target)[:3]] == 1)) for target in firsts]


def _goal_name(target: TargetRow, *, is_one: bool) -> str:
    words = {
        "label": indicator_word(target.indicator, target.indicator_name, target.kind),
        "unit": unit_word(target.unit),
    }
    name = _("%(label)s（%(unit)s）") % words
    return name if is_one else " · ".join([name, *when_and_how(target)])


def when_and_how(target: TargetRow) -> list[str]:
    """The year of a promise, and its firmness where it is not the plain one."""
    year = [deadline_word(target.deadline)] if target.deadline else []
    return year if target.strength == "firm" else [*year, strength_word(target.strength)]
