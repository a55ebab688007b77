"""核算: brings results up to date with the facts: what a changed figure moves, or everything where rules changed.

Done twice, the second time finds nothing to do; done bit by bit, it ends where doing everything at once would.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet, Value
from django.utils import timezone

from shuangkong.core.fact import Cell, Measure, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine
from shuangkong.indicators.engine_law import Law
from shuangkong.indicators.engine_leaves import is_demo, maturity_of
from shuangkong.indicators.engine_parts import periods_above
from shuangkong.indicators.graph import Graph
from shuangkong.records.facts.codes import MATURITIES, MEASURES, STATES
from shuangkong.records.facts.dictionary import met, subjects, words, written
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.indicators.gathering import CELL_COLUMNS, cells_in, engine_for
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.looking import ComputedRow, standing
from shuangkong.records.indicators.models import Computation, ComputedFigure, ComputedLoad
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.registry import store as registry

_BATCH = 400
_LEVEL = MEASURES.number(Measure.LEVEL)


@dataclass(frozen=True, slots=True)
class Computed:
    """What one call did: of how many cells the result was looked at, and of how many it is another than before."""

    cells: int
    changed: int
    is_whole: bool
    rulebook: str
    computed_at: datetime | None


def compute(law: Law | None = None, territory: Territory | None = None, *, is_whole: bool = False) -> Computed:
    """Computes what rests on loads not yet taken into account; everything where the rules are others than last time.

    Args:
        is_whole: everything anyhow, as after a change of the registers.

    A fixed number of queries a 400 subjects and step of formulas.
    """
    territory = territory or Territory()
    law = law or law_of(territory)
    with transaction.atomic():
        last = Computation.objects.order_by("pk").last()
        waiting = list(Load.objects.filter(computed__isnull=True).order_by("pk"))
        everything = is_whole or last is None or last.rulebook != law.version
        if not waiting and not everything:
            return Computed(0, 0, False, law.version, None)
        cells = _all_cells(law) if everything else _moved_cells(waiting, law)
        made = Computation.objects.create(computed_at=timezone.now(), rulebook=law.version, is_whole=everything)
        made.cells = len(cells)
        made.changed = _record(made, cells, engine_for(cells, territory, law), territory)
        made.save(update_fields=["cells", "changed"])
        ComputedLoad.objects.bulk_create(ComputedLoad(load=load, computation=made) for load in waiting)
    return Computed(made.cells, made.changed, everything, law.version, made.computed_at)


def _all_cells(law: Law) -> frozenset[Cell]:
    """Every cell that anything told can reach, and those that have a result by rules that were."""
    told = _told(Observation.objects.all())
    had = ComputedFigure.objects.values_list(*CELL_COLUMNS[:-1], Value(_LEVEL)).distinct()
    return _moved(told, {cell.period for cell in told}, law) | cells_in(had)


def _moved_cells(waiting: Collection[Load], law: Law) -> frozenset[Cell]:
    """What the figures of these loads can reach; of periods of which they are the first to tell, what any can."""
    changed = _told(Observation.objects.filter(load__in=waiting))
    every = _periods(Observation.objects.all())
    fresh = every - _periods(Observation.objects.exclude(load__in=waiting))
    moved = _moved(changed, every, law)
    if not fresh:
        return moved
    return moved | {
        cell for cell in _moved(_told(Observation.objects.all()), every, law) if cell.period in _with_wider(fresh)
    }


def _moved(changed: set[Cell], periods: Iterable[Period], law: Law) -> frozenset[Cell]:
    graph = Graph(law.indicators)
    # A figure told as missing may now be found, or be found no more: its own cell is looked at as well.
    own = frozenset(cell for cell in changed if cell.indicator in law.indicators and cell.measure is Measure.LEVEL)
    return own | graph.descendants(changed, _with_wider(periods), law.subjects, law.base_year)


def _with_wider(periods: Iterable[Period]) -> frozenset[Period]:
    """Periods, and those of the same years that they help to make up."""
    return frozenset(each for period in periods for each in (period, *periods_above(period)))


def _told(found: QuerySet[Observation]) -> set[Cell]:
    return cells_in(found.values_list(*CELL_COLUMNS).distinct())


def _periods(found: QuerySet[Observation]) -> set[Period]:
    return {period_of(*each) for each in found.values_list("first_month", "months").distinct()}


def _record(made: Computation, cells: Collection[Cell], engine: Engine, territory: Territory) -> int:
    """Writes the results that are others than those that stood; returns how many."""
    before = _standing(cells)
    changed = [row for cell in cells if (row := _changed(engine.figure(cell), before.get(cell), made)) is not None]
    indicators = written(Word.INDICATOR, {row.cell.indicator for row in changed})
    numbers = met(_subject_rows({row.cell.subject for row in changed}, territory))
    ComputedFigure.objects.bulk_create(
        (
            ComputedFigure(
                indicator_id=indicators[row.cell.indicator],
                subject_id=numbers[row.cell.subject.kind, row.cell.subject.code],
                first_month=row.cell.period.first_month,
                months=row.cell.period.months,
                state=STATES.number(row.state),
                value=row.value,
                maturity=None if row.maturity is None else MATURITIES.number(row.maturity),
                has_doubts=row.has_doubts,
                is_demo=row.is_demo,
                computation=made,
            )
            for row in sorted(changed, key=lambda row: row.cell)
        ),
        batch_size=_BATCH,
    )
    return len(changed)


def _changed(figure: Figure, before: ComputedRow | None, made: Computation) -> ComputedRow | None:
    """The result as it is to be written; None where it stands already, or nothing was ever found.

    A cell that was told has no result of its own: what was computed before gives way to it as missing.
    """
    is_told = figure.fact is not None
    row = ComputedRow(
        cell=figure.cell,
        state=State.MISSING if is_told else figure.state,
        value=None if is_told else figure.value,
        maturity=None if is_told else maturity_of(figure),
        has_doubts=not is_told and bool(figure.doubts),
        is_demo=not is_told and is_demo(figure),
        rulebook=made.rulebook,
        computed_at=made.computed_at,
    )
    if before is None:
        return None if row.state is State.MISSING else row
    if row.state is State.MISSING and before.state is State.MISSING:
        return None
    return None if row.content == before.content else row


def _standing(cells: Collection[Cell]) -> dict[Cell, ComputedRow]:
    indicators = words(Word.INDICATOR, {cell.indicator for cell in cells})
    numbers = subjects({(cell.subject.kind, cell.subject.code) for cell in cells})
    months = {cell.period.first_month for cell in cells}
    found: dict[Cell, ComputedRow] = {}
    for group in batched(sorted(numbers.values()), _BATCH):
        rows = ComputedFigure.objects.filter(
            subject__in=group, indicator__in=indicators.values(), first_month__in=months
        )
        found |= standing(rows)
    return found


def _subject_rows(wanted: Iterable[Subject], territory: Territory) -> list[SubjectRow]:
    """Those of whom nothing was told may be met here for the first time: regions above those that tell."""
    names = registry.regions({each.code for each in wanted if each.kind == REGION})
    rows = []
    for each in wanted:
        name = names[each.code].name if each.kind == REGION and each.code in names else each.code
        whole = territory.whole(each)
        region = each.code if each.kind == REGION else whole.code if whole else ""
        rows.append(SubjectRow(each.kind, each.code, name, region))
    return rows
