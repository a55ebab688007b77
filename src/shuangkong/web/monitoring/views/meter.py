"""一只计量器具: what did it count in a month, is that whole, and which showings does it rest on?"""

from __future__ import annotations

import json
import zlib
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.readings.trace import Place, figure_of
from shuangkong.records.monitoring.meter_facts import MAIN
from shuangkong.records.monitoring.metering import versions
from shuangkong.records.monitoring.models import Meter, Point
from shuangkong.records.monitoring.uploads.models import UploadFigure
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.web.indicators.shown import address
from shuangkong.web.monitoring.data import Value, asked, values
from shuangkong.web.monitoring.frames import frame_at
from shuangkong.web.monitoring.meter_tables import (
    carrier_word,
    days_table,
    direction_word,
    events_table,
    measure_word,
    parted,
    shown_table,
    versions_table,
)
from shuangkong.web.monitoring.metered_closing import HourSeen, hours_of
from shuangkong.web.monitoring.metered_hours import SHOWN, USED
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.frames import shown_text
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import near_day
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import MISSING, spoken

_DAY = timedelta(days=1)
_PLACES = 3


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, meter_id: int) -> HttpResponse:
    """One meter and month: its hours and days, what happened to its counter, the showings of a day, its versions."""
    found = meter_or_404(request, meter_id)
    month = month_of(request.GET.get("month", ""))[0].replace(day=1)
    held = versions(found.pk, month)
    row = held[0] if held else None
    trace = json.loads(row.content) if row else {}
    day = near_day(request.GET.get("day", "")) or min(ends_of(Span.MONTH, month), timezone.localdate())
    day = day if day.replace(day=1) == month else month
    hours, is_up = asked(lambda: hours_of(found, month), tuple[HourSeen, ...]())
    told, _is_up = asked(lambda: _showings(found, midnight(day), midnight(day + _DAY)), tuple[Value, ...]())
    unit = row.unit if row else ""
    by_days = request.GET.get("by") == "day"
    context = {
        "meter": found,
        "carrier": carrier_word(found.carrier),
        "direction": direction_word(found),
        "month": f"{month:%Y-%m}",
        "day": day,
        "by": "day" if by_days else "hour",
        "is_up": is_up,
        "row": row,
        "unit": measure_word(unit) if unit else found.unit,
        "amount": parted(row.amount, _PLACES) if row and row.unit else MISSING,
        "begin": trace.get("begin"),
        "end": trace.get("end"),
        "multiplier": trace.get("multiplier", ""),
        "findings": [(code, spoken(Message(zh, en))) for code, zh, en in trace.get("findings", ())],
        "chart": _chart(hours, trace, unit, by_days=by_days),
        "why": _why(request, found, month) if row and row.is_over and found.level == MAIN else "",
        "where": where_of(found),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "days_table": days_table(request, found, trace, unit),
        "events_table": events_table(found, trace),
        "shown_table": shown_table(found, told, day),
        "versions_table": versions_table(held, unit),
    }
    return page(request, "monitoring/meter.html", context, tables)


@require_GET
@needs(Action.MONITORING_READ)
def frame(request: HttpRequest, meter_id: int, segment: int, offset: int) -> HttpResponse:
    """What a showing came with: a frame of the meter's own device, or a message of its unit."""
    found = meter_or_404(request, meter_id)
    number = figure_of(Place(segment, offset))
    context: dict[str, Any] = {"meter": found}
    if number is not None:
        figure = UploadFigure.objects.select_related("body", "item__access").filter(pk=number).first()
        if figure is None or figure.item.access.enterprise_id != found.enterprise_id:
            raise Http404(offset)
        text = zlib.decompress(bytes(figure.body.content)).decode("utf-8", "replace")
        context |= {
            "text": text,
            "received": moment(figure.body.at),
            "place": _("上传消息第 %(n)s 号") % {"n": figure.body_id},
        }
        return page(request, "monitoring/meter_frame.html", context)
    held = frame_at(segment, offset)
    if held.message is None or found.device is None or held.message.mn != found.device.mn:
        raise Http404(offset)
    context |= {
        "text": shown_text(request, held.text), "received": moment(held.received_at),
        "place": _("证据日志第 %(segment)s 段，偏移 %(offset)s") % {"segment": segment, "offset": offset},
        "pairs": [(name, shown_text(request, value)) for name, value in held.message.cp],
    }  # fmt: skip
    return page(request, "monitoring/meter_frame.html", context)


def meter_or_404(request: HttpRequest, number: int) -> Meter:
    """Raises Http404, also where the person may not see it."""
    found = Meter.objects.select_related("enterprise__region", "device").filter(pk=number).first()
    if found is None:
        raise Http404(number)
    reached(request, where_of(found), Action.MONITORING_READ)
    return found


def where_of(found: Meter) -> Where:
    unit = found.enterprise
    return Where(unit.region.path, frozenset({unit.body_id}) if unit.body_id else frozenset())


def _showings(found: Meter, start: datetime, end: datetime) -> tuple[Value, ...]:
    """What the counter showed in a day, the bounds included; hours that were told where it showed nothing."""
    points = frozenset(Point.objects.filter(meter=found, factor="").values_list("pk", flat=True))
    shown = values(points, Kind.RTD, (SHOWN,), start, end + timedelta(seconds=1))
    return shown or values(points, Kind.HOUR, (USED,), start, end)


def _chart(hours: tuple[HourSeen, ...], trace: dict[str, Any], unit: str, *, by_days: bool) -> dict[str, Any] | None:
    """Amounts of hours or of days; what is not known is a hole in the line."""
    if by_days:
        known = ("measured", "estimated", "told")
        pairs = [
            [midnight(date.fromisoformat(each["day"])).isoformat(),
             float(each["amount"]) if any(each["hours"].get(word) for word in known) else None]
            for each in trace.get("days", ())
        ]  # fmt: skip
    else:
        pairs = [[each.at.isoformat(), None if each.amount is None else float(each.amount)] for each in hours]
    if not any(value is not None for _at, value in pairs):
        return None
    shown = measure_word(unit) if unit else ""
    name = _("日用量") if by_days else _("小时用量")
    return {"unit": shown, "series": [{"name": name, "values": pairs}], "limits": []}


def _why(request: HttpRequest, found: Meter, month: date) -> str:
    """Where the unit's figure is explained that this meter is a part of; "" for whom may not read figures."""
    if found.carrier not in CARRIERS or not may(acting_of(request), Action.ACTUAL_READ, where_of(found)):
        return ""
    subject = Subject("unit", source_code(found.enterprise_id))
    return address(request, Cell(subject, CARRIERS[found.carrier].indicator, Period(month.year, f"{month.month:02d}")))
