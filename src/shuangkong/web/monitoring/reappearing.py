"""死灰复燃: removed boilers whose outlets show life again, as alarms; again and again, nothing doubled.

Looked at are the last days, and hours of which something came late in them, however old.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Kind
from shuangkong.monitoring.alarms.timers import explain_by
from shuangkong.monitoring.boilers import Life, life, telling_hours
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.alarm_rules import Raised, raise_alarms
from shuangkong.records.monitoring.arrivals import LateSpan, late_spans
from shuangkong.records.monitoring.equipment.boilers import removals, shared_outlets
from shuangkong.records.monitoring.equipment.models import BoilerRemoval
from shuangkong.records.monitoring.models import Point
from shuangkong.records.monitoring.row_faults import Row, Work
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.fencing import Fence
from shuangkong.web.monitoring.flows import FLOWS, OXYGEN
from shuangkong.web.monitoring.hours import Told, told
from shuangkong.web.monitoring.views.outlet import midnight

#: How far back a run looks.
BACK = timedelta(days=3)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_FLOW = FLOWS[Media.GAS]
#: By which an outlet's gas is looked at.
FACTORS = (_FLOW, OXYGEN)


def look_for_life() -> int:
    """Raises an alarm for each removed boiler whose outlet shows life; one a month. Returns how many are new.

    ~9 queries and three questions to the store, and three more for each month of which something came late. An outlet
    that another boiler uses says nothing of the removed one.

    Raises StoreDown, StoreRefused.
    """
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    found = _alone(list(removals(Q(boiler__outlet__isnull=False), now.date()).values()), now)
    return (
        sum(Fence(Work.LIFE, lambda each: each.pk, _row).done(found, lambda some: _look_for_life(some, now)))
        if found
        else 0
    )


def _row(each: BoilerRemoval) -> Row:
    return Row(each.pk, each.boiler.name, each.boiler.enterprise.region_id)


def _look_for_life(found: Sequence[BoilerRemoval], now: datetime) -> int:
    points = _points(found)
    if not points:
        return 0
    raised = list[Raised]()
    for first, last, own in [(now - BACK, now, set(points)), *_late(set(points), now)]:
        asked = [each for outlet in sorted(own) for each in points[outlet].values()]
        looked = _looked([each for each in found if each.boiler.outlet_id in own], points, asked, first, last)
        raised += [_raised(each, seen, law) for each, law, _is_seen, seen in looked if seen is not None]
    return len(raise_alarms(list({each.key: each for each in reversed(raised)}.values())))


def seen_lately(found: Sequence[BoilerRemoval]) -> dict[int, Life | None]:
    """Removal → what its outlet's gas of the last days says; None: no sign. Left out are those it says nothing of.

    For outlets that no boiler uses which stands. 2 queries and three questions to the store; raises as
    ``look_for_life``.
    """
    points = _points(found)
    if not points:
        return {}
    now = timezone.localtime()
    asked = [each for own in points.values() for each in own.values()]
    return {
        removal.pk: signs for removal, _law, is_seen, signs in _looked(found, points, asked, now - BACK, now) if is_seen
    }


def _points(found: Iterable[BoilerRemoval]) -> dict[int, dict[str, Point]]:
    """Outlet → factor → what is measured of its gas. 1 query."""
    outlets = {each.boiler.outlet_id for each in found if each.boiler.outlet_id}
    points: dict[int, dict[str, Point]] = defaultdict(dict)
    for point in Point.objects.select_related("outlet").filter(outlet__in=outlets, factor__in=FACTORS):
        points[point.outlet_id or 0][point.factor] = point
    return points


def _late(outlets: set[int], now: datetime) -> Iterator[tuple[datetime, datetime, set[int]]]:
    """Hours of which something came in the last days, month by month, with the outlets. 1 query."""
    months: dict[date, list[LateSpan]] = defaultdict(list)
    for each in late_spans(outlets, now - BACK):
        months[each.month].append(each)
    for _month, own in sorted(months.items(), reverse=True):
        last = max(each.last_at for each in own) + _HOUR
        yield min(each.first_at for each in own), min(last, now), {each.outlet for each in own}


def _looked(
    found: Sequence[BoilerRemoval], points: Mapping[int, dict[str, Point]], asked: Sequence[Point], first: datetime,
    last: datetime,
) -> Iterator[tuple[BoilerRemoval, MonitoringLaw, bool, Life | None]]:  # fmt: skip
    """Each removal with the law of its place, whether hours say anything of it, and signs of life."""
    book = open_rulebook()
    held = told(asked, first, last, book.monitoring().marks, stats=("avg",))
    today = timezone.localdate()
    for each in found:
        law = book.monitoring(book.layer_of(each.boiler.enterprise.region_id, today))
        flow, oxygen = _measured(each, points.get(each.boiler.outlet_id or 0, {}), held, law)
        signs = life(flow, oxygen, law.thresholds(today).air_oxygen_pct)
        yield each, law, bool(telling_hours(flow, oxygen)), signs


def _alone(found: Sequence[BoilerRemoval], now: datetime) -> list[BoilerRemoval]:
    """Those whose outlet no boiler uses that stands."""
    shared = shared_outlets(found, now.date())
    return [each for each in found if each.boiler.outlet_id not in shared]


def _measured(
    removal: BoilerRemoval, points: Mapping[str, Point], held: Told, law: MonitoringLaw
) -> tuple[Mapping[datetime, Decimal], Mapping[datetime, Decimal]]:
    """Flow and oxygen of the hours since the removal that were measured."""
    since = midnight(removal.starts_on + _DAY)
    measured: dict[str, dict[datetime, Decimal]] = {_FLOW: {}, OXYGEN: {}}
    for factor, point in points.items():
        for each in held.readings(point.pk):
            if each.at >= since and each.value is not None and each.mark in law.marks.measured:
                measured[factor][each.at] = each.value
    return measured[_FLOW], measured[OXYGEN]


def _raised(removal: BoilerRemoval, seen: Life, law: MonitoringLaw) -> Raised:
    boiler, count = removal.boiler, seen.count
    text = Message(
        f"{boiler.name}已于 {removal.starts_on} 淘汰，排放口又有 {count} 小时像在燃烧。请到现场核查，并登记核查情况",
        f"{boiler.name} was removed on {removal.starts_on}; its outlet looks like burning in {count} hours: go and see",
    )
    return Raised(
        outlet=boiler.outlet_id or 0, rule=Kind.REAPPEARANCE.value,
        key=f"{boiler.outlet_id}/{Kind.REAPPEARANCE.value}/{removal.pk}/{timezone.localtime(seen.first):%Y-%m}",
        starts_at=seen.first, ends_at=seen.last + _HOUR, period="hour", level=2, text=text,
        due_at=explain_by(alarms.first_standing(timezone.now()), law.timers),
    )  # fmt: skip
