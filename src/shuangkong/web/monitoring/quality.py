"""单位换算: from the unit in which readings are kept to that of a rule of quality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import DeviceUnit
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import codes

#: Factor → by what a kept figure becomes one of the rule; factors that cannot are left out.
type Conversions = Mapping[str, Decimal]
#: The same by (outlet, factor).
type AirRatios = Mapping[tuple[int, str], Decimal]


def air_conversions(law: MonitoringLaw, outlets: Iterable[int]) -> AirRatios:
    """(outlet, factor) → by what a kept figure of the air rule's pollutants becomes one of the rule. 1 query.

    A factor that the code table does not have is kept in the unit that its device is registered with; what has
    neither, or a unit of another kind, is left out.
    """
    numbers = set(outlets)
    book, known = open_rulebook(), codes().factors
    own = {
        (outlet, factor): unit
        for outlet, factor, unit in DeviceUnit.objects.filter(device__connections__outlet__in=numbers)
        .order_by("starts_on")
        .values_list("device__connections__outlet", "factor", "unit")
    }
    found = {}
    for outlet in numbers:
        for factor, each in law.air.pollutants.items():
            kept = known[factor].unit if factor in known else own.get((outlet, factor), "")
            ratio = ratio_of(kept, each.unit, book) if kept else None
            if ratio is not None:
                found[outlet, factor] = ratio
    return found


def river_conversions(law: MonitoringLaw) -> Conversions:
    """Of the factors of the classes of rivers."""
    book, known = open_rulebook(), codes().factors
    found = {}
    for factor, each in law.rivers.factors.items():
        ratio = ratio_of(known[factor].unit, each.unit, book) if factor in known else None
        if ratio is not None:
            found[factor] = ratio
    return found
