"""附件行: rows of a table of indicators, with the cells of base, target and change beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.plans.audit.context import Context, tidy
from shuangkong.plans.audit.grid import by_indicator, cell_of
from shuangkong.plans.reading import AnnexTable, Cell, Column, Row

_SIGNED = re.compile(r"^\[?[+\-−－]\d")


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell that prints a number, under its column."""

    column: Column
    cell: Cell
    value: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A row of an indicator table with its printed numbers by role, in the order of the columns."""

    table: AnnexTable
    row: Row
    unit: str
    bases: tuple[Printed, ...]
    targets: tuple[Printed, ...]
    changes: tuple[Printed, ...]

    @property
    def name(self) -> str:
        """Label with the heading it stands under: 公共机构 + 人均水耗."""
        group = tidy(self.row.group or "").rstrip("：:")
        label = tidy(self.row.label)
        return label if group in label else f"{group}{label}"

    @property
    def place(self) -> str:
        return f"附件{self.table.no} {tidy(self.row.label)}"


def lines(context: Context) -> Iterator[Line]:
    """Rows of all indicator tables that have a unit."""
    for table in context.reading.tables:
        if not by_indicator(table):
            continue
        roles = _roles(table)
        for row in table.rows:
            unit = cell_of(table, row, roles["unit"][0])
            if unit is not None and unit.text.strip():
                bases, targets, changes = (
                    _numbers(table, row, roles.get(role, ())) for role in ("base", "target", "change")
                )
                yield Line(table, row, tidy(unit.text), bases, targets, changes)


def _numbers(table: AnnexTable, row: Row, columns: tuple[int, ...]) -> tuple[Printed, ...]:
    cells = ((table.columns[index], cell_of(table, row, index)) for index in columns)
    return tuple(Printed(column, cell, cell.value) for column, cell in cells if cell and cell.value is not None)


def _roles(table: AnnexTable) -> dict[str, tuple[int, ...]]:
    """Columns of each role.

    Where a two-tier head hid the change, its cells show it: printed in brackets or with a sign.
    """
    roles: dict[str, tuple[int, ...]] = {}
    for index, column in enumerate(table.columns):
        roles[column.role] = (*roles.get(column.role, ()), index)
    if "change" in roles:
        return roles
    signed = [index for index in range(len(table.columns)) if any(_is_change(table, row, index) for row in table.rows)]
    if len(signed) == 1 and signed[0] - 2 > roles["unit"][0]:
        at = signed[0]
        return {"unit": roles["unit"], "base": (at - 2,), "target": (at - 1,), "change": (at,)}
    return roles


def _is_change(table: AnnexTable, row: Row, index: int) -> bool:
    cell = cell_of(table, row, index)
    return cell is not None and (cell.bracketed or _SIGNED.match(tidy(cell.text)) is not None)
