"""推算氮氧化物: the hours of NOx at outlets whose devices tell NO and NO2 apart: C = C_NO · 46 / 30 + C_NO2, as NO2.

HJ 212 annex D. Where a device told NOx, whatever its mark, or somebody marked it, nothing is put in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from shuangkong.monitoring.flue_gas.point import nox_as_no2
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.records.monitoring.models import Point
from shuangkong.web.monitoring.data import Source, Value

NOX, NO, NO2 = "a21002", "a21003", "a21004"
_KEPT = Decimal("0.000001")

type Series = Callable[[int], Sequence[Reading]]
"""The hours of a point by their marks; what is a little below zero too, of which the sum may well be above."""


def parts_of(points: Sequence[Point]) -> dict[int, tuple[Point, Point]]:
    """Point of NOx → those of NO and NO2 of its outlet, due or not; without both there is none. 1 query, 0 without NOx.

    Args:
        points: those at hand; any factor.
    """
    wanted = {each.outlet_id: each.pk for each in points if _is_gas(each) and each.factor == NOX}
    if not wanted:
        return {}
    found: dict[int | None, dict[str, Point]] = {}
    for each in Point.objects.select_related("outlet").filter(outlet__in=wanted, factor__in=(NO, NO2)):
        found.setdefault(each.outlet_id, {})[each.factor] = each
    return {wanted[outlet]: (own[NO], own[NO2]) for outlet, own in found.items() if NO in own and NO2 in own}


def computed_nox(
    point: int, parts: tuple[Point, Point], series: Series, known: Mapping[datetime, Value], meanings: Marks
) -> Iterator[Value]:
    """The means of NOx of hours in which NO and NO2 both hold and none is known; stopped where both stood still.

    The place is that of the frame of NO. A value is of the standard's unit of both: mg/m³.
    """
    nitric, dioxide = ({each.at: each for each in series(part.pk)} for part in parts)
    for at in sorted((nitric.keys() & dioxide.keys()) - known.keys()):
        one, other = nitric[at], dioxide[at]
        place = (one.evidence.segment, one.evidence.offset) if one.evidence else (0, 0)
        if one.mark in meanings.stopped and other.mark in meanings.stopped:
            yield Value(point, at, "avg", None, "F", "", False, *place, source=Source.OXIDES)
        elif one.mark in meanings.measured and other.mark in meanings.measured:
            value = nox_as_no2(one.value, other.value)
            if value is not None:
                yield Value(point, at, "avg", value.quantize(_KEPT), "N", "", False, *place, source=Source.OXIDES)


def _is_gas(point: Point) -> bool:
    return point.outlet is not None and point.outlet.kind == Media.GAS
