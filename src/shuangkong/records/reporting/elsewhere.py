"""另有来源: figures of a return that are not what stands of its region, because another form tells them first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.records.facts.looking import best, standing
from shuangkong.records.facts.models import Load
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.drafting import base_of
from shuangkong.records.reporting.flowing import Told, cell_of, facts_of
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.sourcing import LOAD, contested_in, return_of
from shuangkong.reporting.forms.ranking import of_regions


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a return tells of an indicator, and what stands instead: told by another form, last by a return of it.

    ``value`` and ``stands`` in their printed units.
    """

    indicator: str
    value: Decimal
    unit: str
    stands: Decimal
    stands_unit: str
    form: str
    period: str
    owned: int
    reporter: str


def told_elsewhere(row: ReturnRow) -> tuple[Elsewhere, ...]:
    """Of the version in force. ~7 queries for a form that tells what others tell of its region too, else none."""
    period, region = Period.parse(row.period), row.reporter.region
    shared = contested_in(region, period)
    try:
        form = edition_of(row.form, "", period, region)
    except Refused:  # the policy has it no more
        return ()
    if row.standing.in_force is None or of_regions(form).isdisjoint(shared):
        return ()
    content = base_of(row.id, row.standing.in_force)
    if content is None:
        return ()
    form = edition_of(row.form, content.edition, period, region)
    told = [each for each in facts_of(form, content, row) if each.subject.kind == "region"]
    mine = {cell_of(each): each for each in told if each.indicator in shared}
    stood = {cell: best(versions) for cell, versions in standing(mine).items()}
    stands = {cell: found for cell, found in stood.items() if found is not None and found.state is State.VALUE}
    names = Load.objects.filter(pk__in={each.load for each in stands.values()}, name__startswith=LOAD)
    loads = {load: return_of(name) for load, name in names.values_list("pk", "name")}
    others = Return.objects.filter(pk__in=set(loads.values())).exclude(form=row.form).select_related("reporter")
    by = {each.pk: each for each in others}
    return tuple(
        _elsewhere(mine[cell], found, by[loads[found.load]])
        for cell, found in stands.items()
        if loads.get(found.load) in by
    )


def _elsewhere(mine: Told, found: ObservationRow, by: Return) -> Elsewhere:
    assert mine.value is not None
    assert found.value is not None
    return Elsewhere(
        mine.indicator, mine.value, mine.unit, found.value, found.unit, by.form, by.period, by.pk, by.reporter.name
    )
