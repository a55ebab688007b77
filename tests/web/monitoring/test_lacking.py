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
from shuangkong.protocols.hj212.times import format_time
from shuangkong.readings.columns import Kind
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.monitoring import marks, orders
from shuangkong.records.monitoring.models import Connection, Device, Outlet
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.lacking import hour_command, lacks, state_word

pytestmark = pytest.mark.django_db
TRIES = open_rulebook().monitoring().supplement(timezone.localdate()).tries


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
    assert "未核实" in page, "how often is no document's rule"
    assert f"command={hour_command()}" in page


def test_of_a_section_spans_lack_and_not_hours(outlet: int, store: StoreAtHand) -> None:
    """It owes one reading in four hours: yesterday those of 8 to 11 and of 16 to 19 o'clock did not come."""
    place = site.outlet("", "S1", "section", object="")
    site.connected(place, "88888880000077", factors=("w21003",))
    midnight = ago(0).replace(hour=0)
    for days in range(1, 12):
        for hour in (0, 4, 8, 12, 16, 20):
            if days > 1 or hour not in (8, 16):
                store.put(
                    site.point(place, "w21003"), Kind.HOUR, midnight + timedelta(days=-days, hours=hour), "avg", 1
                )
    for hour in range(0, ago(0).hour + 1, 4):
        store.put(site.point(place, "w21003"), Kind.HOUR, midnight + timedelta(hours=hour), "avg", 1)
    found = lacks([Outlet.objects.get(pk=place)])
    yesterday = midnight - timedelta(days=1)
    assert sorted((each.starts, each.ends) for each in found) == [
        (yesterday + timedelta(hours=hour), yesterday + timedelta(hours=hour + 4)) for hour in (8, 16)
    ]


def test_a_long_gap_is_asked_for_in_pieces(outlet: int, store: StoreAtHand) -> None:
    """72 hours are three orders of a day each: one try, not three. Two days given up are not the third."""
    store.rows.clear()
    for hours in (*range(1, 21), *range(93, 100)):
        store.put(site.point(outlet), Kind.HOUR, ago(hours), "avg", 20)
    found = list(Outlet.objects.all())
    pieces = ((92, 69), (68, 45), (44, 21))
    for piece in pieces:
        order(*piece, orders.State.FAILED)
    [gap] = lacks(found)
    assert (gap.hours, gap.tries, gap.is_given_up) == (72, 1, False)
    assert state_word(gap).endswith("以后再要")
    for piece in pieces[:2] * (TRIES - 1):
        order(*piece, orders.State.FAILED)
    [gap] = lacks(found)
    assert (gap.tries, gap.is_given_up) == (1, False)
    assert "其中 48 小时已要满" in state_word(gap)
    for _number in range(TRIES - 1):
        order(*pieces[2], orders.State.FAILED)
    [gap] = lacks(found)
    assert (gap.tries, gap.is_given_up) == (TRIES, True)


@pytest.mark.parametrize(
    ("path", "untrue"),
    [
        ("orders/", "没有缺的小时"), ("validity/", "没有可判定的排放口"), ("rates/", "没有计入传输率的因子"),
        ("outlets/{}/", "没有收到数据"), ("outlets/{}/", "两小时没有数据"), ("", "没有数据"),
    ],
)  # fmt: skip
def test_a_store_that_is_down_shows_no_lack_and_no_silence(
    outlet: int, monkeypatch: pytest.MonkeyPatch, path: str, untrue: str
) -> None:
    def down() -> StoreAtHand:
        raise StoreDown("127.0.0.1")

    monkeypatch.setattr(data, "store", down)
    page = site.visitor("bureau").get(f"/monitoring/{path.format(outlet)}").content.decode()
    assert "看不" in page, "that it cannot be seen"
    assert untrue not in page


@pytest.mark.parametrize("days_before", [11, 40, None])
def test_who_is_silent_all_the_time_lacks_everything(outlet: int, store: StoreAtHand, days_before: int | None) -> None:
    """Nothing came in the days of supplements; before them something did, or nothing ever."""
    store.rows.clear()
    if days_before is not None:
        store.put(site.point(outlet), Kind.HOUR, ago(24 * days_before), "avg", 20)
    [gap] = lacks(list(Outlet.objects.all()))
    assert gap.hours > 24 * 9
    assert gap.is_begun == (days_before is not None)
    assert ("还没有报过" in state_word(gap)) == (days_before is None)


def test_who_was_just_connected_lacks_nothing_before(outlet: int, store: StoreAtHand) -> None:
    store.rows.clear()
    Connection.objects.update(starts_at=ago(30) - timedelta(minutes=20))
    assert lacks(list(Outlet.objects.all()))[0].starts == ago(30), "nothing ever came: since the device is there"
    for hours in range(1, 21):
        store.put(site.point(outlet), Kind.HOUR, ago(hours), "avg", 20)
    assert lacks(list(Outlet.objects.all())) == [], "it had not begun"
    Connection.objects.all().delete()
    store.rows.clear()
    assert lacks(list(Outlet.objects.all())) == []


def test_what_came_or_stood_still_does_not_lack(outlet: int, store: StoreAtHand) -> None:
    marks.mark_hours(outlet, "", ago(30), ago(25), "F", marks.Reason.STOPPED, site.by("bureau"), "停炉")
    for hours in range(21, 23):
        store.put(site.point(outlet), Kind.HOUR, ago(hours), "avg", 20)
    [gap] = lacks(list(Outlet.objects.all()))
    assert (gap.starts, gap.hours) == (ago(25), 3)


def test_another_unit_sees_nothing_of_it(outlet: int, store: StoreAtHand) -> None:
    page = site.visitor("other").get("/monitoring/orders/").content.decode()
    assert "没有缺的小时" in page
