"""表格坐标: where the rows and columns of a form stand when it is laid out as a grid: on a page, in a sheet, pasted.

Columns of a fixed table count from its first figure column, of an open one from its key (−1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shuangkong.reporting.forms.addresses import ANY, open_address
from shuangkong.reporting.forms.model import Field, Form, Table


@dataclass(frozen=True, slots=True)
class Grid:
    """``places``: of a fixed table, row by row, the field or None where the place is closed; of an open one one row."""

    table: Table
    places: tuple[tuple[Field | None, ...], ...]

    @property
    def height(self) -> int:
        """Rows of a fixed table."""
        return len(self.places)

    @property
    def width(self) -> int:
        return len(self.table.columns)

    def at(self, row: int, column: int) -> Field | None:
        return self.places[row if self.table.open is None else 0][column]

    def address(self, row: int, column: int, key: str = "") -> str | None:
        field = self.at(row, column)
        if field is None:
            return None
        return open_address(self.table.id, field.column, key) if field.row == ANY else field.address


@lru_cache(maxsize=4096)
def grid(form: Form, table: str) -> Grid:
    """KeyError where the form has no such table."""
    found = form.by_id[table]
    rows = found.row_ids or (ANY,)
    places = tuple(tuple(found.by_place.get((row, column.id)) for column in found.columns) for row in rows)
    return Grid(found, places)
