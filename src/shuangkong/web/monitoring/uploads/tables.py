"""上传的表: units with their month's quality, the items of one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.protocols.nhjc import read_code
from shuangkong.records.monitoring.uploads.looking import AccessRow, ItemMonth
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure


def ends_table(request: HttpRequest, rows: Sequence[AccessRow], least: Decimal, most: Decimal) -> Table:
    columns = (
        Column("unit", _("用能单位")),
        Column("standing", _("接入")),
        Column("seen", _("最近上传")),
        Column("items", _("采集项"), is_figure=True),
        Column("completeness", _("日数据完整率"), "%", is_figure=True),
        Column("deviation", _("日合计与月值最大偏差"), "%", is_figure=True),
    )
    made = tuple(
        Row(
            (
                Cell(each.name, each.name, link(request, "uploads:one", each.id)),
                text_cell(standing(each)),
                _moment(each),
                Cell(str(len(each.items)), len(each.items)),
                _share(each.completeness_pct, is_bad=_below(each.completeness_pct, least)),
                _share(each.worst_deviation_pct, is_bad=_beyond(each.worst_deviation_pct, most)),
            )
        )
        for each in rows
    )
    empty = _("还没有用能单位接入。单位的接入端登记后会出现在这里，确认后才能上传。")
    return Table("ends", _("用能单位上传"), columns, made, empty, is_demo=any(each.is_fictional for each in rows))


def items_table(rows: Sequence[ItemMonth], least: Decimal, most: Decimal, *, is_demo: bool) -> Table:
    columns = (
        Column("code", _("数据编码")),
        Column("name", _("名称")),
        Column("due", _("应传天数"), is_figure=True),
        Column("told", _("实传天数"), is_figure=True),
        Column("completeness", _("完整率"), "%", is_figure=True),
        Column("sum", _("日合计"), is_figure=True),
        Column("month", _("月值"), is_figure=True),
        Column("deviation", _("偏差"), "%", is_figure=True),
        Column("outside", _("超出上下限的日子")),
    )
    made = tuple(
        Row(
            (
                text_cell(dashed(each.code)),
                text_cell(each.name or MISSING),
                Cell(str(each.quality.due), each.quality.due),
                Cell(str(each.quality.told), each.quality.told, hint=_days(each.quality.missing)),
                _share(each.quality.completeness_pct, is_bad=_below(each.quality.completeness_pct, least)),
                _figure(each.quality.days_sum),
                _figure(each.quality.month),
                _share(each.quality.deviation_pct, is_bad=_beyond(each.quality.deviation_pct, most)),
                text_cell(_days(each.quality.out_of_bounds) or MISSING),
            )
        )
        for each in rows
    )
    empty = _("接入端还没有上传采集配置。")
    return Table("items", _("采集项"), columns, made, empty, is_demo=is_demo)


def standing(row: AccessRow) -> str:
    """How it stands with an access end, in words."""
    if row.is_ended:
        return _("已停用")
    if not row.is_confirmed:
        return _("等待确认")
    if not row.is_picked:
        return _("已确认，等待接入端取号")
    return _("已接入，这个月已冻结") if row.is_frozen else _("已接入")


def _moment(row: AccessRow) -> Cell:
    if row.seen_at is None:
        return Cell(MISSING, hint=_("没有上传过数据"))
    return text_cell(f"{timezone.localtime(row.seen_at):%Y-%m-%d %H:%M}")


def _share(value: Decimal | None, *, is_bad: bool) -> Cell:
    if value is None:
        return Cell(MISSING, hint=_("还没有可比的数据"))
    shown = rounded_figure(value)
    return Cell(_("%(share)s ▼不合要求") % {"share": shown} if is_bad else shown, value)


def _figure(value: Decimal | None) -> Cell:
    return Cell(MISSING, hint=_("没有上传")) if value is None else Cell(f"{value:f}", value)


def _below(value: Decimal | None, least: Decimal) -> bool:
    return value is not None and value < least


def _beyond(value: Decimal | None, most: Decimal) -> bool:
    return value is not None and abs(value) > most


def _days(days: Sequence[object]) -> str:
    shown = _("、").join(str(each) for each in days[:5])
    return shown + (f"…（{len(days)}）" if len(days) > 5 else "")


def dashed(code: str) -> str:
    """A code of an item as people write it."""
    found = read_code(code)
    return found.dashed if found else code
