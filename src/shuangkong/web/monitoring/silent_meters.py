"""没有读数的表: meters in use of which nothing has come for longer than a silence may last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from shuangkong.core.finding import Finding
from shuangkong.monitoring.findings import SILENT_METER, finding
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Meter, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.data import values
from shuangkong.web.monitoring.metered_hours import SHOWN, USED
from shuangkong.web.monitoring.views.outlet import midnight

_LONGEST = "monitoring/metering/longest_hours"
#: How far back a last reading is looked for.
_BACK = timedelta(days=7)


def silent_meters(meters: Sequence[Meter], now: datetime) -> list[tuple[Meter, Finding]]:
    """A finding for each that has told nothing for longer than the rule allows. 1 query and two questions to the store.

    Of a meter of which nothing is within a week the silence is told from then on, or since it is on the register.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    book = open_rulebook()
    most = int(book.parameter(_LONGEST, now.date()).number)
    points = dict(Point.objects.filter(meter__in=[each.pk for each in meters]).values_list("pk", "meter"))
    last: dict[int, datetime] = {}
    for kind, stat in ((Kind.HOUR, USED), (Kind.RTD, SHOWN)):
        for each in values(points, kind, (stat,), now - _BACK, now + timedelta(hours=1)):
            meter = points[each.point] or 0
            if each.value is not None:
                last[meter] = max(last.get(meter, each.at), each.at)
    made = []
    for meter in meters:
        since = timezone.localtime(last.get(meter.pk, max(now - _BACK, midnight(meter.starts_on))))
        hours = int((now - since).total_seconds() // 3600)
        if hours > most:
            name = f"{meter.enterprise.name} {meter.name}"
            words = {"since": f"{since:%Y-%m-%d %H:%M}", "hours": hours, "most": most}
            made.append((meter, finding(book.monitoring().checks, SILENT_METER, name, name=name, **words)))
    return made
