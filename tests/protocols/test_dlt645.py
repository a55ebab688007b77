"""DL/T 645 against the published exchange, against damage, and round."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.dlt645 import Answer, Edition, Finder, Refusal, ask, read, wrap
from shuangkong.protocols.dlt645.registers import REGISTERS

ASKED = bytes.fromhex("FEFEFEFE 68 610100000000 68 11 04 33333433 14 16")
TOLD = bytes.fromhex("68 610100000000 68 91 08 33333433 59333333 8A 16")


def test_published_request_is_written_byte_by_byte() -> None:
    assert ask("000000000161", "forward_active_energy") == ASKED


def test_published_reply_reads_26_hundredths_of_a_kilowatt_hour() -> None:
    (frame,) = Finder().feed(TOLD)
    answer = read(frame)
    assert isinstance(answer, Answer)
    assert (answer.address, answer.value, answer.register.unit) == ("000000000161", Decimal("0.26"), "kWh")
    assert answer.register.is_cumulative


def test_old_edition_reads_by_two_bytes() -> None:
    frame = Finder().feed(wrap("000000000007", 0x81, bytes.fromhex("1090") + bytes.fromhex("78563412")))[0]
    answer = read(frame, Edition.TWO_BYTES)
    assert isinstance(answer, Answer)
    assert answer.value == Decimal("123456.78")


def test_power_that_flows_back_is_negative() -> None:
    frame = Finder().feed(wrap("000000000007", 0x91, bytes.fromhex("00000302") + bytes.fromhex("563492")))[0]
    answer = read(frame)
    assert isinstance(answer, Answer)
    assert answer.value == Decimal("-12.3456")


@pytest.mark.parametrize(
    ("data", "control", "reason"),
    [
        (b"\x02", 0xD1, "无请求数据"),
        (bytes.fromhex("00000100") + b"\xff\xff\xff\xff", 0x91, "应为 4 字节 BCD"),
        (bytes.fromhex("00000100") + b"\x01", 0x91, "应为 4 字节 BCD"),
        (bytes.fromhex("77000100"), 0x91, "未收录"),
        (b"", 0x93, "不是读数据的应答"),
    ],
)
def test_what_gives_no_value_says_why(data: bytes, control: int, reason: str) -> None:
    told = read(Finder().feed(wrap("000000000007", control, data))[0])
    assert isinstance(told, Refusal)
    assert reason in told.reasons[0]


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[0-9]{12}", fullmatch=True), st.sampled_from([0x11, 0x91, 0xD1]), st.binary(max_size=40)
        ),
        max_size=5,
    ),
    st.integers(1, 30),
)
def test_frames_come_back_however_the_line_cuts_them(sent: list[tuple[str, int, bytes]], cut: int) -> None:
    line = b"".join(wrap(*each) for each in sent)
    finder, found = Finder(), []
    for at in range(0, len(line), cut):
        found += finder.feed(line[at : at + cut])
    assert [(each.address, each.control, each.data) for each in found] == sent
    assert finder.noise == 0


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_noise_never_hides_the_frames_after_it_for_long(noise: bytes, data: bytes) -> None:
    """A start byte in the noise may swallow what follows up to its length; the third frame is always found."""
    finder = Finder()
    frame = wrap("000000000001", 0x91, data)
    found = finder.feed(noise + frame * 30)
    assert found
    assert found[-1].data == data


@given(st.sampled_from(sorted(REGISTERS[Edition.FOUR_BYTES])), st.integers(0, 79), st.binary(max_size=6))
def test_any_bytes_read_as_a_value_or_a_reason(name: str, first: int, rest: bytes) -> None:
    identifier = bytes.fromhex(REGISTERS[Edition.FOUR_BYTES][name].identifier)[::-1]
    told = read(Finder().feed(wrap("000000000001", 0x91, identifier + bytes([first]) + rest))[0])
    assert isinstance(told, Answer | Refusal)
