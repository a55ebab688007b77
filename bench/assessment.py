"""Score sheets of a whole nation: in columns, and one by one with every trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice

import numpy as np

from bench.ground import Row, milliseconds
from shuangkong.assessment.answers import Answers, Judged, Proof
from shuangkong.assessment.columns import scored_columns
from shuangkong.assessment.sheet import scored
from shuangkong.assessment.table import Item, ScoreTable
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.policyfile.expression.column import Column, figures, scaled
from shuangkong.rulebook import open_rulebook

TITLE = "Score sheets"
NOTE = (
    "A table of 60 items, made of the items of the tables of governments, of enterprises and of carbon intensity, "
    "with made-up answers to all of them. Columns and sheets are held equal by a property test; the traces are for "
    "whoever opens a sheet."
)
ITEMS, UNITS, PROVINCES, BOUND = 60, 3_000, 30, "< 5 s"
TABLE, ALSO, YEAR = "energy_saving_government", ("energy_saving_enterprise", "carbon_intensity_region"), 2013
SEED = 5


def rows() -> Iterator[Row]:
    table = _table()
    told = _told(table)
    in_columns = milliseconds(lambda: scored_columns(table, told, date(YEAR, 12, 31)), runs=5)
    yield Row(f"{UNITS:,} units × {ITEMS} items in columns", f"{in_columns:.0f} ms", BOUND)
    members = list(islice(_answers(table, told), UNITS))
    for count in (PROVINCES, UNITS):
        took = milliseconds(partial(_one_by_one, table, members[:count]), runs=1)
        what = f"{count:,} sheets × {ITEMS} items one by one, with their traces"
        yield Row(what, f"{took / 1000:.2f} s", BOUND if count == PROVINCES else "")


def _table() -> ScoreTable:
    """All items of the three tables, then copies of them under other codes, up to sixty."""
    tables = open_rulebook().assessment().tables
    used = [tables[word] for word in (TABLE, *ALSO)]
    items: list[Item] = [replace(item, code=f"{table.id}-{item.code}", block="target") for table in used
                         for item in table.items]  # fmt: skip
    items += [replace(item, code=f"{item.code}-{turn}", points=()) for turn in range(2) for item in items]
    merged = {name: rule for table in used for name, rule in table.figures.items()}
    return replace(used[0], items=tuple(items[:ITEMS]), figures=merged)


def _told(table: ScoreTable) -> dict[str, Column]:
    draw = np.random.default_rng(SEED).integers
    told: dict[str, Column] = {name: scaled(draw(0, 400, UNITS), 2) for name in table.figures}
    return told | {point.symbol: scaled(draw(0, int(100 * point.marks) + 1, UNITS), 2) for point in table.points}


def _answers(table: ScoreTable, told: dict[str, Column]) -> Iterator[Answers]:
    """The same answers as the columns, member by member."""
    subject, proofs = Subject("unit", "0"), (Proof("invented"),)
    columns = {name: list(figures(column)) for name, column in told.items()}
    points = {point.symbol: point.code for point in table.points}
    for row in range(UNITS):
        known, judged = {}, {}
        for name, values in columns.items():
            value = values[row]
            assert isinstance(value, Decimal)
            if name in points or table.figures[name].is_established:
                judged[points.get(name, name)] = Judged(value, proofs)
            else:
                cell = Cell(subject, name, Period(YEAR))
                known[name] = Figure(cell, State.VALUE, value, table.figures[name].unit)
        yield Answers(known, judged)


def _one_by_one(table: ScoreTable, members: list[Answers]) -> None:
    checks = {check.code: check for check in open_rulebook().checks("assessment")}
    for number, answers in enumerate(members):
        scored(table, Subject("unit", str(number)), Period(YEAR), answers, checks)
