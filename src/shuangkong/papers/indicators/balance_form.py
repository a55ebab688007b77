"""能源平衡表的表式: the physical balance as a workbook, in the shape in which it can be loaded again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from shuangkong.core.fact import Fact, Maturity, State
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.balance.rules import line_words
from shuangkong.indicators.table_words import Memo
from shuangkong.indicators.tables import Column, Table
from shuangkong.papers.tables import DEMO_LABEL, FICTIONAL_LABEL

_HEAD_ROWS = 4
_WIDTH, _NAME_WIDTH = 11, 32
_MATURITIES = {
    Maturity.FLASH: "快报", Maturity.PRELIMINARY: "初步", Maturity.FINAL: "最终", Maturity.AUDITED: "核定",
}  # fmt: skip
_STATES = {State.MISSING: "缺失", State.NOT_APPLICABLE: "", State.SUPPRESSED: "不公布"}
#: What a blank cell of the workbook says.
_BLANK = "不适用"


@dataclass(frozen=True)
class BalanceForm:
    """One physical balance; ``printed``: base unit → the printed unit in which its columns are written."""

    table: Table
    code: str
    name: str
    period: str
    maturity: Maturity | None
    source: str
    facts: Mapping[tuple[str, str], Fact]
    printed: Mapping[str, PrintedUnit]
    is_demo: bool
    is_fictional: bool


def write_balance_form(form: BalanceForm) -> bytes:
    """The workbook: head, columns with their units, every row; the same figures, to the last digit."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(form.table.zh)
    bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1})
    sheet.write_string(0, 0, form.table.zh, bold)
    labels = [label for label, holds in ((DEMO_LABEL, form.is_demo), (FICTIONAL_LABEL, form.is_fictional)) if holds]
    sheet.write_string(0, 1, " · ".join([form.name, *labels]))
    for place, text in enumerate(_head(form)):
        sheet.write_string(1, place, text)
    for at, titles in ((2, ["项目", *(each.zh for each in form.table.columns)]), (3, ["计量单位", *_units(form)])):
        for place, text in enumerate(titles):
            sheet.write_string(at, place, text, head)
    for at, line in enumerate((*(row.id for row in form.table.rows), *Memo), _HEAD_ROWS):
        sheet.write_string(at, 0, line_words(form.table, line)[0])
        for place, column in enumerate(form.table.columns, 1):
            _write(sheet, at, place, form, line, column)
    sheet.freeze_panes(_HEAD_ROWS, 1)
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, len(form.table.columns), _WIDTH)
    book.close()
    return target.getvalue()


def _head(form: BalanceForm) -> list[str]:
    told = {
        "地区": form.code,
        "时期": form.period,
        "状态": _MATURITIES[form.maturity] if form.maturity else "",
        "来源": form.source,
        "空格表示": _BLANK if form.facts else "",
    }
    return [text for pair in told.items() for text in pair]


def _units(form: BalanceForm) -> list[str]:
    return [form.printed[column.unit].printed for column in form.table.columns]


def _write(sheet: Any, at: int, place: int, form: BalanceForm, line: str, column: Column) -> None:
    """A figure as a figure where a spreadsheet keeps all its digits, else as text; a row not told is missing.

    In an empty form every cell is blank."""
    fact, is_memo = form.facts.get((line, column.id)), line in set(Memo)
    if fact is None or fact.value is None:
        absent = _STATES[fact.state if fact else State.MISSING]
        sheet.write_string(at, place, "" if is_memo or not form.facts else absent)
        return
    value = fact.value if is_memo else fact.value / form.printed[column.unit].factor
    if Decimal(repr(float(value))) == value:
        sheet.write_number(at, place, float(value))
    else:
        sheet.write_string(at, place, f"{value:f}")
