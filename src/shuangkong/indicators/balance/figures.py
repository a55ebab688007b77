"""能源平衡表的数: what came in, what became of it and what is left over, column by column and in coal equivalent.

What lines add up to is said once, in ``balance.sums``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from shuangkong.core.fact import State
from shuangkong.core.rounding import WIDE
from shuangkong.indicators.balance.sums import IN_STANDARD_COAL, SumOfLines, columns_of, sums_of
from shuangkong.indicators.conversion import STANDARD_COAL, Coefficient
from shuangkong.indicators.table_words import ALL, GROUP, Sum
from shuangkong.indicators.tables import Column, Row, Sign, Table
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.given import LACKS, STATES, Lack, Told, exact, plain, written
from shuangkong.policyfile.expression.row import unrounded

#: Row id and column id.
type Place = tuple[str, str]


def summed(figures: Iterable[tuple[Told, int]]) -> Told:
    """The sum of figures with their signs: what does not apply is absent, of several lacks the greatest counts."""
    total, lacks, is_any = Decimal(0), [], False
    for told, sign in figures:
        if isinstance(told, Decimal):
            total, is_any = WIDE.add(total, WIDE.multiply(told, Decimal(sign))), True
        elif told is not State.NOT_APPLICABLE:
            lacks.append(LACKS[told])
    if lacks:
        return STATES[max(lacks)]
    return total if is_any else State.NOT_APPLICABLE


@dataclass(frozen=True)
class Balance:
    """Figures of one table, each in the unit of its column (or all in tce); a cell that nobody told is missing.

    Attributes:
        figures: (row, column) → figure.
        unconverted: columns of a balance in coal equivalent for which there was no coefficient of one number.
    """

    table: Table
    figures: Mapping[Place, Told]
    unconverted: tuple[str, ...] = ()
    _added: dict[Place, Told] = field(default_factory=dict, init=False, repr=False, compare=False)

    def figure(self, row: str, column: str) -> Told:
        return self.figures.get((row, column), State.MISSING)

    def line(self, line: str, column: str) -> Told:
        """A row or what rows add up to; of ``column``, of all columns (ALL), or of a group of them."""
        if column == ALL or column.startswith(GROUP):
            return summed((self.line(line, each), 1) for each in columns_of(self.table, column))
        place = line, column
        if line in self._sums and place not in self._added:
            rule = self._sums[line]
            told = {each: self.line(each, column) for each in rule.lines}
            self._added[place] = _yielded(rule.expression, told)
        return self._added[place] if line in self._sums else self.figure(line, column)

    @cached_property
    def _sums(self) -> Mapping[str, SumOfLines]:
        return sums_of(self.table)

    def supply(self, column: str) -> Told:
        return self.line(Sum.SUPPLY, column)

    def conversion(self, column: str) -> Told:
        return self.line(Sum.CONVERSION, column)

    def loss(self, column: str) -> Told:
        return self.line(Sum.LOSSES, column)

    def terminal(self, column: str) -> Told:
        return self.line(Sum.TERMINAL, column)

    def difference(self, column: str) -> Told:
        return self.line(Sum.DIFFERENCE, column)

    def total(self, column: str) -> Told:
        """What the region consumed of an energy."""
        return self.line(Sum.TOTAL, column)

    def output(self, column: str) -> Told:
        """What conversion made of an energy."""
        return self.line(Sum.OUTPUT, column)

    def input(self, column: str) -> Told:
        """What conversion took of an energy, as a positive amount."""
        return self.line(Sum.INPUT, column)

    def within(self, row: str, column: str) -> Told:
        """What is told of the parts of a row (其中)."""
        return summed((self.figure(each.id, column), 1) for each in self.table.within(row))

    def consumption(self) -> Told:
        """Total energy consumption: terminal + conversion loss + other loss, over all columns in coal equivalent.

        Missing while a column that has figures could not be converted: its cells are missing here.
        """
        return self.line(Sum.TOTAL, ALL)


def _yielded(expression: Expression, told: Mapping[str, Told]) -> Told:
    found = unrounded(expression, {name: _entered(each) for name, each in told.items()})
    return STATES[found] if isinstance(found, Lack) else plain(found)


def _entered(told: Told) -> Fraction | Lack:
    return LACKS[told] if isinstance(told, State) else exact(told)


def share(part: Told, whole: Told) -> Told:
    """100 part / whole; a whole of nothing has no shares."""
    if isinstance(part, Decimal) and isinstance(whole, Decimal):
        return written(100 * exact(part) / exact(whole)) if whole else State.MISSING
    return next(told for told in (part, whole) if isinstance(told, State))


def in_standard_coal(balance: Balance, coefficients: Mapping[str, Coefficient | None]) -> Balance:
    """The same balance in tce; ``coefficients``: by column. A column in tce needs none.

    A column with figures whose coefficient is not there, or is a range, stays out and is named: whoever asks for the
    total gets none until somebody measures or chooses.
    """
    figures: dict[Place, Told] = {}
    unconverted = []
    for column in balance.table.columns:
        scale = _scale(column, coefficients.get(column.id))
        told = {
            row.id: balance.figures[row.id, column.id]
            for row in balance.table.rows
            if (row.id, column.id) in balance.figures
        }
        if scale is None and any(isinstance(each, Decimal) and each for each in told.values()):
            unconverted.append(column.id)
            continue
        coefficient = Lack.MISSING if scale is None else scale
        for row, each in told.items():
            made = unrounded(IN_STANDARD_COAL, {"amount": _entered(each), "coefficient": coefficient})
            figures[row, column.id] = STATES[made] if isinstance(made, Lack) else written(made)
    return Balance(balance.table, figures, tuple(unconverted))


def _scale(column: Column, coefficient: Coefficient | None) -> Fraction | None:
    if column.unit == STANDARD_COAL:
        return Fraction(1)
    return None if coefficient is None or coefficient.is_range else coefficient.number


def rows_with_sign(table: Table) -> tuple[Row, ...]:
    """Rows whose figures are amounts: below zero they are told with the wrong sign."""
    return tuple(row for row in table.rows if row.sign is not Sign.SIGNED)
