"""What arrives, by the real consumer: late data reopen a closed month, wrong clocks raise one alarm, marks wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import monitoring_site as site
import pyarrow as pa
import pytest
import store_at_hand
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.gateway.consuming.consumer import Consumer
from shuangkong.gateway.standing import consumer_of
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.columns import Kind
from shuangkong.readings.evidence import Kind as RecordKind
from shuangkong.readings.evidence import Log
from shuangkong.readings.evidence.record import pack
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.monitoring import alarms, marks, orders
from shuangkong.records.monitoring.amounts import newest, versions
from shuangkong.records.monitoring.arrivals import late_of
from shuangkong.records.monitoring.models import ClockHour, Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.closing import close, close_due
from shuangkong.web.monitoring.hours import points_of, told
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.pushing import push_marks, push_waiting
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
SO2, FLOW = "a21026", "a00000"
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
HOURS = ((ends_of(Span.MONTH, MONTH) - MONTH).days + 1) * 24
GAP = range(400, 404)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=MONTH.isoformat())
        site.connected(place, factors=(SO2, FLOW))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


class Door:
    """What the consumer gives goes where pages ask."""

    def __init__(self, held: StoreAtHand) -> None:
        self.held = held

    def append(self, table: pa.Table) -> None:
        for row in table.to_pylist():
            place = (row["segment"], row["offset"])
            self.held.put(row["point"], Kind(row["kind"]), row["at"], row["stat"], row["value"], row["flag"], place)


def gateway(folder: Path, store: StoreAtHand) -> Consumer:
    """The consumer of an installation, its store apart."""
    made = consumer_of(folder)
    made._doors = replace(made._doors, store=Door(store))
    return made


def receive(folder: Path, consumer: Consumer, frames: list[tuple[datetime, str, str]]) -> None:
    """Frames come: when received, command, data area; they are read in."""
    log = Log(folder / "evidence")
    for number, (at, cn, area) in enumerate(frames):
        head = f"QN={at:%Y%m%d%H%M%S}{number % 1000:03d};" if cn != "2011" else ""
        body = f"{head}ST=31;CN={cn};PW=123456;MN={site.MN};Flag=5;CP=&&{area}&&"
        log.write([pack(RecordKind.FRAME, wrap(body.encode()), int(at.timestamp() * 1e9), 1)])
    log.close()
    while consumer.step():
        pass


def hour(number: int) -> datetime:
    return midnight(MONTH) + timedelta(hours=number)


def test_a_supplement_reopens_a_closed_month(outlet: int, store: StoreAtHand, tmp_path: Path) -> None:
    points = {each.factor: each.pk for each in Point.objects.filter(outlet=outlet)}
    until_today = int((midnight(timezone.localdate()) - midnight(MONTH)) / timedelta(hours=1))
    for number in range(until_today):
        if number not in GAP:
            for factor, value in ((SO2, 10), (FLOW, 100)):
                store.put(points[factor], Kind.HOUR, hour(number), "avg", value)
    close_due()
    [before] = newest(MONTH, Q(factor=SO2)).values()
    assert before.substituted_hours == len(GAP)
    assert close_due().months == 0, "once a day"
    consumer = gateway(tmp_path, store)
    now = timezone.localtime()
    told_area = [f"DataTime={hour(number):%Y%m%d%H%M%S};{SO2}-Avg=20,{SO2}-Flag=N;{FLOW}-Avg=100,{FLOW}-Flag=N"
                 for number in GAP]  # fmt: skip
    receive(tmp_path, consumer, [(now, "2061", area) for area in told_area])
    late = late_of(outlet, MONTH)
    assert late is not None
    assert (timezone.localtime(late.first_at), timezone.localtime(late.last_at)) == (hour(GAP[0]), hour(GAP[-1]))
    assert close_due().kept == 1
    [row] = newest(MONTH, Q(factor=SO2)).values()
    assert (row.substituted_hours, row.measured_hours) == (0, HOURS)
    assert row.kg - before.kg == len(GAP) * Decimal("3.6"), "twice 10 mg/m³ where the greatest stood in"
    assert len(versions(outlet, SO2, MONTH)) == 2
    assert close_due().kept == 0, "once more, for what may still have been coming; nothing differs"
    consumer.close()


def test_an_old_month_is_closed_when_its_readings_come(outlet: int, store: StoreAtHand, tmp_path: Path) -> None:
    """Of eight months ago, which no clock looks at by itself."""
    old = MONTH
    for _ in range(7):
        old = (old - timedelta(days=1)).replace(day=1)
    Outlet.objects.filter(pk=outlet).update(starts_on=old)
    consumer = gateway(tmp_path, store)
    at = midnight(old) + timedelta(hours=5)
    area = f"DataTime={at:%Y%m%d%H%M%S};{SO2}-Avg=20,{SO2}-Flag=N;{FLOW}-Avg=100,{FLOW}-Flag=N"
    receive(tmp_path, consumer, [(timezone.localtime(), "2061", area)])
    close_due()
    [row] = newest(old, Q(factor=SO2)).values()
    assert row.measured_hours == 1
    consumer.close()


@pytest.mark.parametrize(("minutes", "words"), [(-25, "快约 25 分钟"), (9, "慢约 9 分钟")])
def test_a_wrong_clock_is_one_alarm_that_offers_the_order(
    outlet: int, store: StoreAtHand, tmp_path: Path, minutes: int, words: str
) -> None:
    """Data from the future are not stored, and yet they tell of the clock."""
    consumer = gateway(tmp_path, store)
    now = timezone.localtime().replace(microsecond=0) - timedelta(minutes=30)
    frames = []
    for number in range(5):
        received = now + timedelta(seconds=30 * number)
        frames.append((received, "2011", f"DataTime={received - timedelta(minutes=minutes):%Y%m%d%H%M%S};"
                                         f"{SO2}-Rtd=1.1,{SO2}-Flag=N"))  # fmt: skip
    receive(tmp_path, consumer, frames)
    assert sum(ClockHour.objects.values_list("count", flat=True)) == 5
    judge()
    judge()
    found = alarms.alarms(Q(outlet=outlet, rule="clock_drift"))
    if ClockHour.objects.count() == 1:
        [row] = found
        assert words in row.text.zh
        assert row.segment is not None
        visitor = site.visitor("bureau")
        page = visitor.get(reverse("monitoring:alarm", args=(row.id,))).content.decode()
        device = site.put.__globals__["Outlet"].objects.get(pk=outlet).connections.get().device_id
        order = f"{reverse('monitoring:order_new', args=(device,))}?command=1012"
        assert order in page.replace("&amp;", "&")
        form = visitor.get(order).content.decode()
        assert "按命令发出的那一刻校准" in form
        address = reverse("monitoring:order_new", args=(device,))
        assert visitor.post(address, {"command": "1012", "ground": "时钟偏差"}).status_code == 302
        [queued] = orders.orders(Q(device=device))
        assert "SystemTime" not in queued.fields
        assert "order_new" not in site.visitor("other").get(reverse("monitoring:alarms")).content.decode()
    consumer.close()


def test_late_frames_are_no_wrong_clock(outlet: int, store: StoreAtHand, tmp_path: Path) -> None:
    """A backlog comes within two minutes: the newest is right, the oldest two hours late."""
    consumer = gateway(tmp_path, store)
    now = timezone.localtime().replace(minute=10, second=0, microsecond=0) - timedelta(hours=1)
    frames = [
        (now + timedelta(seconds=21 * number), "2011",
         f"DataTime={now - timedelta(minutes=10 * number):%Y%m%d%H%M%S};{SO2}-Rtd=1.1,{SO2}-Flag=N")
        for number in range(12)
    ]  # fmt: skip
    receive(tmp_path, consumer, frames)
    judge()
    assert not alarms.alarms(Q(outlet=outlet, rule="clock_drift"))
    consumer.close()


def test_hours_off_the_hour_are_found_and_count_as_none(outlet: int, store: StoreAtHand) -> None:
    point = site.point(outlet, SO2)
    day = midnight(timezone.localdate() - timedelta(days=1))
    for number in range(24):
        store.put(point, Kind.HOUR, day + timedelta(hours=number, minutes=25), "avg", 10 + number % 3)
    judge()
    [row] = alarms.alarms(Q(outlet=outlet, rule="clock_drift"))
    assert row.text.zh.startswith("24 个小时数据的时间不在整点")
    held = told(
        points_of([Outlet.objects.get(pk=outlet)]), day, day + timedelta(days=1), open_rulebook().monitoring().marks
    )
    assert not held.readings(point)
    page = site.visitor("bureau").get(reverse("monitoring:validity"), {"month": f"{day:%Y-%m}"})
    table = page.context["board_table"]
    off = [column.key for column in table.table.columns].index("off")
    assert [row.cells[off].value for row in table.rows] in ([0, 24], [24, 0])


def minutes_of(store: StoreAtHand, point: int, start: datetime, values: list[object], flag: str = "N") -> None:
    for number, value in enumerate(values):
        store.put(point, Kind.MINUTE, start + timedelta(minutes=10 * number), "avg", value, flag)


def test_hours_come_of_minutes_where_the_device_tells_none(outlet: int, store: StoreAtHand) -> None:
    """Six readings of ten minutes make an hour; four are fewer than 45 valid minutes; six stopped are a stop."""
    point = site.point(outlet, SO2)
    day = midnight(timezone.localdate() - timedelta(days=1))
    minutes_of(store, point, day, [10, 11, 12, 13, 14, 15])
    minutes_of(store, point, day + timedelta(hours=1), [10, 11, 12, 13])
    minutes_of(store, point, day + timedelta(hours=2), [0] * 6, "F")
    minutes_of(store, point, day + timedelta(hours=3), [7] * 6)
    store.put(point, Kind.HOUR, day + timedelta(hours=3), "avg", 9)
    points = points_of([Outlet.objects.get(pk=outlet)])
    held = told(points, day, day + timedelta(days=1), open_rulebook().monitoring().marks)
    got = [(each.at.hour, each.value, each.mark.value) for each in held.readings(point)]
    assert got == [(0, Decimal("12.5"), "N"), (2, None, "F"), (3, Decimal(9), "N")]
    as_told = told(points, day, day + timedelta(days=1), open_rulebook().monitoring().marks, is_as_told=True)
    assert [each.at.hour for each in as_told.readings(point)] == [2, 3], "what rates count as received"
    page = site.visitor("bureau").get(reverse("monitoring:outlet", args=(outlet,))).content.decode()
    assert "MON-006" in page, "at three the device told 9 and its minutes say 7"
    assert "自算 7" in page
    board = site.visitor("bureau").get(reverse("monitoring:validity"), {"month": f"{day:%Y-%m}", "outlet": outlet})
    assert "MON-006" in board.content.decode()


def test_a_curve_does_not_run_over_a_gap(outlet: int, store: StoreAtHand) -> None:
    point = site.point(outlet, SO2)
    hours = store_at_hand.last_hours(10)
    for number in (0, 1, 2, 5, 6):
        store.put(point, Kind.HOUR, hours[number], "avg", number)
    page = site.visitor("bureau").get(reverse("monitoring:outlet", args=(outlet,)))
    [chart] = page.context["charts"]
    told_line = chart["data"]["series"][0]["values"]
    assert [value for _at, value in told_line] == [0, 1, 2, None, 5, 6]
    assert told_line[3][0] == hours[3].isoformat()


def test_an_amount_is_closed_of_minutes(outlet: int, store: StoreAtHand) -> None:
    """A device that sends minutes alone has amounts all the same: 10 mg/m³ in 100 m³/s is 3.6 kg an hour."""
    points = {each.factor: each.pk for each in Point.objects.filter(outlet=outlet)}
    for number in range(HOURS):
        minutes_of(store, points[SO2], hour(number), [9, 11] * 3)
        minutes_of(store, points[FLOW], hour(number), [100] * 6)
    close(MONTH)
    [row] = newest(MONTH, Q(factor=SO2)).values()
    assert (row.measured_hours, row.kg) == (HOURS, HOURS * Decimal("3.6"))


def test_the_device_s_day_is_held_against_its_hours(outlet: int, store: StoreAtHand) -> None:
    point = site.point(outlet, SO2)
    day = midnight(timezone.localdate() - timedelta(days=1))
    for number in range(24):
        store.put(point, Kind.HOUR, day + timedelta(hours=number), "avg", 20)
    store.put(point, Kind.DAY, day, "avg", 12)
    page = site.visitor("bureau").get(reverse("monitoring:outlet", args=(outlet,))).content.decode()
    assert "MON-006" in page
    store.put(point, Kind.DAY, day, "avg", 20)
    page = site.visitor("bureau").get(reverse("monitoring:outlet", args=(outlet,))).content.decode()
    assert "MON-006" not in page


def test_marks_wait_for_a_store_that_is_down(outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = store_at_hand.last_hours(3)[0], store_at_hand.last_hours(1)[0]

    def away(_table: pa.Table) -> int:
        raise StoreDown("away")

    with monkeypatch.context() as patch:
        patch.setattr(store, "mark", away)
        marks.mark_hours(outlet, SO2, first, last, "C", marks.Reason.CALIBRATION, site.by("bureau"), "校准")
        assert not push_marks(outlet, first, last)
        with pytest.raises(StoreDown):
            push_waiting()
    assert store.marked == []
    assert push_waiting() == 1
    assert {row["mark"] for row in store.marked if row["by"] == "person"} == {"C", ""}, "of SO2, and of the flow none"
    assert push_waiting() == 0
    marks.mark_hours(outlet, SO2, first, last, "M", marks.Reason.MAINTENANCE, site.by("bureau"), "维护")
    assert push_marks(outlet, first, last)
    assert marks.untold() == ()
