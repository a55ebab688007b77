"""模板的版面: where every place of a form stands in its workbook; the same for writing and for reading back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from shuangkong.core.period import Period
from shuangkong.papers.tables import sheet_name
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Field, FieldKind, Form, Table
from shuangkong.reporting.grid import Grid, grid

#: What the hidden sheet of a template begins with, and how it is laid out: a change of the layout is a new number.
MARK, LAYOUT = "shuangkong-form", "1"
MARK_SHEET = "_form"
GUIDE_SHEET = "填报说明"
#: Rows above the figures: title, about, headings, units.
TITLE_ROW, ABOUT_ROW, HEAD_ROW, UNIT_ROW, FIRST_ROW = 0, 1, 2, 3, 4
#: Columns left of the figures of a fixed table: name, code, unit; of an open one: the key.
FIXED_HEAD = ("项目", "代码", "计量单位")
#: Rows of an open table that an empty template offers beyond those that are filled.
SPARE_ROWS = 20
_MARKS = ("", "*")


@dataclass(frozen=True, slots=True)
class About:
    """Whose return of when a file is. ``unit`` is a code, ``name`` as people call it."""

    unit: str
    name: str
    period: Period
    is_demo: bool = False
    is_fictional: bool = False

    @property
    def marks(self) -> Mapping[str, str]:
        return {"unit": self.unit, "period": str(self.period)}


@dataclass(frozen=True)
class SheetPlan:
    """One table in a workbook: the sheet's name, and its keys where the table is open."""

    table: Table
    grid: Grid
    name: str
    keys: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.table.open is not None

    @property
    def head(self) -> tuple[str, ...]:
        """Headings left of the figures."""
        return (self.table.open.name.zh,) if self.table.open is not None else FIXED_HEAD

    @property
    def first_column(self) -> int:
        return len(self.head)

    @property
    def headings(self) -> tuple[str, ...]:
        return (*self.head, *(heading(self.grid, at) for at in range(self.grid.width)))

    @property
    def height(self) -> int:
        """Rows of figures that the sheet has."""
        return len(self.keys) if self.is_open else self.grid.height

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row id or key → row of the sheet, from 0."""
        ids = self.keys if self.is_open else self.table.row_ids
        return {each: FIRST_ROW + at for at, each in enumerate(ids)}

    @cached_property
    def column_of(self) -> Mapping[str, int]:
        return {column.id: self.first_column + at for at, column in enumerate(self.table.columns)}

    def places(self) -> Iterator[tuple[int, int, str, Field]]:
        """(row of the sheet, column of the sheet, address, field) of every open place."""
        for at in range(self.height):
            key = self.keys[at] if self.is_open else ""
            for column in range(self.grid.width):
                field = self.grid.at(at, column)
                address = self.grid.address(at, column, key)
                if field is not None and address is not None:
                    yield FIRST_ROW + at, self.first_column + column, address, field


def plans(form: Form, content: Content | None = None) -> tuple[SheetPlan, ...]:
    """A sheet for every table; an open one has the rows of ``content`` and some to spare."""
    return _planned(form, {table.id: _keys(table, content) for table in form.tables})


def record_plans(form: Form, content: Content) -> tuple[SheetPlan, ...]:
    """The same with the rows of ``content`` alone."""
    return _planned(form, {table.id: content.rows(table.id) for table in form.tables})


def _planned(form: Form, rows: Mapping[str, tuple[str, ...]]) -> tuple[SheetPlan, ...]:
    found: list[SheetPlan] = []
    taken = {GUIDE_SHEET.lower(), MARK_SHEET}
    for table in form.tables:
        keys = rows[table.id]
        name = _unused(sheet_name(table.name.zh), taken)
        taken.add(name.lower())
        found.append(SheetPlan(table, grid(form, table.id), name, keys))
    return tuple(found)


def _keys(table: Table, content: Content | None) -> tuple[str, ...]:
    if table.open is None:
        return ()
    told = content.rows(table.id) if content is not None else ()
    spare = min(table.open.most - len(told), SPARE_ROWS)
    if table.open.kind != "number":
        return (*told, *[""] * spare)
    numbers = (str(number) for number in range(1, table.open.most + 1))
    return (*told, *[number for number in numbers if number not in told][:spare])


def _unused(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found.lower() in taken:
        number += 1
        found = f"{name[:28]} {number}"
    return found


def heading(laid: Grid, at: int) -> str:
    """A column's heading; one that must be filled in bears a star."""
    column = laid.table.columns[at]
    fields = [row[at] for row in laid.places if row[at] is not None]
    is_required = bool(fields) and all(field.is_required and field.is_told for field in fields if field is not None)
    return f"{column.name.zh}{_MARKS[is_required]}"


def unit_of(laid: Grid, at: int) -> str:
    """The printed unit that all figures of a column have; "" where they differ, by their rows."""
    units = {row[at].printed for row in laid.places if row[at] is not None and row[at].kind is FieldKind.FIGURE}  # type: ignore[union-attr]
    return units.pop() if len(units) == 1 else ""


def row_unit(laid: Grid, at: int) -> str:
    """The printed unit of a row: what its figures have that do not bring one of their column, the row's own first."""
    own: list[str] = []
    others: list[str] = []
    for place, field in enumerate(laid.places[at]):
        if field is not None and field.kind is FieldKind.FIGURE and not unit_of(laid, place):
            (own if field.unit == laid.table.rows[at].unit else others).append(field.printed)
    return next(iter((*own, *others)), "")


def merged_at(merged: Iterable[tuple[tuple[int, int], tuple[int, int]]], row: int) -> str:
    """The first merged area that reaches the row or one below it, as spreadsheets call it (D5:E6); "" for none."""
    for first, last in merged:
        if last[0] >= row:
            return f"{cell_name(*first)}:{cell_name(*last)}"
    return ""


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets call it (D5)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
