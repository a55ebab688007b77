"""批量填报: one workbook for the returns of many units, a row a unit; for a group, a county or a department.

A blank cell changes nothing: whoever files for many need not know what each has told already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any

import xlsxwriter

from shuangkong.core.finding import Finding
from shuangkong.core.period import Period
from shuangkong.core.unit import PrintedUnit
from shuangkong.papers.reporting.bulk_words import WORDS_SHEET, ToExplain, read_words, write_words
from shuangkong.papers.reporting.filled import mark_of, read_workbook, require_mark
from shuangkong.papers.reporting.layout import LAYOUT, MARK, MARK_SHEET, cell_name, merged_at
from shuangkong.papers.reporting.workbook import CellValue, SheetRead
from shuangkong.papers.tables import sheet_name
from shuangkong.reporting.content import Origin
from shuangkong.reporting.forms.model import Field, Form, Table
from shuangkong.reporting.refusals import refuse
from shuangkong.reporting.taking import Given, Taken, taken

CODE, NAME, KEY = "单位代码", "单位名称", "行"
FIXED_SHEET = "填报"
#: What the mark of a bulk workbook has for a unit.
MANY = "many"
_HEAD_ROW, _UNIT_ROW, _ADDRESS_ROW, _FIRST_ROW = 0, 1, 2, 3
_WIDTH = 14


@dataclass(frozen=True)
class Bulk:
    """``returns``: unit code → what its rows change; ``findings``: of rows of no unit, and of the file; ``words``: unit
    code → finding → what the unit says to it."""

    returns: Mapping[str, Taken]
    findings: tuple[Finding, ...]
    words: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def write_bulk(
    form: Form, period: Period, units: Mapping[str, str], *, made_on: date, asked: Iterable[ToExplain] = ()
) -> bytes:
    """An empty workbook for many units; ``units``: code → name, in the order of the rows; ``asked``: what they have to
    explain."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    title = f"{form.name.zh} {period}"
    book.set_properties({"title": title, "created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001
    head = book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1, "text_wrap": True, "valign": "vcenter"})
    quiet = book.add_format({"font_color": "#777777", "border": 1})
    text = book.add_format({"num_format": "@"})
    names = {}
    for plan in _sheets(form):
        page = book.add_worksheet(plan.name)
        names[plan.key] = plan.name
        for at, (words, printed, address) in enumerate(plan.columns()):
            page.write_string(_HEAD_ROW, at, words, head)
            page.write_string(_UNIT_ROW, at, printed, quiet)
            page.write_string(_ADDRESS_ROW, at, address, quiet)
        page.set_row(_ADDRESS_ROW, None, None, {"hidden": True})
        page.freeze_panes(_FIRST_ROW, plan.first)
        page.set_column(0, plan.first + len(plan.fields) - 1, _WIDTH)
        page.set_column(0, plan.first - 1, _WIDTH * 2, text)
        if plan.table is None:
            for row, (code, name) in enumerate(units.items(), _FIRST_ROW):
                page.write_string(row, 0, code, text)
                page.write_string(row, 1, name, text)
    write_words(book, asked, head)
    _mark(book, form, period, names)
    book.close()
    return target.getvalue()


def _mark(book: Any, form: Form, period: Period, names: Mapping[str, str]) -> None:
    page = book.add_worksheet(MARK_SHEET)
    told = {
        "mark": MARK,
        "layout": LAYOUT,
        "form": form.id,
        "edition": form.edition,
        "unit": MANY,
        "period": str(period),
        **{f"table {key}": name for key, name in names.items()},
    }
    for at, (key, value) in enumerate(told.items()):
        page.write_string(at, 0, key)
        page.write_string(at, 1, value)
    page.very_hidden()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet of a bulk workbook: all fixed fields (``table`` None), or an open table with a row each of its rows."""

    key: str
    name: str
    table: Table | None
    fields: tuple[Field, ...]

    @property
    def first(self) -> int:
        return 2

    def columns(self) -> Iterator[tuple[str, str, str]]:
        """(heading, unit, address) of every column."""
        yield CODE, "", ""
        if self.table is None:
            yield NAME, "", ""
        else:
            yield self.table.open.name.zh if self.table.open is not None else KEY, "", ""
        for field in self.fields:
            words = f"{field.name.zh}{'*' if field.is_required else ''}"
            yield words, field.printed, field.address


def _sheets(form: Form) -> Iterator[_Sheet]:
    fixed = tuple(field for field in form.fixed.values() if field.is_told)
    if fixed:
        yield _Sheet("", FIXED_SHEET, None, fixed)
    taken_names = {FIXED_SHEET, MARK_SHEET, WORDS_SHEET}
    for table in form.tables:
        if table.open is not None:
            name = sheet_name(table.name.zh)
            while name in taken_names:
                name = f"{name[:28]} 2"
            taken_names.add(name)
            yield _Sheet(table.id, name, table, tuple(field for field in table.fields if field.is_told))


def read_bulk(
    form: Form, name: str, data: bytes, units: Mapping[str, PrintedUnit], known: Mapping[str, str], *, period: str
) -> Bulk:
    """The returns that a bulk workbook holds.

    Args:
        known: code → name of the units that whoever uploads may file for.

    Raises:
        FormFileRefused: it cannot be read, or is not the bulk template of this form, edition and period.
    """
    book = read_workbook(name, data)
    mark = mark_of(book, name)
    require_mark(form, mark, name, unit=MANY, period=period)
    findings: list[Finding] = []
    given: dict[str, list[tuple[str, Given, str]]] = {}
    for plan in _sheets(form):
        title = mark.tables.get(plan.key, plan.name)
        sheet = book.sheet(title)
        if sheet is None:
            findings.append(refuse("RPT-630", name, expected=title))
            continue
        columns = _addressed(plan, sheet, findings)
        if columns is None:
            continue
        for code, cells in _of_units(plan, sheet, columns, known, findings):
            given.setdefault(code, []).extend(cells)
    words = read_words(book.sheet(WORDS_SHEET), known, findings)
    cells_of = {code: given.get(code, []) for code in (*given, *words)}
    returns = {code: taken(form, cells, units, Origin.IMPORTED) for code, cells in cells_of.items()}
    return Bulk(returns, tuple(findings), words)


def _addressed(plan: _Sheet, sheet: SheetRead, findings: list[Finding]) -> dict[int, Field] | None:
    """Column → field, by the hidden addresses: columns may be moved, but not cut loose of them."""
    merged = merged_at(sheet.merged, _HEAD_ROW)
    if merged:
        findings.append(refuse("RPT-636", f"{sheet.name}!{merged}", found=merged))
        return None
    by_address = {field.address: field for field in plan.fields}
    width = len(sheet.rows[_ADDRESS_ROW]) if len(sheet.rows) > _ADDRESS_ROW else 0
    found: dict[int, Field] = {}
    for at in range(plan.first, width):
        field = by_address.get(str(sheet.at(_ADDRESS_ROW, at) or ""))
        heading = str(sheet.at(_HEAD_ROW, at) or "")
        if field is None or heading.rstrip("*") != field.name.zh:
            if heading or field is not None:
                where = f"{sheet.name}!{cell_name(_HEAD_ROW, at)}"
                expected = field.name.zh if field is not None else "模板原有的栏目"
                findings.append(refuse("RPT-631", where, expected=expected, found=heading))
                return None
            continue
        found[at] = field
    return found


def _of_units(
    plan: _Sheet, sheet: SheetRead, columns: Mapping[int, Field], known: Mapping[str, str], findings: list[Finding]
) -> Iterator[tuple[str, list[tuple[str, Given, str]]]]:
    """(unit code, its cells) of every row that tells something."""
    seen: dict[str, int] = {}
    for row in range(_FIRST_ROW, len(sheet.rows)):
        cells = [
            (_address(field, sheet.at(row, 1)), value, f"{sheet.name}!{cell_name(row, at)}")
            for at, field in columns.items()
            if (value := sheet.at(row, at)) is not None and not (isinstance(value, str) and not value.strip())
        ]
        if not cells:
            continue
        code, where = _text(sheet.at(row, 0)), f"{sheet.name}!{cell_name(row, 0)}"
        if not code:
            findings.append(refuse("RPT-652", where, expected=CODE))
        elif code not in known:
            findings.append(refuse("RPT-650", where, found=code))
        elif plan.table is None and code in seen:
            findings.append(refuse("RPT-651", where, found=code, expected=seen[code] + 1))
        else:
            seen.setdefault(code, row)
            yield code, list(cells)


def _address(field: Field, key: CellValue) -> str:
    return field.address.replace("[*]", f"[{_text(key)}]") if "[*]" in field.address else field.address


def _text(value: CellValue) -> str:
    """A code or key as it was typed: a spreadsheet turns 3 into 3.0."""
    return (format(value, ".15g") if isinstance(value, float) else str(value or "")).strip()
