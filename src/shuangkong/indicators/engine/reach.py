"""牵涉的列: which columns a change in some can move, and which must be known to compute others; of no subject alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from shuangkong.core.fact import Cell, Measure, Subject
from shuangkong.core.period import PLAN_YEARS, Period
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.engine.parts import IN_SPACE, IN_TIME, cells_in_time, periods_above
from shuangkong.indicators.formula import Shift
from shuangkong.indicators.graph import Graph, periods_of, periods_resting_on, periods_taken
from shuangkong.indicators.table_words import is_found_of_cells, is_table_id

_NOBODY = Subject("", "")


def reached(changed: Iterable[Asked], periods: Collection[Period], law: Law) -> frozenset[Asked]:
    """Columns of levels, within ``periods``, that may have another result where ``changed`` were told anew.

    Their own are among them, so that a result gives way to what was told: Graph.descendants, for everyone.
    """
    graph, known = Graph(law.indicators), frozenset(periods)
    takers = _takers(known, law)
    waiting = list(dict.fromkeys(changed))
    seen = set(waiting)
    while waiting:
        for each in _moved_by(waiting.pop(), graph, takers, known):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return frozenset(each for each in seen if each.measure is Measure.LEVEL and each.indicator in law.indicators)


def _takers(periods: Iterable[Period], law: Law) -> Callable[[Shift, Period], list[Period]]:
    """Of which periods an input is taken, turned round."""
    found: dict[tuple[Shift, Period], list[Period]] = defaultdict(list)
    for period in periods:
        for shift in Shift:
            for taken in periods_taken(shift, period, law.base_year):
                found[shift, taken].append(period)
    return lambda shift, period: found.get((shift, period), [])


def _moved_by(
    asked: Asked, graph: Graph, takers: Callable[[Shift, Period], list[Period]], periods: Collection[Period]
) -> Iterator[Asked]:
    for edge in graph.takers(asked.indicator):
        if edge.input.measure is asked.measure:
            fixed = edge.input.year is not None
            found = (
                periods_resting_on(edge.input, asked.period, periods)
                if fixed
                else takers(edge.input.shift, asked.period)
            )
            yield from (Asked(edge.indicator, period) for period in found if edge.holds_for(period))
    rule = graph.indicators.get(asked.indicator)
    if rule is None or asked.measure is not Measure.LEVEL:
        return
    if rule.in_space in IN_SPACE:
        yield asked
    if rule.in_time in IN_TIME:
        yield from (Asked(asked.indicator, period) for period in _wider(asked.period) if period in periods)


def _wider(period: Period) -> tuple[Period, ...]:
    """Periods that it helps to make up."""
    if period.is_year:
        return tuple(Period.plan_from(period.year - before) for before in range(PLAN_YEARS))
    return periods_above(period)


def needed(targets: Iterable[Asked], told: Collection[Asked], law: Law) -> frozenset[Asked]:
    """Columns among ``told`` (all of which anything was told) that the figures of ``targets`` can rest on."""
    since = min((asked.period.first_month for asked in told), default=0)
    with_tables = {asked.period for asked in told if is_table_id(asked.indicator)}
    waiting = list(dict.fromkeys(targets))
    seen = set(waiting)
    while waiting:
        here = waiting.pop()
        if here.period not in with_tables and is_found_of_cells(here.indicator):
            continue  # nothing of it can be computed: the engine does not go on either
        for each in _rests_on(here, law):
            if each not in seen and each.period.first_month + each.period.months > since:
                seen.add(each)
                waiting.append(each)
    return frozenset(seen & frozenset(told))


def _rests_on(asked: Asked, law: Law) -> Iterator[Asked]:
    formula = law.formula(asked.indicator, asked.period)
    for taken in formula.inputs.values() if formula else ():
        for period in periods_of(taken, asked.period, law.base_year):
            yield Asked(taken.indicator, period, taken.measure)
    rule = law.indicators.get(asked.indicator)
    if rule is not None:
        for cell in cells_in_time(Cell(_NOBODY, *asked), rule):
            yield Asked(cell.indicator, cell.period)
