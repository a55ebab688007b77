"""封存副本: the copy of record of a signed return: it shows what was signed and proves that nothing changed since.

The canonical bytes lie in a hidden sheet; their SM3 stands on the cover, in the journal and in the receipt. Whoever has
the file can compute it again, and what people see is held against it cell by cell.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from shuangkong.core.digest import sm3
from shuangkong.core.fact import State
from shuangkong.papers.reporting.filled import read_workbook
from shuangkong.papers.reporting.guide import guide_lines
from shuangkong.papers.reporting.layout import (
    ABOUT_ROW,
    FIRST_ROW,
    HEAD_ROW,
    TITLE_ROW,
    UNIT_ROW,
    About,
    SheetPlan,
    cell_name,
    record_plans,
    row_unit,
    unit_of,
)
from shuangkong.papers.reporting.workbook import WorkbookRead
from shuangkong.papers.tables import DEMO_LABEL, FICTIONAL_LABEL
from shuangkong.policyfile.expression.given import Told
from shuangkong.reporting.content import Beside, Content, ContentRefused, Origin, read_canonical
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.model import Field, Form

COVER, RECORD = "封面", "_record"
_DIGEST, _FILE = "SM3", "附件"
#: The line of the cover that says by which policy the copy was made: another day it is another.
RULES = "规则版本"
#: Letters of one cell of the hidden sheet: a cell takes 32 767.
_PIECE = 30_000
_WIDTH, _NAME_WIDTH = 16, 34
_MISSING = {State.NOT_APPLICABLE: "不适用", State.MISSING: "", State.SUPPRESSED: ""}


@dataclass(frozen=True, slots=True)
class Signed:
    """``version``: of the return, from 1; ``signatory``: as people call the person; ``at``: with its time zone."""

    version: int
    signatory: str
    at: datetime
    rulebook: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a copy does not hold: ``place`` as people find it, what was sealed, what stands there."""

    place: str
    expected: str
    found: str


def write_sealed(form: Form, about: About, content: Content, signed: Signed) -> bytes:
    """The copy of record; the same return signed at the same time is the same file."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    made = signed.at.replace(tzinfo=None)
    book.set_properties({"title": f"{form.name.zh} {about.period} {about.name}", "created": made})
    book.read_only_recommended()
    writer = _Writer(book, form, about, content)
    writer.cover(signed)
    for plan in record_plans(form, content):
        writer.sheet(plan)
    writer.record()
    book.close()
    return target.getvalue()


def shown(told: Told, field: Field) -> str:
    """A value as the copy has it: figures with all decimals of their field."""
    if isinstance(told, State):
        return _MISSING[told]
    exponent = told.as_tuple().exponent
    is_longer = isinstance(exponent, int) and -exponent > field.decimals  # nothing that was signed is hidden
    return format(told, "f") if is_longer else format(told, f".{field.decimals}f")


def cover_lines(form: Form, about: About, content: Content, signed: Signed) -> list[tuple[str, str]]:
    """(key, text) of the cover from the top down."""
    told = ((DEMO_LABEL, about.is_demo), (FICTIONAL_LABEL, about.is_fictional))
    labels = [label for label, holds in told if holds]
    return [
        *list(guide_lines(form, about))[:6],
        ("第几版", str(signed.version)),
        ("签署人", signed.signatory),
        ("签署时间", signed.at.isoformat(timespec="seconds")),
        (RULES, signed.rulebook),
        *((f"{_FILE} {at}", file_line(each)) for at, each in enumerate(content.files, 1)),
        (_DIGEST, content.digest),
        ("怎样核对", "隐藏工作表 _record 第 2 行起各格相连，按 Base64 解码，即签署内容；其 SM3 应与上面一致。"),
        ("蓝色的数", "由系统带入、填报人未改；灰底的数由系统计算。"),
        *((("标记", " · ".join(labels)),) if labels else ()),
    ]


def file_line(each: Beside) -> str:
    """A file beside the return, as the cover names it: whoever has it can compute its digest again."""
    return f"{each.name}（SHA-256 {each.sha256}）"


class _Writer:
    def __init__(self, book: Any, form: Form, about: About, content: Content) -> None:
        self.book, self.form, self.about, self.content = book, form, about, content
        self.totals = derive(form, content)
        border = {"border": 1}
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bg_color": "#EEF2F6", "text_wrap": True, **border})
        self.text = book.add_format({"text_wrap": True, **border})
        self.figure = book.add_format({"align": "right", **border})
        self.computed = book.add_format({"align": "right", "bg_color": "#E3E7EB", **border})
        self.offered = book.add_format({"align": "right", "font_color": "#1F4E9E", **border})

    def cover(self, signed: Signed) -> None:
        page = self.book.add_worksheet(COVER)
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 90, self.book.add_format({"text_wrap": True, "valign": "top"}))
        lines = cover_lines(self.form, self.about, self.content, signed)
        for at, (key, text) in enumerate(lines):
            page.write_string(at, 0, key, self.bold)
            page.write_string(at, 1, text)
        page.protect()

    def sheet(self, plan: SheetPlan) -> None:
        page = self.book.add_worksheet(plan.name)
        page.write_string(TITLE_ROW, 0, f"{self.form.name.zh} · {plan.table.name.zh}", self.title)
        page.write_string(ABOUT_ROW, 0, f"{self.about.name} · {self.about.period}")
        for at, text in enumerate(plan.headings):
            page.write_string(HEAD_ROW, at, text, self.head)
            column = at - plan.first_column
            page.write_string(UNIT_ROW, at, unit_of(plan.grid, column) if column >= 0 else "", self.head)
        for at, row in enumerate(plan.table.rows):
            for place, text in enumerate((row.name.zh, row.code, row_unit(plan.grid, at))):
                page.write_string(FIRST_ROW + at, place, text, self.text)
        for at, key in enumerate(plan.keys):
            page.write_string(FIRST_ROW + at, 0, key, self.text)
        for line, column, address, field in plan.places():
            text = visible(self.content, self.totals, address, field)
            page.write_string(line, column, text, self.look(address, field))
        page.freeze_panes(FIRST_ROW, 1)
        page.set_column(0, 0, _NAME_WIDTH)
        page.set_column(plan.first_column, plan.first_column + plan.grid.width - 1, _WIDTH)
        page.protect()

    def look(self, address: str, field: Field) -> Any:
        if field.derived is not None:
            return self.computed
        if self.content[address].origin is Origin.PREFILLED:
            return self.offered
        return self.figure if field.unit else self.text

    def record(self) -> None:
        page = self.book.add_worksheet(RECORD)
        whole = b64encode(self.content.canonical).decode()
        page.write_string(0, 0, self.content.digest)
        for at, start in enumerate(range(0, len(whole), _PIECE), 1):
            page.write_string(at, 0, whole[start : start + _PIECE])
        page.protect()
        page.very_hidden()


def visible(content: Content, totals: Mapping[str, Told], address: str, field: Field) -> str:
    """What the copy shows of a place."""
    if field.derived is not None:
        return shown(totals.get(address, State.MISSING), field)
    entry = content[address]
    if isinstance(entry.value, Decimal):
        return shown(entry.value, field)
    return entry.value if entry.value is not None else _MISSING[entry.state]


def read_sealed(form: Form, name: str, data: bytes) -> tuple[Content, tuple[Fault, ...]]:
    """The content that a copy seals, and every place where the copy does not hold.

    Raises:
        FormFileRefused: it is no workbook.
        ContentRefused: it holds no sealed return of this form's edition.
    """
    book, whole, sealed = opened(name, data)
    content = read_canonical(whole)
    if (content.form, content.edition) != (form.id, form.edition):
        raise ContentRefused(f"{content.form} {content.edition}: expected {form.id} {form.edition}")
    return content, tuple(faults(form, book, content, sm3(whole), sealed))


def opened(name: str, data: bytes) -> tuple[WorkbookRead, bytes, str]:
    """The workbook of a copy, the bytes it seals, and the digest it says they have. Raises as ``read_sealed``."""
    book = read_workbook(name, data)
    hidden = book.sheet(RECORD)
    if hidden is None or not hidden.rows:
        raise ContentRefused(f"{name}: no sheet {RECORD}")
    pieces = [str(row[0]) for row in hidden.rows if row and row[0] is not None]
    try:
        return book, b64decode("".join(pieces[1:]), validate=True), pieces[0] if pieces else ""
    except ValueError as fault:
        raise ContentRefused(f"{name}: {RECORD} is no Base64") from fault


def faults(form: Form, book: WorkbookRead, content: Content, digest: str, sealed: str) -> Iterator[Fault]:
    """Where a workbook is otherwise than what it seals."""
    if digest != sealed:
        yield Fault(RECORD, sealed, digest)
    cover = book.sheet(COVER)
    printed = next((str(row[1]) for row in cover.rows if row[0] == _DIGEST), "") if cover is not None else ""
    if printed != digest:
        yield Fault(COVER, digest, printed)
    told = {str(row[0]): str(row[1]) for row in cover.rows if len(row) > 1} if cover is not None else {}
    listed = {f"{_FILE} {at}": file_line(each) for at, each in enumerate(content.files, 1)}
    for key in {*listed, *(key for key in told if key.startswith(f"{_FILE} "))}:
        if told.get(key, "") != listed.get(key, ""):
            yield Fault(f"{COVER} {key}", listed.get(key, ""), told.get(key, ""))
    totals = derive(form, content)
    for plan in record_plans(form, content):
        sheet = book.sheet(plan.name)
        for row, column, address, field in plan.places():
            expected = visible(content, totals, address, field)
            found = str((sheet.at(row, column) if sheet is not None else None) or "")
            if _one_break(found) != _one_break(expected):
                yield Fault(f"{plan.name}!{cell_name(row, column)}", expected, found)


def _one_break(text: str) -> str:
    """Line breaks of all systems as one: a spreadsheet keeps but one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
