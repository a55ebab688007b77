"""与方案的目标比: what the key projects of a place bring, beside each target for reductions by key projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.outlook.projects.comparison import Compared, Due, compared
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.outlook.projects import ledger
from shuangkong.records.outlook.projects.rows import KeyProjectRow
from shuangkong.records.paths import below, is_below
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.chosen import newest_plan

_REGION = "region"
_TONNE = "t"


@dataclass(frozen=True, slots=True)
class Sums:
    """``compared`` by pollutant and place; ``unlinked``: reductions of key projects that no project of the list has."""

    compared: tuple[Compared, ...]
    unlinked: tuple[ReductionRow, ...]


def sums_of(place: Place, rows: Sequence[KeyProjectRow], seen: Q, reading: Q, as_of: date | None, year: int) -> Sums:
    """Of the plan that covers a year. ~12 queries.

    Args:
        rows: all projects at the place and below it.
        seen: the plans that the person may see; reading: the reductions.
    """
    dues = _dues(place, seen, as_of, year)
    known = ledger.linked(rows, as_of)
    paths = registry.paths(sorted({due.place for due in dues}))
    found = [
        compared(due, [ledger.counted(row, known, due.pollutant) for row in rows if is_below(row.path, path)])
        for due in dues
        if (path := paths.get(due.place))
    ]
    return Sums(tuple(found), ledger.unlinked(reading & below(place.path), rows, as_of))


def _dues(place: Place, seen: Q, as_of: date | None, year: int) -> list[Due]:
    """The targets of the newest plan for reductions by key projects, those of the place itself first."""
    plan = newest_plan(place.region.code, year, seen, as_of)
    if plan is None:
        return []
    pollutants = {each.project: key for key, each in rules_at(place.region.code).accounting.pollutants.items()}
    found = [
        due
        for target in targets.targets(plan.id, until=as_of)
        if target.subject_kind == _REGION and target.indicator in pollutants
        if (due := _due(target, pollutants[target.indicator], plan.start_year)) is not None
    ]
    return sorted(found, key=lambda due: (due.pollutant, due.place != place.region.code, due.place))


def _due(target: TargetRow, pollutant: str, plan_start: int | None) -> Due | None:
    """None where it is no amount, or no years are said. It counts from the first year of the plan."""
    unit = open_rulebook().units().get(target.unit)
    if unit is None or unit.unit.id != _TONNE or target.end_year is None:
        return None
    starts = [year for year in (target.start_year, plan_start, target.end_year) if year is not None]
    years = tuple(range(min(starts[0], target.end_year), target.end_year + 1))
    return Due(target.id, pollutant, target.subject_code, target.subject_name, unit.to_base(target.value), years)
