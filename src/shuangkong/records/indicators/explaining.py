"""由来: one figure with all it rests on, computed anew from the facts as known on a day."""

from __future__ import annotations

from datetime import date

from shuangkong.core.fact import Cell
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Law
from shuangkong.records.facts.periods import plain
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import law_for
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.monitoring import amount_steps, meter_steps, publication_steps, rural_steps


def explain(cell: Cell, as_of: date | None = None) -> Figure:
    """The figure of a cell, told or computed, by the rules in force on the last day of its period.

    Args:
        as_of: what was known by the end of this day; None: now. The rules are those of today's policy files.

    4 queries where it is told; 4 more for each step of formulas below it.
    """
    return explained(cell, as_of)[0]


def explained(cell: Cell, as_of: date | None = None) -> tuple[Figure, Law]:
    """The same, and the law by which it was found. What came from meters, outlets or registers has steps: that is some
    queries more.
    """
    known = Cell(cell.subject, cell.indicator, plain(cell.period), cell.measure)
    territory = Territory()
    law = law_for(known.subject, known.period, territory)
    found = engine_for((known,), territory, law, as_of).figure(known)
    of_readings = amount_steps.detailed(meter_steps.detailed(found))
    return rural_steps.detailed(publication_steps.detailed(of_readings)), law
