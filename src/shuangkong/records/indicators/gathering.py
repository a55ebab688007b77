"""取数: the facts that cells rest on, asked for in a few questions, and the figures that they give."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from shuangkong.core.fact import Cell, Fact, Measure, State
from shuangkong.core.fact import Subject as SubjectKey
from shuangkong.indicators.engine import Engine, Law, cells_of_input
from shuangkong.indicators.engine.adding import Adding
from shuangkong.indicators.engine.parts import cells_in_space
from shuangkong.indicators.table_words import rests_on_cells
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.codes import MEASURES, MISSING
from shuangkong.records.facts.dictionary import subjects as numbers_of_subjects
from shuangkong.records.facts.dictionary import words
from shuangkong.records.facts.models import Observation, Word
from shuangkong.records.facts.periods import period_of
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.past import known_by

#: More subjects than this are not named one by one in a question: everybody's cells are read.
_FEW = 400


def engine_for(cells: Collection[Cell], territory: Territory, law: Law, as_of: date | None = None) -> Engine:
    """An engine that knows all that these cells rest on, as known by the end of a day.

    4 queries for each step of formulas; where figures must be put together from parts, as many again.
    """
    law = territory.with_history(law, as_of)
    told = _resting_on(cells, law, as_of)
    engine = Engine(law, told)
    for cell in cells:
        engine.figure(cell)
    if not engine.lacking:
        return engine
    return Engine(law, told | facts_for(_told_below(engine.lacking, territory, law, as_of), as_of))


def _resting_on(cells: Iterable[Cell], law: Law, as_of: date | None) -> dict[Cell, Fact]:
    """Facts of the cells and, of those not told, of what their formulas take, and so on."""
    told: dict[Cell, Fact] = {}
    asked: set[Cell] = set()
    asking, adding = set(cells), Adding(law.indicators)
    while asking:
        asking = with_forerunners(asking, law)
        found = facts_for(asking, as_of)
        asked |= asking
        told |= found
        open_cells = [cell for cell in asking if cell not in found or found[cell].state is State.MISSING]
        asking = {taken for cell in answerable(open_cells, as_of) for taken in taken_by(cell, law, adding)} - asked
    return told


def with_forerunners(cells: set[Cell], law: Law) -> set[Cell]:
    """And what was told of those that became their subjects."""
    return cells | {replace(cell, subject=each) for cell in cells for each in law.subjects.history.of(cell.subject)}


def answerable(cells: list[Cell], as_of: date | None) -> list[Cell]:
    """Without those of tables of which nothing was told of that subject and period. 1 query where there are any."""
    of_tables = [cell for cell in cells if rests_on_cells(cell)]
    if not of_tables:
        return cells
    told = Observation.objects.filter(
        known_by(as_of, "load__loaded_at"),
        indicator__text__contains=".",
        first_month__in={cell.period.first_month for cell in of_tables},
    )
    subjects = {cell.subject for cell in of_tables}
    if len(subjects) <= _FEW:
        told = told.filter(subject__in=numbers_of_subjects((each.kind, each.code) for each in subjects).values())
    rows = told.order_by().values_list("subject__kind", "subject__code", "first_month", "months").distinct()
    known = {(SubjectKey(kind, code), period_of(first, months)) for kind, code, first, months in rows}
    return [cell for cell in cells if not rests_on_cells(cell) or (cell.subject, cell.period) in known]


def taken_by(cell: Cell, law: Law, adding: Adding) -> Iterable[Cell]:
    """What its formula takes, and its parts where their figures add up to it."""
    rule, formula = law.indicators.get(cell.indicator), law.formula(cell.indicator, cell.period)
    if rule is None or formula is None:
        return
    for taken in formula.inputs.values():
        yield from cells_of_input(taken, cell, law)
    if adding.adds_up(cell.indicator):
        yield from cells_in_space(cell, rule, law.subjects)


def _told_below(cells: Collection[Cell], territory: Territory, law: Law, as_of: date | None) -> set[Cell]:
    """Every told cell of the parts of these, in places and in time."""
    subjects = {part for cell in cells for part in territory.within(cell.subject)}
    subjects |= {each for part in subjects for each in law.subjects.history.of(part)}
    found = told_cells(
        {cell.indicator for cell in cells},
        (
            min(cell.period.first_month for cell in cells),
            max(cell.period.first_month + cell.period.months for cell in cells),
        ),
        subjects if len(subjects) <= _FEW else None,
        as_of,
    )
    return {cell for cell in found if cell.subject in subjects}


def told_cells(
    indicators: Iterable[str],
    months: tuple[int, int],
    subjects: Iterable[SubjectKey] | None = None,
    as_of: date | None = None,
) -> set[Cell]:
    """Cells of levels of which anything but "missing" was told between two months. 1 query and those of words."""
    numbers = words(Word.INDICATOR, indicators)
    condition = known_by(as_of, "load__loaded_at")
    found = Observation.objects.filter(
        condition, indicator__in=numbers.values(), measure=MEASURES.number(Measure.LEVEL)
    )
    found = found.filter(first_month__gte=months[0], first_month__lt=months[1]).exclude(state=MISSING)
    if subjects is not None:
        known = numbers_of_subjects((each.kind, each.code) for each in subjects)
        found = found.filter(subject__in=known.values())
    return cells_in(found.values_list(*CELL_COLUMNS).distinct())


#: What tells a cell in a row of facts; ``cells_in`` reads it.
CELL_COLUMNS = ("indicator__text", "subject__kind", "subject__code", "first_month", "months", "measure")


def cells_in(rows: Iterable[tuple[str, str, str, int, int, int]]) -> set[Cell]:
    """Cells from rows of CELL_COLUMNS."""
    return {
        Cell(SubjectKey(kind, code), indicator, period_of(first, months), MEASURES.word(measure))
        for indicator, kind, code, first, months, measure in rows
    }
