"""记结果: results of single cells beside those that stood; what is another is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import batched

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.leaves import is_demo, maturity_of
from shuangkong.records.facts.codes import MATURITIES, STATES
from shuangkong.records.facts.dictionary import met, subjects, words, written
from shuangkong.records.facts.models import Word
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.indicators.looking import ComputedRow, standing
from shuangkong.records.indicators.models import Computation, ComputedFigure
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.registry import store as registry

_BATCH = 400


def record_cells(
    made: Computation, found: Mapping[Cell, Figure], before: Mapping[Cell, ComputedRow], territory: Territory
) -> int:
    """Writes the results that are others than those that stood before; returns how many."""
    rows = (_changed(figure, before.get(cell), made) for cell, figure in found.items())
    changed = [row for row in rows if row is not None]
    indicators = written(Word.INDICATOR, {row.cell.indicator for row in changed})
    numbers = met(subject_rows({row.cell.subject for row in changed}, territory))
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
    settled = None if is_told else maturity_of(figure)
    # What rests on nothing told is nobody's figure, even where a formula has one without.
    row = ComputedRow(
        cell=figure.cell,
        state=State.MISSING if settled is None else figure.state,
        value=None if settled is None else figure.value,
        maturity=settled,
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


def results_of(cells: Collection[Cell]) -> dict[Cell, ComputedRow]:
    """The results that stand of cells, and of others beside them. 1 query a 400 subjects, and those of words."""
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


def subject_rows(wanted: Iterable[Subject], territory: Territory) -> list[SubjectRow]:
    """Those of whom nothing was told may be met here for the first time: regions above those that tell."""
    names = registry.regions({each.code for each in wanted if each.kind == REGION})
    rows = []
    for each in wanted:
        name = names[each.code].name if each.kind == REGION and each.code in names else each.code
        whole = territory.whole(each)
        region = each.code if each.kind == REGION else whole.code if whole else ""
        rows.append(SubjectRow(each.kind, each.code, name, region))
    return rows
