"""One data segment read: editions, old codes with their units, and each habit of devices survived and told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hj212_frames import BAD, CODES, GOOD, HEAD, STEPS, body, only
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import Codes, Edition
from shuangkong.protocols.hj212.habits import HABITS
from shuangkong.protocols.hj212.message import Message, Reading, read
from trials import tries


def told(codes: Codes, area: str, head: str = HEAD) -> Message:
    return read(body(area, head), codes)


def of(message: Message, code: str, field: str) -> Reading:
    (found,) = (each for each in message.readings if (each.code, each.field) == (code, field))
    return found


def test_minute_data_of_annex_c(codes: Codes) -> None:
    wire = next(wire for wire in STEPS if "CN=2051" in wire and "w01018-Cou" in wire)
    message = read(only(wire.encode()).body, codes)
    assert (message.edition, message.st, message.cn, message.period) == (Edition.V2017, "32", "2051", "minute")
    assert (message.mn, message.pw, message.flag, message.wants_answer) == (
        "010000A8900016F000169DC0",
        "123456",
        5,
        True,
    )
    assert message.data_time == datetime.fromisoformat("2016-08-01T08:40")
    assert message.habits == ()
    assert len(message.readings) == 11
    assert of(message, "w00000", "Cou") == Reading("w00000", "w00000", "Cou", Decimal("10.5"), "N", "m3", "10.5")
    assert of(message, "w01018", "Avg") == Reading("w01018", "w01018", "Avg", Decimal("40.1"), "N", "mg/L", "40.1")
    assert of(message, "w01018", "Cou").unit == "kg"
    assert of(message, "w01001", "Max").unit == "-"
    assert of(message, "w01018", "Avg").stat == "avg"


@pytest.mark.parametrize("wire", STEPS)
def test_annex_c_has_no_habits(codes: Codes, wire: str) -> None:
    message = read(only(wire.encode()).body, codes)
    # e10101 is a process code, which annex B builds of parts instead of listing.
    assert set(message.habits) <= {habits.CODE_UNKNOWN}
    assert bool(message.habits) is ("e10101" in wire)


@pytest.mark.parametrize("wire", [*GOOD, *(vector["wire"] for vector in BAD)])
def test_no_published_frame_loses_a_pair(codes: Codes, wire: str) -> None:
    segment = only(wire.encode()).body
    message = read(segment, codes)
    assert message.mn
    assert message.mn in wire
    area = segment.decode().split("CP=&&")[1].removesuffix("&&")
    pairs = [tuple(pair.split("=")) for item in area.split(";") if item for pair in item.split(",")]
    assert list(message.cp) == pairs
    numbers = [value for name, value in pairs if name.endswith(("-Rtd", "-Avg", "-Min", "-Max"))]
    assert [str(each.value) for each in message.readings if each.field in ("Rtd", "Avg", "Min", "Max")] == numbers
    assert not {*message.habits} - set(HABITS)


def test_old_codes_are_renamed_and_keep_their_units(codes: Codes) -> None:
    old = "ST=32;CN=2011;PW=123456;MN=LD130133000015;"
    message = told(codes, "DataTime=20160824003817000;B01-Rtd=36.91;011-Rtd=231.0,011-Flag=N;020-Rtd=0.05", old)
    assert message.edition is Edition.V2005
    assert message.data_time == datetime.fromisoformat("2016-08-24T00:38:17")
    assert of(message, "w00000", "Rtd").sent_code == "B01"
    assert of(message, "w01018", "Rtd") == Reading("w01018", "011", "Rtd", Decimal("231.0"), "N", "mg/L", "231.0")
    # Mercury: milligrams then, micrograms now; the unit told is the old one.
    assert of(message, "w20111", "Rtd").unit == "mg/L"
    assert codes.factors["w20111"].unit == "µg/L"
    assert {habits.CODE_OLD, habits.TIME_LONG, habits.NO_QN, habits.NO_FLAG} <= set(message.habits)
    air = told(codes, "DataTime=20160824003817;S08-Rtd=-0.3;03-Avg=51;S02-Rtd=7.1", old.replace("ST=32", "ST=31"))
    assert of(air, "a01013", "Rtd").unit == "MPa"
    assert of(air, "a21002", "Avg").unit == "mg/m3"
    assert of(air, "a01011", "Rtd").unit == ""
    assert habits.UNIT_DEVICE in air.habits


def test_codes_of_a_maker_are_not_taken_for_old_ones(codes: Codes) -> None:
    """028 is nickel in waste water; a VOC device of an air source means something of its own by it."""
    message = told(codes, "DataTime=20200923111707;028-Rtd=0.160,028-Flag=N", HEAD.replace("ST=32", "ST=31"))
    assert of(message, "028", "Rtd").unit == ""
    assert habits.CODE_UNKNOWN in message.habits
    assert habits.CODE_OLD not in message.habits


OLD_HEAD = "ST=32;CN=2011;PW=123456;MN=88888880000001;"
MINUTE = "DataTime=20160801084000;w01018-Avg=40.1,w01018-Flag=N"


@pytest.mark.parametrize(
    ("area", "head", "habit"),
    [
        (MINUTE, OLD_HEAD, habits.NO_QN),
        (MINUTE, OLD_HEAD, habits.NO_FLAG),
        (MINUTE, HEAD.replace("20160801085857223", "1617936069734"), habits.QN_ODD),
        (MINUTE, HEAD.replace("Flag=5", "Flag=77"), habits.FLAG_ODD),
        (MINUTE, HEAD.replace("Flag=5", "Flag=x"), habits.FLAG_ODD),
        (MINUTE, HEAD.replace("010000A8900016F000169DC0", "JLYP01_AIR01_0001"), habits.MN_ODD),
        (MINUTE, HEAD.replace("123456", "BF470F88957588DE902D1A52"), habits.PW_LONG),
        (MINUTE, HEAD.replace("ST=32", "ST=101"), habits.ST_ODD),
        (MINUTE, HEAD.replace("CN=2051", "CN=9021"), habits.COMMAND_UNKNOWN),
        (MINUTE, HEAD.replace("Flag=5;", "PNO=0002;PNUM=0002;"), habits.PACKET_ORDER),
        (MINUTE, HEAD + "PNUM=2;PNO=1;", habits.PACKET_UNMARKED),
        (MINUTE, HEAD.replace(";ST=32", ",ST=32"), habits.HEAD_COMMA),
        (MINUTE, HEAD + "what;", habits.HEAD_BROKEN),
        ("DataTime=20160801084000;w01018-Flag=N,w01018-Avg=40.1", HEAD, habits.FIELD_ORDER),
        ("DataTime=20160801084000;w01018-Avg=40.1;Flag=N", HEAD, habits.FIELD_STRAY),
        (MINUTE + ";w01018-Avg=41", HEAD, habits.FIELD_TWICE),
        (MINUTE + ";", HEAD, habits.TRAILING_SEPARATOR),
        (MINUTE + ",", HEAD, habits.TRAILING_SEPARATOR),
        ("DataTime=20160801084000; w01018-Avg= 40.1", HEAD, habits.SPACES),
        (MINUTE + ";w01001-Avg=", HEAD, habits.VALUE_EMPTY),
        (MINUTE + ";w01001-Avg=NaN", HEAD, habits.VALUE_ODD),
        (MINUTE + ";w01001-Avg=1_0", HEAD, habits.VALUE_ODD),
        (MINUTE + ";w01001-Avg=7,w01001-Flag=ok", HEAD, habits.FLAG_UNKNOWN),
        (MINUTE.replace("084000", "084000123"), HEAD, habits.TIME_LONG),
        (MINUTE.replace("20160801", "20161301"), HEAD, habits.TIME_ODD),
        ("w01018-Avg=40.1", HEAD, habits.TIME_MISSING),
        (MINUTE + ";ua19004-Avg=1", HEAD, habits.CODE_UNKNOWN),
        (MINUTE + ";w01001-avg=7", HEAD, habits.FIELD_CASE),
        (MINUTE + ";w01001-Average=7", HEAD, habits.FIELD_UNKNOWN),
        (MINUTE + ";w01001", HEAD, habits.FIELD_BROKEN),
        ("DataTime=20160801084000;a21026-ZsAvg=99999.99", HEAD.replace("Flag=5", "Flag=9"), habits.SENTINEL),
    ],
)
def test_habit_is_survived_and_told(codes: Codes, area: str, head: str, habit: str) -> None:
    message = told(codes, area, head)
    assert habit in message.habits
    assert message.cp
    assert HABITS[habit].zh
    if "w01018-Avg=40.1" in area:
        assert Decimal("40.1") in [each.value for each in message.readings if each.code == "w01018"]


def test_missing_and_zero_are_two_things(codes: Codes) -> None:
    message = told(codes, "DataTime=20160801084000;w01001-Avg=;w01018-Avg= 0")
    assert of(message, "w01001", "Avg").value is None
    assert of(message, "w01018", "Avg").value == 0


def test_could_not_be_converted_is_missing_in_the_newest_edition_only(codes: Codes) -> None:
    area = "DataTime=20160801084000;a21026-ZsAvg=99999.99,a21026-Avg=99999.99"
    newest = told(codes, area, HEAD.replace("Flag=5", "Flag=9"))
    assert of(newest, "a21026", "ZsAvg").value is None
    assert of(newest, "a21026", "Avg").value == Decimal("99999.99")
    assert of(told(codes, area), "a21026", "ZsAvg").value == Decimal("99999.99")


def test_open_ends(codes: Codes) -> None:
    assert habits.CP_OPEN in read(HEAD.encode() + b"CP=" + MINUTE.encode(), codes).habits
    assert read(HEAD.encode() + b"CP=" + MINUTE.encode(), codes).cp[0] == ("DataTime", "20160801084000")
    missing = read(HEAD.replace("Flag=5;", "Flag=5").encode() + b"CP=&&" + MINUTE.encode() + b"&&", codes)
    assert missing.flag == 5
    assert read(b"", codes).habits
    assert read(b"\xff\xfe;;;==&&CP=", codes).readings == ()


def test_log_text_is_one_value_in_any_encoding(codes: Codes) -> None:
    area = "DataTime=20160801085857;PolId=w01018;i11001-Info=//清洗;管路,a=1&&##0101//"
    head = HEAD.replace("CN=2051", "CN=3020")
    sent = told(codes, area, head)
    assert of(sent, "i11001", "Info").text == "//清洗;管路,a=1&&##0101//"
    assert sent.habits == ()
    old = read(f"{head}CP=&&{area}&&".encode("gb18030"), codes)
    assert old.items == sent.items
    assert old.habits == (habits.TEXT_GBK,)
    damaged = read(f"{head}CP=&&{area}&&".encode() + b"\x81", codes)
    assert habits.TEXT_DAMAGED in damaged.habits


def test_cipher_without_key_is_kept_and_told(codes: Codes) -> None:
    head = HEAD.replace("Flag=5", "Flag=9").encode()
    message = read(head + b"CP=&&" + bytes(range(128, 160)) + b"&&", codes)
    assert message.habits == (habits.ENCIPHERED,)
    assert message.content == bytes(range(128, 160))


def test_every_habit_has_words() -> None:
    named = {value for name, value in vars(habits).items() if name.isupper() and isinstance(value, str)}
    assert named == set(HABITS)
    assert all(said.zh and said.en for said in HABITS.values())


@tries(200, 20_000)
@given(st.binary(max_size=300))
def test_reading_never_fails(data: bytes) -> None:
    message = read(data, CODES)
    assert set(message.habits) <= set(HABITS)
    read(HEAD.encode() + b"CP=&&" + data + b"&&", CODES)
