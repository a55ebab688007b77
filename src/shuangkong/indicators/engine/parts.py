"""由部分合成整体: the periods that make up a period, and which cells anything told could reach through their parts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache

from shuangkong.core.fact import Cell, Measure, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Aggregation, Indicator
from shuangkong.indicators.graph import Subjects
from shuangkong.policyfile.expression.given import LACKS, STATES, Lack, Told, exact, written

#: How parts become a whole by their own figures, over time and over places.
IN_TIME = frozenset({Aggregation.SUM, Aggregation.MEAN, Aggregation.LAST})
IN_SPACE = frozenset({Aggregation.SUM, Aggregation.MEAN})


@cache
def parts_in_time(period: Period) -> tuple[Period, ...]:
    """What a period is made of, one step down: halves, quarters, months; a month has no parts.

    Nor has a plan: what is said of its five years (a cap, a reduction, a decline) is not the sum of the years.
    """
    letter = period.part[:1]
    if period.is_plan:
        return ()
    if period.is_year:
        return Period(period.year, "H1"), Period(period.year, "H2")
    if letter == "H":
        last = 2 * int(period.part[1:])
        return Period(period.year, f"Q{last - 1}"), Period(period.year, f"Q{last}")
    if letter.isdigit():
        return ()
    first = period.first_month % 12 + 1
    return tuple(Period(period.year, f"{month:02d}") for month in range(first, first + period.months))


@cache
def periods_above(period: Period) -> tuple[Period, ...]:
    """Every period of its year, and its year, that ``period`` helps to make up through its parts."""
    year = period.year
    wider = [f"C{months:02d}" for months in (2, 4, 5, 7, 8, 9, 10, 11)] + ["Q1", "Q2", "Q3", "Q4", "H1", "H2", ""]
    return tuple(each for part in wider if (each := Period(year, part)) != period and each.covers(period))


def with_wider(periods: Iterable[Period]) -> frozenset[Period]:
    """Periods, and those of the same years that they help to make up."""
    return frozenset(each for period in set(periods) for each in (period, *periods_above(period)))


class Supported:
    """Cells that a told figure reaches through the parts: none but these can be put together."""

    def __init__(self, told: Iterable[Cell], subjects: Subjects) -> None:
        self._cells: set[tuple[str, Subject, Period]] = set()
        for cell in told:
            if cell.measure is Measure.LEVEL:
                subject: Subject | None = cell.subject
                while subject is not None and (cell.indicator, subject, cell.period) not in self._cells:
                    for period in (cell.period, *periods_above(cell.period)):
                        self._cells.add((cell.indicator, subject, period))
                    subject = subjects.whole(subject)

    def holds(self, cell: Cell) -> bool:
        return cell.measure is Measure.LEVEL and (cell.indicator, cell.subject, cell.period) in self._cells


def cells_in_time(cell: Cell, rule: Indicator) -> tuple[Cell, ...]:
    """The parts of a cell by its months; the last alone where it stands for the whole."""
    parts = parts_in_time(cell.period) if rule.in_time in IN_TIME and cell.measure is Measure.LEVEL else ()
    if rule.in_time is Aggregation.LAST:
        parts = parts[-1:]
    return tuple(Cell(cell.subject, cell.indicator, part) for part in parts)


def cells_in_space(cell: Cell, rule: Indicator, subjects: Subjects) -> tuple[Cell, ...]:
    """The parts of a cell by its places."""
    if rule.in_space not in IN_SPACE or cell.measure is not Measure.LEVEL:
        return ()
    return tuple(Cell(part, cell.indicator, cell.period) for part in subjects.parts(cell.subject))


def put_together(way: Aggregation, figures: tuple[Told, ...]) -> Told:
    """The whole of its parts. What does not apply is absent from it; what is missing makes it missing."""
    applying = tuple(told for told in figures if told is not State.NOT_APPLICABLE)
    if not applying:
        return State.NOT_APPLICABLE if figures else State.MISSING
    lacks = [LACKS[told] for told in applying if isinstance(told, State)]
    if lacks:
        return STATES[Lack(max(lacks))]
    parts = [exact(told) for told in applying if isinstance(told, Decimal)]
    total = sum(parts, Fraction(0))
    match way:
        case Aggregation.LAST:
            return written(parts[-1])
        case Aggregation.MEAN:
            return written(total / len(parts))
        case _:
            return written(total)
