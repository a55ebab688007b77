"""What is overdue is told on its board and at its outlet; a later record settles it; silent meters are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Point

pytestmark = pytest.mark.django_db


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
