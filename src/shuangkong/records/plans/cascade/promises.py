"""Rows of targets as promises that can be compared: those of a plan's own region, and those it gives to one below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangkong.plans.cascade.promise import FAMILIES, FROM_BASE, Promise, UnitTable, binding_here, distinct
from shuangkong.plans.lexicon import IndicatorName
from shuangkong.plans.reading import Kind, Nature, Op, Strength
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook


def unit_table() -> UnitTable:
    """The printed units of the policy files."""
    return UnitTable(open_rulebook().lexicon().units)


def own_promises(plan: PlanRow, rows: Iterable[TargetRow]) -> tuple[Promise, ...]:
    """What a plan promises for its own region as a whole; the keys are ids of targets."""
    known, home = open_rulebook().indicators(), _home(plan)
    return distinct(_promise(row, known, True) for row in rows if _is_of(row, home))


def promises_for(parent: PlanRow, child: PlanRow, rows: Iterable[TargetRow]) -> tuple[Promise, ...]:
    """What a plan asks of the region of a plan below: that region's rows of its annexes, else its own promises.

    A row of an annex whose region the register did not know is that region's by the name that the annex prints.
    """
    known, home = open_rulebook().indicators(), _home(parent)
    told = [(row, _is_assigned(row, child)) for row in rows]
    here = (_promise(row, known, is_assigned) for row, is_assigned in told if is_assigned or _is_of(row, home))
    return binding_here(distinct(here))


def _is_assigned(row: TargetRow, child: PlanRow) -> bool:
    """Whether a row is for the region of a plan below: by its code; without one by its name, behind its city's."""
    if row.subject_kind != "region":
        return False
    if row.subject_code == _home(child):
        return True
    last = row.subject_code.rpartition("/")[2] or row.subject_name
    return not row.subject_code.isdigit() and bool(child.region_name) and last == child.region_name


def _home(plan: PlanRow) -> str:
    """The subject code of a plan's own region."""
    return plan.region or plan.region_name


def _is_of(row: TargetRow, region: str) -> bool:
    return row.subject_kind == "region" and row.subject_code == region


def _promise(row: TargetRow, known: Mapping[str, IndicatorName], is_assigned: bool) -> Promise:
    indicator, _, scope = row.indicator.partition("@")
    kind = Kind(row.kind)
    name = known.get(indicator)
    base_year = row.base_year or (row.plan_base_year if FAMILIES[kind] in FROM_BASE else None)
    return Promise(
        key=row.id,
        indicator=indicator,
        is_known=name is not None,
        name=row.indicator_name,
        printed=row.indicator_printed,
        kind=kind,
        op=Op(row.op),
        value=row.value,
        unit=row.unit,
        base_year=base_year,
        deadline=row.deadline or (str(row.end_year) if row.end_year else ""),
        scope=scope,
        denominator=row.denominator,
        strength=Strength(row.strength),
        nature=None if row.nature == "unknown" else Nature(row.nature),
        is_lower_better=None if name is None else name.direction == "lower_is_better",
        is_headline=row.is_headline,
        is_assigned=is_assigned,
    )
