"""数据衔接: the comparisons of one region and period, from what was told and what is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Engine, Law, cells_of_input
from shuangkong.indicators.engine.leaves import is_demo, is_doubted
from shuangkong.indicators.forerunners import Because, Forerunners
from shuangkong.indicators.formula import Aggregation
from shuangkong.indicators.reconciliation import LINES, Among, Line, Reconciled, findings, reconciled, withheld
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.belonging import Belonging, belonging
from shuangkong.records.facts.models import Subject as SubjectTable
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE
from shuangkong.records.indicators.balances import structure_periods
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import law_for
from shuangkong.records.indicators.readable import Readable, least_merged_parts
from shuangkong.records.indicators.territory import Territory
from shuangkong.rulebook import open_rulebook

_KINDS = {Among.UNITS: "unit", Among.SECTORS: "sector"}
_WITHIN = "/"
_UNIT_ENERGY = "unit_energy_consumption"
#: Comparisons of a subject with itself.
_OWN = frozenset({Among.SAME, Among.FORMULA})
_OF_UNITS = frozenset({Among.UNITS, Among.OUTSIDE})


@dataclass(frozen=True)
class Reconciliation:
    """Of one region and period: every comparison of which anything is known, and what is over a limit."""

    subject: Subject
    period: Period
    rows: tuple[Reconciled, ...]
    findings: Mapping[str, Finding]
    is_demo: bool
    rulebook: str


def reconciliation(
    subject: Subject, period: Period, whose: Message, readable: Readable, as_of: date | None = None
) -> Reconciliation:
    """As known by the end of a day; parts that the person may not read are merged.

    ``whose``: of whom and when, for the findings. 4 queries for each step of formulas, 3 for the parts; 1 more for a
    person who may not read every part.
    """
    territory = Territory()
    law = territory.with_history(law_for(subject, period, territory), as_of)
    parts = _parts(subject, territory)
    cells = {line.key: _cells(line, subject, period, parts) for line in LINES}
    wholes = {line.key: Cell(subject, line.whole, period) for line in LINES}
    asked = {*wholes.values(), *(cell for each in cells.values() for cell in each)}
    beside = {wholes[line.key] for line in LINES if line.among is Among.FORMULA}
    engine = engine_for([*asked, *(taken for cell in beside for taken in _taken(cell, law))], territory, law, as_of)
    told_total = _told_only(asked, engine)
    computed = Engine(engine.law, {cell: fact for cell, fact in engine.told.items() if cell not in beside})
    alone = _alone(engine)
    of_units = _units(parts[Among.UNITS], period, alone, belonging(ABOVE_DESIGNATED_SIZE, law.subjects.history, as_of))
    rows = []
    for line in LINES:
        if line.among in _OF_UNITS:
            own = _own(engine, wholes[line.key]) if line.among is Among.UNITS else State.NOT_APPLICABLE
            rows.append(_line(line, wholes[line.key], own, engine, of_units[line.among], alone))
            continue
        is_told_only = line.key == "balance" or line.among is Among.FORMULA
        whole = told_total.get(wholes[line.key]) if is_told_only else None
        if line.among is Among.FORMULA and whole is None:
            continue
        by = computed if line.among is Among.FORMULA else engine
        said = {cell: _said(by, cell) for cell in _once(cells[line.key], by)}
        if line.among is not Among.REGIONS:
            # Sectors are those of whom anything was told: one that tells of other things is not asked here.
            said = {cell: told for cell, told in said.items() if told is not State.MISSING or line.among in _OWN}
        own = _value(whole) if whole else State.MISSING if is_told_only else _own(engine, wholes[line.key])
        rows.append(_line(line, wholes[line.key], own, engine, said, by))
    kept = tuple(
        withheld(row, readable.has, least_merged_parts(law, period.last_day))
        for row in rows
        if isinstance(row.whole, Decimal) or isinstance(row.found, Decimal)
    )
    checks = {check.code: check for check in open_rulebook().checks("indicators/balance")}
    found = {row.line.key: finding for row, finding in findings(kept, checks, whose, period.last_day)}
    is_shown = any(is_demo(engine.figure(cell)) for cell in asked)
    return Reconciliation(subject, period, kept, found, is_shown, law.version)


def _line(line: Line, cell: Cell, own: Told, engine: Engine, said: Mapping[Cell, Told], by: Engine) -> Reconciled:
    """A line with what of it is to be verified; ``engine`` knows the whole, ``by`` the parts."""
    doubted = [each for each, told in said.items() if isinstance(told, Decimal) and is_doubted(by.figure(each))]
    return reconciled(line, cell, own, said, doubted, isinstance(own, Decimal) and is_doubted(engine.figure(cell)))


def reconciliation_periods(subject: Subject, as_of: date | None = None) -> tuple[Period, ...]:
    """Years of which anything that can be held against something was told of the subject, oldest first. 1 query."""
    return structure_periods(subject, {name for line in LINES for name in (line.whole, line.parts)}, as_of)


def _parts(subject: Subject, territory: Territory) -> dict[Among, tuple[Subject, ...]]:
    """Regions directly below; units and sectors that lie in the region. 1 query besides those of the territory."""
    within = {each.code for each in territory.within(subject)}
    rows = SubjectTable.objects.filter(kind__in=_KINDS.values(), region__in=within).values_list("kind", "code")
    others = [Subject(kind, code) for kind, code in sorted(rows)]
    return {
        **dict.fromkeys(_OWN, (subject,)),
        Among.REGIONS: tuple(territory.parts(subject)),
        **dict.fromkeys(_OF_UNITS, tuple(each for each in others if each.kind == _KINDS[Among.UNITS])),
        Among.SECTORS: tuple(each for each in others if each.code.partition(_WITHIN)[0] == subject.code),
    }


def _cells(line: Line, subject: Subject, period: Period, parts: Mapping[Among, tuple[Subject, ...]]) -> list[Cell]:
    return [Cell(each, line.parts, period) for each in parts[line.among]]


def _alone(engine: Engine) -> Engine:
    """It knows no forerunners: each subject by its own figures."""
    law = engine.law
    return Engine(replace(law, subjects=replace(law.subjects, history=Forerunners())), engine.told)


def _units(units: Iterable[Subject], period: Period, alone: Engine, known: Belonging) -> dict[Among, dict[Cell, Told]]:
    """Each unit's own figure: of all that belong to the scope in the period, and of others that told one.

    Whoever had become another by the end of the period tells nothing of it. Who did not exist yet speaks, by a restated
    figure, for those that became it, where none of them told theirs.
    """
    day, past = period.last_day, known.past
    members = {Subject(row.kind, row.code) for row in known.members(day)}
    cells = {each: Cell(each, _UNIT_ENERGY, period) for each in units if not past.is_gone(each, day)}
    said = {each: _said(alone, cell) for each, cell in cells.items()}
    told = {each for each, figure in said.items() if figure is not State.MISSING}
    found: dict[Among, dict[Cell, Told]] = {Among.UNITS: {}, Among.OUTSIDE: {}}
    spoken_for: set[Subject] = set()
    for each, cell in cells.items():
        before = set(past.of(each, day)) if past.is_unborn(each, day) else set()
        if each not in members and (each not in told or before & told):
            continue
        if each not in members and before and before <= members:
            spoken_for |= before
            found[Among.UNITS][cell] = said[each]
            continue
        joining = past.joining(cell, Aggregation.SUM, alone.told.__contains__)
        is_overlapping = joining is not None and joining.because is Because.DURING
        found[Among.UNITS if each in members else Among.OUTSIDE][cell] = State.MISSING if is_overlapping else said[each]
    kept = {cell: figure for cell, figure in found[Among.UNITS].items() if cell.subject not in spoken_for}
    return {**found, Among.UNITS: kept}


def _taken(cell: Cell, law: Law) -> Iterable[Cell]:
    """What the formula of a cell takes."""
    formula = law.formula(cell.indicator, cell.period)
    for taken in formula.inputs.values() if formula else ():
        yield from cells_of_input(taken, cell, law)


def _once(cells: list[Cell], engine: Engine) -> list[Cell]:
    """Without forerunners whose figure stands in that of whoever they became: nothing counts twice."""
    inside = {each.cell for cell in cells for _, each in engine.figure(cell).inputs if each.cell != cell}
    return [cell for cell in cells if cell not in inside]


def _told_only(cells: Iterable[Cell], engine: Engine) -> dict[Cell, Fact]:
    """Facts of cells that were told, whatever could be computed in their place."""
    return {cell: fact for cell in cells if (fact := engine.told.get(cell)) is not None}


def _said(engine: Engine, cell: Cell) -> Told:
    figure = engine.figure(cell)
    return figure.state if figure.value is None else figure.value


def _own(engine: Engine, cell: Cell) -> Told:
    """What is said of the whole by itself: not what was put together of the very parts."""
    figure = engine.figure(cell)
    if figure.fact is None and any(each.cell.indicator == cell.indicator for _, each in figure.inputs):
        return State.MISSING
    return figure.state if figure.value is None else figure.value


def _value(fact: Fact) -> Told:
    return fact.state if fact.value is None else fact.value


def sector_figures(
    subject: Subject, indicator: str, periods: Iterable[Period], readable: Readable, as_of: date | None = None
) -> dict[Cell, Fact]:
    """What was told of an indicator of each sector of a region that may be read. 1 query and those of facts."""
    codes = SubjectTable.objects.filter(kind="sector", region=subject.code).values_list("code", flat=True)
    sectors = [
        each for each in map(partial(Subject, "sector"), sorted(codes)) if readable.is_whole or readable.has(each)
    ]
    cells = [Cell(each, indicator, period) for each in sectors for period in periods]
    return facts_for(cells, as_of) if cells else {}
