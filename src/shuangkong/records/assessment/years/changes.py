"""公布的变化率: bulletins tell changes on the year before, seldom levels; such a change stands where levels lack.

It is told of the indicator itself (口径：比上年变化), and stands where ``<indicator>_growth`` cannot be computed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from shuangkong.core.fact import Cell, Measure, State
from shuangkong.indicators.engine import Engine
from shuangkong.records.facts.answering import facts_for

GROWTH = "_growth"


def with_told_changes(engine: Engine, cells: Collection[Cell], as_of: date | None = None) -> Engine:
    """The engine with the published changes of these cells, where it cannot compute them. 4 queries if any lack."""
    lacking = {
        Cell(cell.subject, cell.indicator.removesuffix(GROWTH), cell.period, Measure.YOY_CHANGE_PCT): cell
        for cell in cells
        if cell.indicator.endswith(GROWTH) and engine.figure(cell).state is State.MISSING
    }
    facts = facts_for(lacking, as_of) if lacking else {}
    told = {lacking[cell]: replace(fact, cell=lacking[cell]) for cell, fact in facts.items()}
    return Engine(engine.law, {**engine.told, **told}) if told else engine
