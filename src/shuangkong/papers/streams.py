"""Long tables as a stream of bytes: CSV, JSON lines, or a workbook written row by row and then handed out."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from pathlib import Path

import xlsxwriter

type Row = Sequence[object]
_BLOCK = 2**16
#: Most rows of a worksheet, the headings included.
MOST_SHEET_ROWS = 2**20
#: What a spreadsheet would take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Form(StrEnum):
    """How a table leaves."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


MEDIA = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSONL: "application/jsonl",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def stream(form: Form, headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The bytes of a table, in pieces. A workbook ends with the last row that it can hold."""
    return _STREAMS[form](headings, rows)


def _csv(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """With a mark at the beginning, by which spreadsheets know UTF-8; text that looks like a formula is kept text."""
    target = StringIO()
    write = csv.writer(target)
    yield "\ufeff".encode()
    write.writerow(headings)
    for row in rows:
        write.writerow([_plain(cell) for cell in row])
        if target.tell() > _BLOCK:
            yield target.getvalue().encode()
            target.seek(0)
            target.truncate()
    yield target.getvalue().encode()


def _plain(cell: object) -> object:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return "" if cell is None else _text(cell)


def _jsonl(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(dict(zip(headings, row, strict=True)), ensure_ascii=False, default=_text).encode() + b"\n"


def _xlsx(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            if number == MOST_SHEET_ROWS:
                break
            for place, cell in enumerate(row):
                if isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(number, place, cell)
                elif cell is not None and cell != "":
                    sheet.write_string(number, place, _text(cell))
        book.close()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "1" if cell else "0"
        case Decimal():
            return format(cell, "f")
        case datetime() | date():
            return cell.isoformat()
    return str(cell)


_STREAMS: Mapping[Form, Callable[[Sequence[str], Iterable[Row]], Iterator[bytes]]] = {
    Form.CSV: _csv,
    Form.JSONL: _jsonl,
    Form.XLSX: _xlsx,
}
