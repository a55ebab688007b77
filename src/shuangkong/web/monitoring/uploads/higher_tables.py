"""转报的表: platforms above with their sums, units of one, what it refused, orders to send anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.protocols.nhjc import read_code
from shuangkong.protocols.nhjc.messages import Every
from shuangkong.records.monitoring.uploads.higher_states import Totals
from shuangkong.records.monitoring.uploads.models import HigherPlatform, PassingState, ResendOrder
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING

_SUMS = ("units", "accepted", "owed", "aside", "refusing")


def platforms_table(request: HttpRequest, rows: Sequence[HigherPlatform], sums: Mapping[int, Totals]) -> Table:
    columns = (
        Column("name", _("上级平台")),
        Column("region", _("地区")),
        Column("state", _("状态")),
        Column("units", _("用能单位"), is_figure=True),
        Column("accepted", _("已收下"), is_figure=True),
        Column("owed", _("还欠"), is_figure=True),
        Column("aside", _("逐个被拒"), is_figure=True),
        Column("refusing", _("整批被拒的单位"), is_figure=True),
        Column("accepted_at", _("最近收下")),
        Column("next", _("下次")),
    )
    made = tuple(
        Row(
            (
                Cell(each.name, each.name, link(request, "uploads:platform", each.pk)),
                text_cell(each.region.name),
                text_cell(_("转报中") if each.is_on else _("已停止")),
                *(
                    count_cell(getattr(sums[each.pk], name))
                    for name in ("units", "accepted", "owed", "aside", "refusing")
                ),
                moment_cell(sums[each.pk].accepted_at),
                _next(sums[each.pk].next_at, is_on=each.is_on),
            )
        )
        for each in rows
    )
    empty = _("还没有设置上级平台。设置并启动后，本地各单位上传的数和计量器具的日、月用量会报给它，直到它收下。")
    return Table(
        "platforms", _("上级平台"), columns, made, empty, is_demo=any(each.region.is_fictional for each in rows)
    )


def states_table(rows: Sequence[PassingState], *, is_demo: bool) -> Table:
    columns = (
        Column("unit", _("用能单位")),
        Column("code", _("统一社会信用代码")),
        Column("step", _("办到哪一步")),
        Column("accepted", _("已收下"), is_figure=True),
        Column("owed", _("还欠"), is_figure=True),
        Column("aside", _("逐个被拒"), is_figure=True),
        Column("reason", _("对方最近说的")),
        Column("accepted_at", _("最近收下")),
        Column("next", _("下次")),
    )
    made = tuple(
        Row(
            (
                text_cell(each.enterprise.name),
                text_cell(each.enterprise.credit_code),
                text_cell(_steps().get(each.step, each.step)),
                count_cell(each.accepted),
                count_cell(each.owed),
                count_cell(each.aside),
                text_cell(each.reason or MISSING),
                moment_cell(each.accepted_at),
                _next(each.next_at, is_on=True),
            )
        )
        for each in rows
    )
    empty = _("还没有转报过。启动后，这里逐家列出收下多少、还欠多少。")
    return Table("states", _("逐家情况"), columns, made, empty, is_demo=is_demo)


def refused_table(rows: Sequence[PassingState], *, is_demo: bool) -> Table:
    """The newest refused of each unit."""
    columns = (
        Column("unit", _("用能单位")),
        Column("code", _("数据编码")),
        Column("period", _("时段")),
        Column("starts", _("起点")),
        Column("value", _("数值"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                text_cell(each.enterprise.name),
                text_cell(_dashed(told["code"])),
                text_cell(_periods()[Every(told["every"])]),
                text_cell(told["starts"]),
                Cell(told["value"]),
            )
        )
        for each in rows
        for told in json.loads(each.refused or "[]")
    )
    empty = _("没有逐个被拒的数。被拒的数单独放一边，越等越久地再报，不耽误别的数。")
    return Table("refused", _("逐个被拒的数（每家最近的）"), columns, made, empty, is_demo=is_demo)


def orders_table(rows: Sequence[ResendOrder], *, is_demo: bool, is_relay: bool) -> Table:
    columns = (
        Column("at", _("时间")),
        Column("unit", _("用能单位")),
        Column("since", _("从哪天起")),
        Column("author", _("经办人")),
        Column("done", _("办理")),
        Column("figures", _("重报的报文") if is_relay else _("重报的数"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                moment_cell(each.at),
                text_cell(each.enterprise.name if each.enterprise else _("全部")),
                text_cell(each.since.isoformat()),
                text_cell(each.author),
                moment_cell(each.done_at) if each.done_at else text_cell(_("等下一轮")),
                count_cell(each.figures) if each.done_at else Cell(MISSING, hint=_("还没有办理")),
            )
        )
        for each in rows
    )
    return Table("orders", _("重报"), columns, made, _("没有要求过重报。"), is_demo=is_demo)


def _steps() -> Mapping[str, str]:
    return {"register": _("登记"), "version": _("核对版本"), "configure": _("上传配置"), "data": _("上传数据")}


def _periods() -> Mapping[Every, str]:
    return {Every.REAL_TIME: _("实时"), Every.DAY: _("日"), Every.MONTH: _("月"), Every.YEAR: _("年")}


def count_cell(value: int) -> Cell:
    return Cell(str(value), value)


def moment_cell(at: datetime | None) -> Cell:
    return text_cell(f"{timezone.localtime(at):%Y-%m-%d %H:%M}") if at else Cell(MISSING, hint=_("还没有"))


def _next(at: datetime | None, *, is_on: bool) -> Cell:
    if not is_on:
        return Cell(MISSING, hint=_("已停止"))
    return moment_cell(at) if at else text_cell(_("一分钟内"))


def _dashed(code: str) -> str:
    found = read_code(code)
    return found.dashed if found else code
