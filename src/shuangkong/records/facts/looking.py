"""Looking at what was told: the figure that counts for each cell, and all its versions, as known on any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import batched

from django.db.models import QuerySet

from shuangkong.core.fact import State
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import subjects as numbers_of_subjects
from shuangkong.records.facts.dictionary import words
from shuangkong.records.facts.models import Observation, Word
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.past import known_by

type CellKey = tuple[str, str, str, str, str]

_BATCH = 400
_SHARED = ("indicator", "subject", "unit", "source", "load")


def observations(
    indicators: Iterable[str], subjects: Iterable[tuple[str, str]], until: date | None = None
) -> tuple[ObservationRow, ...]:
    """The figure that counts (known by the end of a day) of each cell of these indicators and (kind, code) subjects.

    By period. 1 query.
    """
    wanted = set(subjects)
    found = Observation.objects.filter(
        known_by(until, "load__loaded_at"),
        indicator__kind=Word.INDICATOR,
        indicator__text__in=set(indicators),
        subject__kind__in={kind for kind, _ in wanted},
        subject__code__in={code for _, code in wanted},
    )
    rows = [row for row in in_rows(found) if (row.subject_kind, row.subject_code) in wanted]
    counting = ((best(each), len(each)) for each in _by_cell(rows).values())
    told = (replace(row, of=count) for row, count in counting if row is not None)
    return tuple(sorted(told, key=lambda row: (row.period, row.id)))


def versions(
    indicator: str, subject_kind: str, subject_code: str, until: date | None = None
) -> tuple[ObservationRow, ...]:
    """All versions of all figures of one indicator and subject known by the end of a day, oldest first. 1 query."""
    found = Observation.objects.filter(
        known_by(until, "load__loaded_at"),
        indicator__kind=Word.INDICATOR,
        indicator__text=indicator,
        subject__kind=subject_kind,
        subject__code=subject_code,
    )
    return tuple(in_rows(found))


def standing(cells: Iterable[CellKey]) -> dict[CellKey, tuple[ObservationRow, ...]]:
    """All versions of these cells, oldest first. 1 query a 400 subjects, and those of the dictionary."""
    wanted = set(cells)
    indicators = words(Word.INDICATOR, (cell[0] for cell in wanted)).values()
    subjects = numbers_of_subjects((cell[1], cell[2]) for cell in wanted)
    rows: list[ObservationRow] = []
    for group in batched(sorted(subjects.values()), _BATCH):
        rows += in_rows(Observation.objects.filter(indicator__in=set(indicators), subject__in=group))
    return {cell: tuple(each) for cell, each in _by_cell(rows).items() if cell in wanted}


def best(versions: Sequence[ObservationRow]) -> ObservationRow | None:
    """The one that counts among all versions of a cell, given oldest first.

    Of each vintage (origin and maturity) the newest stands. Of those a figure, or the word that there can be none,
    outweighs the word that it is missing; recognised outweighs reported, that an estimate; audited outweighs final,
    that preliminary, that flash.
    """
    return max({row.key: row for row in versions}.values(), key=_weight, default=None)


def _weight(row: ObservationRow) -> tuple[bool, int, int]:
    is_told = row.state is not State.MISSING
    return is_told, ORIGINS.number(row.origin), MATURITIES.number(row.maturity)


def _by_cell(rows: Iterable[ObservationRow]) -> dict[CellKey, list[ObservationRow]]:
    cells: dict[CellKey, list[ObservationRow]] = {}
    for row in rows:
        cells.setdefault(row.cell, []).append(row)
    return cells


def in_rows(found: QuerySet[Observation]) -> Iterator[ObservationRow]:
    """Oldest first, each with the version whose place it took."""
    before: dict[tuple[str, ...], int] = {}
    for each in found.select_related(*_SHARED).order_by("pk"):
        row = _row(each)
        yield replace(row, supersedes=before.get(row.key))
        before[row.key] = row.id


def _row(found: Observation) -> ObservationRow:
    return ObservationRow(
        indicator=found.indicator.text,
        subject_kind=found.subject.kind,
        subject_code=found.subject.code,
        subject_name=found.subject.name,
        period=str(period_of(found.first_month, found.months)),
        measure=MEASURES.word(found.measure),
        state=STATES.word(found.state),
        value=found.value,
        unit=found.unit.text,
        maturity=MATURITIES.word(found.maturity),
        source=found.source.text,
        note=found.note,
        origin=ORIGINS.word(found.origin),
        evidence=EVIDENCES.word(found.evidence),
        id=found.pk,
        is_demo=found.load.is_demo,
        recorded_at=found.load.loaded_at,
        recorded_by=found.load.loaded_by,
        supersedes=None,
        load=found.load_id,
    )
