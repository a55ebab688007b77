"""What devices tell beside readings, on a page; treatment devices, and the rule that they run while something flows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.reading import Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.messages import MessageRow, Sort, keep_messages
from shuangkong.records.monitoring.models import Outlet, Point, ServiceRecord
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.report import report_of

pytestmark = pytest.mark.django_db
SO2, FLOW, RAN = "a21026", "a00000", "s00000"


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[int, int]]:
    """The outlet and its device; treatment devices and load are on no register of factors."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        outlet = site.outlet(starts_on=f"{timezone.localdate() - timedelta(days=2)}")
        device = site.connected(outlet, days=2, factors=(SO2, FLOW))
        for factor in ("SB1", "SB2", RAN, "i33400"):
            Point.objects.create(outlet_id=outlet, factor=factor)
        yield outlet, device


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def tell(place: tuple[int, int], sort: Sort, name: str, text: str, number: int, *, factor: str = "") -> None:
    at = timezone.now() - timedelta(hours=3)
    keep_messages([MessageRow(place[1], place[0], sort, factor, name, text, at, at, f"1/{number}/0", 1, number)])


def test_messages_stand_on_a_page(place: tuple[int, int], store: StoreAtHand) -> None:
    tell(place, Sort.SAMPLE, "VaseNo", "3", 1)
    tell(place, Sort.SERIAL, "SN", "010000A8900016F000169DC1", 2, factor=SO2)
    tell(place, Sort.LOG, "i11001", "//<b>开机</b>//", 3, factor=SO2)
    tell(place, Sort.CHECK, "", "SampleRd=49.2;StandardValue=50", 4, factor=SO2)
    tell(place, Sort.HEARTBEAT, "", "", 5)
    now = timezone.localtime()
    store.put(site.point(place[0], "SB1"), Kind.RTD, now - timedelta(minutes=9), "rs", "0")
    store.put(site.point(place[0], "SB1"), Kind.RTD, now - timedelta(minutes=4), "rs", "1")
    yesterday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    store.put(site.point(place[0], "SB1"), Kind.DAY, yesterday, "rt", "23.5")
    client = site.visitor("bureau")
    address = reverse("monitoring:messages", args=(place[0],))
    page = client.get(address).content.decode()
    for word in ("超标留样", "010000A8900016F000169DC1", "&lt;b&gt;开机&lt;/b&gt;", "SampleRd=49.2", "23.5", "SB1"):
        assert word in page, word
    assert "最近两小时没有报状态" in page, "of SB2 nothing came"
    assert f"/registers/services/{ServiceRecord.objects.get().pk}/" in page
    assert "最近一天的心跳" in page
    only = client.get(address, {"sort": "sample"}).content.decode()
    assert "010000A8900016F000169DC1" not in only
    own = client.get(reverse("monitoring:outlet", args=(place[0],))).content.decode()
    assert "SB1 <strong>运行</strong>" in own
    assert site.visitor("unit").get(address).status_code == 200
    assert site.visitor("other").get(address).status_code == 404


def fill(store: StoreAtHand, outlet: int, ran: str | None, flow: str = "10") -> list[object]:
    hours = store_at_hand.last_hours(24)
    for number, at in enumerate(hours):
        store.put(site.point(outlet, SO2), Kind.HOUR, at, "avg", 20 + number % 7)
        store.put(site.point(outlet, FLOW), Kind.HOUR, at, "avg", f"{flow}.{number % 7 + 1}")
        if ran is not None:
            store.put(site.point(outlet, RAN), Kind.HOUR, at, "avg", "0" if number in (20, 21) else ran, flag="")
    return list(hours)


def found(outlet: int, rule: str) -> tuple[alarms.AlarmRow, ...]:
    return alarms.alarms(Q(outlet=outlet, rule=rule))


def test_discharge_without_treatment_is_an_alarm(place: tuple[int, int], store: StoreAtHand) -> None:
    """Though nobody registered states as due. Of outlets that tell no states nothing is said."""
    fill(store, place[0], None)
    judge()
    assert found(place[0], "impossible") == ()
    hours = fill(store, place[0], "2")
    judge()
    [row] = found(place[0], "impossible")
    assert (row.starts_at, row.ends_at) == (hours[20], hours[22])
    assert row.text.zh.startswith("有烟气排放而治理设施全部停运")
    assert found(place[0], "stuck") == (), "that as many run as before is no fault"


def test_flow_zero_with_load_fires_though_the_load_is_not_due(place: tuple[int, int], store: StoreAtHand) -> None:
    hours = fill(store, place[0], None)
    store.put(site.point(place[0], FLOW), Kind.HOUR, hours[22], "avg", "0")
    for at in hours:
        store.put(site.point(place[0], "i33400"), Kind.HOUR, at, "avg", "80", flag="")
    judge()
    [row] = found(place[0], "impossible")
    assert row.text.zh.startswith("有负荷而没有烟气流量")


def test_devices_and_loads_are_no_pollutants(place: tuple[int, int], store: StoreAtHand) -> None:
    fill(store, place[0], "2")
    day = timezone.localdate() - timedelta(days=1)
    report = report_of(Outlet.objects.get(pk=place[0]), Span.DAY, day, day)
    assert list(report.pollutants) == [SO2]
    assert report.states == []
