"""平衡表的算式: what the lines of a table add up to and make in coal equivalent, in the expression language.

    total      = terminal + losses − conversion
    difference = supply + conversion − losses − terminal
    in standard coal = amount × coefficient              (GB/T 2589: E = Σ Ei × ki)

Supply rows add or take away as their sign says; conversion is told with its sign (inputs negative, outputs positive).
The balance that a page lays out and the rules by which each of its figures is explained compute by these alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from shuangkong.indicators.table_words import ALL, GROUP, Sum
from shuangkong.indicators.tables import Part, Table
from shuangkong.policyfile.expression import Expression, parse

#: Amount and coefficient in one unit. What does not apply needs no coefficient, nor does an amount of nothing.
IN_STANDARD_COAL = parse("amount * coefficient if amount != 0 else 0")


@dataclass(frozen=True, slots=True)
class SumOfLines:
    """``lines``: rows of the table, or sums of them, under their own names in the ``expression``."""

    expression: Expression
    lines: tuple[str, ...]


def sums_of(table: Table) -> Mapping[str, SumOfLines]:
    """By sum; within one column."""

    def rows(part: Part) -> tuple[str, ...]:
        return tuple(row.id for row in table.of(part))

    signed = tuple(f"-{row.id}" if row.weight < 0 else row.id for row in table.of(Part.SUPPLY))
    made, lost, used = rows(Part.CONVERSION), rows(Part.LOSS), rows(Part.TERMINAL)
    return {
        Sum.SUPPLY: SumOfLines(added(signed), rows(Part.SUPPLY)),
        Sum.CONVERSION: SumOfLines(added(made), made),
        Sum.INPUT: SumOfLines(added(tuple(f"max(0, -{row})" for row in made)), made),
        Sum.OUTPUT: SumOfLines(added(tuple(f"max(0, {row})" for row in made)), made),
        Sum.LOSSES: SumOfLines(added(lost), lost),
        Sum.TERMINAL: SumOfLines(added(used), used),
        Sum.DIFFERENCE: SumOfLines(
            added((Sum.SUPPLY, Sum.CONVERSION, f"-{Sum.LOSSES}", f"-{Sum.TERMINAL}")),
            (Sum.SUPPLY, Sum.CONVERSION, Sum.LOSSES, Sum.TERMINAL),
        ),
        Sum.TOTAL: SumOfLines(
            added((Sum.TERMINAL, Sum.LOSSES, f"-{Sum.CONVERSION}")), (Sum.TERMINAL, Sum.LOSSES, Sum.CONVERSION)
        ),
    }


def columns_of(table: Table, key: str) -> tuple[str, ...]:
    """Ids of the columns that a column over several stands for: all of them (ALL), or those of a group."""
    return tuple(each.id for each in table.columns if key in (ALL, f"{GROUP}{each.group}"))


@cache
def added(terms: tuple[str, ...]) -> Expression:
    """The sum of terms: what does not apply is absent from it, of several lacks the greatest counts."""
    return parse(f"sum({', '.join(terms)})")
