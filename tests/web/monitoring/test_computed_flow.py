"""A flow that no device tells is reckoned from the velocity where all of it is known, is told as such, and counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.reading import Span
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.models import Observation
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.amounts import newest
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.web.monitoring.closing import close
from shuangkong.web.monitoring.data import Source
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.series import series
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
SO2, FLOW, VELOCITY = "a21026", "a00000", "a01011"
#: The worked table of docs/methods/flue-gas.md: 12 m/s in 10 m², 136.5 °C, 100 kPa in all, 10 % moisture.
STATE = {VELOCITY: "12", "a01012": "136.5", "a01013": "-1.325", "a01014": "10"}
M3 = D("255810.51")
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
#: Whole days of it, so that a quarter of hours is not read for each test.
DAYS = 2


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=MONTH.isoformat(), area_m2="10", ambient_kpa="101.325",
                            ends_on=(MONTH + timedelta(days=DAYS - 1)).isoformat())  # fmt: skip
        site.connected(place, factors=(SO2,))
        # Velocity and state of the gas come, though nobody registered that they are due.
        for factor in STATE:
            Point.objects.create(outlet_id=place, factor=factor)
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    for number in range(DAYS * 24):
        for factor, value in {SO2: "50", **STATE}.items():
            held.put(site.point(outlet, factor), Kind.HOUR, hour(number), "avg", value, place=(1, 77))
    return held


def hour(number: int) -> datetime:
    return midnight(MONTH) + timedelta(hours=number)


def closed(outlet: int) -> tuple[Decimal, int, int, int, dict[str, object]]:
    close(MONTH)
    row = newest(MONTH)[outlet, SO2]
    return row.kg, row.measured_hours, row.open_hours, row.computed_hours, json.loads(row.content)


def test_amounts_follow_from_the_velocity_and_show_how(outlet: int, store: StoreAtHand) -> None:
    kg, measured, open_hours, computed, trace = closed(outlet)
    assert (measured, open_hours, computed) == (DAYS * 24, 0, DAYS * 24)
    assert abs(kg - 50 * M3 * DAYS * 24 / 10**6) < D("0.0001")
    steps = trace["flow"]["steps"]  # type: ignore[index, call-overload]
    assert [each["name"][0] for each in steps] == ["断面平均流速", "湿烟气流量", "标干流量"]
    assert D(steps[-1]["value"]).quantize(D("0.01")) == M3
    assert dict(steps[-1]["inputs"])["Ba"] == "101.325"
    [note, *_] = Observation.objects.filter(indicator__text="monitored_so2_emission").values_list("note", flat=True)
    assert f"{DAYS * 24} 小时的流量按流速推算" in note
    page = site.visitor("bureau").get(reverse("monitoring:amount", args=(outlet, SO2)), {"month": f"{MONTH:%Y-%m}"})
    assert f"{DAYS * 24} 个小时没有报标干流量，按流速推算" in page.content.decode()
    assert "Qsn = Qsh" in page.content.decode()


def test_a_flow_that_came_or_was_marked_is_not_replaced(outlet: int, store: StoreAtHand) -> None:
    """One hour with a flow of its own, one with a faulty one, one whose velocity is faulty."""
    flow = Point.objects.create(outlet_id=outlet, factor=FLOW).pk
    store.put(flow, Kind.HOUR, hour(3), "avg", "100")
    store.put(flow, Kind.HOUR, hour(4), "avg", "70", "D")
    store.put(site.point(outlet, VELOCITY), Kind.HOUR, hour(5), "avg", "12", "D")
    marks.mark_hours(outlet, FLOW, hour(6), hour(7), "D", Reason.FAULT, site.by("unit"), "流量计拆检")
    _kg, _measured, _open, computed, _trace = closed(outlet)
    assert computed == DAYS * 24 - 4
    report = report_of(Outlet.objects.get(pk=outlet), Span.DAY, MONTH, MONTH)
    assert [line.flow_m3 for line in report.lines[3:7]] == [D(360_000), None, None, None]
    assert report.lines[2].flow_m3 is not None
    assert report.lines[2].flow_m3.quantize(D("0.01")) == M3
    assert "流量推算" in report.lines[2].marks
    assert "流量推算" not in report.lines[3].marks
    assert any("没有报标干流量" in note for note in report.notes)


@pytest.mark.parametrize("lacking", ["area_m2", "ambient_kpa"])
def test_nothing_is_assumed_that_is_not_registered(outlet: int, store: StoreAtHand, lacking: str) -> None:
    Outlet.objects.filter(pk=outlet).update(**{lacking: None})
    kg, measured, _open, computed, trace = closed(outlet)
    assert (kg, measured, computed) == (0, 0, 0)
    words = {"area_m2": "烟道截面积", "ambient_kpa": "当地大气压"}[lacking]
    assert any(words in said[0] for said in trace["doubts"])  # type: ignore[attr-defined]


def test_air_pressure_that_is_measured_goes_before_the_registered(outlet: int, store: StoreAtHand) -> None:
    pressure = Point.objects.create(outlet_id=outlet, factor="a01006").pk
    store.put(pressure, Kind.HOUR, hour(0), "avg", "91.325")
    report = report_of(Outlet.objects.get(pk=outlet), Span.DAY, MONTH, MONTH)
    first, second, *_ = [line.flow_m3 for line in report.lines]
    assert first is not None
    assert second is not None
    assert abs(first / second - D("0.9")) < D("1e-9"), "90 kPa in all, not 100"
    assert "a01006" not in report.pollutants


def test_each_value_says_whose_it_is(outlet: int, store: StoreAtHand) -> None:
    """The device's hours, an hour of its minutes, the flow of the velocity, a day of its hours: on page and API."""
    so2, at = site.point(outlet, SO2), hour(30)
    del store.rows[so2, Kind.HOUR, at.astimezone(store_at_hand.UTC), "avg"]
    for number in range(6):
        store.put(so2, Kind.MINUTE, at + timedelta(minutes=10 * number), "avg", "40")
    store.put(so2, Kind.DAY, hour(0), "avg", "49")
    found, points = Outlet.objects.get(pk=outlet), list(Point.objects.select_related("outlet").filter(outlet=outlet))
    hours = series(found, points, Kind.HOUR, None, hour(0), hour(DAYS * 24))
    told = {each.at: (each.value, each.source) for each in hours if each.point == so2}
    assert (told[hour(29)], told[at]) == ((50, Source.DEVICE), (40, Source.MINUTES))
    flows = [each for each in hours if each.source is Source.VELOCITY]
    assert len(flows) == DAYS * 24
    assert flows[0].value is not None
    assert abs(flows[0].value * 3600 - M3) < 1
    days = series(found, points, Kind.DAY, None, hour(0), hour(DAYS * 24))
    own = {each.at: (each.value, each.source) for each in days if each.point == so2}
    assert own[hour(0)] == (49, Source.DEVICE), "the device's goes first"
    assert own[hour(24)][1] is Source.HOURS
    last: date = MONTH + timedelta(days=DAYS - 1)
    page = site.visitor("bureau").get(reverse("monitoring:outlet", args=(outlet,)), {"end": last.isoformat()})
    text = page.content.decode()
    for name in ("实测均值（自算）", "实测均值（推算）"):
        assert json.dumps(name).strip('"') in text, name
    assert "1 个均值不是设备报的：设备没有报，按分钟数据自算" in text
    told_by = site.visitor("bureau").get(
        f"/api/v1/monitoring/outlets/{outlet}/readings",
        {"kind": "hour", "start": at.isoformat(), "end": (at + timedelta(hours=1)).isoformat()},
    ).json()  # fmt: skip
    assert {(each["factor"], each["source"]) for each in told_by["items"]} >= {
        (SO2, "minutes"), (VELOCITY, "device"), (FLOW, "velocity"),
    }  # fmt: skip
