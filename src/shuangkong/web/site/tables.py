"""A table as data: one description serves the page, its sorting and filtering, and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeGuard
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.web.site.scope import whole
from shuangkong.web.site.words import MISSING, unit_word

PAGE_ROWS, BRIEF, _LONG = 200, 9, 30
_DAY_LETTERS = 10
type Value = str | Decimal | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """``unit`` stands once, in the heading; figures are aligned right."""

    key: str
    label: str
    unit: str = ""
    is_figure: bool = False

    @property
    def heading(self) -> str:
        # Things that are counted have a measure word in Chinese and none in English.
        unit = unit_word(self.unit).strip()
        return _("%(label)s（%(unit)s）") % {"label": self.label, "unit": unit} if unit else self.label


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is shown, ``value`` is sorted by and goes into the workbook; ``hint`` is for hover and read aloud.

    ``level`` is a Standing, shown as sign and word; ``why`` the address of the explanation of the figure;
    ``band`` the number of a colour band of the map beside the table. ``is_doubted``: a computed figure that rests on a
    rule nobody has compared with its document, or on what may yet change; it bears the sign ※.
    """

    text: str
    value: Value = None
    href: str = ""
    hint: str = ""
    level: str = ""
    why: str = ""
    band: str = ""
    is_doubted: bool = False

    @property
    def is_brief(self) -> bool:
        """A word or two, or a day, is not broken over lines."""
        return len(self.text) <= BRIEF or (len(self.text) == _DAY_LETTERS and self.text.isascii())

    @property
    def is_long(self) -> bool:
        """A sentence: on a phone its column is wide enough that it does not fill the screen."""
        return len(self.text) > _LONG

    @property
    def out(self) -> Value:
        """What the workbook gets: the value where there is one, else the text as shown."""
        return self.text if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``id`` is unique on its page; ``empty`` teaches what will stand here; ``is_demo`` labels the workbook;
    ``page_rows`` stand on one page."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    note: str = ""
    is_demo: bool = False
    page_rows: int = PAGE_ROWS


@dataclass(frozen=True, slots=True)
class Heading:
    """A column heading as a page shows it: its link sorts by it."""

    column: Column
    href: str
    order: str  # ascending | descending | none


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in the state that the address asks for."""

    table: Table
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    words: str
    count: int
    page: int
    pages: int
    hidden: frozenset[str]
    keep: tuple[tuple[str, str], ...]
    export: str
    turns: tuple[tuple[int, str], ...] = field(default=())

    @property
    def has_doubts(self) -> bool:
        """Whether a figure on this page of the table bears the sign of doubt: the foot says what it means."""
        return any(cell.is_doubted for row in self.rows for cell in row.cells)


def near(page: int, pages: int) -> list[int]:
    """Where one can turn to: the first page, the last and those around this one."""
    return sorted({1, pages, *range(max(1, page - 3), min(pages, page + 3) + 1)})


def doubtful_columns(table: Table) -> tuple[str, ...]:
    """Headings of the columns in which a figure bears the sign of doubt, for a workbook: its cells are bare numbers."""
    return tuple(
        column.label
        for place, column in enumerate(table.columns)
        if any(row.cells[place].is_doubted for row in table.rows)
    )


def text_cell(text: str, *, href: str = "", hint: str = "") -> Cell:
    """A cell of words; "—" where there are none."""
    return Cell(text or MISSING, text or None, href, hint)


def shown(request: HttpRequest, table: Table) -> Shown:
    """Filters, sorts, hides columns and turns pages as the address says; totals stay below, whole."""
    state = _State.of(request, table)
    kept = state.arranged()
    count = sum(not row.is_total for row in kept)
    pages = max(1, -(-len(kept) // table.page_rows))
    page = min(state.page, pages)
    indices = [index for index, column in enumerate(table.columns) if column.key not in state.hidden]
    rows = [_only(row, indices) for row in kept[(page - 1) * table.page_rows : page * table.page_rows]]
    own = {f"{table.id}-sort", f"{table.id}-words", f"{table.id}-hide", f"{table.id}-page"}
    return Shown(
        table=table,
        headings=tuple(state.heading(table.columns[index]) for index in indices),
        rows=tuple(rows),
        words=state.words,
        count=count,
        page=page,
        pages=pages,
        hidden=state.hidden,
        keep=tuple((key, value) for key, values in request.GET.lists() if key not in own for value in values),
        export=state.address(xlsx=table.id),
        turns=tuple((number, state.address(page=str(number))) for number in near(page, pages)),
    )


def rows_shown[Thing](
    request: HttpRequest, table_id: str, things: Sequence[Thing], page_rows: int, make: Callable[[Thing], Row]
) -> tuple[Row, ...]:
    """The rows of a long table, one a thing: only those of the page that is shown are made, the others stand empty.

    All are made where the address filters or sorts the table, or asks for the workbook.
    """
    get = request.GET
    if get.get(f"{table_id}-sort") or get.get(f"{table_id}-words", "").strip() or get.get("xlsx"):
        return tuple(map(make, things))
    first = page_rows * (min(whole(get.get(f"{table_id}-page", "1")) or 1, max(1, -(-len(things) // page_rows))) - 1)
    empty = Row(())
    return tuple(
        make(each) if first <= place < first + page_rows else empty for place, each in enumerate(things)
    )  # fmt: skip


def exported(request: HttpRequest, tables: Iterable[Table]) -> Table | None:
    """The table that the address asks for as a workbook, filtered and sorted as on the page."""
    asked = request.GET.get("xlsx", "")
    table = next((each for each in tables if each.id == asked), None)
    if table is None:
        return None
    state = _State.of(request, table)
    indices = [index for index, column in enumerate(table.columns) if column.key not in state.hidden]
    rows = tuple(_only(row, indices) for row in state.arranged())
    return replace(table, columns=tuple(table.columns[index] for index in indices), rows=rows)


def _only(row: Row, indices: Sequence[int]) -> Row:
    return replace(row, cells=tuple(row.cells[index] for index in indices))


def _is_number(value: Value) -> TypeGuard[Decimal | int]:
    return isinstance(value, Decimal | int)


def _sort_key(cell: Cell) -> tuple[int, Decimal, str]:
    """Numbers before words, absence last."""
    value = cell.value
    if _is_number(value):
        return (0, Decimal(value), "")
    return (2, Decimal(0), "") if value is None else (1, Decimal(0), str(value))


@dataclass(frozen=True, slots=True)
class _State:
    """What the address says about one table."""

    request: HttpRequest
    table: Table
    sort: str
    is_descending: bool
    words: str
    hidden: frozenset[str]
    page: int

    @classmethod
    def of(cls, request: HttpRequest, table: Table) -> _State:
        get, keys = request.GET, {column.key for column in table.columns}
        sort = get.get(f"{table.id}-sort", "")
        page = get.get(f"{table.id}-page", "1")
        hidden = frozenset(get.getlist(f"{table.id}-hide")) & keys
        return cls(
            request,
            table,
            sort.removeprefix("-") if sort.removeprefix("-") in keys else "",
            sort.startswith("-"),
            get.get(f"{table.id}-words", "").strip(),
            hidden if hidden != keys else frozenset(),
            whole(page) or 1,
        )

    def arranged(self) -> list[Row]:
        words = self.words.casefold().split()
        rows = [row for row in self.table.rows if not row.is_total and self._speaks_of(row, words)]
        if self.sort:
            index = next(i for i, column in enumerate(self.table.columns) if column.key == self.sort)
            told = [row for row in rows if row.cells[index].value is not None]
            told.sort(key=lambda row: _sort_key(row.cells[index]), reverse=self.is_descending)
            rows = told + [row for row in rows if row.cells[index].value is None]
        return rows + [row for row in self.table.rows if row.is_total]

    @staticmethod
    def _speaks_of(row: Row, words: Sequence[str]) -> bool:
        text = " ".join(cell.text for cell in row.cells).casefold()
        return all(word in text for word in words)

    def heading(self, column: Column) -> Heading:
        is_this = self.sort == column.key
        turn = f"-{column.key}" if is_this and not self.is_descending else column.key
        order = ("descending" if self.is_descending else "ascending") if is_this else "none"
        return Heading(column, self.address(sort=turn), order)

    def address(self, *, xlsx: str = "", **changes: str) -> str:
        """The same page with this table in another state."""
        query = {key: list(values) for key, values in self.request.GET.lists() if key != "xlsx"}
        query |= {f"{self.table.id}-{key}": [value] for key, value in changes.items()}
        if xlsx:
            query["xlsx"] = [xlsx]
        return "?" + urlencode(query, doseq=True) + ("" if xlsx else f"#{self.table.id}")
