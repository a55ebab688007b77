"""可比价数列: what was told at the prices of several base years, fetched and joined (indicators.prices).

The plain indicator tells a year at the prices of its plan's base year; ``gdp_constant@<year>`` tells it at those of
that year. So the base year itself is told twice: plainly at old prices, and once more at its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.prices import Chained, Piece, chained
from shuangkong.records.facts.answering import facts_for
from shuangkong.rulebook import open_rulebook

#: Between an indicator and the year whose prices it is told at.
AT_PRICES_OF = "@"


@dataclass(frozen=True, slots=True)
class ConstantPrices:
    """A series at the prices of one year, with the facts that it rests on; ``unit`` is their base unit."""

    chained: Chained
    unit: str
    facts: tuple[Fact, ...]


def constant_prices(
    subject: Subject, indicator: str, years: Sequence[int], base: int, as_of: date | None = None
) -> ConstantPrices:
    """The indicator of whole ``years`` at the prices of ``base``, as known by the end of a day.

    The plans' base years between are fetched too, for there the pieces meet. Queries as answering.facts_for.
    """
    starts = sorted(first for _, first in open_rulebook().lexicon().plan_starts)
    every = {each for each in (*(_base_of(year, starts) for year in years), base) if each is not None}
    meeting = {first - 1 for first in starts if min(every, default=0) <= first - 1 <= max(every, default=0)}
    cells: dict[Cell, int] = {}
    for year in {*years, *meeting}:
        plain = _base_of(year, starts)
        if plain is not None and plain >= min(every):
            cells[Cell(subject, indicator, Period(year))] = plain
        for at in {*every, *meeting}:
            cells[Cell(subject, f"{indicator}{AT_PRICES_OF}{at}", Period(year))] = at
    facts = facts_for(cells, as_of)
    told = {cell: fact for cell, fact in facts.items() if fact.state is State.VALUE}
    pieces = _pieces((cells[cell], fact) for cell, fact in told.items())
    units = {fact.unit for fact in told.values()}
    if len(units) > 1:
        raise ValueError(f"{subject} {indicator}: told in {' and '.join(sorted(units))}; a series has one unit")
    return ConstantPrices(chained(pieces, base), next(iter(units), ""), tuple(told.values()))


def _pieces(told: Iterable[tuple[int, Fact]]) -> list[Piece]:
    """A year told at prices of a base both plainly and by name counts as told by name."""
    amounts: dict[int, dict[int, Decimal]] = {}
    for base, fact in sorted(told, key=lambda each: AT_PRICES_OF in each[1].cell.indicator):
        if fact.value is not None:
            amounts.setdefault(base, {})[fact.cell.period.year] = fact.value
    return [Piece(base, years) for base, years in amounts.items()]


def _base_of(year: int, starts: Sequence[int]) -> int | None:
    """The year before the first of the plan that a year belongs to; None before the first plan."""
    return max((first - 1 for first in starts if first <= year), default=None)
