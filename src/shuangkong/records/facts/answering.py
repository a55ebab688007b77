"""What the engine asks: the told fact of each cell, exact, as known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import batched, product

from django.utils import timezone

from shuangkong.core.fact import Cell, Fact, Measure, Subject
from shuangkong.core.period import Period
from shuangkong.core.unit import PrintedUnit
from shuangkong.records.facts.dictionary import subjects, words
from shuangkong.records.facts.looking import CellKey, best, in_rows
from shuangkong.records.facts.models import Observation, Word
from shuangkong.records.facts.periods import plain
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.past import known_by
from shuangkong.rulebook import open_rulebook

_BATCH = 400


def cells_of(
    indicators: Iterable[str],
    about: Iterable[Subject],
    periods: Iterable[Period],
    measures: Iterable[Measure] = (Measure.LEVEL,),
) -> tuple[Cell, ...]:
    """Every cell of these indicators, subjects, periods and measures."""
    return tuple(
        Cell(subject, indicator, period, measure)
        for indicator, subject, period, measure in product(indicators, tuple(about), tuple(periods), tuple(measures))
    )


def facts_for(cells: Iterable[Cell], as_of: date | None = None) -> dict[Cell, Fact]:
    """The fact that counts of each cell that was told by the end of a day, in its base unit; the others are absent.

    A cell told as missing is there, with State.MISSING. 1 query a 400 subjects, and those of the dictionary.
    """
    wanted = {_key(cell): cell for cell in cells}
    indicators = words(Word.INDICATOR, (key[0] for key in wanted))
    numbers = subjects((key[1], key[2]) for key in wanted)
    months = {cell.period.first_month for cell in wanted.values()}
    told: dict[CellKey, list[ObservationRow]] = {}
    for group in batched(sorted(numbers.values()), _BATCH):
        found = Observation.objects.filter(
            known_by(as_of, "load__loaded_at"),
            indicator__in=indicators.values(),
            subject__in=group,
            first_month__in=months,
        )
        for row in in_rows(found):
            if row.cell in wanted:
                told.setdefault(row.cell, []).append(row)
    units = open_rulebook().units()
    counting = ((wanted[key], best(rows)) for key, rows in told.items())
    return {cell: _fact(cell, row, units) for cell, row in counting if row is not None}


def _key(cell: Cell) -> CellKey:
    return cell.indicator, cell.subject.kind, cell.subject.code, str(plain(cell.period)), cell.measure


def _fact(cell: Cell, row: ObservationRow, units: Mapping[str, PrintedUnit]) -> Fact:
    """In the base unit of its printed one; a unit that no policy file knows is its own base."""
    unit = units.get(row.unit)
    return Fact(
        cell=cell,
        state=row.state,
        value=row.value if row.value is None or unit is None else unit.to_base(row.value),
        unit=row.unit if unit is None else unit.unit.id,
        maturity=row.maturity,
        origin=row.origin,
        evidence=row.evidence,
        source=row.source,
        recorded_on=timezone.localdate(row.recorded_at),
        version=str(row.id),
        is_demo=row.is_demo,
        note=row.note,
    )
