"""环境质量入库: months and years of stations and sections, evaluated and told as facts of the regions they lie in.

Targets, warnings and consequences read these facts as they read any other; the same again writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.monitoring.air.evaluation import day_mean, eight_hours_most
from shuangkong.monitoring.environment import EVERY, Figure, air_figures, river_figures, together
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.reading import HOUR, Span, ends_of, starts_of
from shuangkong.monitoring.rivers.section import Section, mean_of, section
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.air_days import UNITS, published
from shuangkong.records.monitoring.arrivals import late_since
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.records.monitoring.section_targets import NATIONAL, targets_of
from shuangkong.records.monitoring.telling import Told as Telling
from shuangkong.records.monitoring.telling import write
from shuangkong.records.registry.models import Region
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.fencing import by_outlet
from shuangkong.web.monitoring.hours import Told, told
from shuangkong.web.monitoring.quality import AirRatios, Conversions, air_conversions, river_conversions
from shuangkong.web.monitoring.views.outlet import midnight

AIR, RIVER = "air", "section"
SOURCE = "环境空气站和水质断面在线监测评价 (evaluation of air stations and river sections)"
#: Ozone is judged by its greatest eight hours.
OZONE = "a05024"
#: Months before this one that are evaluated by themselves.
BACK = 2
#: Places above these are evaluated by other rules (of cities, of basins), not by the mean of their stations.
_LEVELS = frozenset({"city", "county", "town", "township", "park"})
_DAY = timedelta(days=1)
_UNITS = {"good_air_days": "day"}
_LEVEL_UNIT, _PCT = "mg/m3", "pct"
#: What this process has evaluated, and when: a process that begins anew looks once more.
_DONE: dict[str, datetime] = {}


def evaluate_due() -> int:
    """What a clock does: periods that are over, once a day and where readings came late; returns how many figures.

    Raises StoreDown, StoreRefused.
    """
    today, now = timezone.localdate(), timezone.now()
    late = late_since(midnight(today) - _DAY)
    count = 0
    for period, first, last in periods(today, {month for _outlet, month in late}):
        done = _DONE.get(str(period))
        newest = max((at for (_outlet, month), at in late.items() if first <= month <= last), default=None)
        if done is not None and done >= midnight(today) and (newest is None or newest < done):
            continue
        count += evaluate(period, first, last)
        _DONE[str(period)] = now
    return count


def periods(today: date, late: Iterable[date]) -> Iterator[tuple[Period, date, date]]:
    """Months that are over, the last ones and those of ``late``, and the years that they lie in where these are."""
    months, month = set(late), starts_of(Span.MONTH, today)
    for _ in range(BACK):
        month = starts_of(Span.MONTH, month - _DAY)
        months.add(month)
    for each in sorted(each for each in months if ends_of(Span.MONTH, each) < today):
        yield Period(each.year, f"{each.month:02d}"), each, ends_of(Span.MONTH, each)
    for year in sorted({each.year for each in months}):
        first = date(year, 1, 1)
        if ends_of(Span.YEAR, first) < today:
            yield Period(year), first, ends_of(Span.YEAR, first)


def evaluate(period: Period, first: date, last: date) -> int:
    """Evaluates a month or a year of every place with stations or sections; returns how many figures are otherwise.

    What was told of a place and is told no more, as none of its stations was in use, is withdrawn; nothing is where one
    of them brought about a fault. Raises StoreDown, StoreRefused.
    """
    in_use = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    outlets = Outlet.objects.select_related("region").filter(in_use, kind__in=(AIR, RIVER)).order_by("pk")
    found = list(outlets)
    if not found:
        return write((), period, SOURCE, "monitoring/environment", whole=EVERY)
    law = open_rulebook().monitoring()
    held, by = held_of(found, law, first, last)
    fence = by_outlet(Work.QUALITY)
    own = [each for each in found if each.kind == RIVER]
    targets = targets_of(own, last.year)
    # A station or section that cannot be evaluated is kept as a fault, and keeps no other.
    air = _merged(
        fence.done(
            [each for each in found if each.kind == AIR],
            lambda some: air_days([each.pk for each in some], held, by, law, first, last),
        )
    )
    rivers = _merged(
        fence.done(
            own,
            lambda some: {each.pk: section_of(held, by.get(each.pk, ()), law, targets[each.pk]) for each in some},
        )
    )
    span = [first + number * _DAY for number in range((last - first).days + 1)]
    made = []
    for place, own in _places(found):
        of_place = [air[each.pk] for each in own if each.pk in air]
        figures: list[Figure] = []
        if of_place:
            figures += air_figures(law.air, law.air_index, together(of_place), span, is_year=period.is_year,
                                   stations=len(of_place))  # fmt: skip
        if any(each.pk in rivers for each in own):
            of_nation = [rivers[each.pk] for each in own if each.pk in rivers and each.section_level == NATIONAL]
            figures += river_figures([rivers[each.pk] for each in own if each.pk in rivers], of_nation)
        made += [_telling(each, place, law, own) for each in figures]
    whole = () if fence.known & {each.pk for each in found} else EVERY
    return write(made, period, SOURCE, "monitoring/environment", whole=whole)


def _merged[Value](parts: Iterable[Mapping[int, Value]]) -> dict[int, Value]:
    return {number: each for part in parts for number, each in part.items()}


def _places(found: Sequence[Outlet]) -> Iterator[tuple[Region, list[Outlet]]]:
    """Each place with the stations and sections in it."""
    codes = {code for each in found for code in each.region.path.strip("/").split("/")}
    for place in Region.objects.filter(pk__in=codes, level__in=_LEVELS).order_by("pk"):
        yield place, [each for each in found if each.region.path.startswith(place.path)]


def _telling(each: Figure, place: Region, law: MonitoringLaw, own: Sequence[Outlet]) -> Telling:
    value, unit = each.value, _UNITS.get(each.indicator, _PCT)
    if each.factor:
        unit = _LEVEL_UNIT
        told_in = open_rulebook().units()[law.air.pollutants[each.factor].unit]
        value = None if value is None else value * told_in.factor
    is_air = bool(each.factor) or "air" in each.indicator
    grounds = (law.air.ground,) if is_air else (law.rivers.ground, law.rivers.basic_ground)
    doubt = (
        ""
        if all(one.is_verified for one in grounds)
        else "；评价规定尚未核对原文 (by a rule not compared with its document)"
    )
    subject = SubjectRow("region", place.code, place.name, place.code)
    note = f"{each.note.zh} ({each.note.en}){doubt}"
    return Telling(each.indicator, subject, value, unit, note, any(one.region.is_fictional for one in own))


def held_of(
    found: Sequence[Outlet], law: MonitoringLaw, first: date, last: date
) -> tuple[Told, dict[int, list[Point]]]:
    """The hours of stations or sections over some days, and their points. 2 queries, questions to the store."""
    points = list(Point.objects.select_related("outlet").filter(outlet__in=[each.pk for each in found]))
    held = told(points, midnight(first), midnight(last + _DAY), law.marks, stats=("avg",))
    by: dict[int, list[Point]] = {}
    for each in points:
        by.setdefault(each.outlet_id or 0, []).append(each)
    return held, by


def air_days(
    stations: Sequence[int], held: Told, by: Mapping[int, Sequence[Point]], law: MonitoringLaw, first: date, last: date
) -> dict[int, dict[str, dict[date, Decimal | None]]]:  # fmt: skip
    """Station → factor → day → value in the unit of the rule: as it was published, else of the station's hours.

    2 queries.
    """
    ratios, told_days, book = air_conversions(law, stations), published(stations, first, last), open_rulebook()
    span = [first + number * _DAY for number in range((last - first).days + 1)]
    made = {}
    for number in stations:
        days = station_days(held, by.get(number, ()), law, ratios, first, last)
        for factor, own in told_days.get(number, {}).items():
            rule = law.air.pollutants.get(factor)
            ratio = ratio_of(UNITS[factor], rule.unit, book) if rule else None
            if ratio is not None:
                plain = days.get(factor, {})
                days[factor] = {day: own[day] * ratio if day in own else plain.get(day) for day in span}
        made[number] = days
    return made


def station_days(
    held: Told, points: Iterable[Point], law: MonitoringLaw, ratios: AirRatios, first: date, last: date
) -> dict[str, dict[date, Decimal | None]]:
    """Factor → day → the mean (of ozone the greatest eight hours) in the unit of the rule.

    What cannot be brought to that unit is left out, not taken as if it stood in it.
    """
    return {
        each.factor: _day_values(held, each, law, ratio, first, last)
        for each in points
        if each.factor in law.air.pollutants and (ratio := ratios.get((each.outlet_id or 0, each.factor))) is not None
    }


def _day_values(
    held: Told, point: Point, law: MonitoringLaw, ratio: Decimal, first: date, last: date
) -> dict[date, Decimal | None]:
    hours: dict[date, list[Decimal | None]] = {}
    sound = {each.at: each.value for each in held.readings(point.pk) if each.mark in law.marks.measured}
    at, end = midnight(first), midnight(last + _DAY)
    while at < end:
        value = sound.get(at)
        hours.setdefault(at.date(), []).append(None if value is None else value * ratio)
        at += HOUR
    if point.factor == OZONE:
        return {day: eight_hours_most(each, law.air) for day, each in hours.items()}
    return {day: day_mean(each, law.air) for day, each in hours.items()}


def section_of(held: Told, points: Iterable[Point], law: MonitoringLaw, target: int | None) -> Section:
    """A section by the means of its months; a month of too few readings of a factor has no mean of it."""
    months: dict[date, dict[str, list[Decimal]]] = {}
    ratios: Conversions = river_conversions(law)
    for point in points:
        ratio = ratios.get(point.factor)
        for each in held.readings(point.pk) if ratio is not None else ():
            if each.value is not None and each.mark in law.marks.measured:
                assert ratio is not None
                of_month = months.setdefault(each.at.date().replace(day=1), {})
                of_month.setdefault(point.factor, []).append(each.value * ratio)
    means: list[Mapping[str, Decimal | None]] = [
        {
            factor: sum(values, Decimal(0)) / len(values)
            for factor, values in month.items()
            if len(values) >= law.rivers.month_readings
        }
        for month in months.values()
    ]
    return section(law.rivers, mean_of(means), target)
