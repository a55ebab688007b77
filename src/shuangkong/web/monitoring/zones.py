"""水生态功能分区: each zone with the class that it is to keep, and the class that its section has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from shuangkong.core.finding import Message
from shuangkong.monitoring.rivers.section import Section
from shuangkong.records.monitoring.models import Outlet, WaterZone
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken

_MOST = 2_000


def zones(condition: Q, day: date) -> tuple[WaterZone, ...]:
    """Those that hold on a day, by place and code. 1 query."""
    held = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    rows = WaterZone.objects.select_related("region", "outlet").filter(held, condition)
    return tuple(rows.order_by("region", "code", "pk")[:_MOST])


def zones_table(rows: Sequence[WaterZone], judged: Iterable[tuple[Outlet, Section]], names: Sequence[Message]) -> Table:
    """``judged``: the sections of the year; ``names``: words of the classes, the best first."""
    found = {outlet.pk: each for outlet, each in judged}
    columns = (
        Column("zone", _("功能区")),
        Column("region", _("地区")),
        Column("water", _("水体")),
        Column("function", _("主导功能")),
        Column("section", _("控制断面")),
        Column("quality", _("水质类别")),
        Column("target", _("目标")),
        Column("meets", _("是否达到目标")),
        Column("document", _("依据")),
    )
    made = tuple(
        Row(
            (
                text_cell(f"{each.code} {each.name}"),
                text_cell(each.region.name),
                text_cell(each.water),
                text_cell(each.function),
                text_cell(each.outlet.name if each.outlet else MISSING),
                text_cell(_class(names, _quality(found, each))),
                text_cell(_class(names, each.water_class)),
                text_cell(_meets(found, each)),
                text_cell(each.document),
            )
        )
        for each in rows
    )
    empty = _("还没有登记水生态功能分区。可以在登记册里逐行登记或导入表格。")
    return Table(
        "zones", _("水生态功能分区"), columns, made, empty, is_demo=any(row.region.is_fictional for row in rows)
    )


def _class(names: Sequence[Message], number: int | None) -> str:
    return MISSING if number is None or not 1 <= number <= len(names) else spoken(names[number - 1])


def _quality(found: Mapping[int, Section], zone: WaterZone) -> int | None:
    section = found.get(zone.outlet_id or 0)
    return None if section is None else section.quality


def _meets(found: Mapping[int, Section], zone: WaterZone) -> str:
    section = found.get(zone.outlet_id or 0)
    if zone.water_class is None:
        return _("没有定目标")
    if section is None or section.quality is None:
        return _("不知道：没有断面数据")
    return {True: _("✓ 达到"), False: _("✗ 未达到"), None: _("存疑：缺基本因子")}[
        section.is_certainly(zone.water_class)
    ]
