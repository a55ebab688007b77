"""核算: brings results up to date with the facts: what a changed figure moves, or everything where rules changed.

Done twice, the second time finds nothing to do; done bit by bit, it ends where doing everything at once would. Few
cells are computed one by one, many as columns: both find the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from django.db.models import QuerySet

from shuangkong.core.fact import Cell, Measure
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Asked, Law
from shuangkong.indicators.engine.parts import with_wider
from shuangkong.indicators.engine.reach import reached
from shuangkong.indicators.graph import Graph
from shuangkong.records.facts.codes import MEASURES
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.periods import period_of
from shuangkong.records.indicators.columns import Everybody, column_engine
from shuangkong.records.indicators.computing_passes import Overtaken, Pass, begin, finish, writing
from shuangkong.records.indicators.gathering import CELL_COLUMNS, cells_in
from shuangkong.records.indicators.gathering_near import Moving, is_kept
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.models import ComputedFigure
from shuangkong.records.indicators.recording import record_cells
from shuangkong.records.indicators.recording_columns import record_columns
from shuangkong.records.indicators.territory import Territory

#: A load of more figures than this is computed in columns.
FEW_FIGURES = 200
#: Of a region that moved most columns are empty: as many of them cost what one figure told does.
_A_FIGURE = 100
_COLUMN = ("indicator__text", "first_month", "months", "measure")


@dataclass(frozen=True, slots=True)
class Computed:
    """What one call did.

    Attributes:
        cells: of how many cells the result was looked at; ``changed``: of how many it is another than before.
        one_by_one: how many of them no column form was found for; all, where cells were computed singly.
        is_overtaken: another began meanwhile and does what this one was to do.
    """

    cells: int
    changed: int
    is_whole: bool
    rulebook: str
    computed_at: datetime | None
    one_by_one: int = 0
    is_overtaken: bool = False


def compute(
    law: Law | None = None,
    territory: Territory | None = None,
    *,
    is_whole: bool = False,
    few: int = FEW_FIGURES,
) -> Computed:
    """Computes what rests on loads not yet taken into account, and on regions that are now part of another whole.

    Everything where the rules, or who became whom, are others than last time.

    Args:
        is_whole: everything anyhow.
        few: how many figures at most are followed up cell by cell.

    A fixed number of queries a period in columns, or a 400 subjects and step of formulas cell by cell. It writes in
    short transactions and holds none while it computes (computing_passes).
    """
    territory = territory or Territory()
    laws = Laws(territory, law)
    begun = begin(laws.version, territory, is_whole=is_whole)
    if begun is None:
        return Computed(0, 0, False, laws.version, None)
    made = begun.made
    try:
        one_by_one = _computed(begun, few, laws, territory)
    except Overtaken:
        return Computed(0, 0, begun.everything, laws.version, None, is_overtaken=True)
    return Computed(made.cells, made.changed, begun.everything, laws.version, made.computed_at, one_by_one)


def _computed(begun: Pass, few: int, laws: Laws, territory: Territory) -> int:
    """How many cells were computed one by one; those looked at and those changed are counted in the computation."""
    made = begun.made
    told = Observation.objects.filter(load__lte=begun.newest)
    if not begun.everything:
        told = told.filter(load__in=begun.waiting)
    changed = _columns(told)
    periods = with_wider(asked.period for asked in changed | begun.known)
    if not begun.everything and _is_little(begun, changed, told, few):
        cells = cells_in(told.values_list(*CELL_COLUMNS).distinct()) | _of_moved(begun, territory)
        made.cells, made.changed, one_by_one = _one_by_one(begun, cells, periods, laws, territory)
    else:
        targets = _targets(begun, changed, periods, laws)
        made.cells, made.changed, one_by_one = _in_columns(begun, targets, changed, laws, territory)
    finish(begun, changed - begun.known, territory)
    return one_by_one


def _is_little(begun: Pass, changed: Collection[Asked], told: QuerySet[Observation], few: int) -> bool:
    if few < len(begun.moved) * len(begun.known) / _A_FIGURE:
        return False
    return not _fresh(begun, changed) and told.count() <= few


def _of_moved(begun: Pass, territory: Territory) -> set[Cell]:
    """Whatever may have been told of regions that moved, of those that they left, and of all that lies there."""
    return {
        Cell(subject, asked.indicator, asked.period, asked.measure)
        for subject in territory.subjects_in(begun.moved)
        for asked in begun.known
    }


def _fresh(begun: Pass, changed: Collection[Asked]) -> set[Period]:
    """Periods of which nobody had spoken."""
    return {asked.period for asked in changed} - {asked.period for asked in begun.known}


def _targets(begun: Pass, changed: frozenset[Asked], periods: Collection[Period], laws: Laws) -> frozenset[Asked]:
    """Columns that are to be computed."""
    every = changed | begun.known
    if begun.everything or begun.moved:
        return _reached(every, periods, laws) | _columns_had()
    targets = _reached(changed, periods, laws)
    fresh = _fresh(begun, changed)
    if fresh:
        # What was told of other periods may reach into one that nobody had spoken of: it has a growth at once.
        fresh_and_wider = with_wider(fresh)
        targets |= {asked for asked in _reached(every, periods, laws) if asked.period in fresh_and_wider}
    return targets


def _reached(changed: Collection[Asked], periods: Collection[Period], laws: Laws) -> frozenset[Asked]:
    """Columns that may have another result for anybody, of those that are kept."""
    found = frozenset().union(*(reached(changed, periods, laws.law(layer)) for layer in laws.layers))
    return frozenset(asked for asked in found if is_kept(asked.indicator))


def _one_by_one(
    begun: Pass, told: set[Cell], periods: frozenset[Period], laws: Laws, territory: Territory
) -> tuple[int, int, int]:
    """What these cells can reach, each by the law that it is under."""
    found = frozenset().union(
        *(_moved(told, periods, territory.with_history(laws.law(layer))) for layer in laws.layers)
    )
    asked = begun.known | {Asked(cell.indicator, cell.period, cell.measure) for cell in told}
    moving = Moving(laws, asked, found | told, periods)
    moved = frozenset(cell for cell in found if is_kept(cell.indicator))
    changed = 0
    for layer, cells in laws.by_layer(moved).items():
        figures, before = moving.figures(cells, layer)
        with writing(begun.made):
            changed += record_cells(begun.made, figures, before, territory)
    return len(moved), changed, len(moved)


def _in_columns(
    begun: Pass, targets: Collection[Asked], changed: Collection[Asked], laws: Laws, territory: Territory
) -> tuple[int, int, int]:
    """A year of periods at a time, the columns of all would not fit into memory; and once for each layer of rules."""
    told = begun.known.union(changed)
    if not told:
        return 0, 0, 0
    years: dict[int, list[Asked]] = defaultdict(list)
    for asked in targets:
        years[asked.period.year].append(asked)
    everybody = Everybody.of(territory)
    cells = written = one_by_one = 0
    for _, columns in sorted(years.items()):
        for layer in laws.layers:
            engine = column_engine(columns, told, everybody, laws.law(layer), begun.newest, territory)
            under = cache(partial(laws.rows_under, layer, everybody=everybody))
            looked_at, others = record_columns(begun.made, columns, engine, everybody, territory, under)
            cells, written, one_by_one = cells + looked_at, written + others, one_by_one + engine.by_rows
    return cells, written, one_by_one


def _moved(changed: set[Cell], periods: Iterable[Period], law: Law) -> frozenset[Cell]:
    """The cells that figures can reach."""
    graph = Graph(law.indicators)
    # A figure told as missing may now be found, or be found no more: its own cell is looked at as well.
    own = frozenset(cell for cell in changed if cell.indicator in law.indicators and cell.measure is Measure.LEVEL)
    return own | graph.descendants(changed, frozenset(periods), law.subjects, law.base_year)


def _columns(found: QuerySet[Observation]) -> frozenset[Asked]:
    """Columns of which anything was told."""
    return _asked(found.order_by().values_list(*_COLUMN).distinct())


def _columns_had() -> frozenset[Asked]:
    """Columns of which there are results, by whatever rules."""
    found = ComputedFigure.objects.order_by().values_list(*_COLUMN[:-1]).distinct()
    return frozenset(Asked(indicator, period_of(first, months)) for indicator, first, months in found)


def _asked(rows: Iterable[tuple[str, int, int, int]]) -> frozenset[Asked]:
    return frozenset(
        Asked(indicator, period_of(first, months), MEASURES.word(measure)) for indicator, first, months, measure in rows
    )
