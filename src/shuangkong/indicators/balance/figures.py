"""能源平衡表: what came in, what became of it and what is left over, column by column and in coal equivalent.

Supply rows add or take away as their sign says; conversion is told with its sign (inputs negative, outputs positive):

    difference = supply + conversion − losses − terminal
    total      = terminal + losses − conversion
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.rounding import WIDE
from shuangkong.indicators.conversion import STANDARD_COAL, Coefficient
from shuangkong.indicators.table_words import ALL, GROUP, Sum
from shuangkong.indicators.tables import Column, Part, Row, Sign, Table
from shuangkong.policyfile.expression.given import LACKS, STATES, Told, exact, written

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
    unconverted: tuple[str, ...] = field(default=())

    def figure(self, row: str, column: str) -> Told:
        return self.figures.get((row, column), State.MISSING)

    def part(self, part: Part, column: str) -> Told:
        """What the rows of a part add up to."""
        return summed((self.figure(row.id, column), row.weight) for row in self.table.of(part))

    def supply(self, column: str) -> Told:
        return self.part(Part.SUPPLY, column)

    def conversion(self, column: str) -> Told:
        return self.part(Part.CONVERSION, column)

    def loss(self, column: str) -> Told:
        return self.part(Part.LOSS, column)

    def terminal(self, column: str) -> Told:
        return self.part(Part.TERMINAL, column)

    def difference(self, column: str) -> Told:
        """``supply + conversion − losses − terminal``."""
        return summed(
            (
                (self.supply(column), 1),
                (self.conversion(column), 1),
                (self.loss(column), -1),
                (self.terminal(column), -1),
            )
        )

    def total(self, column: str) -> Told:
        """``terminal + losses − conversion``: what the region consumed of an energy."""
        return summed(((self.terminal(column), 1), (self.loss(column), 1), (self.conversion(column), -1)))

    def line(self, line: str, column: str) -> Told:
        """A row or what rows add up to; of ``column``, of all columns (ALL), or the total of a group of them."""
        if column.startswith(GROUP):
            return self.group(column.removeprefix(GROUP))
        if column == ALL:
            return summed((self.line(line, each.id), 1) for each in self.table.columns)
        sums = {
            Sum.SUPPLY: self.supply,
            Sum.CONVERSION: self.conversion,
            Sum.INPUT: self.input,
            Sum.OUTPUT: self.output,
            Sum.LOSSES: self.loss,
            Sum.TERMINAL: self.terminal,
            Sum.DIFFERENCE: self.difference,
            Sum.TOTAL: self.total,
        }
        return sums[Sum(line)](column) if line in sums else self.figure(line, column)

    def within(self, row: str, column: str) -> Told:
        """What is told of the parts of a row (其中)."""
        return summed((self.figure(each.id, column), 1) for each in self.table.within(row))

    def output(self, column: str) -> Told:
        """What conversion made of an energy."""
        return self._conversion(column, 1)

    def input(self, column: str) -> Told:
        """What conversion took of an energy, as a positive amount."""
        return self._conversion(column, -1)

    def _conversion(self, column: str, sign: int) -> Told:
        told = [self.figure(row.id, column) for row in self.table.of(Part.CONVERSION)]
        kept = ((each, sign) for each in told if not isinstance(each, Decimal) or each * sign > 0)
        found = summed(kept)
        return (
            Decimal(0) if found is State.NOT_APPLICABLE and any(isinstance(each, Decimal) for each in told) else found
        )

    def whole(self, part: Part) -> Told:
        """A part over all columns: of a balance in coal equivalent only."""
        return summed((self.part(part, column.id), 1) for column in self.table.columns)

    def consumption(self) -> Told:
        """Total energy consumption: terminal + conversion loss + other loss, over all columns in coal equivalent.

        Missing while a column that has figures could not be converted: its cells are missing here.
        """
        return summed((self.total(column.id), 1) for column in self.table.columns)

    def conversion_loss(self) -> Told:
        """What is lost when one energy is made of another, over all columns in coal equivalent."""
        return summed(((self.whole(Part.CONVERSION), -1),))

    def group(self, group: str) -> Told:
        """Consumption of the columns of a group (coal, oil, gas) in the unit that they share."""
        return summed((self.total(column.id), 1) for column in self.table.columns if column.group == group)

    def share(self, group: str) -> Told:
        """Per cent of total consumption; missing where either is."""
        return share(self.group(group), self.consumption())


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
        for row, each in told.items():
            figures[row, column.id] = written(exact(each) * (scale or 0)) if isinstance(each, Decimal) else each
    return Balance(balance.table, figures, tuple(unconverted))


def _scale(column: Column, coefficient: Coefficient | None) -> Fraction | None:
    if column.unit == STANDARD_COAL:
        return Fraction(1)
    return None if coefficient is None or coefficient.is_range else coefficient.number


def rows_with_sign(table: Table) -> tuple[Row, ...]:
    """Rows whose figures are amounts: below zero they are told with the wrong sign."""
    return tuple(row for row in table.rows if row.sign is not Sign.SIGNED)
