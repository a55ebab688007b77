"""Devices that tell wet gas, or gas as in the duct: brought to dry gas at standard state wherever hours count."""

from __future__ import annotations

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
from shuangkong.records.monitoring.arrivals import late_of
from shuangkong.records.monitoring.models import Alarm, LateData, Outlet, Point
from shuangkong.records.monitoring.registers.acts import end_row, register_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import judging
from shuangkong.web.monitoring.closing import closed_of
from shuangkong.web.monitoring.hours import Told, told
from shuangkong.web.monitoring.mean_differences import differences
from shuangkong.web.monitoring.reckoning import reckoned
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.series import series
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
SO2, O2, FLOW = "a21026", "a19001", "a00000"
TEMPERATURE, STATIC, MOISTURE = "a01012", "a01013", "a01014"
STATE = {TEMPERATURE: "136.5", STATIC: "-1.325", MOISTURE: "10"}
DAY = timezone.localdate() - timedelta(days=3)
#: 18 mg/m³ wet in the duct: / 0.9 × 1.5 × 101.325 / 100.
DRY = D("30.3975")


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(ambient_kpa="101.325", reference_oxygen_pct="6")
        site.connected(place, factors=(SO2, O2, FLOW))
        for factor in STATE:
            Point.objects.create(outlet_id=place, factor=factor)
        for factor, state in ((SO2, "duct"), (O2, "")):
            row(factor, state)
        yield place


def row(factor: str, state: str, **more: str) -> int:
    units = {SO2: "mg/m3", O2: "%", FLOW: "m3/s"}
    told_ = {"device": site.MN, "factor": factor, "unit": units[factor], "moisture": "湿基", "gas_state": state}
    return site.put("device-units", **(told_ | {"starts_on": "2024-01-01"} | more))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    for number in range(24):
        for factor, value in ({SO2: "18", O2: "7.2", FLOW: "10"} | STATE).items():
            held.put(site.point(outlet, factor), Kind.HOUR, hour(number), "avg", value)
    return held


def hour(number: int, day: date = DAY) -> datetime:
    return midnight(day) + timedelta(hours=number)


def hours(outlet: int, *, is_as_told: bool = False) -> Told:
    points = list(Point.objects.select_related("outlet__region").filter(outlet=outlet, factor__in=(SO2, O2, FLOW)))
    return told(points, hour(0), hour(24), open_rulebook().monitoring().marks, is_as_told=is_as_told)


def drop(store: StoreAtHand, outlet: int, factor: str, number: int) -> None:
    del store.rows[site.point(outlet, factor), Kind.HOUR, hour(number).astimezone(store_at_hand.UTC), "avg"]


def test_hours_are_dry_and_at_standard_state(outlet: int, store: StoreAtHand) -> None:
    held = hours(outlet)
    assert {each.value for each in held.readings(site.point(outlet, SO2))} == {DRY}
    assert {each.value for each in held.readings(site.point(outlet, O2))} == {D(8)}, "oxygen of wet gas, made dry"
    assert {each.value for each in held.readings(site.point(outlet, FLOW))} == {D(10)}, "of it nothing was told"
    assert {each.value for each in held.sent(site.point(outlet, SO2))} == {D(18)}
    as_told = hours(outlet, is_as_told=True)
    assert {each.value for each in as_told.readings(site.point(outlet, SO2))} == {D(18)}


def test_without_the_state_of_the_gas_nothing_is_reckoned_and_it_is_said(outlet: int, store: StoreAtHand) -> None:
    drop(store, outlet, MOISTURE, 4)
    store.put(site.point(outlet, TEMPERATURE), Kind.HOUR, hour(5), "avg", "20", "D")
    by = hours(outlet).values[site.point(outlet, SO2), "avg"]
    assert (by[hour(4)].value, by[hour(5)].value, by[hour(6)].value) == (None, None, DRY)
    report = report_of(Outlet.objects.get(pk=outlet), Span.DAY, DAY, DAY)
    assert report.lines[4].figures[SO2].measured is None
    assert "状态不明" in report.lines[4].marks
    assert report.lines[6].figures[SO2].measured == DRY
    # Oxygen of wet gas needs the moisture alone, SO2 in the duct the temperature too.
    assert any(each.startswith("2 个因子小时设备按湿基或工况报，缺烟气温度") for each in report.notes), report.notes
    client = site.visitor("bureau")
    page = client.get(reverse("monitoring:outlet", args=(outlet,)), {"end": DAY.isoformat()}).content.decode()
    assert "MON-016" in page
    assert "缺 烟气湿度" in page
    assert "设备报 18（湿基、工况），缺 烟气湿度，没有换算" in page
    assert "二氧化硫：湿基、工况" in page
    assert "未说明（按干基）" in page, "of the flow nothing is told, and that is shown"
    board = client.get(reverse("monitoring:validity"), {"month": f"{DAY:%Y-%m}"}).content.decode()
    lost = board.split('id="unbrought"')[1].split("</section>")[0]
    assert "MON-016" in lost
    assert f"{DAY:%m-%d} 04:00" in lost


def test_the_amount_and_the_report_go_by_dry_gas(outlet: int, store: StoreAtHand) -> None:
    found = Outlet.objects.select_related("region", "enterprise").get(pk=outlet)
    points = list(Point.objects.select_related("outlet").filter(outlet=outlet, factor__in=(SO2, FLOW)))
    [own] = reckoned(found, points, DAY.replace(day=1))
    kilograms = [each.kg for each in own.amount.every_hour() if each.at == hour(3)]
    # 30.3975 mg/m³ × 10 m³/s × 3600 s.
    assert kilograms == [D("1.09431")]
    assert (own.brought, own.doubtful) == (24, 0)
    assert any("24 小时设备按湿基或工况报" in zh for zh, _en in closed_of(own).trace["doubts"])
    report = report_of(found, Span.DAY, DAY, DAY)
    assert report.lines[3].figures[SO2].amount_kg == D("1.09431")
    # Oxygen 8 % dry against 6 %: × 15 / 13.
    converted = report.lines[3].figures[SO2].converted
    assert converted is not None
    assert converted.quantize(D("0.0001")) == D("35.0740")


def test_the_devices_own_conversion_of_such_a_figure_is_not_taken(outlet: int, store: StoreAtHand) -> None:
    store.put(site.point(outlet, SO2), Kind.HOUR, hour(3), "zs_avg", "19.6")
    report = report_of(Outlet.objects.get(pk=outlet), Span.DAY, DAY, DAY)
    converted = report.lines[3].figures[SO2].converted
    assert converted is not None
    assert converted > 35
    assert any("设备对它们的折算没有采用" in each for each in report.notes)


def test_it_is_judged_dry(outlet: int, store: StoreAtHand) -> None:
    limit = {"outlet": str(outlet), "factor": SO2, "sort": "permit", "period": "hour", "high": "25", "unit": "mg/m3",
             "document": "许可证", "starts_on": "2024-01-01"}  # fmt: skip
    site.put("limits", **limit)
    drop(store, outlet, MOISTURE, 4)
    judging.judge(timedelta(days=5))
    found = list(Alarm.objects.filter(outlet=outlet, rule="exceedance", period="hour").order_by("starts_at"))
    assert [each.peak for each in found] == [DRY] * len(found)
    assert found, "18 as sent is below 25, 30.4 of dry gas above"
    silent = Alarm.objects.filter(outlet=outlet, rule="silence", factor=SO2, starts_at=hour(4))
    assert not silent.exists(), "an hour whose gas is not known is doubtful, not silent"


def test_means_are_compared_as_they_were_sent(outlet: int, store: StoreAtHand) -> None:
    number = site.point(outlet, SO2)
    for minute in range(0, 60, 10):
        store.put(number, Kind.MINUTE, hour(2) + timedelta(minutes=minute), "avg", "18")
        store.put(number, Kind.MINUTE, hour(3) + timedelta(minutes=minute), "avg", "21")
    store.put(number, Kind.DAY, hour(0), "avg", "18")
    found = differences(hours(outlet), hour(0), hour(24))
    assert [(each.at, each.span, each.found.official) for each in found] == [(hour(3), Span.HOUR, D(18))]


def test_the_curve_of_days_is_dry_too(outlet: int, store: StoreAtHand) -> None:
    """A day that the device told wet, of whose gas no day's mean came: our mean of its hours stands there."""
    number = site.point(outlet, SO2)
    store.put(number, Kind.DAY, hour(0), "avg", "18")
    found = Outlet.objects.select_related("region").get(pk=outlet)
    points = list(Point.objects.select_related("outlet").filter(outlet=outlet))
    [day] = [each for each in series(found, points, Kind.DAY, None, hour(0), hour(24)) if each.point == number]
    assert (day.value, day.is_own) == (DRY, True)
    for factor, value in STATE.items():
        store.put(site.point(outlet, factor), Kind.DAY, hour(0), "avg", value)
    [day] = [each for each in series(found, points, Kind.DAY, None, hour(0), hour(24)) if each.point == number]
    assert (day.value, day.is_own, day.as_sent) == (DRY, False, D(18))


def test_a_state_holds_in_its_own_time_and_later_entries_open_what_was_judged(outlet: int, store: StoreAtHand) -> None:
    LateData.objects.update(unjudged_from=None)
    number = row(FLOW, "duct", starts_on=DAY.isoformat())
    late = late_of(outlet, DAY.replace(day=1))
    assert late is not None
    assert late.unjudged_from is not None
    assert timezone.localtime(late.unjudged_from) == midnight(DAY)
    flow = {each.value for each in hours(outlet).readings(site.point(outlet, FLOW))}
    # 10 × 273/409.5 × 100/101.325 × 0.9
    assert [each.quantize(D("0.0001")) for each in flow if each is not None] == [D("5.9215")]
    end_row(REGISTERS["device-units"], number, DAY.isoformat(), site.by("bureau"), "换为干式")
    points = list(Point.objects.select_related("outlet").filter(outlet=outlet, factor=FLOW))
    after = told(points, hour(24), hour(48), open_rulebook().monitoring().marks)
    assert not after.values.get((site.point(outlet, FLOW), "avg"))


@pytest.mark.parametrize(
    ("factor", "unit", "moisture", "state", "code"),
    [
        ("a01012", "°C", "wet", "", "MON-291"), ("w01018", "mg/L", "", "duct", "MON-291"),
        (O2, "%", "wet", "duct", "MON-292"), (SO2, "ppm", "", "duct", "MON-292"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(outlet: int, factor: str, unit: str, moisture: str, state: str, code: str) -> None:
    told_ = {"device": site.MN, "factor": factor, "unit": unit, "moisture": moisture, "gas_state": state,
             "starts_on": "2025-01-01"}  # fmt: skip
    with pytest.raises(Refused) as refused:
        register_row(REGISTERS["device-units"], told_, site.by("bureau"))
    assert refused.value.code == code


def test_pages_say_what_was_not_told(outlet: int) -> None:
    site.put("device-units", device=site.MN, factor="a21002", unit="mg/m3", starts_on="2025-01-01")
    client = site.visitor("bureau")
    page = client.get(reverse("monitoring:register", args=("device-units",))).content.decode()
    assert "未说明（按干基）" in page
    assert "湿基" in page


def test_programmes_are_given_both_figures(outlet: int, store: StoreAtHand) -> None:
    drop(store, outlet, MOISTURE, 1)
    asked = {"kind": "hour", "start": hour(0).isoformat(), "end": hour(2).isoformat()}
    items = site.visitor("bureau").get(f"/api/v1/monitoring/outlets/{outlet}/readings", asked).json()["items"]
    told_ = [(each["value"], each["sent"]) for each in items if each["factor"] == SO2]
    assert [(value and D(value), D(sent)) for value, sent in told_] == [(DRY, D(18)), (None, D(18))]
    assert {each["sent"] for each in items if each["factor"] == FLOW} == {None}
