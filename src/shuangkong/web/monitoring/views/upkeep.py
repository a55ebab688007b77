"""运维到期: what upkeep of devices and meters is overdue or due soon, and which meters are silent?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Finding
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.monitoring.upkeep import MOST, Due, upkeep_due
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.silent_meters import silent_meters
from shuangkong.web.monitoring.upkeep_words import soon_of, what_word
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

#: Meters whose silence one page looks for.
_MOST = 1_000


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Of a place: upkeep by the records of it, calibration of meters by their register, silence by the store."""
    acting, today = acting_of(request), timezone.localdate()
    seen = visible(acting, Action.MONITORING_READ, "device__region__path", "device__enterprise__body")
    soon, is_soon_verified = soon_of(today)
    dues = upkeep_due(seen & here(request, "device__region__path"), today, soon)
    of_meters = visible(acting, Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    in_use = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    meters = list(
        Meter.objects.select_related("enterprise__region")
        .filter(of_meters, in_use, here(request, "enterprise__region__path"))
        .order_by("enterprise", "level", "item")[:_MOST]
    )
    silent, is_up = asked(lambda: silent_meters(meters, timezone.now()), list[tuple[Meter, Finding]]())
    expiring = [each for each in meters if each.calibrated_until is not None and each.calibrated_until <= today + soon]
    overdue = sum(each.due_on < today for each in dues)
    context = {
        "is_up": is_up,
        "overdue": overdue + sum(each.calibrated_until < today for each in expiring if each.calibrated_until),
        "soon": len(dues) + len(expiring),
        "days": soon.days,
        "is_soon_verified": is_soon_verified,
        "silent": [(each, f"{told.code} {spoken(told.message)}") for each, told in silent],
        "is_demo": any(each.device.region.is_fictional for each in dues)
        or any(each.enterprise.region.is_fictional for each in meters),
    }
    tables = {"upkeep_table": _table(request, dues, today), "calibration_table": _meters(request, expiring, today)}
    return page(request, "monitoring/upkeep.html", context, tables)


def _table(request: HttpRequest, dues: Sequence[Due], today: date) -> Table:
    columns = (
        Column("device", _("设备")),
        Column("outlet", _("排放口")),
        Column("what", _("事项")),
        Column("done", _("上次")),
        Column("due", _("应在此前")),
        Column("days", _("逾期"), _("天"), is_figure=True),
        Column("state", _("状态")),
    )
    rows = tuple(
        Row(
            (
                text_cell(f"{each.device.name} {each.device.mn}"),
                text_cell(
                    each.outlet.name if each.outlet else "",
                    href=link(request, "monitoring:outlet", each.outlet.pk) if each.outlet else "",
                ),
                text_cell(what_word(each), href=link(request, "monitoring:register_row", "services", each.record)),
                Cell(each.done_on.isoformat(), each.done_on),
                Cell(each.due_on.isoformat(), each.due_on),
                Cell(str(max(0, each.days(today))), max(0, each.days(today))),
                text_cell(_state(each.due_on, today)),
            )
        )
        for each in dues
    )
    empty = _("没有逾期或快到期的运维。登记运维记录时填下次日期，这里就会提醒。")
    note = _("只列最先到期的 %(most)s 项，更多的请选下级地区看") % {"most": MOST} if len(rows) >= MOST else ""
    return Table("upkeep", _("设备运维到期"), columns, rows, empty, note)


def _meters(request: HttpRequest, meters: Sequence[Meter], today: date) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("meter", _("计量器具")),
        Column("until", _("检定有效期至")),
        Column("state", _("状态")),
    )
    rows = tuple(
        Row(
            (
                text_cell(each.enterprise.name),
                text_cell(each.name, href=link(request, "monitoring:meter", each.pk)),
                Cell(each.calibrated_until.isoformat(), each.calibrated_until),
                text_cell(_state(each.calibrated_until, today)),
            )
        )
        for each in sorted(meters, key=lambda each: (each.calibrated_until or today, each.pk))
        if each.calibrated_until is not None
    )
    return Table("calibrations", _("计量器具检定到期"), columns, rows, _("没有过期或快到期的检定。"))


def _state(due_on: date, today: date) -> str:
    if due_on < today:
        return _("✗ 逾期")
    return _("▲ 今天到期") if due_on - today < timedelta(days=1) else _("▲ 将到期")
