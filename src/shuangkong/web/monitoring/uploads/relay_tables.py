"""转发报文的表: platforms above that frames of devices go to, devices of one, frames that it does not take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.frame import LONGEST
from shuangkong.records.monitoring.uploads.models import HigherPlatform, RelayState
from shuangkong.records.monitoring.uploads.relaying import RelayTotals
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.uploads.higher_tables import count_cell, moment_cell
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING

_NONE = RelayTotals(0, 0, 0, 0, None)


def relays_table(request: HttpRequest, rows: Sequence[HigherPlatform], sums: Mapping[int, RelayTotals]) -> Table:
    columns = (
        Column("name", _("上级平台")),
        Column("region", _("地区")),
        Column("address", _("地址")),
        Column("state", _("状态")),
        Column("devices", _("设备"), is_figure=True),
        Column("accepted", _("已收下的报文"), is_figure=True),
        Column("owed", _("还欠"), is_figure=True),
        Column("aside", _("没有收下"), is_figure=True),
        Column("accepted_at", _("最近收下")),
    )
    made = tuple(
        Row(
            (
                Cell(each.name, each.name, link(request, "uploads:platform", each.pk)),
                text_cell(each.region.name),
                text_cell(each.register_url),
                text_cell(_("转发中") if each.is_on else _("已停止")),
                *(count_cell(getattr(own, name)) for name in ("devices", "accepted", "owed", "aside")),
                moment_cell(own.accepted_at),
            )
        )
        for each in rows
        for own in (sums.get(each.pk, _NONE),)
    )
    empty = _("还没有设置转发报文的上级平台。设置并启动后，本地设备今后发来的报文会逐条转给它，直到它应答。")
    is_demo = any(each.region.is_fictional for each in rows)
    return Table("relays", _("转发污染源报文的上级平台"), columns, made, empty, is_demo=is_demo)


def devices_table(rows: Sequence[RelayState], *, is_demo: bool) -> Table:
    columns = (
        Column("mn", _("设备标识")),
        Column("device", _("设备")),
        Column("accepted", _("已收下的报文"), is_figure=True),
        Column("owed", _("还欠"), is_figure=True),
        Column("aside", _("没有收下"), is_figure=True),
        Column("accepted_at", _("最近收下")),
    )
    made = tuple(
        Row(
            (
                text_cell(each.mn),
                text_cell(each.device.name),
                count_cell(each.accepted),
                count_cell(each.owed),
                count_cell(each.aside),
                moment_cell(each.accepted_at),
            )
        )
        for each in rows
    )
    empty = _("还没有转发过。启动后，这里逐台列出收下多少、还欠多少。")
    return Table("states", _("逐台情况"), columns, made, empty, is_demo=is_demo)


def frames_table(rows: Sequence[RelayState], *, is_demo: bool) -> Table:
    """The newest that were not taken, of each device."""
    columns = (
        Column("mn", _("设备标识")),
        Column("command", _("命令")),
        Column("time", _("数据时间")),
        Column("reason", _("原因")),
    )
    made = tuple(
        Row((text_cell(each.mn), text_cell(_command(told["cn"])), _time(told["time"]), text_cell(told["reason"])))
        for each in rows
        for told in _told(each, "reason")
    )
    empty = _("没有被拒或一直不应答的报文。这样的报文单独放一边，越等越久地再发，不耽误别的报文。")
    return Table("refused", _("没有收下的报文（每台最近的）"), columns, made, empty, is_demo=is_demo)


def overlong_table(rows: Sequence[RelayState], *, is_demo: bool) -> Table | None:
    """What went longer than the standard allows, of each device the last; None: nothing did."""
    columns = (
        Column("mn", _("设备标识")),
        Column("count", _("报文"), is_figure=True),
        Column("command", _("最近一条的命令")),
        Column("time", _("数据时间")),
        Column("bytes", _("数据段字节"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                text_cell(each.mn),
                count_cell(told["count"]),
                text_cell(_command(told["cn"])),
                _time(told["time"]),
                count_cell(told["bytes"]),
            )
        )
        for each in rows
        for told in _told(each, "bytes")
    )
    note = _(
        "标准限数据段 %(bytes)s 字节。超过的在数据项之间分包；单独一项就超长的、设备自己分的包，"
        "不能再拆，照样转发：对方可能不收，请在设备上改。"
    ) % {"bytes": f"{LONGEST:,}"}
    return Table("overlong", _("超长转发的报文"), columns, made, note=note, is_demo=is_demo) if made else None


def _told(row: RelayState, name: str) -> list[dict[str, Any]]:
    """Of what is kept beside a device those entries that have a field of that name."""
    return [each for each in json.loads(row.refused or "[]") if name in each]


def _command(code: str) -> str:
    command = hj212_codes(open_rulebook().folder).commands.get(code)
    if command is None:
        return code
    return f"{code} {command.zh if (get_language() or '').startswith('zh') else command.en}"


def _time(digits: str) -> Cell:
    try:
        return text_cell(f"{datetime.strptime(digits, '%Y%m%d%H%M%S'):%Y-%m-%d %H:%M:%S}")  # noqa: DTZ007 - as sent
    except ValueError:
        return Cell(MISSING, hint=_("报文没有时间"))
