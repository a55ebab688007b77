"""不计入前后: the assessed figures of a place and year beside those before exclusions."""

from __future__ import annotations

from datetime import date

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.excluding import Statement, cells_of_statement, statement
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import law_for
from shuangkong.records.indicators.territory import Territory

#: Indicators whose dated formulas say what is excluded.
ASSESSED = ("assessed_total_consumption", "assessed_energy_intensity")


def statements(subject: Subject, year: int, as_of: date | None = None) -> tuple[Statement, ...]:
    """One of each assessed indicator, by the law of the place. 4 queries for each step of formulas."""
    territory, period = Territory(), Period(year)
    cells = [Cell(subject, indicator, period) for indicator in ASSESSED]
    asked = [each for cell in cells for each in cells_of_statement(cell)]
    engine = engine_for(asked, territory, law_for(subject, period, territory), as_of)
    return tuple(found for cell in cells if (found := statement(cell, engine)) is not None)
