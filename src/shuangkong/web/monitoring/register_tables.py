"""登记册的表: rows, what happened to one, and what would become of each row of a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.monitoring.registers.field import NO, YES, Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.registers.store import HistoryRow, RegisterRow
from shuangkong.records.monitoring.registers.taking import Verdict
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_FIGURES = frozenset({Sort.FIGURE, Sort.WHOLE})


def rows_table(request: HttpRequest, register: Register, rows: Sequence[RegisterRow]) -> Table:
    fields = [each for each in register.fields if each.sort is not Sort.SECRET]
    columns = (
        Column("number", _("编号"), is_figure=True),
        *(Column(each.key, spoken(each.name), each.unit, is_figure=each.sort in _FIGURES) for each in fields),
        *([Column("whose", _("最后由谁登记"))] if register.whose is not None else []),
    )
    made = tuple(
        Row(
            (
                Cell(str(row.id), row.id, link(request, "monitoring:register_row", register.key, row.id)),
                *(_cell(each, row) for each in fields),
                *([text_cell(spoken(row.whose))] if row.whose is not None else []),
            )
        )
        for row in rows
    )
    empty = _("还没有登记。可以逐行登记，也可以用表格导入。")
    return Table("rows", spoken(register.name), columns, made, empty, is_demo=any(row.is_fictional for row in rows))


def _cell(field: Field, row: RegisterRow) -> Cell:
    value, text = row.values[field.key], row.words[field.key]
    if field.untold is not None and not text:
        return text_cell(spoken(field.untold))
    if field.sort is Sort.CHOICE:
        return text_cell(spoken(field.choices[text]) if text in field.choices else text)
    if isinstance(value, bool):
        return text_cell(spoken(YES if value else NO))
    if isinstance(value, Decimal | int) and field.sort in _FIGURES:
        return Cell(text, value)
    return text_cell(text)


def history_table(register: Register, rows: Sequence[HistoryRow]) -> Table:
    columns = (
        Column("at", _("时间")),
        Column("act", _("办理")),
        Column("changed", _("改动")),
        Column("ground", _("理由")),
        Column("author", _("经办人")),
        Column("journal", _("日志号"), is_figure=True),
    )
    acts = {"register": _("登记"), "revise": _("修改")}
    made = tuple(
        Row(
            (
                text_cell(moment(each.at)),
                text_cell(acts.get(each.kind, each.kind)),
                text_cell(_changed(register, each)),
                text_cell(each.ground),
                text_cell(each.author),
                Cell(str(each.journal), each.journal),
            )
        )
        for each in rows
    )
    return Table("history", _("经过"), columns, made, _("没有记录。"))


def _changed(register: Register, each: HistoryRow) -> str:
    if not each.before:
        return ""
    said = []
    for field in register.fields:
        was, now = each.before.get(field.key, ""), each.after.get(field.key, "")
        if was != now:
            said.append(f"{spoken(field.name)} {was or '—'} → {now or '—'}")
    return _("；").join(said)


def verdicts_table(register: Register, rows: Sequence[Verdict]) -> Table:
    columns = (
        Column("row", _("行号"), is_figure=True),
        Column("name", _("名称")),
        Column("result", _("结果")),
        Column("field", _("栏目")),
        Column("said", _("说明")),
    )
    names = {each.key: spoken(each.name) for each in register.fields}
    made = tuple(
        Row(
            (
                Cell(str(each.row), each.row),
                text_cell(each.name),
                text_cell(_("不能登记") if each.message else _("可以登记")),
                text_cell(names.get(each.field, "")),
                text_cell(f"{each.code} {spoken(each.message)}" if each.message else ""),
            )
        )
        for each in rows
    )
    return Table("verdicts", _("每一行会怎样"), columns, made, _("文件里没有要登记的行。"))


def moment(at: datetime | None) -> str:
    """A moment as pages show it, in the zone of the offices."""
    return "" if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
