"""读回模板: a filled workbook → what of it can stand in the return, what not and in which cell, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.core.unit import PrintedUnit
from shuangkong.papers.fence import fenced_bytes
from shuangkong.papers.fence_wire import FileRefused
from shuangkong.papers.reporting.kinds import kind_of
from shuangkong.papers.reporting.layout import (
    FIRST_ROW,
    HEAD_ROW,
    LAYOUT,
    MARK,
    MARK_SHEET,
    SheetPlan,
    cell_name,
    merged_at,
    plans,
)
from shuangkong.papers.reporting.workbook import LIMITS, CellValue, SheetRead, WorkbookRead
from shuangkong.reporting.content import Content, Origin
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.addresses import open_address, parse_address
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.refusals import FormFileRefused, refuse
from shuangkong.reporting.taking import Given, Taken, taken

_OPENER = "shuangkong.papers.reporting.workbook:open_workbook"
#: What a child that stopped, or ran out of something, is told of as.
_STOPPED = frozenset({"PLN-912", "PLN-913", "PLN-914"})


@dataclass(frozen=True, slots=True)
class Mark:
    """The hidden mark of a template: which form and edition, of whom and when; ``tables``: table id → sheet name."""

    form: str
    edition: str
    unit: str
    period: str
    tables: Mapping[str, str]


def read_workbook(name: str, data: bytes) -> WorkbookRead:
    """The sheets of an uploaded workbook, read behind the fence.

    Raises:
        FormFileRefused: it cannot be read.
    """
    try:
        found = fenced_bytes(name, data, _OPENER, name, limits=LIMITS)
    except FileRefused as refused:
        if refused.code in _STOPPED:
            zh, en = "读取时超过了允许的时间或内存", "reading it took more time or memory than is allowed"
            raise FormFileRefused(refuse("RPT-623", name, name=name, found=zh, found_en=en)) from refused
        message = Message(refused.zh, refused.en)
        raise FormFileRefused(Finding(refused.code, Severity.MUST_FIX, name, message)) from refused
    if not isinstance(found, WorkbookRead):
        raise FormFileRefused(refuse("RPT-621", name, name=name, **kind_of(data)))
    return found


def mark_of(book: WorkbookRead, name: str) -> Mark:
    """The mark of a template.

    Raises:
        FormFileRefused: it has none: it is some other workbook.
    """
    sheet = book.sheet(MARK_SHEET)
    told = {str(row[0]): str(row[1]) for row in sheet.rows if len(row) > 1 and row[0]} if sheet is not None else {}
    if told.get("mark") != MARK or told.get("layout") != LAYOUT:
        raise FormFileRefused(refuse("RPT-625", name, name=name))
    tables = {key.removeprefix("table "): text for key, text in told.items() if key.startswith("table ")}
    return Mark(told.get("form", ""), told.get("edition", ""), told.get("unit", ""), told.get("period", ""), tables)


def require_mark(form: Form, mark: Mark, name: str, *, unit: str, period: str) -> None:
    """Raises FormFileRefused where a template is of another form, edition, period or unit."""
    expected = (
        ("RPT-626", mark.form, form.id),
        ("RPT-627", mark.edition, form.edition),
        ("RPT-628", mark.period, period),
        ("RPT-629", mark.unit, unit),
    )
    for code, found, due in expected:
        if found != due:
            raise FormFileRefused(refuse(code, name, name=name, found=found, expected=due))


def read_template(
    form: Form, name: str, data: bytes, units: Mapping[str, PrintedUnit], content: Content, *, unit: str, period: str
) -> Taken:
    """What a filled template of ``form`` changes in ``content``, and what of it was not taken.

    Raises:
        FormFileRefused: it cannot be read, or is not the template of this form, edition, period and unit.
    """
    book = read_workbook(name, data)
    mark = mark_of(book, name)
    require_mark(form, mark, name, unit=unit, period=period)
    return take_sheets(form, book, mark.tables, units, content)


def take_sheets(
    form: Form, book: WorkbookRead, names: Mapping[str, str], units: Mapping[str, PrintedUnit], content: Content
) -> Taken:
    """The same of a workbook whose mark is known; ``names``: table id → sheet name."""
    findings: list[Finding] = []
    given: list[tuple[str, Given, str]] = []
    computed: list[tuple[str, float, str]] = []
    for plan in plans(form):
        sheet = book.sheet(names.get(plan.table.id, plan.name))
        if sheet is None:
            findings.append(refuse("RPT-630", plan.table.name.zh, expected=names.get(plan.table.id, plan.name)))
            continue
        fault = _heading_fault(plan, sheet)
        if fault is not None:
            findings.append(fault)
            continue
        for address, value, where, is_computed in _cells(plan, sheet):
            if is_computed:
                if isinstance(value, float):
                    computed.append((address, value, where))
            elif isinstance(value, str) and _is_error(value):
                findings.append(refuse("RPT-632", where, found=value))
            else:
                given.append((address, "" if value is None else value, where))
    found = taken(form, given, units, Origin.IMPORTED, content.keys)
    findings.extend(found.findings)
    findings.extend(_differing(form, found.on(content), computed))
    return Taken(found.changes, tuple(findings))


def _heading_fault(plan: SheetPlan, sheet: SheetRead) -> Finding | None:
    """Whether columns, or rows, are not where the template has them, or cells were merged."""
    merged = merged_at(sheet.merged, HEAD_ROW)
    if merged:
        return refuse("RPT-636", f"{sheet.name}!{merged}", found=merged)
    for at, expected in enumerate(plan.headings):
        found = sheet.at(HEAD_ROW, at)
        if found != expected:
            where = f"{sheet.name}!{cell_name(HEAD_ROW, at)}"
            return refuse("RPT-631", where, expected=expected, found=str(found or ""))
    for at, row in enumerate(plan.table.rows):
        found = sheet.at(FIRST_ROW + at, 0)
        if not isinstance(found, str) or found.strip("　 ") != row.name.zh:
            where = f"{sheet.name}!{cell_name(FIRST_ROW + at, 0)}"
            return refuse("RPT-631", where, expected=row.name.zh, found=str(found or ""))
    return None


def _cells(plan: SheetPlan, sheet: SheetRead) -> Iterator[tuple[str, CellValue, str, bool]]:
    """(address, value, cell, whether the system computes it) of every open place; of open rows the filled ones."""
    if not plan.is_open:
        for row, column, address, field in plan.places():
            yield address, sheet.at(row, column), f"{sheet.name}!{cell_name(row, column)}", not field.is_told
        return
    fields = [(at, found) for at in range(plan.grid.width) if (found := plan.grid.at(0, at)) is not None]
    for row in range(FIRST_ROW, len(sheet.rows)):
        told = [sheet.at(row, plan.first_column + at) for at, field in fields if field.is_told]
        if all(value is None or value == "" for value in told):
            continue
        key = _key(sheet.at(row, 0))
        for at, field in fields:
            column = plan.first_column + at
            where = f"{sheet.name}!{cell_name(row, column)}"
            yield open_address(field.table, field.column, key), sheet.at(row, column), where, not field.is_told


def _key(value: CellValue) -> str:
    """A key as it was typed: a spreadsheet turns 3 into 3.0."""
    return format(value, ".15g") if isinstance(value, float) else str(value or "")


def _is_error(text: str) -> bool:
    return text.startswith("#") and text.rstrip().endswith(("!", "?", "A")) and text.upper() == text


def _differing(form: Form, content: Content, computed: list[tuple[str, float, str]]) -> Iterator[Finding]:
    """Computed cells whose figure in the file is another than the system's: somebody wrote over the formula."""
    own = derive(form, content)
    for address, value, where in computed:
        field, told = form.field(address), own.get(address)
        if field is None or parse_address(address) is None or not isinstance(told, Decimal):
            continue
        last_place = Decimal(1).scaleb(-field.decimals)
        found = Decimal(format(value, ".15g"))
        if abs(found - told) > last_place:
            yield refuse("RPT-615", where, found=f"{found:f}", expected=f"{told:f}")
