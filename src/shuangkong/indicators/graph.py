"""依赖图: which indicators rest on which, in what order they are computed, and what a corrected figure moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Cell, Measure, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.forerunners import Forerunners
from shuangkong.indicators.formula import Aggregation, Indicator, Input, Shift, Span

#: Year → base year of the five-year plan it lies in; None where no plan is known.
type BaseYears = Callable[[int], int | None]

_YEAR = 12
#: A formula that rests on its own year before is not older than that, counted from the newest of all.
_MOST_YEARS = 100
#: Shifts under which an input may be of the very period that is computed.
_OF_THIS_PERIOD = frozenset({Shift.SAME, Shift.SINCE_BASE})
_NOT_AHEAD = _OF_THIS_PERIOD | {Shift.YEAR_BEFORE}
#: Aggregations under which a whole is made of its parts' own figures.
_FROM_PARTS = frozenset({Aggregation.SUM, Aggregation.MEAN, Aggregation.LAST})


#: Spans that go from a whole to what lies in it.
_DOWN = frozenset({Span.CHILDREN, Span.SECTOR})
_REGION, _SECTOR, _WITHIN = "region", "sector", "/"


@dataclass(frozen=True, slots=True)
class Edge:
    """``indicator`` takes ``input`` in a formula that holds for periods whose last day lies in ``validity``."""

    indicator: str
    input: Input
    validity: Validity

    def holds_for(self, period: Period) -> bool:
        return self.validity.holds_on(period.last_day)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Who is part of whom: ``whole`` of a subject (None at the top) and the ``parts`` directly below it.

    ``history``: who became whom.
    """

    whole: Callable[[Subject], Subject | None]
    parts: Callable[[Subject], Iterable[Subject]]
    history: Forerunners = field(default_factory=Forerunners)


def periods_taken(shift: Shift, period: Period, base_year: BaseYears) -> tuple[Period, ...]:
    """Of which periods an input is taken when ``period`` is computed: the same part of other years, or the plan's.

    A series since the base year is of whole years, but of the year under way: there the months to date stand for it, as
    rates are compared within a year without proration. A part that does not begin in January stands for no year.
    """
    match shift:
        case Shift.SAME:
            return (period,)
        case Shift.YEAR_BEFORE:
            return (period.shifted(-1),)
        case Shift.BASE_YEAR | Shift.SINCE_BASE | Shift.PLAN:
            base = base_year(period.year)
            return () if base is None else _of_plan(shift, base, period)


def periods_of(taken: Input, period: Period, base_year: BaseYears) -> tuple[Period, ...]:
    """Of which periods one name of a formula is taken when ``period`` is computed; a named year not for itself."""
    if taken.year is None:
        return periods_taken(taken.shift, period, base_year)
    named = Period(taken.year)
    return () if period == named else (named,)


def periods_resting_on(taken: Input, asked: Period, periods: Iterable[Period]) -> tuple[Period, ...]:
    """Which of these ``periods`` take a named year: those up to it; none where another period is asked of."""
    if taken.year is None or asked != Period(taken.year):
        return ()
    return tuple(each for each in periods if each != asked and each.last_day <= asked.last_day)


def _of_plan(shift: Shift, base: int, period: Period) -> tuple[Period, ...]:
    if shift is Shift.BASE_YEAR:
        return (period.shifted(base - period.year),)
    return (Period.plan_from(base + 1),) if shift is Shift.PLAN else _since(base, period)


def _since(base: int, period: Period) -> tuple[Period, ...]:
    if period.is_plan:
        return tuple(Period(year) for year in range(base + 1, period.last_day.year + 1))
    if period.first_month % _YEAR:
        return ()
    return (*(Period(year) for year in range(base + 1, period.year)), period)


class Graph:
    """The indicators of one layer and what each takes, over all its formulas whatever their dates."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self.indicators = indicators
        self.edges = tuple(dict.fromkeys(_edges(indicators.values())))
        self._takers: dict[str, list[Edge]] = {}
        for edge in self.edges:
            self._takers.setdefault(edge.input.indicator, []).append(edge)

    def circle(self) -> tuple[str, ...]:
        """Ids that rest on each other, the first again at the end; empty where there are none.

        A figure may rest on that of the year before, on its parts' or on the whole's: these come to an end. It may not
        rest on itself in the same period and subject, nor on its parts' which rest on the whole's.
        """
        edges = [edge for edge in self.edges if edge.input.shift in _OF_THIS_PERIOD]
        return _circle(edge for edge in edges if edge.input.span is Span.SAME) or _up_and_down(edges)

    def endless(self) -> tuple[str, ...]:
        """Ids each of which rests on the next, the last on the first of a year before, by formulas of long ago.

        Such a figure is looked for in the year before, and the year before that, down to the first year of a formula:
        where that is out of mind, it is no first year.
        """
        formulas = [(indicator.id, each) for indicator in self.indicators.values() for each in indicator.formulas]
        newest = max((each.validity.starts.year for _, each in formulas), default=0)
        early = [pair for pair in formulas if pair[1].validity.starts.year < newest - _MOST_YEARS]
        edges = [Edge(indicator, taken, each.validity) for indicator, each in early for taken in each.inputs.values()]
        return _circle(edge for edge in edges if edge.input.span is Span.SAME and edge.input.shift in _NOT_AHEAD)

    def order(self) -> tuple[str, ...]:
        """All ids, each after those it takes of the same period and subject; raises ValueError where they circle.

        Figures that rest on their parts' or the whole's are then computed level by level, in this order on each.
        """
        taken = _taken(
            edge for edge in self.edges if edge.input.shift in _OF_THIS_PERIOD and edge.input.span is Span.SAME
        )
        for indicator in self.indicators:
            taken.setdefault(indicator, {})
        try:
            return tuple(found for found in TopologicalSorter(taken).static_order() if found in self.indicators)
        except CycleError as error:
            raise ValueError(" → ".join(error.args[1])) from error

    def takers(self, indicator: str) -> tuple[Edge, ...]:
        """Who takes an indicator directly, and how."""
        return tuple(self._takers.get(indicator, ()))

    def descendants(
        self, changed: Iterable[Cell], periods: Collection[Period], subjects: Subjects, base_year: BaseYears
    ) -> frozenset[Cell]:
        """Every cell that may move when ``changed`` do, within ``periods``; those given are not among them.

        Whoever computes them anew gets what computing everything anew would give: all others rest on nothing changed.
        """
        given = frozenset(changed)
        seen = set(given)
        waiting = deque(given)

        @cache
        def takers(taken: Input, of: Period) -> tuple[Period, ...]:
            if taken.year is not None:
                return periods_resting_on(taken, of, periods)
            return shifted(taken.shift, of)

        @cache
        def shifted(shift: Shift, taken: Period) -> tuple[Period, ...]:
            return tuple(period for period in periods if taken in periods_taken(shift, period, base_year))

        @cache
        def wider(part: Period) -> tuple[Period, ...]:
            return tuple(period for period in periods if period != part and period.covers(part))

        while waiting:
            for cell in self._moved_by(waiting.popleft(), takers, wider, subjects):
                if cell not in seen:
                    seen.add(cell)
                    waiting.append(cell)
        return frozenset(seen - given)

    def _moved_by(
        self,
        cell: Cell,
        takers: Callable[[Input, Period], tuple[Period, ...]],
        wider: Callable[[Period], tuple[Period, ...]],
        subjects: Subjects,
    ) -> Iterator[Cell]:
        """``takers``: periods that take a period, shifted; ``wider``: those that it is part of."""
        for edge in self._takers.get(cell.indicator, ()):
            if edge.input.measure is cell.measure:
                for period in filter(edge.holds_for, takers(edge.input, cell.period)):
                    for subject in _takers_of(cell.subject, edge.input, subjects):
                        yield Cell(subject, edge.indicator, period)
        rule = self.indicators.get(cell.indicator)
        if rule is None or cell.measure is not Measure.LEVEL:
            return
        for after in subjects.history.after(cell.subject):
            yield Cell(after, cell.indicator, cell.period)
        whole = subjects.whole(cell.subject)
        if rule.in_space in _FROM_PARTS and whole is not None:
            yield Cell(whole, cell.indicator, cell.period)
        if rule.in_time in _FROM_PARTS:
            for period in wider(cell.period):
                yield Cell(cell.subject, cell.indicator, period)


def sector_of(subject: Subject, code: str) -> Subject | None:
    """One industry of a region; nothing else has any."""
    return Subject(_SECTOR, f"{subject.code}{_WITHIN}{code}") if subject.kind == _REGION else None


def own_subject(taken: Input, subject: Subject) -> Subject | None:
    """Of whom an input is taken, where that is the subject itself or an industry of it."""
    match taken.span:
        case Span.SAME:
            return subject
        case Span.SECTOR:
            return sector_of(subject, taken.sector)
        case _:
            return None


def _takers_of(subject: Subject, taken: Input, subjects: Subjects) -> Iterable[Subject]:
    """Whose figures take that of ``subject``."""
    match taken.span:
        case Span.SAME:
            return (subject,)
        case Span.CHILDREN:
            whole = subjects.whole(subject)
            return () if whole is None else (whole,)
        case Span.WHOLE:
            return subjects.parts(subject)
        case Span.SECTOR:
            region = Subject(_REGION, subject.code.partition(_WITHIN)[0])
            return (region,) if sector_of(region, taken.sector) == subject else ()


def _edges(indicators: Iterable[Indicator]) -> Iterator[Edge]:
    for indicator in indicators:
        for formula in indicator.formulas:
            for taken in formula.inputs.values():
                yield Edge(indicator.id, taken, formula.validity)


def _taken(edges: Iterable[Edge]) -> dict[str, dict[str, None]]:
    """Indicator → those it takes, in the order of the files, so that the same policy gives the same order."""
    taken: dict[str, dict[str, None]] = {}
    for edge in edges:
        taken.setdefault(edge.indicator, {})[edge.input.indicator] = None
    return taken


def _circle(edges: Iterable[Edge]) -> tuple[str, ...]:
    try:
        TopologicalSorter(_taken(edges)).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def _up_and_down(edges: Iterable[Edge]) -> tuple[str, ...]:
    """A circle that goes to the parts and back to the whole."""
    edges = tuple(edges)
    reached = _reached(edges)
    for up in (edge for edge in edges if edge.input.span is Span.WHOLE):
        for down in (edge for edge in edges if edge.input.span in _DOWN):
            if down.indicator in reached[up.input.indicator] and up.indicator in reached[down.input.indicator]:
                return (*dict.fromkeys((up.indicator, down.indicator)), up.indicator)
    return ()


def _reached(edges: Iterable[Edge]) -> dict[str, frozenset[str]]:
    """Indicator → itself and all that it rests on, directly or not."""
    taken = _taken(edges)
    indicators = {*taken, *(indicator for row in taken.values() for indicator in row)}
    found: dict[str, frozenset[str]] = {}
    for start in indicators:
        seen = {start}
        waiting = list(taken.get(start, ()))
        while waiting:
            indicator = waiting.pop()
            if indicator not in seen:
                seen.add(indicator)
                waiting.extend(taken.get(indicator, ()))
        found[start] = frozenset(seen)
    return found
