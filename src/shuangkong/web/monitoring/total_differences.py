"""累计比对: hours and days of which the device's total (Cou) is further from ours than the rule allows.

Ours is what the finer totals add up to, or what mean and flow make of it (HJ 212 annex D: G = C · Q): a device may have
reckoned either way, and is told only where it fits neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from shuangkong.core.unit import PrintedUnit
from shuangkong.monitoring.alarms.comparison import Compared, compared
from shuangkong.monitoring.reading import HOURS_A_DAY, Media, Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import codes
from shuangkong.web.monitoring.data import Value, exact, values
from shuangkong.web.monitoring.flows import FLOWS, m3_an_hour
from shuangkong.web.monitoring.hours import Told
from shuangkong.web.monitoring.mean_differences import NORMAL, Difference, tolerance_of
from shuangkong.web.monitoring.own_means import minute_hours

COU = "cou"
_DAY = timedelta(days=1)
_KG = "kg"
#: Base unit of a concentration → mg of it in a m³.
_MG_A_M3 = {"mg/m3": Decimal(1), "mg/l": Decimal(1000)}
_MG_A_KG = Decimal(10) ** 6

type Totals = Mapping[int, Mapping[datetime, Value]]
"""Point → start of the period → its total."""


def totals_apart(held: Told, first: datetime, last: datetime) -> list[Difference]:
    """Of every point of gas and water, by point and time; totals that the device itself calls not normal are left out.

    Three questions to the store.

    Args:
        held: the hours of that time, means of pollutants and flows at least.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    of = {key: each for key, each in held.points.items() if each.outlet is not None and each.outlet.kind in set(Media)}
    if not of:
        return []
    hours, days = _told(of, Kind.HOUR, first, last), _told(of, Kind.DAY, first, last)
    reckoned = {key: _reckoned(point, held) for key, point in of.items()} if hours or days else {}
    sums = _sums(of, first, last) if hours else {}
    found = [*_hours_apart(of, hours, sums, reckoned), *_days_apart(of, days, hours, reckoned)]
    return sorted(found, key=lambda each: (each.point.pk, each.span, each.at))


def _told(of: Mapping[int, Point], kind: Kind, first: datetime, last: datetime) -> Totals:
    made: dict[int, dict[datetime, Value]] = defaultdict(dict)
    for each in values(of.keys(), kind, (COU,), first, last):
        if each.value is not None:
            made[each.point][each.at] = each
    return made


def _sums(of: Mapping[int, Point], first: datetime, last: datetime) -> dict[tuple[int, datetime], Decimal]:
    """(point, hour) → what the totals of its minutes add up to, of hours of which every minute came and is normal."""
    frame = minute_hours(of, first, last, COU)
    return {
        (row["point"], timezone.localtime(row["at"])): exact(row["mean"] * row["valid"])
        for row in frame.iter_rows(named=True)
        if row["valid"] == row["due"] and row["mean"] is not None
    }


def _reckoned(point: Point, held: Told) -> dict[datetime, Decimal]:
    """Hour → total that follows from means: of a flow of its own, of a pollutant of it and the flow."""
    assert point.outlet is not None
    media = Media(point.outlet.kind)
    flow = next(
        (key for key, each in held.points.items() if each.outlet_id == point.outlet_id and each.factor == FLOWS[media]),
        None,
    )
    if flow is None:
        return {}
    per = m3_an_hour(media)
    told = held.sent(flow) if flow == point.pk else held.readings(flow)
    volumes = {each.at: each.value * per for each in told if each.value is not None}
    if flow == point.pk:
        return volumes
    ratio = amount_ratio(point.factor, open_rulebook().units())
    if ratio is None:
        return {}
    means = ((each.at, each.value) for each in held.readings(point.pk))
    return {at: value * volumes[at] * ratio for at, value in means if value is not None and at in volumes}


def amount_ratio(factor: str, units: Mapping[str, PrintedUnit]) -> Decimal | None:
    """By what concentration times m³ becomes the factor's amount, in the units of the code table; None: it has none."""
    known = codes().factors.get(factor)
    if known is None or known.mass_unit not in units or known.unit not in units:
        return None
    level, mass, kilogram = units[known.unit], units[known.mass_unit], units[_KG]
    mg = _MG_A_M3.get(level.unit.id)
    if mg is None or mass.unit.id != kilogram.unit.id:
        return None
    return level.factor * mg / _MG_A_KG * kilogram.factor / mass.factor


def _hours_apart(
    of: Mapping[int, Point], hours: Totals, sums: Mapping[tuple[int, datetime], Decimal],
    reckoned: Mapping[int, Mapping[datetime, Decimal]],
) -> Iterator[Difference]:  # fmt: skip
    for number, own in hours.items():
        for at, each in own.items():
            ours = (sums.get((number, at)), reckoned[number].get(at))
            found = _compared(of[number], each, ours)
            if found is not None:
                yield Difference(of[number], Span.HOUR, at, found, is_total=True)


def _days_apart(
    of: Mapping[int, Point], days: Totals, hours: Totals, reckoned: Mapping[int, Mapping[datetime, Decimal]]
) -> Iterator[Difference]:
    for number, own in days.items():
        by_hour = {at: each.value for at, each in hours.get(number, {}).items() if each.value is not None}
        for at, each in own.items():
            ours = (_whole_day(by_hour, at), _whole_day(reckoned[number], at))
            found = _compared(of[number], each, ours)
            if found is not None:
                yield Difference(of[number], Span.DAY, at, found, is_total=True)


def _whole_day(hours: Mapping[datetime, Decimal], day: datetime) -> Decimal | None:
    """The sum of a day's hours; None unless every one is there: a sum of less is no total."""
    told = [value for at, value in hours.items() if day <= at < day + _DAY]
    return sum(told, Decimal(0)) if len(told) == HOURS_A_DAY else None


def _compared(point: Point, each: Value, ours: Sequence[Decimal | None]) -> Compared | None:
    """The nearer of ours where the device's total fits none; None where it fits one, or there is none."""
    if each.flag not in NORMAL:
        return None
    least = tolerance_of(point, each.at)
    both = [compared(each.value, one, least) for one in ours if one is not None]
    if not both or not all(one.differs for one in both):
        return None
    return min(both, key=lambda one: one.gap or Decimal(0))
