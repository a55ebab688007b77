"""The link and the files of buildings: round, damaged, hostile."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.building import Finder, Heartbeat, Report, Validation, Wrong, files, hours, read, wrap, write
from shuangkong.protocols.building.files import read_xml, read_zip
from shuangkong.protocols.building.messages import Message, Sender, Shown, proof
from shuangkong.protocols.building.packets import HEAD, Packet, crc16, seal, unseal

SENDER = Sender("110000A001", "01")
NOON = datetime(2026, 3, 4, 12)  # noqa: DTZ001 - local time of the centre
KEY, VECTOR = b"k" * 16, b"v" * 16


def test_crc_is_that_of_modbus() -> None:
    """The check string of the catalogue of CRC values."""
    assert crc16(b"123456789") == 0x4B37


def test_a_collector_proves_itself_without_telling_its_key() -> None:
    """MD5 of the words key and challenge as any tool gives it."""
    assert proof("key", "challenge") == "5eb3521280e1cfbddb8384b823b605f7"
    assert proof("key", "a") != proof("key", "b") != proof("other", "b")


WORDS = st.text("abc0189-中文<&>", min_size=1, max_size=8)
MOMENTS = st.integers(0, 10**8).map(lambda past: NOON - timedelta(seconds=past))
SHOWN = st.builds(Shown, WORDS, WORDS, WORDS, st.decimals(-(10**9), 10**9, allow_nan=False, places=3))


def _by_meter(rows: list[Shown]) -> tuple[Shown, ...]:
    """As they are written: meter after meter."""
    return tuple(sorted(rows, key=lambda each: each.meter))


MESSAGES = (
    st.builds(Validation, st.just(SENDER), st.sampled_from(["sequence", "md5", "result"]), WORDS)
    | st.builds(Heartbeat, st.just(SENDER), st.just("time"), MOMENTS)
    | st.builds(Report, st.just(SENDER), WORDS, MOMENTS, st.lists(SHOWN, max_size=4).map(_by_meter))
)  # fmt: skip


@given(MESSAGES)
def test_what_is_written_is_read(message: Message) -> None:
    assert read(write(message)) == message


@pytest.mark.parametrize(
    "text",
    [
        "", "no xml", "<root/>",
        "<root><common><building_id>1</building_id><gateway_id>2</gateway_id><type>x</type></common></root>",
        "<root><common><building_id>1</building_id><gateway_id>2</gateway_id><type>data</type></common><data><time>now</time></data></root>",
        '<!DOCTYPE r [<!ENTITY a "b">]><root><common><building_id>&a;</building_id></common></root>',
    ],
)  # fmt: skip
def test_what_is_no_message_says_where(text: str) -> None:
    assert isinstance(read(text.encode()), Wrong)


def test_a_figure_that_cannot_be_read_leaves_the_others() -> None:
    good = Shown("m", "1", "01A", Decimal("1.5"))
    told = write(
        Report(SENDER, "7", NOON, (good, Shown("m", "2", "01A", None), Shown("m", "3", "01A", None, is_faulty=True)))
    )
    found = read(told)
    assert isinstance(found, Report)
    assert found.shown == (good, Shown("m", "3", "01A", None, is_faulty=True))
    assert [each.at for each in found.wrong] == ["data/meter[m]/function[2]"]


@given(
    st.lists(st.builds(Packet, st.integers(0, 2**32 - 1), st.binary(max_size=60)), max_size=4),
    st.integers(1, 40),
    st.binary(max_size=20),
)
def test_packets_come_back_however_the_line_cuts_them(packets: list[Packet], cut: int, noise: bytes) -> None:
    noise = noise.replace(HEAD[:1], b"")
    line = noise + b"".join(map(wrap, packets)) + b"\0" * 8
    finder, found = Finder(), []
    for at in range(0, len(line), cut):
        found += finder.feed(line[at : at + cut])
    assert found == packets


def test_a_packet_that_promises_too_much_holds_nothing_up() -> None:
    finder = Finder(ceiling=1000)
    (found,) = finder.feed(HEAD + b"\xff\xff\xff\x7f" + wrap(Packet(1, b"body")))
    assert found == Packet(1, b"body")


@given(st.binary(max_size=100).map(lambda body: body.rstrip(b"\0")))
def test_sealed_bodies_come_back(body: bytes) -> None:
    assert unseal(seal(body, KEY, VECTOR) or b"", KEY, VECTOR) == (body or None)


def _zip(**members: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as box:
        for name, text in members.items():
            box.writestr(f"{name}.xml", text)
    return out.getvalue()


ROW = """<EnergyItemHourResult><F_HourResultID>1</F_HourResultID><F_EnergyItemCode>{item}</F_EnergyItemCode>
<F_StartHour>{starts}</F_StartHour><F_EndHour>{ends}</F_EndHour><F_HourValue>{value}</F_HourValue>
<F_HourEquValue>0.1</F_HourEquValue><F_State>{state}</F_State></EnergyItemHourResult>"""
BUILDINGS = "<root><Build><F_BuildID>B1</F_BuildID><F_BuildName>楼</F_BuildName></Build></root>"
ENERGY, BUILD = "11000020260304Energy", "11000020260304Build"


def row(**said: str) -> str:
    usual = {
        "item": "01000", "starts": "2026-03-04 12:00:00", "ends": "2026-03-04 13:00:00", "value": "3.25", "state": "1",
    }  # fmt: skip
    return ROW.format(**usual | said)


def energy(*rows: str, building: str = "B1") -> str:
    return f'<root><common/><data><Build id="{building}">{"".join(rows)}</Build></data></root>'


def test_a_file_of_a_centre() -> None:
    sent = read_zip(_zip(**{
        BUILD: BUILDINGS, ENERGY: energy(row(), row(item="02000", state="0"), row(starts="noon")), "readme": "<root/>",
    }))  # fmt: skip
    assert (sent.centre, sent.broken, sent.told.buildings) == ("110000", (), (("B1", "楼"),))
    assert [(each.building, each.item, each.starts, each.value, each.is_valid) for each in sent.told.hours] == [
        ("B1", "01000", NOON, Decimal("3.25"), True), ("B1", "02000", NOON, Decimal("3.25"), False),
    ]  # fmt: skip
    assert [each.at for each in sent.told.wrong] == [f"{ENERGY}.xml EnergyItemHourResult[2].F_StartHour", "readme.xml"]


def test_rows_that_name_their_building_and_value_otherwise_are_read_too() -> None:
    told = """<root><EnergyItemHourResult><F_BuildID>B2</F_BuildID><F_EnergyItemCode>01000</F_EnergyItemCode>
    <F_StartHour>2026-03-04 12:00:00</F_StartHour><F_Value>7</F_Value></EnergyItemHourResult></root>"""
    [hour] = read_xml(told.encode()).told.hours
    assert (hour.building, hour.value, hour.is_valid) == ("B2", 7, True)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"item": ""}, "F_EnergyItemCode"), ({"item": "0" * 30}, "F_EnergyItemCode"),
        ({"starts": "2026-03-04 12:30:00", "ends": "2026-03-04 13:30:00"}, "F_StartHour"),
        ({"starts": "2026-02-30 12:00:00"}, "F_StartHour"), ({"ends": "2026-03-05 12:00:00"}, "F_EndHour"),
        ({"ends": "later"}, "F_EndHour"), ({"value": "-1"}, "F_HourValue"), ({"value": "NaN"}, "F_HourValue"),
        ({"value": "1e12"}, "F_HourValue"), ({"value": "many"}, "F_HourValue"), ({"state": "9"}, "F_State"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_leaves_the_others(said: dict[str, str], field: str) -> None:
    told = read_xml(energy(row(), row(**said), row(item="02000")).encode()).told
    assert [each.item for each in told.hours] == ["01000", "02000"]
    assert [each.at for each in told.wrong] == [f"EnergyItemHourResult[1].{field}"]


def test_a_row_outside_a_building_is_told() -> None:
    [wrong] = read_xml(f"<root>{energy()}{row()}</root>".encode()).told.wrong
    assert wrong.at == "EnergyItemHourResult[0].Build id"


ENTITY = '<!DOCTYPE root [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><root>&b;</root>'


@pytest.mark.parametrize(
    "text",
    [
        "", "x", energy(row())[:-20], ENTITY, '<!DOCTYPE root SYSTEM "file:///etc/passwd"><root/>', "<root>&b;</root>",
        "<a>" * 1000,
    ],
)  # fmt: skip
def test_xml_that_is_broken_or_declares_anything_is_refused_whole(text: str) -> None:
    for sent in (read_xml(text.encode()), read_zip(_zip(**{BUILD: BUILDINGS, ENERGY: text}))):
        assert sent.broken
        assert (sent.told.hours, sent.told.buildings) == ((), ())
    assert read_xml(ENTITY.encode("utf-16")).broken
    assert read_xml(ENTITY.encode("utf-16-le")).broken


def test_a_declaration_is_seen_where_parts_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PART", 3)
    [wrong] = read_xml(ENTITY.encode()).broken
    assert wrong.found == "DTD"


def test_zips_that_would_open_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_OPENED", 50_000)
    bomb = _zip(**{ENERGY: energy(" " * 60_000)})
    assert len(bomb) < 1_000
    assert "50000" in read_zip(bomb).broken[0].expected
    assert read_zip(_zip(**{BUILD: " " * 30_000, ENERGY: energy(" " * 30_000)})).broken, "all members together"
    lying = bytearray(bomb)
    at = lying.rfind(b"PK\x01\x02") + 24
    lying[at : at + 4] = (10).to_bytes(4, "little")
    assert read_zip(bytes(lying)).broken
    assert read_xml(energy(" " * 60_000).encode()).broken


def test_zips_of_too_many_members_or_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = _zip(**{f"a{number}": "" for number in range(30)})
    assert "30" in read_zip(many).broken[0].found
    lying = bytearray(many)
    lying[-12:-10] = (1).to_bytes(2, "little")
    assert read_zip(bytes(lying)).broken, "the list is counted, not believed"
    monkeypatch.setattr(hours, "MOST_HOURS", 2)
    assert not read_xml(energy(row(), row()).encode()).broken
    assert read_xml(energy(row(), row(), row()).encode()).broken


def test_files_of_two_centres_are_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_zip(_zip(**{ENERGY: energy(row()), "12000020260304Energy": energy(row())})).broken


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert read_zip(data).broken
    assert read_xml(data).broken
    assert isinstance(read(data), Wrong)
