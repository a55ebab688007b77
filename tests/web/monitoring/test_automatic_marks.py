"""Rules mark hours by the minutes and by the records of work; people's marks hold before them, and rates follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.rates.transmission import Cut
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.marks import MarkRow, Origin, Reason, untold
from shuangkong.records.monitoring.models import Outlet, Point, ServiceRecord
from shuangkong.records.monitoring.registers.acts import revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import automatic
from shuangkong.web.monitoring.automatic import mark_due
from shuangkong.web.monitoring.hours import told
from shuangkong.web.monitoring.transmitting import lines_of
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() - timedelta(days=1)
HOUR = timedelta(hours=1)
SO2, NOX = "a21026", "a21002"


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, factors=(SO2, NOX))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    """Yesterday, hour by hour, all normal."""
    monkeypatch.setattr(automatic, "_DONE", set())
    held = store_at_hand.use(monkeypatch)
    for number in range(24):
        for factor in (SO2, NOX):
            held.put(site.point(outlet, factor), Kind.HOUR, at(number), "avg", 20)
    return held


def at(number: int) -> datetime:
    return midnight(DAY) + number * HOUR


def minutes(store: StoreAtHand, point: int, hour: datetime, flags: str) -> None:
    """Ten minutes a flag."""
    for number, flag in enumerate(flags):
        store.put(point, Kind.MINUTE, hour + timedelta(minutes=10 * number), "avg", 20, flag)


def ruled(outlet: int) -> list[tuple[str, datetime, datetime, str, str]]:
    found = [
        (each.factor, timezone.localtime(each.starts_at), timezone.localtime(each.ends_at), each.mark, each.reason)
        for each in every(outlet)
        if each.origin is Origin.AUTOMATIC
    ]
    return sorted(found, key=lambda each: each[1])


def every(outlet: int) -> tuple[MarkRow, ...]:
    return marks.marks([outlet], at(0), at(24))


def work(outlet: int, first: datetime, last: datetime, sort: str = "calibration", **more: str) -> int:
    wall = "%Y-%m-%d %H:%M"
    return site.put("services", device=site.MN, outlet=str(outlet), sort=sort, starts_at=first.strftime(wall),
                    ends_at=last.strftime(wall), person="李工", **more)  # fmt: skip


def put_right(number: int, **told: datetime) -> None:
    row = ServiceRecord.objects.select_related("device").get(pk=number)
    kept = {"device": row.device.mn, "outlet": str(row.outlet_id), "sort": row.sort, "person": row.person}
    times = {key: value.strftime("%Y-%m-%d %H:%M") for key, value in told.items()}
    revise_row(REGISTERS["services"], number, kept | times, site.by("bureau"), "时间写错了")


def counted(outlet: int) -> tuple[int, int]:
    """Hours of SO2 that count yesterday, of those due."""
    found = Outlet.objects.select_related("region").get(pk=outlet)
    points = list(Point.objects.select_related("outlet").filter(outlet=outlet, factor=SO2))
    [line] = lines_of([found], points, DAY, DAY)
    return line.cuts[Cut.COMPLETED].valid, line.cuts[Cut.COMPLETED].due


def test_minutes_that_are_lost_mark_the_hour_that_the_device_calls_normal(outlet: int, store: StoreAtHand) -> None:
    point = site.point(outlet, SO2)
    minutes(store, point, at(3), "NNNNND")
    minutes(store, point, at(5), "NNNNCC")
    minutes(store, point, at(6), "NNNCCC")
    minutes(store, point, at(8), "FFFFFN")
    assert mark_due() == 2
    assert ruled(outlet) == [(SO2, at(5), at(7), "C", "calibration"), (SO2, at(8), at(9), "F", "stopped")]
    assert counted(outlet) == (21, 23)
    assert untold(outlet), "the store is to be told"
    assert mark_due() == 0, "the same again is nothing new"
    minutes(store, point, at(5), "NNNNNN")
    assert mark_due() == 2, "late data: one mark shrinks to another"
    assert ruled(outlet) == [(SO2, at(6), at(7), "C", "calibration"), (SO2, at(8), at(9), "F", "stopped")]


def test_registered_work_marks_hours_and_follows_its_record(outlet: int, store: StoreAtHand) -> None:
    number = work(outlet, at(10) + timedelta(minutes=50), at(12) + timedelta(minutes=30), "maintenance")
    work(outlet, at(15), at(16), "comparison")
    work(outlet, at(18), at(19), "calibration", factor=NOX)
    mark_due()
    assert ruled(outlet) == [("", at(11), at(13), "M", "maintenance"), (NOX, at(18), at(19), "C", "calibration")]
    assert f"运维记录第 {number} 号" in every(outlet)[0].text
    assert counted(outlet) == (22, 24)
    ServiceRecord.objects.filter(pk=number).update(starts_at=at(20), ends_at=at(21))
    mark_due()
    assert ruled(outlet) == [(NOX, at(18), at(19), "C", "calibration"), ("", at(20), at(21), "M", "maintenance")]


def test_work_that_is_recorded_late_marks_its_own_day(outlet: int, store: StoreAtHand) -> None:
    mark_due()
    long_ago = midnight(DAY - timedelta(days=40)) + 9 * HOUR
    number = work(outlet, long_ago, long_ago + 2 * HOUR)
    assert mark_due() == 1
    [row] = marks.marks([outlet], long_ago, long_ago + HOUR)
    assert (row.mark, row.origin) == ("C", Origin.AUTOMATIC)
    moved = long_ago + 24 * HOUR
    put_right(number, starts_at=moved, ends_at=moved + HOUR)
    assert mark_due() == 2, "one is taken back, one is set"
    assert marks.marks([outlet], long_ago, long_ago + HOUR) == ()
    assert len(marks.marks([outlet], moved, moved + HOUR)) == 1


def test_people_decide(outlet: int, store: StoreAtHand) -> None:
    """What a unit or an authority marks goes before a rule's mark; what a person withdrew no rule sets again."""
    point = site.point(outlet, SO2)
    minutes(store, point, at(5), "NNNCCC")
    mark_due()
    marks.mark_hours(outlet, SO2, at(5), at(6), "N", Reason.OTHER, site.by("bureau"), "核对了原始数据")
    own = list(Point.objects.select_related("outlet").filter(outlet=outlet))
    law = open_rulebook().monitoring()
    held = told(own, at(0), at(24), law.marks, stats=("avg",))
    assert {each.at: each.mark for each in held.readings(point)}[at(5)] is Mark.NORMAL
    [row] = [each for each in every(outlet) if each.origin is Origin.AUTOMATIC]
    marks.withdraw(row.id, site.by("bureau"), "分钟标志是误标")
    assert mark_due() == 0
    assert ruled(outlet) == []


def test_the_desk_and_the_board_show_them_with_their_reasons(outlet: int, store: StoreAtHand) -> None:
    minutes(store, site.point(outlet, SO2), at(5), "NNNCCC")
    store.put(site.point(outlet, NOX), Kind.HOUR, at(7), "avg", 20, "M")
    store.put(site.point(outlet, NOX), Kind.HOUR, at(8), "avg", 20, "M")
    mark_due()
    desk = site.visitor("bureau").get(reverse("monitoring:marks", args=(outlet,)))
    tables = {key: desk.context[key] for key in ("marks_table", "sent_table")}
    [mark] = tables["marks_table"].rows
    assert [cell.text for cell in mark.cells][3:8] == [
        "C", "自动标记", "校准", "分钟数据中有效的不够一个有效小时", "系统",
    ]  # fmt: skip
    [sent] = tables["sent_table"].rows
    assert [cell.text for cell in sent.cells][3:] == ["M", "M", "设备维护"]
    board = site.visitor("bureau").get(f"/monitoring/validity/?month={DAY:%Y-%m}")
    shown = board.context["board_table"]
    column = next(number for number, each in enumerate(shown.table.columns) if each.key == "ruled")
    assert sorted(str(row.cells[column].text) for row in shown.rows) == ["0", "1"]
