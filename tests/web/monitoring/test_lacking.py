"""The desk of supplements tells which hours lack, how often they were asked for, and when that was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.supplement import TRIES
from shuangkong.protocols.hj212.times import format_time
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import marks, orders
from shuangkong.records.monitoring.models import Device, Outlet
from shuangkong.web.monitoring.lacking import hour_command, lacks, state_word

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place)
        yield place


def ago(hours: int) -> datetime:
    return timezone.localtime().replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    """Hours 60 to 30 ago and 20 to 1 ago came; ten lack between them."""
    held = store_at_hand.use(monkeypatch)
    for hours in (*range(1, 21), *range(31, 61)):
        held.put(site.point(outlet), Kind.HOUR, ago(hours), "avg", 20)
    return held


def order(first: int, last: int, state: orders.State) -> None:
    """As the gateway asks for hours, and how it ended."""
    told = {"BeginTime": _wire(ago(first)), "EndTime": _wire(ago(last))}
    number = orders.queue_by_rule(Device.objects.get().pk, hour_command(), told, "自动补数")
    orders.step(number, state, "没有数据")


def _wire(at: datetime) -> str:
    return format_time(at.replace(tzinfo=None))


def test_what_lacks_and_how_often_it_was_asked(outlet: int, store: StoreAtHand) -> None:
    found = list(Outlet.objects.all())
    [gap] = lacks(found)
    assert (gap.starts, gap.ends, gap.hours, gap.tries) == (ago(30), ago(20), 10, 0)
    assert state_word(gap).startswith("还没有要")
    for number in range(TRIES):
        assert not lacks(found)[0].is_given_up
        order(30, 21, orders.State.FAILED)
        assert lacks(found)[0].tries == number + 1
    order(15, 15, orders.State.FAILED)
    [gap] = lacks(found)
    assert (gap.tries, gap.is_given_up) == (TRIES, True), "what was asked of other hours is no try of these"
    page = site.visitor("bureau").get("/monitoring/orders/").content.decode()
    assert f"要满 {TRIES} 次" in page
    assert f"command={hour_command()}" in page


def test_what_came_or_stood_still_does_not_lack(outlet: int, store: StoreAtHand) -> None:
    marks.mark_hours(outlet, "", ago(30), ago(25), "F", marks.Reason.STOPPED, site.by("bureau"), "停炉")
    for hours in range(21, 23):
        store.put(site.point(outlet), Kind.HOUR, ago(hours), "avg", 20)
    [gap] = lacks(list(Outlet.objects.all()))
    assert (gap.starts, gap.hours) == (ago(25), 3)


def test_another_unit_sees_nothing_of_it(outlet: int, store: StoreAtHand) -> None:
    page = site.visitor("other").get("/monitoring/orders/").content.decode()
    assert "没有缺的小时" in page
