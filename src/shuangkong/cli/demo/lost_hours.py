"""演示的手工监测: results for the hours of the month that is over which no rule fills, as the bureau would enter them.

So the month is whole and its amounts become facts. All of it is invented, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Q

from shuangkong.cli.demo.cast import COUNTY
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.amounts.hours import HourAmount, Origin
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.monitoring.amounts import owed
from shuangkong.records.monitoring.registers.acts import register_row
from shuangkong.records.monitoring.registers.manual import MANUAL_RESULTS
from shuangkong.records.people.acting import Acting
from shuangkong.web.monitoring.reckoning import reckoned

_HOUR = timedelta(hours=1)
_GROUND = "虚构·演示：手工监测报告"
_WRITTEN = "%Y-%m-%d %H:%M"


def fill_lost_hours(month: date, by: Acting) -> int:
    """Registers a result for each stretch of lost hours; returns how many. Raises StoreDown, StoreRefused."""
    points = owed(month, ends_of(Span.MONTH, month), Q(outlet__region__path__contains=f"/{COUNTY}/"))
    of_outlet: dict[int, list[object]] = {}
    count = 0
    for each in points:
        of_outlet.setdefault(each.outlet_id or 0, []).append(each)
    for own in of_outlet.values():
        for found in reckoned(own[0].outlet, own, month):  # type: ignore[attr-defined,arg-type]
            hours = list(found.amount.every_hour())
            for first, last, usual in _lost(hours):
                told = {
                    "outlet": str(found.outlet.pk), "factor": found.factor, "starts_at": first.strftime(_WRITTEN),
                    "ends_at": last.strftime(_WRITTEN), "kg_per_hour": f"{usual:f}", "laboratory": "演示监测公司",
                    "document": _GROUND, "note": "演示数据，虚构",
                }  # fmt: skip
                register_row(MANUAL_RESULTS, told, by, _GROUND)
                count += 1
    return count


def _lost(hours: Sequence[HourAmount]) -> Iterator[tuple[datetime, datetime, Decimal]]:
    """First hour and end of each stretch that nothing fills, with what an hour usually has."""
    known = [each.kg for each in hours if each.origin is Origin.MEASURED]
    usual = rounded(median(known), 4) if known else Decimal(0)
    first = last = None
    for each in hours:
        if each.origin is not Origin.OPEN:
            continue
        if first is not None and last is not None and each.at != last:
            yield first, last, usual
            first = None
        first, last = first or each.at, each.at + _HOUR
    if first is not None and last is not None:
        yield first, last, usual
