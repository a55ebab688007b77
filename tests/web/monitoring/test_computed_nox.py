"""NOx that no device tells is reckoned of NO and NO2, as NO2, is told as ours, and counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Evidence, Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.data import Source
from shuangkong.web.monitoring.hours import Told, told
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
NOX, NO, NO2 = "a21002", "a21003", "a21004"
DAY = timezone.localdate() - timedelta(days=3)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, factors=(NOX,))
        # What NOx is made of comes, though nobody registered that it is due.
        for factor in (NO, NO2):
            Point.objects.create(outlet_id=place, factor=factor)
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    """NO 30 and NO2 4 mg/m³: 30 × 46/30 + 4 = 50."""
    held = store_at_hand.use(monkeypatch)
    for number in range(24):
        for factor, value in ((NO, "30"), (NO2, "4")):
            held.put(site.point(outlet, factor), Kind.HOUR, hour(number), "avg", value, place=(1, 77))
    return held


def hour(number: int) -> datetime:
    return midnight(DAY) + timedelta(hours=number)


def hours(outlet: int, *, is_as_told: bool = False) -> Told:
    points = list(Point.objects.select_related("outlet").filter(outlet=outlet, factor=NOX))
    meanings = open_rulebook().monitoring().marks
    return told(points, hour(0), hour(24), meanings, stats=("avg",), is_as_told=is_as_told)


def test_nox_follows_from_its_parts(outlet: int, store: StoreAtHand) -> None:
    held, nox = hours(outlet), site.point(outlet, NOX)
    readings = held.readings(nox)
    assert [each.value for each in readings] == [D(50)] * 24
    assert {each.evidence for each in readings} == {Evidence(1, 77)}
    assert {each.source for each in held.values[nox, "avg"].values()} == {Source.OXIDES}
    assert {point for point, _stat in held.values} == {nox}, "what was not asked for is not handed out"


def test_what_was_told_or_marked_is_not_replaced_and_both_parts_must_hold(outlet: int, store: StoreAtHand) -> None:
    nox, nitric, dioxide = (site.point(outlet, factor) for factor in (NOX, NO, NO2))
    store.put(nox, Kind.HOUR, hour(0), "avg", "61")
    store.put(nox, Kind.HOUR, hour(1), "avg", "70", "D")
    marks.mark_hours(outlet, NOX, hour(2), hour(3), "D", Reason.FAULT, site.by("unit"), "分析仪拆检")
    store.put(dioxide, Kind.HOUR, hour(3), "avg", "4", "D")
    marks.mark_hours(outlet, NO, hour(4), hour(5), "C", Reason.CALIBRATION, site.by("unit"), "标气校准")
    del store.rows[nitric, Kind.HOUR, hour(5).astimezone(store_at_hand.UTC), "avg"]
    for each in (nitric, dioxide):
        store.put(each, Kind.HOUR, hour(6), "avg", "0", "F")
    held = hours(outlet)
    by = {each.at: each for each in held.readings(nox)}
    assert (by[hour(0)].value, by[hour(1)].value, by[hour(1)].mark) == (61, 70, Mark.FAULT)
    assert not {hour(number) for number in range(2, 6)} & by.keys()
    assert (by[hour(6)].value, by[hour(6)].mark) == (None, Mark.STOPPED)
    assert by[hour(7)].value == 50


def test_a_part_a_little_below_zero_counts_and_the_sum_is_judged(outlet: int, store: StoreAtHand) -> None:
    """The zero of NO2 drifts: 60 × 46/30 − 0.2 = 91.8 holds; a sum below zero came, and is no quantity."""
    nitric, dioxide, nox = (site.point(outlet, factor) for factor in (NO, NO2, NOX))
    for number, told_ in enumerate((("60", "-0.2"), ("0", "-0.2"))):
        for factor, value in zip((nitric, dioxide), told_, strict=True):
            store.put(factor, Kind.HOUR, hour(number), "avg", value)
    found = [(each.value, each.mark) for each in hours(outlet).readings(nox)]
    assert found[:3] == [(D("91.8"), Mark.NORMAL), (D("-0.2"), Mark.FAULT), (50, Mark.NORMAL)]


def test_our_means_of_minutes_count_but_were_not_transmitted(outlet: int, store: StoreAtHand) -> None:
    nitric, nox = site.point(outlet, NO), site.point(outlet, NOX)
    del store.rows[nitric, Kind.HOUR, hour(9).astimezone(store_at_hand.UTC), "avg"]
    for number in range(6):
        store.put(nitric, Kind.MINUTE, hour(9) + timedelta(minutes=10 * number), "avg", "15")
    assert hours(outlet).values[nox, "avg"][hour(9)].value == 27
    as_told = hours(outlet, is_as_told=True).values[nox, "avg"]
    assert len(as_told) == 23
    assert hour(9) not in as_told


def test_pages_and_programmes_say_that_it_is_ours(outlet: int, store: StoreAtHand) -> None:
    report = report_of(Outlet.objects.get(pk=outlet), Span.DAY, DAY, DAY)
    assert report.lines[5].figures[NOX].measured == 50
    assert "自算" in report.lines[5].marks
    client = site.visitor("bureau")
    page = client.get(reverse("monitoring:outlet", args=(outlet,)), {"end": DAY.isoformat()}).content.decode()
    assert "没有报氮氧化物，按 C(NO) × 46/30 + C(NO₂) 推算" in page
    given = client.get(
        f"/api/v1/monitoring/outlets/{outlet}/readings",
        {"kind": "hour", "start": hour(0).isoformat(), "end": hour(1).isoformat()},
    ).json()
    assert (NOX, "50", "oxides") in {(each["factor"], each["value"].split(".")[0], each["source"])
                                     for each in given["items"]}  # fmt: skip
