"""Findings stand where they belong: conversions that differ, rates below target, days of ours, limits not compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.models import Limit, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.converted_differences import converted_apart
from shuangkong.web.monitoring.hours import told
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
SO2, O2 = "a21026", "a19001"
DAY = timezone.localdate() - timedelta(days=2)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(reference_oxygen_pct="6")
        site.connected(place, factors=(SO2, O2))
        site.put("standards", outlet=str(place), standard="thermal_power/coal_boiler_new", starts_on="2024-01-01")
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    """30 mg/m³ at 11 % oxygen: 45 at 6 %."""
    held = store_at_hand.use(monkeypatch)
    for number in range(24):
        held.put(site.point(outlet, SO2), Kind.HOUR, hour(number), "avg", "30")
        held.put(site.point(outlet, O2), Kind.HOUR, hour(number), "avg", "11")
        held.put(site.point(outlet, SO2), Kind.HOUR, hour(number), "zs_avg", "45.0")
    return held


def hour(number: int, day: date = DAY) -> datetime:
    return midnight(day) + timedelta(hours=number)


def page(name: str, *args: object, **told_: str) -> str:
    return site.visitor("bureau").get(reverse(f"monitoring:{name}", args=args), told_).content.decode()


def test_a_conversion_that_is_not_ours_is_told(outlet: int, store: StoreAtHand) -> None:
    number = site.point(outlet, SO2)
    store.put(number, Kind.HOUR, hour(3), "zs_avg", "40")
    store.put(number, Kind.HOUR, hour(4), "zs_avg", "40", "D")
    store.put(site.point(outlet, O2), Kind.HOUR, hour(5), "avg", "20.95")
    points = list(Point.objects.select_related("outlet__region").filter(outlet=outlet))
    held = told(points, hour(0), hour(24), open_rulebook().monitoring().marks, stats=("avg",))
    [found] = converted_apart(held, hour(0), hour(24))
    assert (found.at, found.found.beside, found.reference_pct) == (hour(3), 45, 6)
    said = page("validity", month=f"{DAY:%Y-%m}", outlet=str(outlet))
    assert "设备折算 40，按基准氧含量 6% 自算 45" in said


def test_the_outlets_page_says_what_limits_rest_on(outlet: int, store: StoreAtHand) -> None:
    Limit.objects.create(outlet_id=outlet, factor=SO2, sort="permit", period="hour", high=D(1), unit="°C",
                         document="许可证", starts_on=date(2024, 1, 1))  # fmt: skip
    said = page("outlet", outlet, end=DAY.isoformat())
    assert "未与原文核对" in said
    assert "限值单位 °C，数据单位 mg/m³，没有比较" in said


def test_a_day_that_was_judged_by_ours_says_so(outlet: int, store: StoreAtHand) -> None:
    site.put("limits", outlet=str(outlet), factor=SO2, sort="permit", period="day", high="20", unit="mg/m3",
             document="许可证", starts_on="2024-01-01")  # fmt: skip
    judge()
    [row] = alarms.alarms(Q(outlet=outlet, rule="exceedance", period="day"))
    assert f"{DAY:%m-%d} 没有收到设备的日均值，按小时数据自算 30 判定" in row.text.zh
    store.put(site.point(outlet, SO2), Kind.DAY, hour(0), "avg", "31")
    judge()
    [row] = alarms.alarms(Q(outlet=outlet, rule="exceedance", period="day"))
    assert (row.peak, "没有收到设备的日均值" in row.text.zh) == (31, False)


def test_what_is_below_target_or_not_valid_is_listed(outlet: int, store: StoreAtHand) -> None:
    """Of a month that is over one day came."""
    month = DAY.replace(day=1) - timedelta(days=1)
    for number in range(24):
        store.put(site.point(outlet, SO2), Kind.HOUR, hour(number, month), "avg", "30")
    said = page("validity", month=f"{month:%Y-%m}", outlet=str(outlet))
    assert "MON-012" not in said, "codes are for files; people are told in words"
    assert f"{month:%Y-%m} 有效数据不足" in said
    rates = page("rates", month=f"{month:%Y-%m}")
    assert "低于目标的" in rates
    assert "二氧化硫：有效传输率（补全）为" in rates
    assert "低于目标 90%" in rates
