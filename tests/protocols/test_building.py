"""The link and the files of buildings: round, damaged, hostile."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.building import Finder, Heartbeat, Report, Validation, Wrong, read, wrap, write
from shuangkong.protocols.building.files import read_zip
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


def test_a_file_of_a_centre() -> None:
    hour = (
        "<EnergyItemHourResult><F_BuildID>B1</F_BuildID><F_EnergyItemCode>01000</F_EnergyItemCode>"
        "<F_StartHour>{}</F_StartHour><F_Value>{}</F_Value></EnergyItemHourResult>"
    )
    sent = read_zip(_zip(**{
        "11000020260304Build": "<root><Build><F_BuildID>B1</F_BuildID><F_BuildName>楼</F_BuildName></Build></root>",
        "11000020260304Energy": f"<root>{hour.format('2026-03-04 12:00:00', '3.25')}{hour.format('noon', '1')}</root>",
        "readme": "<root/>",
    }))  # fmt: skip
    assert (sent.centre, sent.buildings) == ("110000", (("B1", "楼"),))
    assert [(each.starts, each.value) for each in sent.hours] == [(NOON, Decimal("3.25"))]
    assert [each.at for each in sent.wrong] == ["11000020260304Energy.xml EnergyItemHourResult[1]", "readme.xml"]


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert read_zip(data).wrong
    assert isinstance(read(data), Wrong)
