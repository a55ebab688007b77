"""粘贴: a block copied from a spreadsheet, put down at a cell of a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from shuangkong.core.finding import Finding
from shuangkong.core.unit import PrintedUnit
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.grid import Grid, grid
from shuangkong.reporting.refusals import FormFileRefused, refuse
from shuangkong.reporting.taking import next_key
from shuangkong.reporting.typed import Typed, typed

MOST_LETTERS = 1_000_000
MOST_CELLS = 100_000
#: The column of the keys of an open table.
KEY_COLUMN = -1


@dataclass(frozen=True, slots=True)
class Spot:
    """The cell that a block starts at: ``row`` and ``column`` of the table's grid, from 0.

    In an open table ``row`` counts the rows that the return has; the one after the last starts new ones, and
    KEY_COLUMN is the column of its keys.
    """

    table: str
    row: int
    column: int


def pasted(form: Form, content: Content, spot: Spot, text: str, units: Mapping[str, PrintedUnit]) -> Typed:
    """What a block (cells parted by tabs, rows by line breaks) puts into a return, and what of it was not understood.

    Raises:
        FormFileRefused: it is too large.
        KeyError: the form has no such table, or the table no such cell.
    """
    laid = grid(form, spot.table)
    if len(text) > MOST_LETTERS:
        raise FormFileRefused(refuse("RPT-640", laid.table.name.zh, found=len(text), expected=MOST_LETTERS))
    rows = cells_of(text)
    count = sum(len(row) for row in rows)
    if count > MOST_CELLS:
        raise FormFileRefused(refuse("RPT-640", laid.table.name.zh, found=count, expected=MOST_CELLS))
    findings: list[Finding] = []
    if laid.table.open is None:
        given = list(_fixed(laid, spot, rows, findings))
    else:
        given = list(_open(content, laid, spot, rows, findings))
    found = typed(form, given, units, rows=content.keys)
    return Typed(found.entries, (*findings, *found.findings))


def cells_of(text: str) -> list[list[str]]:
    """Rows of cells; a cell in quotes may hold tabs and line breaks, as spreadsheets copy them.

    A quote that never ends is a letter like any other: then lines are lines and tabs part cells.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removesuffix("\n")
    try:
        rows = list(csv.reader(StringIO(whole, newline=""), dialect="excel-tab", strict=True))
    except csv.Error:
        rows = [line.split("\t") for line in whole.split("\n")]
    return [row or [""] for row in rows]


def _fixed(laid: Grid, spot: Spot, rows: list[list[str]], findings: list[Finding]) -> Iterator[tuple[str, str]]:
    if spot.row >= laid.height or spot.column < 0:
        raise KeyError(spot)
    if spot.row + len(rows) > laid.height and any(any(row) for row in rows[laid.height - spot.row :]):
        findings.append(refuse("RPT-642", laid.table.name.zh, found="末行", found_en="last row"))
    for at, row in enumerate(rows[: laid.height - spot.row], spot.row):
        yield from _row(laid, at, spot.column, row, "", findings)


def _open(
    content: Content, laid: Grid, spot: Spot, rows: list[list[str]], findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    keys = list(content.rows(laid.table.id))
    for at, row in enumerate(rows, spot.row):
        if not any(cell.strip() for cell in row):
            continue
        told, cells, column = "", row, spot.column
        if spot.column == KEY_COLUMN:
            told, cells, column = row[0].strip(), row[1:], 0
        key = told or (keys[at] if at < len(keys) else next_key(laid.table, keys) or "")
        if key and key not in keys:
            keys.append(key)
        yield from _row(laid, 0, column, cells, key, findings)


def _row(
    laid: Grid, at: int, column: int, cells: list[str], key: str, findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    room = laid.width - column
    if any(cell.strip() for cell in cells[room:]):
        findings.append(refuse("RPT-642", laid.table.name.zh, found="末栏", found_en="last column"))
    for place, cell in enumerate(cells[:room], column):
        address = laid.address(at, place, key)
        if address is not None:
            yield address, cell
        elif cell.strip():
            row = key if laid.table.open is not None else laid.table.rows[at].name.zh
            name = f"{laid.table.name.zh} · {row} {laid.table.columns[place].name.zh}"
            findings.append(refuse("RPT-641", name, found=cell))
