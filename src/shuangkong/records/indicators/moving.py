"""拉动因素的数: energy and activity of two periods of the sectors, units and branches of a region, and what moved them.

Activity is value added at constant prices; across the base year of a plan the earlier figure is taken at the prices of
the later one (indicators.prices).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.finding import Message
from shuangkong.core.industry import Industry
from shuangkong.core.period import Period
from shuangkong.indicators.decomposition import Share
from shuangkong.indicators.engine import Engine
from shuangkong.indicators.forerunners import Forerunners
from shuangkong.indicators.situation import against_whole, among_units, outside
from shuangkong.records.facts.belonging import Belonging, belonging
from shuangkong.records.facts.models import Subject as SubjectTable
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE
from shuangkong.records.indicators.balances import TABLE
from shuangkong.records.indicators.branches import ADDED, GDP, INDUSTRY, TOTAL, branches_of, region_moved
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import law_for
from shuangkong.records.indicators.moved import Moved, Movements, Turned
from shuangkong.records.indicators.pairs import Pairs
from shuangkong.records.indicators.readable import Readable, least_merged_parts
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region
from shuangkong.rulebook import open_rulebook

UNIT_ENERGY = "unit_energy_consumption"
#: As many units as are listed one by one.
MOVERS = 20
_SECTOR, _UNIT = "sector", "unit"


def movements(
    subject: Subject, path: str, periods: tuple[Period, Period], total: Decimal | None, readable: Readable,
    as_of: date | None = None,
) -> Movements:  # fmt: skip
    """Of a region at ``path``, between two ``periods``, the earlier first.

    Args:
        total: energy of the region in the later period, told or estimated, in tce.

    3 queries and those of the figures, 4 for each step of formulas; 1 more for a person who may not read everything.
    """
    before, now = periods
    territory = Territory()
    law = law_for(subject, now, territory)
    sectors, units = _sectors_of(subject), _units_of(path)
    branches = branches_of(open_rulebook().tables()[TABLE], now)
    wanted = [(each, name) for each in sectors for name in (INDUSTRY, ADDED)]
    wanted += [(Subject(_UNIT, code), name) for code in units for name in (UNIT_ENERGY, ADDED)]
    of_whole = (
        TOTAL,
        GDP,
        INDUSTRY,
        ADDED,
        *(name for each in branches for name in each.told_by),
    )
    wanted += [(subject, name) for name in of_whole]
    unasked = Pairs(Engine(law, {}), now, before)
    engine = engine_for({cell for each in wanted for cell in unasked.cells(*each)}, territory, law, as_of)
    pairs = Pairs(engine, now, before)
    known = belonging(ABOVE_DESIGNATED_SIZE, engine.law.subjects.history, as_of)
    hidden = _hidden(units, known.past, readable)
    whole, intensity = region_moved(subject, pairs, total, branches)
    return Movements(
        sectors=_sectors(subject, sectors if readable.is_whole else tuple(filter(readable.has, sectors)), pairs),
        units=_units(units, hidden, pairs, known),
        total=whole,
        intensity=intensity,
        facts=tuple(fact for cell, fact in engine.told.items() if cell.subject not in hidden),
        is_demo=any(fact.is_demo for fact in engine.told.values()),
    )


def _sectors_of(subject: Subject) -> tuple[Subject, ...]:
    rows = SubjectTable.objects.filter(kind=_SECTOR, code__startswith=f"{subject.code}/").order_by("code")
    return tuple(Subject(_SECTOR, code) for code in rows.values_list("code", flat=True))


def _units_of(path: str) -> dict[str, str]:
    """Name by code, of units of a place and below it."""
    inside = Region.objects.filter(below(path)).values("code")
    rows = SubjectTable.objects.filter(kind=_UNIT, region__in=inside).order_by("code")
    return dict(rows.values_list("code", "name"))


def _sectors(whole: Subject, sectors: Sequence[Subject], pairs: Pairs) -> Moved:
    """Large industry by sector, held against what was told of it."""
    names = open_rulebook().industries()
    called = {each.code: _industry(names, each.code.partition("/")[2]) for each in sectors}
    told = [each for each in sectors if pairs.is_told(each, INDUSTRY)]
    shares, left_out = _shares(told, pairs, INDUSTRY)
    return Moved(
        against_whole(shares, pairs.of(whole, INDUSTRY), pairs.of(whole, ADDED)),
        called,
        tuple(called[each.code].zh for each in left_out),
        cells=_explained(told, pairs, INDUSTRY) | {"": _explained([whole], pairs, INDUSTRY)[whole.code]},
        doubts=pairs.doubts(
            {each.code: (Subject(_SECTOR, each.code), INDUSTRY, ADDED) for each in shares}
            | {"": (whole, INDUSTRY, ADDED)}
        ),
    )


def _industry(known: Mapping[str, Industry], code: str) -> Message:
    """By its code; divisions are listed without the letter of their section."""
    found = known.get(code) or known.get(code[1:])
    return Message(found.name, found.name) if found else Message(code, code)


def _units(units: Mapping[str, str], hidden: Collection[Subject], pairs: Pairs, known: Belonging) -> Moved:
    """Units that told anything: those of the scope in the later period, and all others as one line apart."""
    day = pairs.now.last_day
    now, before = (_codes(known, period.last_day) for period in (pairs.now, pairs.before))
    told = [each for each in (Subject(_UNIT, code) for code in units) if pairs.is_told(each, UNIT_ENERGY)]
    gone = [each for each in told if known.past.is_gone(each, day)]
    there = [each for each in told if each not in gone]
    shares, left_out = _shares((each for each in there if each.code in now), pairs, UNIT_ENERGY)
    others, lacking = _shares((each for each in there if each.code not in now), pairs, UNIT_ENERGY)
    left_out += [each for each in lacking if each.code in before]
    named = [each for each in there if each not in hidden]
    least, may_name = least_merged_parts(pairs.engine.law, day), {each.code for each in named}.__contains__
    return Moved(
        (*among_units(shares, may_name, least, MOVERS), *outside(others, may_name, least)),
        {each.code: Message(units[each.code], units[each.code]) for each in named},
        tuple(units[each.code] for each in left_out if each not in hidden),
        sum(each in hidden for each in left_out),
        tuple(_turned(each, units, hidden, known.past, day) for each in gone if each not in hidden),
        _explained(named, pairs, UNIT_ENERGY),
        pairs.doubts({each.code: (Subject(_UNIT, each.code), UNIT_ENERGY, ADDED) for each in (*shares, *others)}),
    )


def _hidden(units: Iterable[str], past: Forerunners, readable: Readable) -> frozenset[Subject]:
    """Units that may not be named: nor one whose older figure holds what a forerunner told that may not be read."""
    of = {each: past.of(each) for each in (Subject(_UNIT, code) for code in units)}
    open_ones = {each for each in of if not readable.is_whole or of[each]}
    return frozenset(each for each in open_ones if not all(map(readable.has, (each, *of[each]))))


def _codes(known: Belonging, day: date) -> frozenset[str]:
    return frozenset(row.code for row in known.members(day) if row.kind == _UNIT)


def _turned(
    unit: Subject, units: Mapping[str, str], hidden: Collection[Subject], past: Forerunners, day: date
) -> Turned:
    changes = past.became(unit, day)
    named = [each.after for each in changes if each.after.code in units and each.after not in hidden]
    after = tuple(units[each.code] for each in named) or ("别处的单位",)
    return Turned(units[unit.code], after, all(each.is_renaming for each in changes))


def _shares(subjects: Iterable[Subject], pairs: Pairs, energy: str) -> tuple[list[Share], list[Subject]]:
    """Parts with energy of both periods, and the others."""
    shares, left_out = [], []
    for each in subjects:
        used = pairs.of(each, energy)
        if used is None:
            left_out.append(each)
        else:
            shares.append(Share(each.code, used, pairs.of(each, ADDED)))
    return shares, left_out


def _explained(subjects: Iterable[Subject], pairs: Pairs, energy: str) -> dict[str, tuple[Cell, Cell | None]]:
    return {
        each.code: (pairs.cells(each, energy)[1], pairs.cells(each, ADDED)[1] if pairs.of(each, ADDED) else None)
        for each in subjects
    }
