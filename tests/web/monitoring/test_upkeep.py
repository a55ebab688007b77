"""What is overdue is told on its board and at its outlet; a later record settles it; silent meters are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.messages import BY_DEVICE
from shuangkong.records.monitoring.models import Device, Outlet, Point, ServiceRecord
from shuangkong.records.monitoring.upkeep import upkeep_due
from shuangkong.web.monitoring.upkeep_words import told_of

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place)
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def serve(outlet: int, days_ago: int, next_in: int | None, sort: str = "calibration") -> None:
    done = timezone.localtime() - timedelta(days=days_ago)
    next_on = "" if next_in is None else str(timezone.localdate() + timedelta(days=next_in))
    site.put("services", device=site.MN, outlet=str(outlet), sort=sort, person="运维员",
             starts_at=f"{done - timedelta(hours=1):%Y-%m-%d %H:%M}", ends_at=f"{done:%Y-%m-%d %H:%M}",
             next_on=next_on)  # fmt: skip


def test_what_is_overdue_until_it_is_done(outlet: int, store: StoreAtHand) -> None:
    serve(outlet, 40, -5)
    serve(outlet, 20, 10, "comparison")
    serve(outlet, 20, 90, "maintenance")
    visitor = site.visitor("bureau")
    board = visitor.get("/monitoring/upkeep/").content.decode()
    assert "✗ 逾期" in board
    assert "▲ 将到期" in board
    assert "维护" not in board, "in three months it is not told yet"
    page = visitor.get(f"/monitoring/outlets/{outlet}/").content.decode()
    assert "已逾期 5 天" in page
    assert "比对监测应在" in page
    serve(outlet, 1, 30)
    serve(outlet, 1, None, "comparison")
    page = visitor.get(f"/monitoring/outlets/{outlet}/").content.decode()
    assert "已逾期" not in page
    assert "比对监测应在" not in page
    assert "✗ 逾期" not in visitor.get("/monitoring/upkeep/").content.decode()
    assert "数采仪" not in site.visitor("other").get("/monitoring/upkeep/").content.decode()


def test_what_a_device_says_of_itself_ends_no_duty(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are records read that tell nothing: a device may write several a day."""
    serve(outlet, 40, -5)
    device, now = Device.objects.get(mn=site.MN), timezone.now()
    told = {"device": device, "sort": "calibration", "person": BY_DEVICE}
    for outlets in (outlet, None):
        for days in range(1, 4):
            at = now - timedelta(days=days)
            ServiceRecord.objects.create(**told, outlet_id=outlets, starts_at=at, ends_at=at)
    read, from_db = list[object](), ServiceRecord.from_db.__func__  # type: ignore[attr-defined]

    def counted(of: type[ServiceRecord], *told: Any, **more: Any) -> ServiceRecord:
        read.append(told)
        return from_db(of, *told, **more)  # type: ignore[no-any-return]

    monkeypatch.setattr(ServiceRecord, "from_db", classmethod(counted))
    today = timezone.localdate()
    assert [each.days(today) for each in upkeep_due(Q(outlet=outlet), today, SOON)] == [5]
    assert len(read) == 1
    ServiceRecord.objects.filter(person=BY_DEVICE, outlet=outlet).update(next_on=today + timedelta(days=90))
    assert upkeep_due(Q(), today, SOON) == (), "a person added when the next is due"


def test_a_duty_of_a_device_itself_is_told_once(outlet: int) -> None:
    serve(outlet, 40, -5)
    ServiceRecord.objects.update(outlet=None)
    assert [is_overdue for is_overdue, _words in told_of(Outlet.objects.get(pk=outlet), timezone.localdate())] == [True]
    serve(outlet, 1, 200)
    ServiceRecord.objects.update(outlet=None)
    assert told_of(Outlet.objects.get(pk=outlet), timezone.localdate()) == []


def test_silent_meters_and_calibrations_that_end(outlet: int, store: StoreAtHand) -> None:
    today = timezone.localdate()
    for item, until in (("1234567890123456", today - timedelta(days=2)), ("1234567890123457", today)):
        site.put("meters", enterprise=site.UNITS[0], item=item, name=f"电表{item[-1]}", carrier="电力", unit="kWh",
                 level="1", calibrated_until=str(until), starts_on="2024-01-01")  # fmt: skip
    told = Point.objects.get(meter__item="1234567890123457").pk
    store.put(told, Kind.RTD, timezone.now() - timedelta(hours=3), "total", 100)
    board = site.visitor("bureau").get("/monitoring/upkeep/").content.decode()
    silent = board.split('id="silent"')[1]
    assert "MON-037" in silent
    assert "电表6" in silent
    assert "电表7" not in silent
    assert "✗ 逾期" in board
    assert "▲ 今天到期" in board
