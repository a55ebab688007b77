"""新旧对比: what the site's own figures would be under other rules. Nothing is recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from shuangkong.core.fact import Cell, Measure, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Law
from shuangkong.indicators.engine.leaves import is_demo
from shuangkong.indicators.engine.parts import with_wider
from shuangkong.indicators.graph import Graph
from shuangkong.indicators.touched import resting_on, touched
from shuangkong.policyfile.difference import Change
from shuangkong.policyfile.provisions import Kind
from shuangkong.records.facts.models import Observation
from shuangkong.records.indicators.gathering import CELL_COLUMNS, cells_in, engine_for
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.layered import place_of
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Side:
    """One set of rules: of a rulebook, by one ``layer`` for all; empty: by the layer of each place and day."""

    rulebook: Rulebook
    layer: str = ""

    def layer_of(self, place: str, day: date) -> str:
        return self.layer or self.rulebook.layer_of(place, day)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which figures are looked at.

    Attributes:
        region: only of this region and what lies in it; empty: of all.
        subjects: only of these; None: of all.
        on: only of periods that this day lies in; None: of all.
    """

    region: str = ""
    subjects: frozenset[Subject] | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is another under the other rules."""

    before: Figure
    after: Figure

    @property
    def cell(self) -> Cell:
        return self.after.cell

    @property
    def difference(self) -> Decimal | None:
        """In the base unit; None where there is a figure on one side only."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def is_demo(self) -> bool:
        return is_demo(self.before) or is_demo(self.after)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``looked_at``: how many figures the change could move; ``moved``: those that it does, by indicator."""

    looked_at: int
    moved: tuple[Moved, ...]


def compare(before: Side, after: Side, changes: Iterable[Change], scope: Scope) -> Comparison:
    """Both sides from the facts as known now. As many queries as two computations of the cells that are looked at.

    Args:
        changes: what the one set of rules lays down otherwise than the other.
    """
    changed = {each.provision.id for each in changes if each.provision.kind is Kind.PARAMETER}
    territory = Territory()
    law = cache(lambda side, layer: law_of(territory, side.rulebook, layer))
    grouped: dict[tuple[str, str], set[Cell]] = defaultdict(set)
    told = cells_in(Observation.objects.values_list(*CELL_COLUMNS).distinct())
    pairs = {(before.layer_of(place, day), after.layer_of(place, day)) for place, day in _places(told, territory)}
    for old, new in pairs:
        for cell in _reached(told, law(before, old), law(after, new), changed):
            place = place_of(cell.subject, territory)
            day = cell.period.last_day
            if (before.layer_of(place, day), after.layer_of(place, day)) == (old, new) and _is_in(
                cell, place, scope, after.rulebook
            ):
                grouped[old, new].add(cell)
    moved: list[Moved] = []
    for (old, new), cells in grouped.items():
        one, other = (engine_for(cells, territory, rules) for rules in (law(before, old), law(after, new)))
        pairs_of_figures = (Moved(one.figure(cell), other.figure(cell)) for cell in cells)
        moved += [each for each in pairs_of_figures if _is_moved(each)]
    ordered = sorted(moved, key=lambda each: (each.cell.indicator, str(each.cell.subject), each.cell.period))
    return Comparison(sum(map(len, grouped.values())), tuple(ordered))


def _places(cells: Iterable[Cell], territory: Territory) -> set[tuple[str, date]]:
    """Place and last day of every figure that was told, and of the wholes that they are part of."""
    return {
        (above, cell.period.last_day)
        for cell in cells
        for above in _upwards(place_of(cell.subject, territory), territory)
    }


def _upwards(place: str, territory: Territory) -> tuple[str, ...]:
    found = [place]
    while (whole := territory.whole(Subject(REGION, found[-1]))) is not None:
        found.append(whole.code)
    return tuple(found)


def _reached(told: Collection[Cell], before: Law, after: Law, parameters: Collection[str]) -> frozenset[Cell]:
    """Every cell that is computed otherwise and that anything told can reach under either law."""
    wanted = touched(before.indicators, after.indicators, parameters)
    found: set[Cell] = set()
    for law in (before, after):
        sources = resting_on(law.indicators, wanted)
        start = {cell for cell in told if cell.indicator in sources}
        periods = with_wider(cell.period for cell in start)
        reached = Graph(law.indicators).descendants(start, periods, law.subjects, law.base_year)
        found |= {cell for cell in reached | start if cell.indicator in wanted and cell.measure is Measure.LEVEL}
    return frozenset(found)


def _is_in(cell: Cell, place: str, scope: Scope, rulebook: Rulebook) -> bool:
    if scope.subjects is not None and cell.subject not in scope.subjects:
        return False
    if scope.on is not None and not _holds(cell.period, scope.on):
        return False
    return not scope.region or scope.region in rulebook.upwards(place, cell.period.last_day)


def _holds(period: Period, day: date) -> bool:
    """Whether the day lies in the period."""
    month = Period(day.year, f"{day.month:02}").first_month
    return period.first_month <= month < period.first_month + period.months


def _is_moved(each: Moved) -> bool:
    before, after = each.before, each.after
    if before.state is State.MISSING and after.state is State.MISSING:
        return False
    return (before.state, before.value) != (after.state, after.value)


def told_by_way(moved: Iterable[Moved]) -> Mapping[str, int]:
    """How many rise, fall, appear and disappear."""
    counts = dict.fromkeys(("up", "down", "found", "lost"), 0)
    for each in moved:
        if each.difference is None:
            counts["found" if each.before.value is None else "lost"] += 1
        else:
            counts["up" if each.difference > 0 else "down"] += 1
    return counts
