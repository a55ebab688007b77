"""计量器具: what each unit's meters counted, by level and carrier, and which need attention?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.metering import newest
from shuangkong.records.monitoring.models import Meter, MeterClosing, Point
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.data import Value, asked, values
from shuangkong.web.monitoring.meter_tables import meters_table
from shuangkong.web.monitoring.metered_hours import SHOWN, USED
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.words import MISSING

#: How far back a last reading is looked for; a meter that is silent for longer than ``_LATE`` is told.
_BACK, _LATE, _MOST = timedelta(days=2), timedelta(hours=3), 1_000


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Meters of a place that were in use in a month, with their last showings; what needs attention is told."""
    today, now = timezone.localdate(), timezone.now()
    month = month_of(request.GET.get("month", ""))[0].replace(day=1)
    seen = visible(acting_of(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    held = Q(starts_on__lte=ends_of(Span.MONTH, month)) & (Q(ends_on=None) | Q(ends_on__gte=month))
    every = Meter.objects.filter(seen, here(request, "enterprise__region__path"), held)
    batch = batch_of(request, list(every.order_by("enterprise", "level", "item").values_list("pk", flat=True)), _MOST)
    some = Meter.objects.filter(pk__in=batch.some).select_related("enterprise__region", "device")
    rows = list(some.annotate(swapped=Count("swaps")).order_by("enterprise", "level", "item"))
    known = every.aggregate(
        over=Count("pk", filter=Q(calibrated_until__lt=today)), unknown=Count("pk", filter=Q(calibrated_until=None))
    )
    latest, is_up = asked(lambda: _latest(rows, now), dict[int, Value]())
    closed = newest(month, [each.pk for each in rows])
    states = {each.pk: _state(latest.get(each.pk), closed.get(each.pk), now, is_up=is_up) for each in rows}
    context = {
        "count": batch.count,
        "batch": batch,
        "month": f"{month:%Y-%m}",
        "is_up": is_up,
        **known,
        "silent": sum(each.pk not in latest for each in rows) if is_up else MISSING,
        "is_demo": any(each.enterprise.region.is_fictional for each in rows),
    }
    table = meters_table(request, rows, latest, closed, month, states)
    return page(request, "monitoring/meters.html", context, {"meters_table": table})


def _latest(rows: Sequence[Meter], now: datetime) -> dict[int, Value]:
    """Meter → the last that its counter showed, else the last hour that was told."""
    points = dict(Point.objects.filter(meter__in=[each.pk for each in rows]).values_list("pk", "meter"))
    found: dict[int, Value] = {}
    for kind, stat in ((Kind.HOUR, USED), (Kind.RTD, SHOWN)):
        told: dict[int, Value] = {}
        for each in values(points, kind, (stat,), now - _BACK, now + _BACK):
            meter = points[each.point] or 0
            if each.value is not None and (meter not in told or each.at >= told[meter].at):
                told[meter] = each
        found |= told
    return found


def _state(last: Value | None, row: MeterClosing | None, now: datetime, *, is_up: bool) -> str:
    told: Any = ""
    if not is_up:
        told = _("读数库没有应答")
    elif last is None:
        told = _("✕ 两天没有读数")
    elif now - last.at > _LATE:
        told = _("▲ 读数晚了")
    elif row is not None and row.open_hours:
        told = _("▲ 本月有不知道的小时")
    return str(told or _("✓ 正常"))
