"""折算比对: hours of which the device's conversion to reference oxygen is further from ours than the rule allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from shuangkong.monitoring.alarms.comparison import compared
from shuangkong.monitoring.flue_gas.point import converted
from shuangkong.monitoring.reading import Media, Reading, Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.limits import references_of
from shuangkong.records.monitoring.models import Point
from shuangkong.web.monitoring.data import Value, values
from shuangkong.web.monitoring.flows import OXYGEN
from shuangkong.web.monitoring.hours import Told
from shuangkong.web.monitoring.mean_differences import NORMAL, Difference
from shuangkong.web.monitoring.own_means import law_of

_ZS = "zs_avg"


def converted_apart(held: Told, first: datetime, last: datetime) -> list[Difference]:
    """Of every pollutant of gas that the device converts, by point and time. A question to the store, 3 queries a gas
    outlet with such.

    What the device calls not normal, hours at the oxygen of air, and figures that were sent in another state (of which
    the device's conversion is not taken) are left out.

    Args:
        held: the hours of that time, means of pollutants and oxygen at least.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    of = {key: each for key, each in held.points.items() if each.outlet is not None and each.outlet.kind == Media.GAS}
    oxygens = {each.outlet_id: key for key, each in of.items() if each.factor == OXYGEN}
    told: dict[int, list[Value]] = defaultdict(list)
    asked = [key for key, point in of.items() if point.outlet_id in oxygens]
    for each in values(asked, Kind.HOUR, (_ZS,), first, last):
        if each.value is not None and each.flag in NORMAL:
            told[each.point].append(each)
    measured = {key: _sound(held, key) for key in {*told, *(oxygens[of[key].outlet_id] for key in told)}}
    return [
        found
        for key, own in sorted(told.items())
        for found in _apart(of[key], own, measured[key], measured[oxygens[of[key].outlet_id]], held)
    ]


def _sound(held: Told, point: int) -> dict[datetime, Reading]:
    good = held.meanings.measured
    return {each.at: each for each in held.readings(point) if each.value is not None and each.mark in good}


def _apart(
    point: Point, own: list[Value], means: Mapping[datetime, Reading], oxygen: Mapping[datetime, Reading], held: Told
) -> list[Difference]:
    assert point.outlet is not None
    references, law, made = references_of(point.outlet), law_of(point.outlet, own[-1].at), list[Difference]()
    brought = held.values.get((point.pk, "avg"), {})
    for each in own:
        mean, o2, reference = means.get(each.at), oxygen.get(each.at), references(each.at.date())
        limits = law.thresholds(each.at.date())
        if mean is None or o2 is None or o2.value is None or reference is None or o2.value >= limits.air_oxygen_pct:
            continue
        if brought[each.at].brought is not None:
            continue
        both = compared(each.value, converted(mean.value, o2.value, reference), limits.converted_tolerance_pct)
        if both.differs:
            made.append(Difference(point, Span.HOUR, each.at, both, reference_pct=reference))
    return made
