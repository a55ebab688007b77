"""按列评分: a whole nation's sheets at once, equal to the sheets one by one (a property test holds both together).

Marks are whole numbers of the table's grid, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shuangkong.assessment.grading import grade_text, missed_name, parsed, place_of, truth_text
from shuangkong.assessment.table import SCORE, Item, ScoreTable
from shuangkong.core.fact import State
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.column import Column, Decimals, scaled
from shuangkong.policyfile.expression.columns import evaluate_columns
from shuangkong.policyfile.expression.given import LACKS, Lack

type Wholes = NDArray[np.int64]
type Flags = NDArray[np.bool_]

_MISSING = np.int8(LACKS[State.MISSING])
_INAPPLICABLE = np.int8(Lack.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, eq=False)
class ItemColumn:
    """Marks of an item in units of the table's grid; what lies under ``lacks`` says nothing."""

    wholes: Wholes
    lacks: Flags


@dataclass(frozen=True, slots=True, eq=False)
class SheetColumns:
    """The sheets of all rows.

    Attributes:
        items: by code.
        least, most: sums in units of the grid, between which the total lies; equal where nothing is missing.
        best, worst: places of the grades that remain possible; equal where the grade is decided.
        vetoes: code → 1 where it holds, 0 where not, −1 where what is missing decides it.
    """

    table: ScoreTable
    items: Mapping[str, ItemColumn]
    least: Wholes
    most: Wholes
    best: Wholes
    worst: Wholes
    vetoes: Mapping[str, Wholes]

    def total(self, row: int) -> Decimal | None:
        """None while an item lacks its marks, and where the table gives none."""
        if not self.items or any(item.lacks[row] for item in self.items.values()):
            return None
        return self.table.grid.at(int(self.least[row]))


def scored_columns(table: ScoreTable, told: Mapping[str, Column], day: date) -> SheetColumns:
    """The sheets by the rules of a day.

    Args:
        told: name of a figure or symbol of a point → its column; names that nobody told are missing everywhere. Marks
            of a point beyond what it is worth count as missing, as in a sheet. A column does not say on what it rests:
            of units, pass no statistical figures (assessment.answers refuses them in a sheet).

    Raises:
        ValueError: no column at all, columns of unlike length, or the table is not in force on the day.
    """
    if not table.validity.holds_on(day):
        raise ValueError(f"{table.id}: not in force on {day}; expected a table whose dates cover the period")
    lengths = {len(column) for column in told.values()}
    if len(lengths) != 1:
        raise ValueError(f"{table.id}: expected columns of one length, found {sorted(lengths)}")
    scorer = _Columns(table, told, lengths.pop(), day)
    return scorer.sheets()


class _Columns:
    def __init__(self, table: ScoreTable, told: Mapping[str, Column], rows: int, day: date) -> None:
        self.table, self.rows, self.day = table, rows, day
        nothing = scaled(np.zeros(rows, dtype=np.int64), 0, np.full(rows, _MISSING))
        self.told: dict[str, Column] = {name: told.get(name, nothing) for name in table.figures}
        for point in table.points:
            column = told.get(point.symbol, nothing)
            self.told[point.symbol] = _given(column, point.marks, point.is_full_if_inapplicable, table.grid.pitch)

    def sheets(self) -> SheetColumns:
        items = {item.code: self.item(item) for item in self.table.items}
        least, most = self.bounds(items)
        best, worst = self.graded(items, most, True), self.graded(items, least, False)
        vetoes = {}
        for veto in self.table.vetoes_on(self.day):
            holds, lacks = _wholes(self.evaluated(parsed(truth_text(veto.when))), Fraction(1))
            place = place_of(self.table, veto.grade)
            best = np.where((holds == 1) & ~lacks, np.maximum(best, place), best)
            worst = np.where((holds == 1) | lacks, np.maximum(worst, place), worst)
            vetoes[veto.code] = np.where(lacks, -1, holds)
        return SheetColumns(self.table, items, least, most, best, worst, vetoes)

    def item(self, item: Item) -> ItemColumn:
        if not item.expression.names:
            raise ValueError(f"{item.code}: an item that takes nothing")
        return ItemColumn(*_wholes(self.evaluated(item.expression, rounds=True), Fraction(self.table.grid.pitch)))

    def evaluated(self, expression: Expression, rounds: bool = False, **also: Column) -> Column:
        told = self.told | also
        needed: dict[str, Column | Decimal] = {name: told[name] for name in expression.names}
        return evaluate_columns(expression, needed, self.table.grid if rounds else None)

    def bounds(self, items: Mapping[str, ItemColumn]) -> tuple[Wholes, Wholes]:
        least, most = np.zeros(self.rows, dtype=np.int64), np.zeros(self.rows, dtype=np.int64)
        for item in self.table.items:
            found = items[item.code]
            least += np.where(found.lacks, self.whole(item.least), found.wholes)
            most += np.where(found.lacks, self.whole(item.most), found.wholes)
        return least, most

    def graded(self, items: Mapping[str, ItemColumn], score: Wholes, is_best: bool) -> Wholes:
        counted: dict[str, Column] = {SCORE: _of_grid(score, self.table.grid.pitch)}
        for block in self.table.blocks:
            missed = np.zeros(self.rows, dtype=np.int64)
            for item in self.table.items:
                if item.block == block and not item.is_extra:
                    found, full = items[item.code], self.whole(item.most)
                    bound = item.most if is_best else item.least
                    missed += np.where(found.lacks, self.whole(bound), found.wholes) < full
            counted[missed_name(block)] = scaled(missed, 0)
        wholes, lacks = _wholes(
            self.evaluated(parsed(grade_text(self.table, self.day)), rounds=False, **counted), Fraction(1)
        )
        return np.where(lacks, 0 if is_best else len(self.table.grades) - 1, wholes)

    def whole(self, marks: Decimal) -> int:
        return self.table.grid.index(Fraction(marks))


def _of_grid(wholes: Wholes, pitch: Decimal) -> Decimals:
    column = scaled(wholes, 0)
    return Decimals(column.wholes, Fraction(pitch), column.most, column.lacks)


def _wholes(column: Column, pitch: Fraction) -> tuple[Wholes, Flags]:
    """A column of multiples of a pitch as whole numbers of it, and where there is none."""
    lacks = np.zeros(len(column), dtype=np.bool_) if column.lacks is None else column.lacks != 0
    if isinstance(column, Decimals) and not column.beyond:
        ratio = column.pitch / pitch
        if ratio.denominator == 1:
            return column.wholes.astype(np.int64) * ratio.numerator, lacks
        return column.wholes.astype(np.int64) * ratio.numerator // ratio.denominator, lacks
    found = [0 if lack else int(Fraction(_figure(column, row)) / pitch) for row, lack in enumerate(lacks)]
    return np.asarray(found, dtype=np.int64), lacks


def _figure(column: Column, row: int) -> Fraction:
    found = column.exactly(row)
    return Fraction(0) if isinstance(found, Lack) else found


def _given(column: Column, marks: Decimal, is_full_if_inapplicable: bool, pitch: Decimal) -> Column:
    """Marks of a point: beyond its worth they are missing; not applicable is full, or missing where no rule says so."""
    if not isinstance(column, Decimals):
        raise TypeError("marks of a point are told decimals")
    fine = min(column.pitch, Fraction(pitch))
    factor = column.pitch / fine
    worth = Fraction(marks) / fine
    if factor.denominator != 1 or worth.denominator != 1:
        fine = Fraction(1, (column.pitch.denominator * Fraction(pitch).denominator))
        factor, worth = column.pitch / fine, Fraction(marks) / fine
    wholes = column.wholes.astype(np.int64) * int(factor)
    lacks = np.zeros(len(column), dtype=np.int8) if column.lacks is None else column.lacks.copy()
    lacks[(lacks == 0) & ((wholes < 0) | (wholes > int(worth)))] = _MISSING
    elsewhere = lacks == _INAPPLICABLE
    if is_full_if_inapplicable:
        wholes, lacks = np.where(elsewhere, int(worth), wholes), np.where(elsewhere, np.int8(0), lacks)
    else:
        lacks = np.where(elsewhere, _MISSING, lacks)
    column = scaled(wholes, 0, lacks if lacks.any() else None)
    return Decimals(column.wholes, fine, column.most, column.lacks)
