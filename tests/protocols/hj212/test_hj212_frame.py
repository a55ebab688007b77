"""Frames in a stream: the published ones, what devices do beside the standard, and bounds that no length breaks."""

from __future__ import annotations

import pytest
from hj212_frames import BAD, GOOD, STEPS, WIRES, body, framed, only
from hypothesis import example, given
from hypothesis import strategies as st

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.check import VALUES, check_value, check_value_printed, modbus_value, variant_of
from shuangkong.protocols.hj212.frame import CEILING, Finder, Found, Noise, wrap
from trials import tries


@tries(300, 20_000)
@given(st.binary(max_size=400) | st.binary(min_size=1000, max_size=9999))
@example(b"")
@example(b"\x00")
def test_folded_value_is_the_printed_loop(data: bytes) -> None:
    assert check_value(data) == check_value_printed(data)


def test_values_that_anybody_can_compute() -> None:
    assert check_value(b"") == 0xFFFF
    assert check_value(b"\x00") == 0x4040
    assert len(VALUES) == 256
    assert {value & 0xFF for value in VALUES} == {0x00, 0x01, 0x40, 0x41, 0x80, 0x81, 0xC0, 0xC1}


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_single_changed_byte_is_found(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    other = draw.draw(st.integers(0, 255).filter(lambda byte: byte != data[at]))
    assert check_value(data[:at] + bytes([other]) + data[at + 1 :]) != check_value(data)


@pytest.mark.parametrize("wire", [*GOOD, *STEPS])
def test_published_frames_hold(wire: str) -> None:
    found = only(wire.encode())
    assert found.check_ok
    assert found.raw == wire.encode()
    assert found.habits in ((), (habits.CHECK_LOWER,))
    assert wrap(found.body) == found.raw[:-6] + found.raw[-6:].upper()


@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["right_crc"])
def test_published_wrong_frames_are_told_apart(vector: dict[str, str]) -> None:
    found = only(vector["wire"].encode())
    assert not found.check_ok
    assert f"{check_value(found.body):04X}" == vector["right_crc"]
    assert f"{modbus_value(found.body):04X}" == vector["modbus_hi_lo"]
    swaps = "Modbus" in vector["verdict"]
    assert found.variant == ("modbus_swapped" if swaps else "")
    assert (habits.CHECK_MODBUS_SWAPPED if swaps else habits.CHECK_WRONG) in found.habits
    assert (habits.OVERSIZE in found.habits) is (len(found.body) > 1024)


@pytest.mark.parametrize("step", [1, 2, 7, 100, 1460])
def test_frames_come_out_however_they_are_cut(step: int) -> None:
    stream = b"".join(WIRES)
    finder = Finder()
    found = [each for at in range(0, len(stream), step) for each in finder.feed(stream[at : at + step])]
    assert [each.body for each in found if isinstance(each, Found)] == [only(wire).body for wire in WIRES]
    assert not [each for each in found if isinstance(each, Noise)]


BODY = body("DataTime=20160801084000;w01018-Avg=40.1")
VALUE = b"%04X" % check_value(BODY)
LENGTH = b"%d" % len(BODY)
PLAIN = b"##0" + LENGTH + BODY + VALUE


@pytest.mark.parametrize(
    ("wire", "told"),
    [
        (b"##" + LENGTH + BODY + VALUE + b"\r\n", habits.LENGTH_UNPADDED),
        (b"## " + LENGTH + BODY + VALUE + b"\r\n", habits.LENGTH_UNPADDED),
        (b"##" + LENGTH + b" " + BODY + VALUE + b"\r\n", habits.LENGTH_UNPADDED),
        (b"##0077" + BODY + VALUE + b"\r\n", habits.LENGTH_WRONG),
        (b"##0999" + BODY + VALUE + b"\r\n", habits.LENGTH_WRONG),
        (PLAIN, habits.TAIL_MISSING),
        (PLAIN + b"\n", habits.TAIL_SHORT),
        (PLAIN + b"\r\n\r\n", habits.TAIL_EXTRA),
        (PLAIN[:-4] + VALUE.lower() + b"\r\n", habits.CHECK_LOWER),
        (b"##0" + LENGTH + BODY + b"%04X\r\n" % modbus_value(BODY), habits.CHECK_MODBUS),
        (b"##0" + LENGTH + BODY + b"ABCD\r\n", habits.CHECK_WRONG),
    ],
)
def test_habit_of_framing_is_survived_and_told(wire: bytes, told: str) -> None:
    assert len(LENGTH) == 3
    following = framed("DataTime=20160801084100;w01018-Avg=40.2")
    found, after = Finder().feed(wire + following)
    assert isinstance(found, Found)
    assert found.body == BODY
    assert found.raw == wire
    assert told in found.habits
    assert isinstance(after, Found)
    assert after.raw == following
    assert after.habits == ()


def test_late_end_of_line_is_no_noise() -> None:
    finder = Finder()
    wire = framed("DataTime=20160801084000;w01018-Avg=40.1")
    first = finder.feed(wire[:-2])
    assert [each.body for each in first if isinstance(each, Found)] == [BODY]
    assert finder.feed(b"\r") == []
    assert finder.feed(b"\n") == []
    assert finder.feed(wire) == [only(wire)]


def test_ccitt_is_known() -> None:
    assert variant_of(b"123456789", 0x29B1) == "ccitt"
    assert variant_of(b"123456789", 0x4B37) == "modbus"


def test_a_value_that_reads_the_same_from_either_end_fits_both_rules() -> None:
    """One Modbus value in 256 has two equal bytes: a device that sends it low byte first may not be refused for it."""
    seen = 0
    for number in range(2_000):
        segment = body(f"DataTime=20160801084000;w01018-Avg={number}")
        value = modbus_value(segment)
        swapped = (value >> 8) | ((value & 0xFF) << 8)
        found = only(b"##%04d%b%04X\r\n" % (len(segment), segment, swapped))
        seen += found.variant == "modbus"
        assert found.fits({"hj212", "modbus_swapped"})
        assert found.fits({"hj212"}) is found.check_ok
        assert found.fits({"ccitt"}) is (found.check_ok or found.variant == "ccitt")
    assert seen


def test_what_lies_between_frames_is_kept_as_noise() -> None:
    one, other = WIRES[0], WIRES[1]
    found = Finder().feed(b"\x00hello#" + one + b"AT+RST" + other[:40] + one)
    assert [type(each) for each in found] == [Noise, Found, Noise, Found]
    assert b"".join(each.raw for each in found) == b"\x00hello#" + one + b"AT+RST" + other[:40] + one


def test_wrong_length_gives_way_to_the_next_frame() -> None:
    """A length that reaches into later frames must not swallow them."""
    finder = Finder()
    wire = WIRES[1]
    broken = b"##0900" + wire[6:200]
    found = [*finder.feed(broken), *(each for _ in range(5) for each in finder.feed(wire))]
    assert [each.body for each in found if isinstance(each, Found)] == [only(wire).body] * 5


@tries(60, 4_000)
@given(st.lists(st.sampled_from(WIRES) | st.binary(max_size=40) | st.just(b"##1000QN="), max_size=12), st.data())
def test_every_byte_comes_out_once(pieces: list[bytes], draw: st.DataObject) -> None:
    stream = b"".join(pieces)
    step = draw.draw(st.integers(1, 3000))
    finder, out = Finder(), []
    for at in range(0, len(stream), step):
        out += finder.feed(stream[at : at + step])
        assert finder.waiting <= CEILING + 64
    raws = b"".join(each.raw for each in (*out, *finder.rest()))
    spaces = b"\r\n \t"
    assert raws.translate(None, spaces) == stream.translate(None, spaces)
    assert finder.waiting == 0


def test_text_that_looks_like_frames_stays_inside() -> None:
    inside = framed("DataTime=20160801084000;i11001-Info=//##0101QN=&&1C80\r\n//")
    assert only(inside).body == inside[6:-6]
