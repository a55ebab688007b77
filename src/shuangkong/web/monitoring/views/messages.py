"""设备消息: what did the devices of an outlet tell beside readings, and how do its treatment devices stand?"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.monitoring.messages import SORTS, Sort, last_heartbeat, messages_of
from shuangkong.records.monitoring.models import DeviceMessage, Outlet, Point
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.treatment import Treating, treating, treatment_table
from shuangkong.web.monitoring.views.outlet import outlet_or_404
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

#: How many are shown, the newest.
_MOST = 500


@require_GET
@needs(Action.MONITORING_READ)
def messages(request: HttpRequest, outlet_id: int) -> HttpResponse:
    """Of one sort where the address names one; heartbeats only there."""
    found = outlet_or_404(request, outlet_id)
    chosen = next((each for each in Sort if each == request.GET.get("sort")), None)
    told = messages_of(found.pk, (chosen,) if chosen else (), _MOST)
    points = list(Point.objects.filter(outlet=found))
    devices, is_up = asked(lambda: treating(points), tuple[Treating, ...]())
    context = {
        "outlet": found,
        "unit": found.enterprise,
        "is_up": is_up,
        "heartbeat": moment(last_heartbeat(found.pk)),
        "count": len(told),
        "is_cut": len(told) == _MOST,
        "sorts": [
            ("", _("全部"), chosen is None),
            *((each.value, spoken(SORTS[each]), each is chosen) for each in Sort),
        ],
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "messages_table": _table(request, found, told),
        "treatment_table": treatment_table(found, devices),
    }
    return page(request, "monitoring/messages.html", context, tables)


def _table(request: HttpRequest, outlet: Outlet, told: Sequence[DeviceMessage]) -> Table:
    columns = (
        Column("at", _("设备时间")),
        Column("device", _("设备")),
        Column("sort", _("消息")),
        Column("factor", _("因子")),
        Column("name", _("项目")),
        Column("text", _("内容")),
        Column("count", _("当日次数"), is_figure=True),
        Column("last", _("收到")),
        Column("frame", _("报文")),
        Column("service", _("运维记录")),
    )
    rows = tuple(
        Row(
            (
                Cell(moment(each.told_at), timezone.localtime(each.told_at).isoformat()),
                text_cell(each.device.mn, href=link(request, "monitoring:register_row", "devices", each.device_id)),
                text_cell(spoken(SORTS[Sort(each.sort)])),
                text_cell(factor_word(each.factor) if each.factor else ""),
                text_cell(each.name),
                text_cell(each.text),
                Cell(str(each.count), each.count),
                text_cell(moment(each.last_at)),
                text_cell(_("看报文"), href=link(request, "monitoring:frame", outlet.pk, each.segment, each.offset)),
                text_cell(
                    str(each.service_id),
                    href=link(request, "monitoring:register_row", "services", each.service_id),
                )
                if each.service_id is not None
                else text_cell(""),
            )
        )
        for each in told
    )
    empty = _("还没有收到。超标留样、换仪器、重启、标样核查和现场机信息（3015、3019、2081、2062、3020）会列在这里。")
    return Table("messages", _("设备消息"), columns, rows, empty, is_demo=outlet.region.is_fictional)
