"""报表模板: the workbook of a form, empty or begun: a sheet a table, what is computed locked, a hidden mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from shuangkong.core.fact import State
from shuangkong.papers.reporting.formulas import FormulaWriter
from shuangkong.papers.reporting.guide import guide_lines
from shuangkong.papers.reporting.layout import (
    ABOUT_ROW,
    FIRST_ROW,
    GUIDE_SHEET,
    HEAD_ROW,
    LAYOUT,
    MARK,
    MARK_SHEET,
    TITLE_ROW,
    UNIT_ROW,
    About,
    SheetPlan,
    plans,
    row_unit,
    unit_of,
)
from shuangkong.papers.tables import DEMO_LABEL, FICTIONAL_LABEL
from shuangkong.policyfile.expression.given import Told
from shuangkong.reporting.content import Content, Entry, Origin
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.model import Field, FieldKind, Form

#: What a spreadsheet shows of a field that does not apply.
NOT_APPLICABLE = "不适用"
_YES, _NO = "是", "否"
_MOST_LISTED = 250  # letters that a list of a cell may have
_MOST_HINT, _MOST_TITLE = 250, 30
_WIDTH, _NAME_WIDTH = 14, 34


def write_template(form: Form, about: About, content: Content | None = None, *, made_on: date) -> bytes:
    """The workbook of a form for one unit and period, with what ``content`` says already.

    ``made_on`` goes into the file's properties, so that the same template of the same day is the same file.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    title = f"{form.name.zh} {about.period} {about.name}"
    book.set_properties({"title": title, "created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001
    sheets = plans(form, content)
    writer = _TemplateWriter(book, form, about, sheets, content or Content(form.id, form.edition))
    writer.guide()
    for sheet in sheets:
        writer.sheet(sheet)
    writer.mark()
    book.close()
    return target.getvalue()


class _TemplateWriter:
    def __init__(self, book: Any, form: Form, about: About, sheets: tuple[SheetPlan, ...], content: Content) -> None:
        self.book, self.form, self.about, self.sheets, self.content = book, form, about, sheets, content
        self.formulas = FormulaWriter(sheets)
        self.derived: Mapping[str, Told] = derive(form, content)
        self.looks: dict[str, Any] = {}

    def look(self, key: str, **look: object) -> Any:
        if key not in self.looks:
            self.looks[key] = self.book.add_format(look)
        return self.looks[key]

    def guide(self) -> None:
        """What the form asks and how, for people."""
        page = self.book.add_worksheet(GUIDE_SHEET)
        page.set_column(0, 0, _NAME_WIDTH)
        page.set_column(1, 1, 90, self.look("wrapped", text_wrap=True, valign="top"))
        bold = self.look("bold", bold=True)
        for at, (key, text) in enumerate(guide_lines(self.form, self.about)):
            page.write_string(at, 0, key, bold)
            page.write_string(at, 1, text)
        page.protect()

    def mark(self) -> None:
        """The hidden sheet by which a template is known again."""
        page = self.book.add_worksheet(MARK_SHEET)
        told = {"mark": MARK, "layout": LAYOUT, "form": self.form.id, "edition": self.form.edition}
        for at, (key, value) in enumerate({**told, **self.about.marks}.items()):
            page.write_string(at, 0, key)
            page.write_string(at, 1, value)
        for at, sheet in enumerate(self.sheets, len(told) + len(self.about.marks)):
            page.write_string(at, 0, f"table {sheet.table.id}")
            page.write_string(at, 1, sheet.name)
        page.very_hidden()

    def sheet(self, plan: SheetPlan) -> None:
        page = self.book.add_worksheet(plan.name)
        labels = [
            label
            for label, holds in ((DEMO_LABEL, self.about.is_demo), (FICTIONAL_LABEL, self.about.is_fictional))
            if holds
        ]
        title = self.look("title", bold=True, font_size=14)
        page.write_string(TITLE_ROW, 0, f"{self.form.name.zh} · {plan.table.name.zh}", title)
        page.write_string(ABOUT_ROW, 0, " · ".join((self.about.name, str(self.about.period), *labels)))
        self.headings(page, plan)
        self.rows(page, plan)
        for row, column, address, field in plan.places():
            self.place(page, row, column, address, field)
        page.freeze_panes(FIRST_ROW, 1)
        page.set_column(0, 0, _NAME_WIDTH)
        page.set_column(plan.first_column, plan.first_column + plan.grid.width - 1, _WIDTH)
        page.protect("", {"format_columns": True, "format_rows": True})

    def headings(self, page: Any, plan: SheetPlan) -> None:
        head = self.look("head", bold=True, bg_color="#EEF2F6", border=1, text_wrap=True, valign="vcenter")
        unit = self.look("unit", font_color="#555555", bg_color="#EEF2F6", border=1)
        for at, text in enumerate(plan.headings):
            page.write_string(HEAD_ROW, at, text, head)
            column = at - plan.first_column
            page.write_string(UNIT_ROW, at, unit_of(plan.grid, column) if column >= 0 else "", unit)

    def rows(self, page: Any, plan: SheetPlan) -> None:
        """Names, codes and units of fixed rows; keys of open ones; hatched places where nothing is entered."""
        name = self.look("name", border=1, bg_color="#F7F9FB", text_wrap=True)
        if plan.is_open:
            key = self.look("key", border=1, locked=False, num_format="@")
            for at, text in enumerate(plan.keys):
                page.write_string(FIRST_ROW + at, 0, text, key)  # an empty one is a blank cell with its look
            return
        closed = self.look("closed", border=1, pattern=14, fg_color="#C8CDD2")
        for at, row in enumerate(plan.table.rows):
            indent = "　" if row.within else ""
            for place, text in enumerate((f"{indent}{row.name.zh}", row.code, row_unit(plan.grid, at))):
                page.write_string(FIRST_ROW + at, place, text, name)
            for place, field in enumerate(plan.grid.places[at]):
                if field is None:
                    page.write_blank(FIRST_ROW + at, plan.first_column + place, None, closed)

    def place(self, page: Any, row: int, column: int, address: str, field: Field) -> None:
        look = self.field_look(field)
        if field.derived is not None:
            self.computed(page, row, column, address, field)
            return
        entry = self.content[address]
        self.entry(page, row, column, entry, field, look)
        if entry.origin is Origin.PREFILLED and entry.state is State.VALUE:
            page.write_comment(row, column, f"系统带入 prefilled: {entry.source}")
        self.validation(page, row, column, field)

    def computed(self, page: Any, row: int, column: int, address: str, field: Field) -> None:
        told = self.derived.get(address)
        value: object = float(told) if isinstance(told, Decimal) else ""
        if field.derived is not None:
            formula = self.formulas.formula(field, field.derived, row)
            page.write_formula(row, column, formula, self.field_look(field), value)

    def field_look(self, field: Field) -> Any:
        if field.kind is FieldKind.FIGURE:
            places = "." + "0" * field.decimals if field.decimals else ""
            number = f"#,##0{places}"
        else:
            number = "yyyy-mm-dd" if field.kind is FieldKind.DAY else "@"
        if field.derived is not None:
            return self.look(f"derived {number}", border=1, bg_color="#E3E7EB", num_format=number, locked=True)
        return self.look(f"told {number}", border=1, bg_color="#FFFDF0", num_format=number, locked=False)

    def entry(self, page: Any, row: int, column: int, entry: Entry, field: Field, look: Any) -> None:
        value = entry.value
        if entry.state is State.NOT_APPLICABLE:
            page.write_string(row, column, NOT_APPLICABLE, look)
        elif value is None:
            page.write_blank(row, column, None, look)
        elif isinstance(value, Decimal):
            if Decimal(repr(float(value))) == value:
                page.write_number(row, column, float(value), look)
            else:
                page.write_string(row, column, f"{value:f}", look)
        elif field.kind is FieldKind.DAY:
            page.write_datetime(row, column, datetime.fromisoformat(value), look)
        else:
            page.write_string(row, column, _shown(value, field), look)

    def validation(self, page: Any, row: int, column: int, field: Field) -> None:
        """What a cell takes, and the guidance of the field beside it; a slip is warned of, never lost."""
        rule: dict[str, object] = {"validate": "any", "error_type": "warning"}
        listed = (_YES, _NO) if field.kind is FieldKind.FLAG else tuple(_choice_words(field))
        if listed and len(",".join(listed)) <= _MOST_LISTED:
            rule |= {"validate": "list", "source": list(listed)}
        if field.guidance is not None:
            rule |= {"input_title": field.name.zh[:_MOST_TITLE], "input_message": field.guidance.zh[:_MOST_HINT]}
        if len(rule) > 2:
            page.data_validation(row, column, row, column, rule)


def _choice_words(field: Field) -> list[str]:
    return [f"{choice.code} {choice.name.zh}" for choice in field.choices]


def _shown(value: str, field: Field) -> str:
    if field.kind is FieldKind.FLAG:
        return _YES if value == "yes" else _NO
    if field.kind is FieldKind.CODE:
        return next((f"{each.code} {each.name.zh}" for each in field.choices if each.code == value), value)
    return value
