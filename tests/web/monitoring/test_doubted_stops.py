"""A stop with flow and load is told and not believed; below zero is no measurement: of rates, boards, amounts alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.rates.transmission import Cut, Transmission
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms, marks
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.registry.models import Enterprise
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.hours import told
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.transmitting import lines_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SO2, FLOW, LOAD = "a21026", "a00000", "i33400"
#: Hours of the day that are flagged as stopped: two with flow and load, one in which both rest.
STOPPED, RESTING = (5, 6), 9


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, days=40, factors=(SO2, FLOW))
        Point.objects.create(outlet_id=place, factor=LOAD)
        yield place


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, outlet: int) -> list[datetime]:
    """The hours of yesterday."""
    store: StoreAtHand = store_at_hand.use(monkeypatch)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    hours = [midnight + number * HOUR for number in range(24)]
    for number, at in enumerate(hours):
        flag = "F" if number in (*STOPPED, RESTING) else "N"
        runs = number != RESTING
        for factor, value in ((SO2, 20 + number % 7), (FLOW, 30 + number % 5), (LOAD, 60 + number % 3)):
            store.put(site.point(outlet, factor), Kind.HOUR, at, "avg", value if runs else 0,
                      flag if factor != LOAD else "", (1, number + 1))  # fmt: skip
    return hours


def rate(outlet: int, day: list[datetime]) -> Transmission:
    """Completed, of sulphur dioxide, of the day."""
    points = [Point.objects.select_related("outlet").get(pk=site.point(outlet, SO2))]
    [line] = lines_of([Outlet.objects.get(pk=outlet)], points, day[0].date(), day[0].date())
    return line.cuts[Cut.COMPLETED]


def marks_of(outlet: int, day: list[datetime]) -> list[Mark]:
    points = [Point.objects.select_related("outlet").get(pk=site.point(outlet, SO2))]
    held = told(points, day[0], day[-1] + HOUR, open_rulebook().monitoring().marks, stats=("avg",))
    return [each.mark for each in held.readings(points[0].pk)]


def test_a_stop_with_flow_and_load_is_told_with_its_evidence_and_stays_due(outlet: int, day: list[datetime]) -> None:
    judge()
    [row] = alarms.alarms(Q(outlet=outlet, rule="impossible", key__contains="stopped_with_load"))
    assert (row.starts_at, row.ends_at) == (day[STOPPED[0]], day[STOPPED[1] + 1])
    assert "停运" in row.text.zh
    assert (row.segment, row.offset) != (None, None)
    found = marks_of(outlet, day)
    assert [found[number] for number in (*STOPPED, RESTING)] == [Mark.FAULT, Mark.FAULT, Mark.STOPPED]
    told_ = rate(outlet, day)
    assert (told_.hours, told_.stopped, told_.received, told_.valid) == (24, 1, 23, 21)


def test_what_the_authority_marks_as_stopped_is_believed(outlet: int, day: list[datetime]) -> None:
    first, last = day[STOPPED[0]], day[STOPPED[1]] + HOUR
    marks.mark_hours(outlet, "", first, last, "F", Reason.STOPPED, site.by("unit"), "停炉")
    assert rate(outlet, day).stopped == 1
    marks.mark_hours(outlet, "", first, last, "F", Reason.STOPPED, site.by("bureau"), "现场看过，停炉")
    assert (rate(outlet, day).stopped, rate(outlet, day).valid) == (3, 21)


def test_what_the_authority_agreed_to_is_believed(outlet: int, day: list[datetime]) -> None:
    Enterprise.objects.filter(name=site.UNITS[0]).update(industry="3110")
    first, last = day[STOPPED[0]], day[STOPPED[1]] + HOUR
    number = marks.mark_hours(outlet, "", first, last, "F", Reason.STOPPED, site.by("unit"), "停炉")
    assert rate(outlet, day).stopped == 1
    marks.agree(number, site.by("bureau"), "现场看过，停炉")
    assert (rate(outlet, day).stopped, rate(outlet, day).valid) == (3, 21)


@pytest.mark.parametrize("mark", ["F", "D"])
def test_the_alarm_ends_when_the_authority_confirms_or_overrules(outlet: int, day: list[datetime], mark: str) -> None:
    def open_alarms() -> int:
        judge()
        asked = Q(outlet=outlet, rule="impossible", key__contains="stopped_with_load", undone_at=None)
        return len(alarms.alarms(asked))

    first, last = day[STOPPED[0]], day[STOPPED[1]] + HOUR
    marks.mark_hours(outlet, "", first, last, "F", Reason.STOPPED, site.by("unit"), "停炉")
    assert open_alarms() == 1
    reason = Reason.STOPPED if mark == "F" else Reason.FAULT
    marks.mark_hours(outlet, "", first, first + HOUR, mark, reason, site.by("bureau"), "现场看过")
    assert open_alarms() == 1, "of the other hour nobody said anything"
    marks.mark_hours(outlet, "", first, last, mark, reason, site.by("bureau"), "现场看过")
    assert open_alarms() == 0


def test_nox_that_follows_from_its_parts_is_doubted_with_them(
    outlet: int, day: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but NO and NO2 is flagged as stopped, and neither is asked for."""
    store: StoreAtHand = store_at_hand.use(monkeypatch)
    nox, *parts = (Point.objects.create(outlet_id=outlet, factor=each) for each in ("a21002", "a21003", "a21004"))
    for number, at in enumerate(day):
        for part in parts:
            store.put(part.pk, Kind.HOUR, at, "avg", 0, "F" if number in (*STOPPED, RESTING) else "N")
        for factor in (FLOW, LOAD):
            store.put(site.point(outlet, factor), Kind.HOUR, at, "avg", 0 if number == RESTING else 60)
    points = list(Point.objects.select_related("outlet").filter(pk=nox.pk))
    held = told(points, day[0], day[-1] + HOUR, open_rulebook().monitoring().marks, stats=("avg",))
    found = [each.mark for each in held.readings(nox.pk)]
    assert [found[number] for number in (*STOPPED, RESTING)] == [Mark.FAULT, Mark.FAULT, Mark.STOPPED]


def test_without_a_load_nothing_is_doubted(outlet: int, day: list[datetime]) -> None:
    Point.objects.filter(outlet=outlet, factor=LOAD).update(factor="i33401")
    assert rate(outlet, day).stopped == 3


def test_below_zero_is_received_and_not_valid(
    outlet: int, day: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    store: StoreAtHand = store_at_hand.use(monkeypatch)
    for number, at in enumerate(day):
        store.put(site.point(outlet, SO2), Kind.HOUR, at, "avg", -0.5 if number < 3 else 0 if number == 3 else 20)
    assert marks_of(outlet, day)[:5] == [Mark.FAULT] * 3 + [Mark.NORMAL] * 2
    found = rate(outlet, day)
    assert (found.received, found.valid) == (24, 21)
    Outlet.objects.filter(pk=outlet).update(kind="air")
    assert marks_of(outlet, day)[0] is Mark.NORMAL, "of an air station single hours below zero are noise"
