"""工作簿: an uploaded workbook as plain values; run behind the fence (papers.fence), for nobody knows who made it."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from shuangkong.papers.fence_wire import FileRefused, Limits
from shuangkong.papers.reporting.kinds import kind_of, megabytes
from shuangkong.reporting.refusals import refuse

#: A form of a thousand fields takes a tenth of a second and 60 MB; a county's workbook some seconds.
LIMITS = Limits(memory_bytes=1024**3, cpu_seconds=20, wall_seconds=40, output_bytes=256 * 1024**2)
MOST_BYTES = 20_000_000
MOST_UNPACKED_BYTES = 200_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 200
MOST_CELLS = 3_000_000
MOST_MERGED = 10_000
#: Begins what spreadsheets lock with a password, and the workbooks of old.
_COMPOUND = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = re.compile(r"vbaproject\.bin|macrosheets/|activex/|dialogsheets/", re.IGNORECASE)
_BROKEN = (BadZipFile, NotImplementedError, ValueError, OSError, struct.error, EOFError, KeyError, RuntimeError)

type CellValue = str | float | bool | None


@dataclass(frozen=True, slots=True)
class SheetRead:
    """Rows from the top of the sheet; every cell text, a number, true or false, or nothing. Days are year-month-day.

    ``merged``: (row, column) of the first and the last cell of every merged area, from 0: what stands beneath one
    cannot be told from a blank.
    """

    name: str
    rows: tuple[tuple[CellValue, ...], ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def at(self, row: int, column: int) -> CellValue:
        """None beyond what the sheet holds."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None


@dataclass(frozen=True, slots=True)
class WorkbookRead:
    sheets: tuple[SheetRead, ...]

    def sheet(self, name: str) -> SheetRead | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def open_workbook(data: bytes, name: str) -> WorkbookRead:
    """Every sheet of an .xlsx.

    Raises:
        FileRefused: it is no workbook, locked, too large, or holds programs.
    """
    _check_archive(data, name)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = book.sheet_names
        if len(names) > MOST_SHEETS:
            raise _refused("RPT-623", name, found=f"{len(names)} 个工作表", found_en=f"{len(names)} sheets")
        sheets = tuple(_sheet(book, each, name) for each in names)
    except (CalamineError, *_BROKEN) as fault:
        raise _refused("RPT-621", name, **kind_of(data)) from fault
    return WorkbookRead(sheets)


def _sheet(book: CalamineWorkbook, sheet: str, name: str) -> SheetRead:
    read = book.get_sheet_by_name(sheet)
    if read.total_height * read.total_width > MOST_CELLS:
        size = f"{read.total_height} × {read.total_width}"
        raise _refused("RPT-623", name, found=f"一张工作表有 {size} 格", found_en=f"a sheet of {size} cells")
    rows = read.to_python(skip_empty_area=False)
    return SheetRead(sheet, tuple(tuple(_value(cell) for cell in row) for row in rows), _merged(read, name))


def _merged(read: CalamineSheet, name: str) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    found = read.merged_cell_ranges or []
    if len(found) > MOST_MERGED:
        raise _refused("RPT-623", name, found=f"{len(found)} 处合并单元格", found_en=f"{len(found)} merged areas")
    return tuple((first, last) for first, last in found)


def _value(cell: object) -> CellValue:
    match cell:
        case bool() | float():
            return cell
        case int():
            return float(cell)
        case str():
            return cell or None
        case datetime():
            return cell.date().isoformat()
        case date() | time() | timedelta():
            return cell.isoformat() if isinstance(cell, date) else str(cell)
        case _:
            return None


def _check_archive(data: bytes, name: str) -> None:
    if not data.strip():
        raise _refused("RPT-619", name)
    if len(data) > MOST_BYTES:
        raise _refused("RPT-620", name, found=megabytes(len(data)), expected=megabytes(MOST_BYTES))
    if data.startswith(_COMPOUND):
        raise _refused("RPT-624" if _ENCRYPTED in data else "RPT-621", name, **kind_of(data))
    try:
        parts = ZipFile(BytesIO(data)).infolist()
    except _BROKEN as fault:
        raise _refused("RPT-621", name, **kind_of(data)) from fault
    if any(part.flag_bits & 1 for part in parts):
        raise _refused("RPT-624", name)
    if any(_MACROS.search(part.filename) for part in parts):
        raise _refused("RPT-622", name)
    _check_size(parts, name)


def _check_size(parts: list[ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES:
        size, most = megabytes(unpacked), megabytes(MOST_UNPACKED_BYTES)
        zh = f"{len(parts)} 个部分，解压后 {size}（上限 {MOST_PARTS} 个、{most}）"
        en = f"{len(parts)} parts, {size} unpacked (at most {MOST_PARTS} and {most})"
        raise _refused("RPT-623", name, found=zh, found_en=en)


def _refused(code: str, name: str, **filled: object) -> FileRefused:
    finding = refuse(code, name, name=name, **filled)
    return FileRefused(code, finding.message.zh, finding.message.en)
