"""From the evidence log to readings of points: every value once, in its own unit, of its own time, with its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from consuming_ground import DEVICE, OUTLET, ZONE, Ground, StoreAway, point_of
from devices import MN, PASSWORD, body, frame

from shuangkong.gateway.consuming import consumer as consumer_module
from shuangkong.gateway.consuming.device import Device, Spell, UnitSpell
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.protocols.hj212.sm4 import CipherForm, Key, wrap_enciphered
from shuangkong.readings.evidence import Evidence, Kind
from shuangkong.readings.evidence.record import pack


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def minute(value: str = "13.5", time: str = "20240520210600", **more: object) -> bytes:
    return frame(int(time[8:]), f"DataTime={time};a21026-Avg={value},a21026-Flag=N", **more)


def values(ground: Ground) -> list[tuple[object, ...]]:
    return [(row["point"], row["stat"], row["value"]) for row in ground.store.rows()]


def test_a_frame_becomes_readings_with_their_address(ground: Ground) -> None:
    cp = "DataTime=20240520210600;a21026-Min=1.2,a21026-Avg=13.5,a21026-Max=20,a21026-Flag=D;a21026-Cou=0.75"
    (offset,) = ground.receive(frame(1, cp))
    ground.read()
    at = datetime(2024, 5, 20, 21, 6, tzinfo=ZONE).astimezone(UTC)
    shared = {"point": point_of(OUTLET, "a21026"), "kind": "minute", "at": at, "segment": 1, "offset": offset}
    assert ground.store.rows() == [
        {**shared, "stat": stat, "value": value, "flag": "D"}
        for stat, value in (("min", 1.2), ("avg", 13.5), ("max", 20.0), ("cou", 0.75))
    ]
    assert b"a21026-Max=20," in Evidence(ground.folder / "evidence").read(1, offset).payload


@pytest.mark.parametrize("count", [1, 5])
def test_hour_day_and_instant_have_their_kind(ground: Ground, count: int) -> None:
    """Read singly, and by the shape once it is known."""
    for number in range(count):
        for cn, field in (("2061", "Avg"), ("2031", "Avg"), ("2011", "Rtd")):
            ground.receive(
                frame(number, f"DataTime=202405{number + 1:02d}000000;a21026-{field}=2,a21026-Flag=N", CN=cn)
            )
    ground.read()
    told = {(row["kind"], row["stat"]) for row in ground.store.rows()}
    assert told == {("hour", "avg"), ("day", "avg"), ("rtd", "rtd")}
    assert len(ground.store.rows()) == 3 * count


def test_what_is_no_frame_is_kept_apart_and_blanks_are_not(ground: Ground) -> None:
    for noise in (b"\r\n \r\n", minute()[:40], b"\xff\xfe##"):
        ground.log.write([pack(Kind.NOISE, noise, int(ground.now * 1e9), 5)])
    ground.read()
    assert ground.desk.sorts() == {("", "broken", ""): 2}
    assert ground.store.rows() == []


def test_a_resend_is_stored_once_and_another_value_is_a_new_version(ground: Ground) -> None:
    first, again, other, back = ground.receive(
        minute("13.5", PW="123456"), minute("13.5", QN="20240520220000000"), minute("14.0"), minute("13.5")
    )
    ground.read()
    assert [(row["value"], row["offset"]) for row in ground.store.rows()] == [(13.5, first), (14.0, other)]
    ground.again()
    ground.receive(minute("14.0", QN="20240521000000000"))
    ground.read()
    assert len(ground.store.rows()) == 2
    assert again
    assert back


def test_who_dies_before_the_bookmark_gives_the_same_again(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.receive(*(minute(str(number)) for number in range(5)))
    with monkeypatch.context() as patch:
        patch.setattr(ground.consumer.keeping, "commit", _dying)
        with pytest.raises(RuntimeError):
            ground.read()
    given = ground.store.rows()
    ground.again()
    ground.store.tables.clear()
    ground.read()
    assert ground.store.rows() == given
    assert len(given) == 5


def _dying(*_: object) -> None:
    raise RuntimeError("killed")


def test_a_store_that_is_down_is_caught_up_with(ground: Ground) -> None:
    ground.store.is_away = True
    ground.receive(minute("1"), minute("2", "20240520210700"))
    with pytest.raises(StoreAway):
        ground.read()
    ground.consumer.begin_again()
    ground.receive(minute("3", "20240520210800"))
    ground.store.is_away = False
    ground.read()
    assert [row["value"] for row in ground.store.rows()] == [1.0, 2.0, 3.0]


def test_codes_of_the_first_edition_are_renamed(ground: Ground) -> None:
    cp = "DataTime=20240520210600;011-Rtd=231.0,011-Flag=N;060-Rtd=1.803,060-Flag=N"
    ground.receive(frame(1, cp, ST="32", CN="2011", Flag=None, QN=None))
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "w01018"), "rtd", 231.0), (point_of(OUTLET, "w21003"), "rtd", 1.803)]


@pytest.mark.parametrize(
    ("factor", "unit", "sent", "stored"),
    [
        ("a21026", "µg/m3", "13500", 13.5),
        ("a00000", "m3/h", "7200", 2.0),  # the code table has m3/s
        ("w00000", "m3/h", "3.6", 1.0),  # the code table has L/s
        ("w20111", "mg/L", "0.002", 2.0),  # the code table has µg/L
        ("a01013", "Pa", "-120", -0.12),
        ("a21026", "ppm", "100", 285.714286),  # 64 / 22.4 × 100
        ("a21003", "μmol/mol", "22.4", 30.0),
        ("a21004", "ppb", "22400", 46.0),
        ("a21001", "ppm", "22.4", 17e6),  # the code table has ng/m3
    ],
)
def test_a_device_s_own_unit_is_converted(ground: Ground, factor: str, unit: str, sent: str, stored: float) -> None:
    ground.registers.register(replace(DEVICE, units={factor: unit}))
    cp = f"DataTime=20240520210600;{factor}-Avg={sent},{factor}-Flag=N;{factor}-Cou=5"
    ground.receive(*(frame(number, cp.replace("0600", f"0{number}00")) for number in range(1, 5)))
    ground.read()
    told = [row for row in ground.store.rows() if row["stat"] == "avg"]
    assert [row["value"] for row in told] == [pytest.approx(stored)] * 4
    assert ground.desk.sorts() == {}


def test_late_data_are_of_the_unit_that_was_sent_then(ground: Ground) -> None:
    """The logger sent µg until nine o'clock; whichever comes first, each is read in its own."""
    turn = int(datetime(2024, 5, 20, 21, tzinfo=ZONE).timestamp())
    spells = (UnitSpell("a21026", "µg/m3", 0, turn), UnitSpell("a21026", "mg/m3", turn))
    ground.registers.register(replace(DEVICE, units={"a21026": "mg/m3"}, unit_spells=spells))
    cp = "DataTime=20240520{}00;a21026-Avg=5000,a21026-Flag=N"
    ground.receive(*(frame(number, cp.format(at)) for number, at in enumerate(("2110", "2050", "2120", "2040"), 1)))
    ground.read()
    assert [row[2] for row in sorted(values(ground), key=lambda row: row[2])] == [5.0, 5.0, 5000.0, 5000.0]


def test_a_unit_that_cannot_be_converted_is_kept_apart_and_read_when_it_is_put_right(ground: Ground) -> None:
    ground.registers.register(replace(DEVICE, units={"a21026": "kg/h"}))
    cp = "DataTime=20240520210600;a21026-Avg=5,a21026-Flag=N;a19001-Avg=8.1,a19001-Flag=N"
    (offset,) = ground.receive(frame(1, cp))
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "a19001"), "avg", 8.1)]
    ((why, kept),) = ground.desk.told
    assert (why.mn, why.sort, why.factor) == (MN, "unit", "a21026")
    assert (kept.last, kept.count) == ((1, offset), 1)
    assert "kg/h" in kept.zh
    assert "mg/m3" in kept.en
    ground.again()
    ground.registers.register(replace(DEVICE, units={"a21026": "mg/m3"}))
    ground.read()
    assert (point_of(OUTLET, "a21026"), "avg", 5.0) in values(ground)
    assert ground.consumer.keeping.held() == {}


def test_ppm_of_what_has_no_molar_mass_is_kept_apart_and_says_so(ground: Ground) -> None:
    """a21018: fluorides are no one substance."""
    ground.registers.register(replace(DEVICE, units={"a21018": "ppm", "a21026": "ppm"}))
    ground.receive(frame(1, "DataTime=20240520210600;a21018-Avg=5,a21018-Flag=N;a21026-Avg=7,a21026-Flag=N"))
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "a21026"), "avg", 20.0)]
    ((why, kept),) = ground.desk.told
    assert (why.sort, why.factor) == ("unit", "a21018")
    assert "摩尔质量" in kept.zh
    assert "molar mass" in kept.en


def test_an_unknown_device_is_kept_apart_and_read_once_it_is_registered(ground: Ground) -> None:
    ground.registers.held.clear()
    ground.registers.version += 1
    ground.receive(minute("1"), minute("2", "20240520210700"), minute("1"), mark=Verdict.UNKNOWN)
    ground.receive(minute("9", MN="B" * 24), mark=Verdict.UNKNOWN)
    ground.read()
    assert ground.store.rows() == []
    assert ground.desk.sorts() == {(MN, "device", ""): 3, ("B" * 24, "device", ""): 1}
    ground.registers.register(DEVICE)
    ground.read()
    assert [row["value"] for row in ground.store.rows()] == [1.0, 2.0]
    ground.receive(minute("2", "20240520210700"), minute("3", "20240520210800"))
    ground.read()
    assert [row["value"] for row in ground.store.rows()] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_store_that_is_down_while_frames_are_read_again_loses_none(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    monkeypatch.setattr(consumer_module, "BATCH_BYTES", 400)
    other = "B" * 24
    ground.registers.held.clear()
    ground.registers.version += 1
    for number in range(1, 7):
        at = f"202405202106{number:02d}"
        ground.receive(minute(str(number), at), minute(str(number), at, MN=other), mark=Verdict.UNKNOWN)
    ground.read()
    ground.registers.register(DEVICE)
    ground.registers.register(replace(DEVICE, id=2, mn=other, spells=(Spell(OUTLET + 1, 0),)))
    held = ground.consumer.keeping.held()
    ground.store.left = 1
    with pytest.raises(StoreAway):
        ground.read()
    assert ground.consumer.keeping.held() == held
    if is_killed:
        ground.again()
    else:
        ground.consumer.begin_again()
    ground.store.left = None
    ground.store.tables.clear()
    ground.read()
    told = [(row["point"], row["value"]) for row in ground.store.rows()]
    assert len(told) == 12
    assert set(told) == {(point_of(o, "a21026"), float(n)) for o in (OUTLET, OUTLET + 1) for n in range(1, 7)}
    assert ground.consumer.keeping.held() == {}


def test_a_factor_that_no_table_has_is_kept_apart(ground: Ground) -> None:
    ground.receive(frame(1, "DataTime=20240520210600;x12345-Avg=5,x12345-Flag=N;a19001-Avg=8.1,a19001-Flag=N"))
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "a19001"), "avg", 8.1)]
    assert ground.desk.sorts() == {(MN, "factor", "x12345"): 1}


def test_split_packets_are_one_message_even_when_the_reader_dies_between_them(ground: Ground) -> None:
    def part(number: int, area: str) -> bytes:
        return frame(number, f"DataTime=20240520210600;{area}", Flag=7, PNUM=2, PNO=number)

    ground.receive(minute("0", "20240520210500"), part(1, "a21026-Avg=5,a21026-Flag=N"))
    ground.read()
    assert len(ground.store.rows()) == 1
    ground.again()
    ground.receive(minute("7", "20240520210700"))
    (last,) = ground.receive(part(2, "a21002-Avg=6,a21002-Flag=N"))
    ground.read()
    told = {(row["point"], row["value"]): row["offset"] for row in ground.store.rows()}
    assert len(ground.store.rows()) == 4
    assert told[point_of(OUTLET, "a21026"), 5.0] == told[point_of(OUTLET, "a21002"), 6.0] == last
    ground.again()
    ground.receive(part(1, "a21026-Avg=5,a21026-Flag=N"), part(2, "a21002-Avg=6,a21002-Flag=N"))
    ground.read()
    ground.now += 1000
    ground.read()
    assert len(ground.store.rows()) == 4


def test_a_part_whose_others_never_come_is_filed_by_itself(ground: Ground) -> None:
    cp = "DataTime=20240520210600;a21026-Avg=5,a21026-Flag=N"
    ground.receive(frame(1, cp, Flag=7, PNUM=2, PNO=1))
    ground.read()
    assert ground.store.rows() == []
    assert ground.consumer.keeping.bookmark() < ground.log.end
    ground.now += 1000
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "a21026"), "avg", 5.0)]
    ground.read()
    assert ground.consumer.keeping.bookmark() == ground.log.end


@pytest.mark.parametrize(
    ("sent", "mark", "sort"),
    [
        (minute(time="20240521010600"), Verdict.KNOWN, "clock"),
        (minute(PW="000000"), Verdict.PASSWORD, "password"),
        (minute()[:-6] + b"0000\r\n", Verdict.CHECK, "check"),
        (frame(1, "a21026-Avg=1,a21026-Flag=N"), Verdict.KNOWN, "broken"),
        (minute(value="9" * 13), Verdict.KNOWN, "broken"),
    ],
)
def test_what_cannot_be_is_kept_apart(ground: Ground, sent: bytes, mark: Verdict, sort: str) -> None:
    ground.receive(sent, mark=mark)
    ground.read()
    assert ground.store.rows() == []
    assert ground.desk.sorts() == {(MN, sort, ""): 1}


def test_late_data_belong_where_the_device_stood_then(ground: Ground) -> None:
    moved = int(datetime(2024, 5, 20, 12, tzinfo=ZONE).timestamp())
    ground.registers.register(replace(DEVICE, spells=(Spell(1, 0, moved), Spell(2, moved))))
    times = ("20240520110000", "20240520115900", "20240520120000", "20240520120100")
    ground.receive(*(minute("1", time) for time in times))
    ground.read()
    assert [row["point"] for row in ground.store.rows()] == [point_of(outlet, "a21026") for outlet in (1, 1, 2, 2)]


def test_a_device_without_an_outlet_is_kept_apart_until_it_has_one(ground: Ground) -> None:
    ground.registers.register(replace(DEVICE, spells=()))
    ground.receive(minute())
    ground.read()
    assert ground.desk.sorts() == {(MN, "device", ""): 1}
    ground.registers.register(DEVICE)
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "a21026"), "avg", 13.5)]


def test_a_missing_value_keeps_its_flag(ground: Ground) -> None:
    ground.receive(frame(1, "DataTime=20240520210600;a21026-Avg=,a21026-Flag=D"))
    ground.read()
    (row,) = ground.store.rows()
    assert (row["value"], row["flag"]) == (None, "D")


def test_states_and_hours_of_treatment_devices_are_kept(ground: Ground) -> None:
    ground.receive(frame(1, "DataTime=20240520210600;SB1-RS=1;SB2-RS=0", CN="2021"))
    ground.receive(frame(2, "DataTime=20240519000000;SB1-RT=23.5", CN="2041"))
    ground.read()
    assert [(row["point"], row["kind"], row["stat"], row["value"]) for row in ground.store.rows()] == [
        (point_of(OUTLET, "s00000"), "hour", "avg", 1.0),
        (point_of(OUTLET, "SB1"), "rtd", "rs", 1.0),
        (point_of(OUTLET, "SB2"), "rtd", "rs", 0.0),
        (point_of(OUTLET, "SB1"), "day", "rt", 23.5),
    ]
    assert ground.desk.sorts() == {}


@pytest.mark.parametrize("form", list(CipherForm))
def test_an_enciphered_frame_is_read_with_the_device_s_key(ground: Ground, form: CipherForm) -> None:
    secret = b"0123456789abcdef"
    cp = "DataTime=20240520210600;a21026-Avg=13.5,a21026-Flag=N"
    sent = wrap_enciphered(body(1, cp, Flag=9), Key(secret, datetime.now(UTC)), form)
    assert b"13.5" not in sent
    ground.receive(sent, mark=Verdict.CHECK)
    ground.read()
    assert ground.desk.sorts() == {(MN, "check", ""): 1}
    ground.registers.register(replace(DEVICE, keys=(b"another key 1234", secret)))
    ground.read()
    assert values(ground) == [(point_of(OUTLET, "a21026"), "avg", 13.5)]


def test_frames_go_when_their_time_is_over_and_they_were_read(tmp_path: Path) -> None:
    """A segment is over when the next was begun; that of the second frame was begun just now."""
    ground = Ground(tmp_path, limit=200)
    ground.receive(minute("1"), minute("2", "20240520210700"))
    ground.read()
    ground.now += 10_001 * 86_400
    ground.receive(minute("3", "20240520210800"))
    ground.read()
    assert [path.stem for path in sorted((tmp_path / "evidence").glob("*.log"))] == ["0000000002", "0000000003"]
    assert [row["value"] for row in ground.store.rows()] == [1.0, 2.0, 3.0]


def test_of_a_section_only_spans_without_any_hour_are_asked_for(ground: Ground) -> None:
    """It tells one reading in four hours: at 1, 5, 17 and 21; of 8 to 16 nothing came."""
    ground.registers.register(replace(DEVICE, spells=(Spell(OUTLET, 0, every=4),)))
    ground.receive(*(minute("1", f"20240520{hour:02d}0000", CN="2061") for hour in (1, 5, 17, 21)))
    ground.read()
    local = [datetime(2024, 5, 20, hour) for hour in range(24)]  # noqa: DTZ001 - as devices write times
    assert ground.orders.told == [(1, "2061", local[8], local[15])]


def test_gaps_are_asked_for_oldest_first_and_not_for_ever(ground: Ground) -> None:
    hours = [f"20240520{hour:02d}0000" for hour in range(24) if hour not in (3, 4, 9)]
    ground.receive(*(minute("1", time, CN="2061") for time in hours))
    ground.read()
    local = [datetime(2024, 5, 20, hour) for hour in range(24)]  # noqa: DTZ001 - as devices write times
    wanted = [(1, "2061", local[3], local[4]), (1, "2061", local[9], local[9])]
    assert ground.orders.told == wanted
    for tries in range(2, 6):
        ground.now += 3700
        ground.receive(frame(tries, "a=1", CN="2081"))
        ground.consumer._supplement._heard[MN] = ground.now
        ground.read()
        assert [each for each in ground.orders.told if each[2].day == 20] == wanted * min(tries, 3)
    ground.receive(minute("1", "20240520030000", CN="2061"))
    ground.read()
    (first, last), *_ = ground.consumer.keeping.covered()[MN, "2061"][1]
    assert last - first == 3


def test_the_load_of_an_hour_is_kept_beside_its_readings(ground: Ground) -> None:
    """What is told last in the hour counts; a word and another parameter are no load."""
    ground.registers.register(Device(1, MN, password=PASSWORD, spells=[Spell(OUTLET, 0)]))
    point = point_of(OUTLET, "i33400")
    ground.receive(
        frame(1, "DataTime=20240520211000;PolId=i33400;i33400-Info=85.5;i33101-Info=20", CN="3020"),
        frame(2, "DataTime=20240520215000;PolId=I33400;I33400-Info=60", CN="3020"),
        frame(3, "DataTime=20240520220000;PolId=i33400;i33400-Info=--", CN="3020"),
    )
    ground.read()
    at = datetime(2024, 5, 20, 21, tzinfo=ZONE).astimezone(UTC)
    told = [(row["point"], row["kind"], row["at"], row["stat"], row["value"]) for row in ground.store.rows()]
    assert told[0] == (point, "hour", at, "avg", 85.5)
    assert {row[4] for row in told} == {85.5, 60.0}
    assert {row[2] for row in told} == {at}


def test_counters_of_meters_are_kept_as_they_are_shown(ground: Ground) -> None:
    """A logger of two meters tells both; what no meter of the register has, and what is no figure, is not kept."""
    ground.registers.register(Device(1, MN, password=PASSWORD, meters={"i33201": 41, "i33205": 42}))
    cp = "DataTime=20240520210000;PolId=i33201;i33201-Info=1234.50;i33205-Info=7;i33202-Info=9"
    (offset, _) = ground.receive(
        frame(1, cp, CN="3020"), frame(2, "DataTime=20240520211500;PolId=i33201;i33201-Info=--", CN="3020")
    )
    ground.read()
    at = datetime(2024, 5, 20, 21, tzinfo=ZONE).astimezone(UTC)
    shared = {"kind": "rtd", "at": at, "stat": "total", "flag": "", "segment": 1, "offset": offset}
    assert ground.store.rows() == [
        shared | {"point": 41, "value": 1234.5}, shared | {"point": 42, "value": 7.0}
    ]  # fmt: skip


def test_what_was_kept_apart_for_its_unit_is_read_by_the_unit_of_its_own_time(ground: Ground) -> None:
    """Two days of frames, 100 each, under an entry that cannot be right; then it is told that the first was ppm."""
    turn = int(datetime(2024, 5, 21, tzinfo=ZONE).timestamp())
    ground.now += 86_400
    ground.registers.register(replace(DEVICE, unit_spells=(UnitSpell("a21026", "%", 0), UnitSpell("a24088", "ppm", 0))))
    ground.receive(
        *(frame(day, f"DataTime=202405{day}100000;{code}-Avg=100,{code}-Flag=N", CN="2061")
          for code in ("a21026", "a24088") for day in (20, 21))
    )  # fmt: skip
    ground.read()
    assert values(ground) == []
    assert ground.desk.sorts() == {(MN, "unit", "a21026"): 2, (MN, "unit", "a24088"): 2}
    spells = [UnitSpell(code, unit, *span) for code in ("a21026", "a24088")
              for unit, span in (("ppm", (0, turn)), ("mg/m3", (turn, None)))]  # fmt: skip
    ground.registers.register(replace(DEVICE, unit_spells=tuple(spells)))
    ground.read()
    # 100 ppm of SO2 are 285.714286 mg/m³; of NMHC nobody knows the molar mass, and its ppm wait on.
    assert values(ground) == [
        (point_of(OUTLET, "a21026"), "avg", pytest.approx(285.714286)), (point_of(OUTLET, "a21026"), "avg", 100.0),
        (point_of(OUTLET, "a24088"), "avg", 100.0),
    ]  # fmt: skip
    assert list(ground.consumer.keeping.held()) == [MN]
    ground.again()
    ground.read()
    assert len(set(values(ground))) == 3, "given to the store again, which keeps one row of a frame's value once"
