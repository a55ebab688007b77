"""逐年的任务和认定: what one project was assigned and what counts of it, in every year that either speaks of."""

from __future__ import annotations

from shuangkong.indicators.emissions.credit import by_year
from shuangkong.outlook.projects.ledger import Line, Recognised, lines
from shuangkong.records.outlook.projects.rows import KeyProjectRow


def yearly(row: KeyProjectRow, recognised: tuple[Recognised, ...]) -> list[Line]:
    """By pollutant and year; a project that was withdrawn was assigned nothing."""
    assigned = row.held.assignments(row.id) if row.held.is_live else ()
    years = {each.year for each in assigned} | {year for each in recognised for year in by_year(each.credit)}
    found = [line for year in sorted(years) for line in lines(assigned, recognised, year)]
    return sorted(found, key=lambda line: (line.pollutant, line.year))
