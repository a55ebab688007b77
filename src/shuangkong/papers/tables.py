"""Tables in and out: .xlsx and .csv become rows of text; rows become a workbook that can be filed as it is."""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES = 20_000_000
MOST_UNPACKED_BYTES = 300_000_000
MOST_ROWS = 200_000
#: Digits that a spreadsheet keeps; a longer figure is written as text rather than changed.
_SHEET_DIGITS = 15
_LONGEST_TAB = 31
#: What the directory of a damaged archive makes Python say: names that are no text, offsets and fields that cannot be.
_BROKEN = (BadZipFile, NotImplementedError, ValueError, OSError, struct.error)
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")
DEMO_LABEL = "演示数据 Demo data"
FICTIONAL_LABEL = "虚构 Fictional"

type SheetValue = str | Decimal | int | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of rows, every cell as text; ``digest`` is the SHA-256 of the file."""

    rows: tuple[tuple[str, ...], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a workbook; ``unit`` stands in the row under the headings."""

    label: str
    unit: str = ""
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """A column to be filled in; ``takes`` tells what it takes, ``choices`` become a list to choose from."""

    heading: str
    takes: str
    is_required: bool = False
    choices: tuple[str, ...] = ()


class SheetRefused(Exception):
    """A file that cannot become rows; says what, expected, found and the next step, in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code} {zh}")
        self.code, self.zh, self.en = code, zh, en


def read_sheet(content: bytes, name: str) -> Sheet:
    """The first sheet of an .xlsx, or a .csv in UTF-8 or GB 18030, as rows of text.

    Raises:
        SheetRefused: too large, broken, or neither of the two.
    """
    if len(content) > MOST_BYTES:
        raise _too_large(f"{len(content)} 字节", f"{len(content)} bytes")
    rows = _xlsx_rows(content) if content[:2] == b"PK" else _csv_rows(content, name)
    return Sheet(rows, sha256(content).hexdigest())


def _xlsx_rows(content: bytes) -> tuple[tuple[str, ...], ...]:
    try:
        unpacked = sum(entry.file_size for entry in ZipFile(BytesIO(content)).infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            raise _too_large(f"解压后 {unpacked} 字节", f"{unpacked} bytes unpacked")
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    except (*_BROKEN, CalamineError) as fault:
        raise SheetRefused(
            "TGT-121",
            "表格文件打不开：内容已损坏，或不是真正的 .xlsx。请在表格软件中打开并另存为 .xlsx 后再试。",
            "The workbook cannot be opened: it is damaged, or no real .xlsx. Open it, save it as .xlsx and try again.",
        ) from fault
    if sheet.total_height > MOST_ROWS:
        raise _too_large(f"{sheet.total_height} 行", f"{sheet.total_height} rows")
    return tuple(tuple(map(_cell_text, row)) for row in sheet.to_python(skip_empty_area=False))


def _csv_rows(content: bytes, name: str) -> tuple[tuple[str, ...], ...]:
    if b"\0" in content:
        raise SheetRefused(
            "TGT-122",
            f"“{name}”不是 .xlsx 也不是 .csv。请另存为其中一种再试。",
            f"“{name}” is neither .xlsx nor .csv. Save it as one of them and try again.",
        )
    try:
        rows = tuple(tuple(row) for row in csv.reader(StringIO(_decoded(content, name), newline="")))
    except csv.Error as fault:
        raise SheetRefused(
            "TGT-124",
            f"“{name}”不能当作逗号分隔的表读。请在表格软件中打开并另存为 UTF-8 的 .csv 后再试。",
            f"“{name}” cannot be read as a table separated by commas. Save it as a UTF-8 .csv and try again.",
        ) from fault
    if len(rows) > MOST_ROWS:
        raise _too_large(f"{len(rows)} 行", f"{len(rows)} rows")
    return rows


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused(
        "TGT-123",
        f"“{name}”的文字编码无法识别，应为 UTF-8 或 GB 18030。请另存为 UTF-8 的 .csv。",
        f"The encoding of “{name}” is neither UTF-8 nor GB 18030. Save it as a UTF-8 .csv.",
    )


def _too_large(zh: str, en: str) -> SheetRefused:
    return SheetRefused(
        "TGT-120",
        f"文件过大：{zh}，上限 {MOST_BYTES} 字节、{MOST_ROWS} 行。请拆成几个文件录入。",
        f"The file is too large: {en}; at most {MOST_BYTES} bytes and {MOST_ROWS} rows. Split it.",
    )


def _cell_text(value: object) -> str:
    """A cell as a person sees it: 2025.0, which a spreadsheet makes of 2025, is 2025 again."""
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def write_xlsx(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Sequence[Sequence[SheetValue]],
    notes: Sequence[str],
    *,
    is_demo: bool,
    is_fictional: bool = False,
    about: Sequence[str] = (),
    made_on: date,
) -> bytes:
    """A table as a workbook: title, headings, units, figures as figures, then the notes (source, as of).

    Under the title stand the labels and what the table is ``about`` (plan, place, as of): it leaves the site alone.
    ``made_on`` is written into the file's properties, so that the same table of the same day is the same file.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": title, "created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001
    page = _Page(book, book.add_worksheet(sheet_name(title)))
    labels = [label for label, holds in ((DEMO_LABEL, is_demo), (FICTIONAL_LABEL, is_fictional)) if holds]
    page.title(title, labels, about)
    page.header(columns)
    for row in rows:
        page.row(row)
    page.notes(notes)
    book.close()
    return target.getvalue()


def sheet_name(title: str) -> str:
    """The title as a spreadsheet allows it on a tab: 31 characters, none of those that address cells."""
    return _NOT_IN_TABS.sub(" ", title).strip(" '")[:_LONGEST_TAB].strip(" '") or "1"


class _Page:
    """One worksheet being written from the top down."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.book, self.sheet, self.at, self.widths = book, sheet, 0, [8]
        self.formats: dict[str, Any] = {}

    def format(self, key: str, **look: object) -> Any:
        if key not in self.formats:
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def title(self, title: str, labels: Sequence[str], about: Sequence[str]) -> None:
        self.sheet.write_string(0, 0, title, self.format("title", bold=True, font_size=14))
        look = self.format("demo", bold=True, font_color="#9C2A00") if labels else self.format("about")
        if labels or about:
            self.sheet.write_string(1, 0, " · ".join([*labels, *about]), look)
        self.at = 2

    def header(self, columns: Sequence[SheetColumn]) -> None:
        head = self.format("head", bold=True, bg_color="#EEF2F6", border=1, text_wrap=True, valign="vcenter")
        unit = self.format("unit", font_color="#555555", bg_color="#EEF2F6", border=1)
        self.widths = [max(8, 2 * len(column.label) + 2) for column in columns]
        for place, column in enumerate(columns):
            self.sheet.write_string(self.at, place, column.label, head)
            self.sheet.write_string(self.at + 1, place, column.unit, unit)
        self.sheet.freeze_panes(self.at + 2, 1)
        self.sheet.repeat_rows(self.at, self.at + 1)
        self.at += 2

    def row(self, values: Sequence[SheetValue]) -> None:
        for place, value in enumerate(values):
            self.cell(place, value)
            self.widths[place] = min(60, max(self.widths[place], 2 * len(str(value or "")) + 2))
        self.at += 1

    def cell(self, place: int, value: SheetValue) -> None:
        """Text is written as text, so that no cell from outside becomes a formula."""
        if value is None:
            return
        if isinstance(value, date):
            look = self.format("day", num_format="yyyy-mm-dd")
            self.sheet.write_datetime(self.at, place, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001
        elif isinstance(value, str) or len(Decimal(value).as_tuple().digits) > _SHEET_DIGITS:
            self.sheet.write_string(self.at, place, str(value))
        else:
            exponent = Decimal(value).as_tuple().exponent
            places = max(0, -exponent) if isinstance(exponent, int) else 0
            form = "#,##0" + ("." + "0" * places if places else "")
            self.sheet.write_number(self.at, place, float(value), self.format(form, num_format=form))

    def notes(self, notes: Sequence[str]) -> None:
        look = self.format("note", font_color="#555555", italic=True)
        for number, note in enumerate(notes, start=1):
            self.sheet.write_string(self.at + number, 0, note, look)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width)


def write_form(title: str, fields: Sequence[FormField]) -> bytes:
    """An empty sheet to fill in.

    Headings, lists to choose from, and a second sheet that tells what each column takes.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1})
    text = book.add_format({"num_format": "@"})
    sheet, guide = book.add_worksheet("数据"), book.add_worksheet("说明")
    guide.write_row(0, 0, (title, "是否必填", "填写内容"), head)
    for place, field in enumerate(fields):
        sheet.write_string(0, place, field.heading, head)
        sheet.set_column(place, place, max(10, 2 * len(field.heading) + 4), text)
        guide.write_row(place + 1, 0, (field.heading, "必填" if field.is_required else "可空", field.takes))
        if field.choices:
            sheet.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": list(field.choices)})
    sheet.freeze_panes(1, 0)
    guide.set_column(0, 2, 34)
    book.close()
    return target.getvalue()
