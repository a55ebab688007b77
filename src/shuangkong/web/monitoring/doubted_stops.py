"""不作数的停运: hours that were flagged as stopped while flow and load say that the outlet ran (policy: impossible).

What is not believed does not leave the denominator of any rate: it counts as a fault until the authority says that it
stood still.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from shuangkong.monitoring.alarms.impossible import hours_of
from shuangkong.monitoring.mark import Counts
from shuangkong.monitoring.reading import Reading
from shuangkong.monitoring.wire_codes import STOPPED
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook

type Doubted = frozenset[tuple[int, datetime]]
_FLAGGED = Decimal(1)


def flagged(hours: Collection[datetime]) -> list[Reading]:
    """Hours of an outlet that were flagged as stopped, as readings that conditions compare."""
    return [Reading(at=at, value=_FLAGGED) for at in sorted(hours)]


def doubted_stops(
    outlets: Mapping[int, Outlet],
    stops: Mapping[int, Collection[datetime]],
    told: Callable[[Sequence[Point]], Callable[[int], list[Reading]]],
) -> Doubted:
    """(outlet, hour) of the stops that are not believed. 1 query, and what ``told`` costs; nothing without stops.

    Args:
        stops: outlet → hours that were flagged as stopped by whomever but the authority.
        told: points → (number of a point → its hours, with the marks that they bear).
    """
    conditions = {
        number: [
            each
            for each in open_rulebook().monitoring(_layer(outlets[number], max(hours))).conditions
            if each.media == outlets[number].kind and STOPPED in each.inputs.values()
        ]
        for number, hours in stops.items()
    }
    wanted = {code for own in conditions.values() for each in own for code in each.inputs.values()} - {STOPPED}
    rows = Point.objects.select_related("outlet").filter(
        outlet__in=[number for number, own in conditions.items() if own], factor__in=wanted
    )
    points: dict[int, list[Point]] = defaultdict(list)
    for row in rows:
        points[row.outlet_id or 0].append(row)
    hours_told = told([each for own in points.values() for each in own]) if points else None
    if hours_told is None:
        return frozenset()
    lost = frozenset(mark.value for mark in open_rulebook().monitoring().marks.counting(Counts.LOST))
    found = set[tuple[int, datetime]]()
    for number, own in points.items():
        hours = {each.factor: hours_told(each.pk) for each in own} | {STOPPED: flagged(stops[number])}
        for condition in conditions[number]:
            found |= {(number, at) for at in hours_of(hours, condition, lost)}
    return frozenset(found)


def _layer(outlet: Outlet, at: datetime) -> str:
    return open_rulebook().layer_of(outlet.region_id, at.date())
