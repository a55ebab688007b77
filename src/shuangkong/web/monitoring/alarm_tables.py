"""报警的表: what was found, how far, since when, and how its case stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.monitoring.alarm_counts import UnitCount
from shuangkong.records.monitoring.alarms import AlarmRow
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.words import ALARM_STATES, CAUSES, LEVEL_SIGNS, LEVELS
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import rounded_figure, spoken

#: Alarms on one page of a list.
PAGE_ROWS = 40


def alarms_table(request: HttpRequest, found: Sequence[AlarmRow]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("level", _("级别")),
        Column("state", _("办到哪一步")),
        Column("unit", _("企业")),
        Column("outlet", _("排放口")),
        Column("factor", _("因子")),
        Column("what", _("报警")),
        Column("starts", _("开始")),
        Column("ends", _("结束")),
        Column("peak", _("峰值"), is_figure=True),
        Column("multiple", _("超标倍数"), is_figure=True),
        Column("due", _("应说明期限")),
    )
    now = timezone.now()
    rows = tuple(
        Row(
            (
                Cell(str(each.id), each.id, link(request, "monitoring:alarm", each.id)),
                text_cell(f"{LEVEL_SIGNS[each.level][0]} {LEVELS[each.level]}"),
                text_cell(str(ALARM_STATES[each.state])),
                text_cell(each.unit_name),
                text_cell(each.outlet_name, href=link(request, "monitoring:outlet", each.outlet)),
                text_cell(factor_word(each.factor) if each.factor else ""),
                text_cell(spoken(each.text)),
                text_cell(moment(each.starts_at)),
                text_cell(moment(each.ends_at) or _("持续中")),
                Cell(rounded_figure(each.peak), each.peak),
                Cell(rounded_figure(each.multiple), each.multiple),
                text_cell((_("逾期 %(at)s") if each.is_late(now) else "%(at)s") % {"at": moment(each.due_at)}),
            )
        )
        for each in found
    )
    empty = _("没有报警。规则每天按收到的数据判定，超标、断数、恒值和异常组合都会列在这里。")
    is_demo = any(each.is_fictional for each in found)
    return Table("alarms", _("报警"), columns, rows, empty, is_demo=is_demo, page_rows=PAGE_ROWS)


def per_unit_table(found: Sequence[UnitCount]) -> Table:
    """How many alarms each unit had, how many are open, late, and how many hours they lasted."""
    columns = (
        Column("unit", _("企业")),
        Column("all", _("报警"), is_figure=True),
        Column("exceed", _("其中超标"), is_figure=True),
        Column("open", _("未办结"), is_figure=True),
        Column("late", _("逾期未说明"), is_figure=True),
        Column("hours", _("持续小时"), is_figure=True),
        Column("peak", _("最大超标倍数"), is_figure=True),
    )
    rows = []
    for each in found:
        numbers = (each.all, each.exceed, each.open, each.late, each.lasted // timedelta(hours=1))
        figures = (Cell(str(number), number) for number in numbers)
        rows.append(Row((text_cell(each.name), *figures, Cell(rounded_figure(each.multiple), each.multiple))))
    is_demo = any(each.is_fictional for each in found)
    return Table("units", _("各企业报警统计"), columns, tuple(rows), _("没有报警。"), is_demo=is_demo)


def cause_word(cause: str) -> str:
    """The cause of a case; "" for none."""
    return next((str(word) for each, word in CAUSES.items() if each == cause), "")
