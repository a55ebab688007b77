"""公布的日评价: what was published of the days of air stations, by factor, in the units of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from shuangkong.records.monitoring.models import AirDay

#: Column of a published day → factor of the air rule, and the unit in which it stands.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "pm25": ("a34004", "µg/m3"),
    "pm10": ("a34002", "µg/m3"),
    "so2": ("a21026", "µg/m3"),
    "no2": ("a21004", "µg/m3"),
    "co": ("a21005", "mg/m3"),
    "o3": ("a05024", "µg/m3"),
}
#: Factor → unit of what is published of it.
UNITS: Mapping[str, str] = dict(COLUMNS.values())

type Published = Mapping[int, Mapping[str, Mapping[date, Decimal]]]


def published(outlets: Iterable[int], first: date, last: date) -> Published:
    """Station → factor → day → value; what was not told is left out. 1 query."""
    found: dict[int, dict[str, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for row in AirDay.objects.filter(outlet__in=list(outlets), day__gte=first, day__lte=last):
        for column, (factor, _unit) in COLUMNS.items():
            value = getattr(row, column)
            if value is not None:
                found[row.outlet_id][factor][row.day] = value
    return {outlet: dict(own) for outlet, own in found.items()}
