"""What devices tell beside readings becomes events: each once, what is told again and again once a day and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from consuming_ground import DEVICE, OUTLET, ZONE, Ground, point_of
from devices import MN, frame
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.gateway.consuming import running
from shuangkong.gateway.consuming.apart import Kept, Why
from shuangkong.gateway.consuming.apart import Sort as ApartSort
from shuangkong.gateway.consuming.arrivals import Arrived, Sampler
from shuangkong.gateway.consuming.device import Spell
from shuangkong.gateway.consuming.told import DeviceTold, Sort
from shuangkong.gateway.registered import RegisteredMessages, RegisteredQuarantine
from shuangkong.readings.evidence import Address, Kind, Record
from shuangkong.records.monitoring.messages import forget_messages
from shuangkong.records.monitoring.models import Device, DeviceMessage, Outlet, Quarantine, RegisterEvent, ServiceRecord
from shuangkong.records.registry.models import Region

AT = "DataTime=20240520210600"
AT_S = int(datetime(2024, 5, 20, 21, 6, tzinfo=ZONE).timestamp())


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


@pytest.mark.parametrize(
    ("command", "area", "said"),
    [
        # As annex C of the standard has them.
        ("3015", f"{AT};VaseNo=1", [("sample", "", "VaseNo", "1", 1)]),
        ("3019", f"{AT};PolId=w01018;w01018-SN=010000A8900016F000169DC1",
         [("serial", "w01018", "SN", "010000A8900016F000169DC1", 1)]),
        ("2081", f"{AT};RestartTime=20240520210424", [("restart", "", "RestartTime", "20240520210424", 1)]),
        ("2062", f"{AT};w01018-SampleRd=49.2,w01018-StandardValue=50,w01018-ResultType=1",
         [("check", "w01018", "", "SampleRd=49.2;StandardValue=50;ResultType=1", 1)]),
        ("3020", f"{AT};PolId=w01018;i11001-Info=//开机 && ok//", [("log", "w01018", "i11001", "//开机 && ok//", 1)]),
        ("3020", f"{AT};PolId=w01018;i12001-Info=1;i12003-Info=0",
         [("state", "w01018", "i12001", "1", 1), ("state", "w01018", "i12003", "0", 1)]),
        ("3020", f"{AT};PolId=w01018;i13004-Info=168.0", [("parameter", "w01018", "i13004", "168.0", 1)]),
        ("3017", "PolId=w01018;CstartTime=000000;Ctime=2",
         [("parameter", "w01018", "CstartTime", "000000", 1), ("parameter", "w01018", "Ctime", "2", 1)]),
        ("9015", "", [("heartbeat", "", "", "", 1)]),
    ],
)  # fmt: skip
def test_each_becomes_an_event(ground: Ground, command: str, area: str, said: list[object]) -> None:
    ground.receive(frame(1, area, CN=command))
    ground.read()
    assert ground.messages.said() == said
    [first, *_] = [each for own in ground.messages.told.values() for each in own]
    at = datetime(2024, 5, 20, 21, 6, tzinfo=ZONE).timestamp() if AT in area else first.received
    assert (first.device, first.outlet, first.at) == (1, OUTLET, at)
    assert ground.desk.sorts() == {}


def test_what_is_told_again_and_again_is_one_a_day(ground: Ground) -> None:
    for number in range(5):
        ground.receive(frame(number, "", CN="9015"))
        ground.receive(frame(10 + number, f"DataTime=2024052021{number:02d}00;PolId=w01018;i12001-Info=0", CN="3020"))
    ground.read()
    ground.now += 120
    ground.receive(frame(20, "DataTime=20240520220000;PolId=w01018;i12001-Info=2", CN="3020"))
    ground.read()
    ground.read()
    assert sorted(ground.messages.said()) == [
        ("heartbeat", "", "", "", 1), ("state", "w01018", "i12001", "0", 5), ("state", "w01018", "i12001", "2", 1),
    ]  # fmt: skip


def test_what_was_told_again_is_counted_before_the_reading_ends(ground: Ground) -> None:
    for number in range(4):
        ground.receive(frame(number, f"DataTime=2024052021{number:02d}00;PolId=w01018;i12001-Info=0", CN="3020"))
        ground.read()
    stopped = Event()
    stopped.set()
    ground.consumer.run(stopped)
    assert ground.messages.said() == [("state", "w01018", "i12001", "0", 4)]


def test_events_are_not_lost_where_the_door_is_down(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    from consuming_ground import StoreAway

    def down(_told: object) -> None:
        raise StoreAway

    ground.receive(frame(1, f"{AT};VaseNo=7", CN="3015"))
    with monkeypatch.context() as patch:
        patch.setattr(ground.messages, "keep", down)
        with pytest.raises(StoreAway):
            ground.read()
    ground.consumer.begin_again()
    ground.read()
    assert ground.messages.said() == [("sample", "", "VaseNo", "7", 1)]


def test_devices_that_ran_in_an_hour_are_counted(ground: Ground) -> None:
    """The first ran at ten past, the second is on for maintenance at half past; of the next hour both are off."""
    off = "SB1-RS=0;SB2-RS=0"
    for time, states in (("211000", "SB1-RS=1;SB2-RS=0"), ("213000", "SB1-RS=0;SB2-RS=3"), ("220000", off)):
        ground.receive(frame(int(time), f"DataTime=20240520{time};{states}", CN="2021"))
    ground.read()
    point = point_of(OUTLET, "s00000")
    told = {row["at"]: row["value"] for row in ground.store.rows() if row["point"] == point}
    at = datetime(2024, 5, 20, 21, tzinfo=ZONE).astimezone(UTC)
    assert told == {at: 2.0, at + timedelta(hours=1): 0.0}


def ran(ground: Ground) -> float:
    """The newest that was told of the hour from nine."""
    point = point_of(OUTLET, "s00000")
    return [float(row["value"]) for row in ground.store.rows() if row["point"] == point][-1]


def test_what_ran_is_known_however_many_other_hours_came_and_after_a_restart(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_MOST", 1)
    for number, (time, states) in enumerate((("211000", "SB2-RS=1"), ("201000", "SB1-RS=0"), ("212000", "SB1-RS=0"))):
        ground.receive(frame(number, f"DataTime=20240520{time};{states}", CN="2021"))
    ground.read()
    assert ran(ground) == 1.0
    ground.again()
    ground.receive(frame(9, "DataTime=20240520213000;SB1-RS=0", CN="2021"))
    ground.read()
    assert ran(ground) == 1.0


def test_of_an_hour_that_is_forgotten_nothing_is_said(ground: Ground) -> None:
    """That none ran would be no more than that nobody remembers."""
    ground.receive(frame(1, "DataTime=20240301211000;SB1-RS=0", CN="2021"))
    ground.read()
    points = {row["point"] for row in ground.store.rows()}
    assert points == {point_of(OUTLET, "SB1")}


@pytest.fixture
def device() -> Device:
    region = Region.objects.create(code="999999", name="虚构县", path="/999999/", level="county")
    place = Outlet.objects.create(region=region, kind="water", code="DW001", name="排口", starts_on="2020-01-01")
    made = Device.objects.create(
        region=region, kind="logger", mn=MN, name="数采仪", edition="v2025", check_value="any", encoding="auto",
        starts_on="2020-01-01",
    )  # fmt: skip
    assert place.pk
    return made


def told(device: Device, sort: Sort, key: str, text: str = "", **more: object) -> DeviceTold:
    at = AT_S
    place = Outlet.objects.get().pk
    fields = {"factor": "w01018", "name": "", "count": 1} | more
    return DeviceTold(device=device.pk, outlet=place, sort=sort, text=text, at=at, received=at + 60, key=key,
                      segment=1, offset=77, **fields)  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.django_db
def test_they_are_kept_once_and_counted(device: Device) -> None:
    door = RegisteredMessages()
    door.keep([told(device, Sort.SAMPLE, "1/77/0", "1"), told(device, Sort.STATE, "MN/state/0", "0")])
    later = replace(told(device, Sort.STATE, "MN/state/0", "0", count=4), received=AT_S + 69)
    door.keep([told(device, Sort.SAMPLE, "1/77/0", "1")])
    door.keep([later])
    rows = {row.sort: (row.count, row.text) for row in DeviceMessage.objects.all()}
    assert rows == {"sample": (1, "1"), "state": (5, "0")}
    door.keep([replace(told(device, Sort.LOG, "1/99/0"), device=0)])
    assert DeviceMessage.objects.count() == 2


@pytest.mark.django_db
def test_checks_and_calibrations_become_service_records(device: Device) -> None:
    """A check against a standard sample at its time; a calibration at the time that the analyser says, once."""
    door = RegisteredMessages()
    door.keep([told(device, Sort.CHECK, "1/77/0", "SampleRd=49.2;StandardValue=50;ResultType=1")])
    for day in range(2):
        door.keep([told(device, Sort.PARAMETER, f"MN/i13006/{day}", "20240519030000", name="i13006")])
    door.keep([told(device, Sort.PARAMETER, "MN/i13006/x", "--", name="i13006")])
    rows = ServiceRecord.objects.order_by("starts_at")
    assert [(row.sort, timezone.localtime(row.starts_at).strftime("%d %H:%M"), row.is_passed) for row in rows] == [
        ("calibration", "19 03:00", None), ("standard", "20 21:06", None),
    ]  # fmt: skip
    assert rows[1].result == "SampleRd=49.2;StandardValue=50;ResultType=1"
    assert RegisterEvent.objects.filter(register="services").count() == 2
    assert DeviceMessage.objects.exclude(service=None).count() == 3


class Broken:
    """A desk of messages with a fault of its own: it takes what it can, and never a batch that holds the other."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.is_mended = False

    def keep(self, told: Iterable[DeviceTold]) -> None:
        texts = [each.text for each in told]
        if "666" in texts and not self.is_mended:
            raise OverflowError("date value out of range")
        self.kept += texts


def test_what_the_desk_cannot_keep_holds_up_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground, desk = Ground(tmp_path), Broken()
    monkeypatch.setattr(ground.messages, "keep", desk.keep)
    for number, text in enumerate(("1", "666", "2")):
        ground.receive(frame(number, f"DataTime=2024052021{number:02d}00;VaseNo={text}", CN="3015"))
    ground.receive(frame(9, f"{AT};a21026-Avg=4,a21026-Flag=N"))
    ground.read()
    assert desk.kept == ["1", "2"]
    assert [row["value"] for row in ground.store.rows()] == [4.0]
    assert ground.desk.sorts() == {(MN, "unreadable", ""): 1}
    assert "OverflowError: date value out of range" in ground.desk.told[0][1].en
    ground.again()
    assert ground.consumer.position == ground.consumer._evidence.end(), "the bookmark went on"
    desk.is_mended = True
    ground.read()
    assert desk.kept == ["1", "2", "666", "2"]
    assert ground.consumer.keeping.held() == {}


@pytest.mark.parametrize(
    "area",
    [
        "DataTime=00010101000000;PolId=w01018;i12001-Info=1",
        "DataTime=20240520210600;PolId=w01018;i13006-Info=00010101000000",
        "DataTime=20240520210600;PolId=w01018;i13006-Info=99991231235959",
        "DataTime=20240520210600;PolId=w01018;i11001-Info=//a\0b//",
        "DataTime=20240520210600;PolId=w0\0018;i11001-Info=//a//",
        "DataTime=20240520210600;PolId=w01018w01018w01018;i1" + "2" * 60 + "-Info=//a//",
    ],
)
@pytest.mark.django_db
def test_no_time_and_no_sign_of_a_device_stops_the_reading(
    ground: Ground, device: Device, monkeypatch: pytest.MonkeyPatch, area: str
) -> None:
    """The door to the database as it is."""
    ground.registers.register(replace(DEVICE, id=device.pk, spells=(Spell(Outlet.objects.get().pk, 0),)))
    monkeypatch.setattr(ground.messages, "keep", RegisteredMessages().keep)
    ground.receive(frame(1, area, CN="3020"), frame(2, f"{AT};a21026-Avg=4,a21026-Flag=N"))
    ground.read()
    row = DeviceMessage.objects.get()
    assert row.text.isprintable()
    assert row.told_at == (datetime.fromtimestamp(AT_S, UTC) if AT in area else row.received_at)
    assert [row["value"] for row in ground.store.rows()] == [4.0]
    assert ground.desk.sorts() == {}


def test_a_clock_of_year_1_fits_a_column(ground: Ground) -> None:
    """PostgreSQL takes no more than 31 bits of seconds, and would be asked for ever."""
    arrived, record = Arrived(), Record(Address(1, 2), 1_716_200_000_000_000_000, 5, Kind.FRAME, 0, 0, b"")
    Sampler().take(1, b"", -62_135_625_943, record, arrived)
    assert [each.gap for each in arrived.seen] == [(1 << 31) - 1]


@pytest.mark.django_db
def test_quarantine_takes_whatever_a_device_writes() -> None:
    kept = Kept("因\0子", "factor\0", 1, Address(1, 2), Address(1, 2), 0, peer="10.0.0.1\0")
    RegisteredQuarantine().tell(Why("MN\0" + "9" * 60, ApartSort.FACTOR, "a\0" + "1" * 60), kept)
    row = Quarantine.objects.get()
    assert (row.text, row.factor, len(row.mn), row.address) == ("因子\nfactor", "a11111111111", 40, "10.0.0.1")


@pytest.mark.django_db
def test_the_journal_is_asked_once_for_all_that_one_batch_tells(device: Device) -> None:
    """However many checks came at once after an outage; two messages of one work lead to one record."""
    door, few, many = RegisteredMessages(), list[str](), list[str]()

    def checks(first: int, count: int) -> list[DeviceTold]:
        return [
            replace(told(device, Sort.CHECK, f"1/{number // 2}/{number}", "SampleRd=49.2"), at=AT_S + number // 2)
            for number in range(2 * first, 2 * (first + count))
        ]

    # The first act of all makes the journal's head.
    for batch, found in ((checks(0, 1), []), (checks(1, 1), few), (checks(2, 30), many)):
        with CaptureQueriesContext(connection) as asked:
            door.keep(batch)
        found += [each["sql"] for each in asked]
    assert len(many) == len(few), "as many statements for thirty as for one"
    assert ServiceRecord.objects.count() == RegisterEvent.objects.count() == 32
    assert DeviceMessage.objects.exclude(service=None).count() == 64
    numbers = RegisterEvent.objects.values_list("journal", flat=True)
    assert len(set(numbers)) == 32


@pytest.mark.django_db
def test_what_is_told_day_by_day_is_forgotten_after_its_days(device: Device) -> None:
    door = RegisteredMessages()
    for number, (sort, name) in enumerate(((Sort.LOG, ""), (Sort.STATE, ""), (Sort.SAMPLE, ""), (Sort.CHECK, ""))):
        door.keep([told(device, sort, f"1/{number}/0", "x", name=name)])
    door.keep([told(device, Sort.PARAMETER, "1/9/0", "20240519030000", name="i13006")])
    last = datetime.fromtimestamp(AT_S + 60, UTC)
    assert forget_messages(last + timedelta(days=366)) == 0
    assert forget_messages(last + timedelta(days=366, seconds=1)) == 2
    left = set(DeviceMessage.objects.values_list("sort", flat=True))
    assert left == {"sample", "check", "parameter"}, "the last led to a record of work"
    assert forget_messages(last + timedelta(days=1827, seconds=1)) == 3
    assert ServiceRecord.objects.count() == 2


def test_a_day_is_the_offices_and_a_text_is_known_as_a_whole(ground: Ground) -> None:
    """At six in the morning the day of UTC has not turned; what differs after two hundred signs differs."""
    for number, (time, text) in enumerate(
        (("20240520060000", "1"), ("20240520090000", "1"), ("20240520100000", "9" * 200), ("20240520110000", "9" * 201))
    ):
        ground.receive(frame(number, f"DataTime={time};PolId=w01018;i12001-Info={text}", CN="3020"))
    ground.read()
    ground.now += 120
    ground.read()
    assert sorted(ground.messages.said()) == [
        ("state", "w01018", "i12001", "1", 2),
        ("state", "w01018", "i12001", "9" * 200, 1),
        ("state", "w01018", "i12001", "9" * 201, 1),
    ]
    assert all(len(key) <= 160 for key in ground.messages.told)
