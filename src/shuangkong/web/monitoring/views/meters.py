"""计量器具: what each unit's meters counted, by level and carrier, and which need attention?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Meter, Point
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.data import Value, asked, values
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure

#: A calibration that ends within so many days is told.
_SOON, _BACK, _MOST = 60, timedelta(days=2), 1_000


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Meters in use of a place, with their last figures; calibration that is over or soon will be is told."""
    today, now = timezone.localdate(), timezone.now()
    seen = visible(acting_of(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    rows = list(
        Meter.objects.select_related("enterprise__region", "device")
        .annotate(swapped=Count("swaps"))
        .filter(seen, here(request, "enterprise__region__path"), ends_on=None)
        .order_by("enterprise", "level", "item")[:_MOST]
    )
    points = dict(Point.objects.filter(meter__in=[each.pk for each in rows]).values_list("pk", "meter"))
    told, is_up = asked(lambda: values(points, Kind.HOUR, None, now - _BACK, now + _BACK), tuple[Value, ...]())
    latest: dict[int, Value] = {}
    for each in told:
        meter = points[each.point] or 0
        if meter not in latest or each.at >= latest[meter].at:
            latest[meter] = each
    context = {
        "count": len(rows),
        "is_up": is_up,
        "over": sum(each.calibrated_until is not None and each.calibrated_until < today for each in rows),
        "unknown": sum(each.calibrated_until is None for each in rows),
        "silent": sum(each.pk not in latest for each in rows),
        "is_demo": any(each.enterprise.region.is_fictional for each in rows),
    }
    return page(request, "monitoring/meters.html", context, {"meters_table": _table(request, rows, latest)})


def _table(request: HttpRequest, rows: Sequence[Any], latest: dict[int, Value]) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("meter", _("计量器具")),
        Column("item", _("数据项编码")),
        Column("carrier", _("能源品种")),
        Column("level", _("计量级别"), is_figure=True),
        Column("value", _("最近读数"), is_figure=True),
        Column("measure", _("单位")),
        Column("at", _("最近数据")),
        Column("swapped", _("换表次数"), is_figure=True),
        Column("calibrated", _("检定")),
    )
    made = []
    for each in rows:
        last = latest.get(each.pk)
        value: Decimal | None = last.value if last else None
        made.append(
            Row(
                (
                    text_cell(each.enterprise.name),
                    text_cell(each.name, href=link(request, "monitoring:register_row", "meters", each.pk)),
                    text_cell(each.item),
                    text_cell(each.carrier),
                    Cell(str(each.level), each.level),
                    Cell(figure(value) if value is not None else MISSING, value),
                    text_cell(each.unit),
                    text_cell(moment(last.at) if last else ""),
                    Cell(str(each.swapped), each.swapped),
                    text_cell(_calibration(each)),
                )
            )
        )
    empty = _("还没有登记计量器具。先在登记册里登记，或导入表格。")
    return Table("meters", _("计量器具"), columns, tuple(made), empty,
                 is_demo=any(each.enterprise.region.is_fictional for each in rows))  # fmt: skip


def _calibration(each: Meter) -> str:
    today, until = timezone.localdate(), each.calibrated_until
    if until is None:
        return _("未登记")
    if until < today:
        return _("✗ 已过期 %(day)s") % {"day": until}
    word = _("▲ 将到期 %(day)s") if until <= today + timedelta(days=_SOON) else _("✓ 有效至 %(day)s")
    return word % {"day": until}
