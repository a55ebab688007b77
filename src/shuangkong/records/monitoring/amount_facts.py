"""月结入库: closed amounts of months that are over become facts of units and of the regions that they lie in.

A sum is told only when all that belongs to it is complete; else it is MISSING, with what it lacks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.amounts.emissions import indicator_of
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.amounts import newest, owed
from shuangkong.records.monitoring.models import AmountClosing, Point
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region

SOURCE = "在线监测小时排放量合计 (hourly amounts of online monitoring)"
_UNIT = "t"
_KG_A_TONNE = Decimal(1000)
#: Tonnes are told to a gram.
_PLACES = 6
_NAMED = 3


def tell(month: date, outlets: Iterable[int]) -> int:
    """Tells the sums that the closings of some outlets are a part of; returns how many figures are otherwise.

    ~12 queries. The caller has taken care that the month is over.
    """
    touched = set(outlets)
    last = ends_of(Span.MONTH, month)
    # What is owed at every place above: a region's sum rests on all that lies in it.
    own = owed(month, last, Q(outlet__in=touched))
    paths = {each.outlet.region.path for each in own if each.outlet}
    codes = sorted({code for path in paths for code in path.strip("/").split("/") if code})
    places = {each.path: each for each in Region.objects.filter(pk__in=codes)}
    tops = [path for path in places if not any(path != other and path.startswith(other) for other in places)]
    within = Q(pk__in=())
    for path in tops:
        within |= below(path, "outlet__region__path")
    points = owed(month, last, within)
    held = newest(month, Q(is_over=True, outlet__in={each.outlet_id for each in points}))
    told = [*_units(points, held, touched), *_regions(points, held, places)]
    return write(told, month, SOURCE, "monitoring/amounts")


def _units(points: Sequence[Point], held: Mapping[tuple[int, str], AmountClosing], touched: set[int]) -> Iterable[Told]:
    units = {each.outlet.enterprise_id for each in points if each.outlet and each.outlet_id in touched}
    for (unit, indicator), group in _grouped(points, lambda each: [each.outlet.enterprise_id]).items():
        if unit is None or unit not in units:
            continue
        firm = group[0].outlet.enterprise
        subject = SubjectRow("unit", source_code(firm.pk), firm.name, firm.region_id)
        yield _sum(indicator, subject, group, held, firm.is_fictional or group[0].outlet.region.is_fictional)


def _regions(
    points: Sequence[Point], held: Mapping[tuple[int, str], AmountClosing], places: Mapping[str, Region]
) -> Iterable[Told]:
    def regions(point: Point) -> list[str]:
        return [path for path in places if point.outlet and point.outlet.region.path.startswith(path)]

    for (path, indicator), group in _grouped(points, regions).items():
        place = places[path]
        subject = SubjectRow("region", place.code, place.name, place.code)
        is_demo = any(each.outlet.region.is_fictional for each in group if each.outlet)
        yield _sum(indicator, subject, group, held, is_demo)


def _grouped(points: Sequence[Point], keys):  # type: ignore[no-untyped-def]
    found = defaultdict(list)
    for each in points:
        indicator = indicator_of(Media(each.outlet.kind), each.factor) if each.outlet else None
        if indicator is not None:
            for key in keys(each):
                found[key, indicator].append(each)
    return found


def _sum(
    indicator: str, subject: SubjectRow, points: Sequence[Point], held: Mapping[tuple[int, str], AmountClosing],
    is_demo: bool,
) -> Told:  # fmt: skip
    rows = [held.get((each.outlet_id or 0, each.factor)) for each in points]
    lacking = [
        each.outlet.name
        for each, row in zip(points, rows, strict=True)
        if each.outlet and (row is None or row.open_hours)
    ]
    if lacking:
        names = "、".join(lacking[:_NAMED]) + ("……" if len(lacking) > _NAMED else "")
        note = (
            f"{len(points)} 个排放口中 {len(lacking)} 个不完整：{names}"
            f" ({len(lacking)} of {len(points)} outlets are incomplete)"
        )
        return Told(indicator, subject, None, _UNIT, note, is_demo)
    sound = [row for row in rows if row is not None]
    kg = sum((row.kg for row in sound), Decimal(0))
    hours = sum(row.due_hours for row in sound)
    stand_in = sum(row.substituted_hours for row in sound)
    note = f"{len(points)} 个排放口，{hours} 小时，其中替代 {stand_in} 小时 ({stand_in} of {hours} hours substituted)"
    if computed := sum(row.computed_hours for row in sound):
        note += f"；{computed} 小时的流量按流速推算 (flow of {computed} hours reckoned from the velocity)"
    if any(row.is_doubted for row in sound):
        note += "；替代规定尚未核对原文 (by rules not compared with their documents)"
    return Told(indicator, subject, rounded(kg / _KG_A_TONNE, _PLACES), _UNIT, note, is_demo)
