"""Split messages put together, in whatever order, and never waited for without end."""

from __future__ import annotations

from itertools import permutations

import pytest
from hj212_frames import CODES, EXCHANGES, HEAD, body, only
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.packets import Assembler, Whole
from trials import tries

SPLIT = HEAD.replace("Flag=5;", "Flag=7;")


def packet(number: int, of: int, area: str = "", head: str = SPLIT, qn: int = 0) -> Message:
    area = area or f"w0{number:04d}-Avg={number}"
    numbered = head.replace("57223", f"{qn or number:05d}") + f"PNUM={of};PNO={number};"
    return read(body(f"DataTime=20160801080000;{area}", numbered), CODES)


def whole(assembler: Assembler[int], messages: list[Message], now: float = 0.0) -> list[Whole[int]]:
    return [each for at, message in enumerate(messages) for each in assembler.add(message, at, now)]


@pytest.mark.parametrize("title", ["C.49", "C.50"])
def test_split_hour_of_annex_c(title: str) -> None:
    """Put together it is the unsplit hour of C.47."""
    steps = next(each["exchange"] for each in EXCHANGES if each["table"] == title)
    parts = [read(only(step["wire"].encode()).body, CODES) for step in steps if "PNO=" in step["wire"]]
    assembler: Assembler[int] = Assembler(CODES)
    assert assembler.add(parts[0], 1, 0.0) == []
    (joined,) = assembler.add(parts[1], 2, 1.0)
    assert joined.traces == (1, 2)
    unsplit = next(each["exchange"] for each in EXCHANGES if each["table"].startswith("C.21"))
    hour = next(step["wire"] for step in unsplit if "w01018-Cou" in step["wire"])
    plain = read(only(hour.encode()).body, CODES)
    assert joined.message.items == plain.items
    assert joined.message.readings == plain.readings
    assert joined.message.data_time == plain.data_time
    assert assembler.waiting() == ()


def test_whole_messages_pass_at_once() -> None:
    message = read(body("DataTime=20160801080000;w01018-Avg=1"), CODES)
    assert Assembler(CODES).add(message, "trace", 0.0) == [Whole(message, ("trace",))]


def test_order_does_not_matter() -> None:
    parts = [packet(number, 3) for number in (1, 2, 3)]
    for order in permutations(range(3)):
        (joined,) = whole(Assembler(CODES), [parts[at] for at in order])
        assert [each.code for each in joined.message.readings] == ["w00001", "w00002", "w00003"]
        assert habits.PACKET_LOST not in joined.message.habits


def test_what_does_not_come_is_not_waited_for() -> None:
    """A device in the field sends PNUM 2, PNO 2 and never the first."""
    assembler: Assembler[str] = Assembler(CODES, wait_seconds=10)
    assert assembler.add(packet(2, 2), "kept", 0.0) == []
    assert assembler.expire(9.9) == []
    assert assembler.waiting() == ("kept",)
    (given_up,) = assembler.expire(10.0)
    assert habits.PACKET_LOST in given_up.message.habits
    assert [each.code for each in given_up.message.readings] == ["w00002"]
    assert assembler.rest() == []


def test_sent_again_is_one_packet_and_another_content_a_later_message() -> None:
    assembler: Assembler[int] = Assembler(CODES)
    assert whole(assembler, [packet(1, 2), packet(1, 2, qn=9)]) == []
    (before,) = assembler.add(packet(1, 2, "w00001-Avg=7"), 5, 0.0)
    assert habits.PACKET_LOST in before.message.habits
    (after,) = assembler.add(packet(2, 2), 6, 0.0)
    assert habits.PACKET_TWICE in after.message.habits
    assert [str(each.value) for each in after.message.readings] == ["7", "2"]


def test_numbers_that_cannot_be_are_passed_on_as_lost() -> None:
    for number, of in ((3, 2), (0, 2), (1, 9999)):
        (passed,) = whole(Assembler(CODES), [packet(number, of)])
        assert habits.PACKET_LOST in passed.message.habits
        assert passed.message.readings


@tries(100, 10_000)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(2, 4), st.integers(0, 5), st.booleans()), max_size=40))
def test_nothing_is_lost_and_room_is_bounded(sent: list[tuple[int, int, int, bool]]) -> None:
    assembler: Assembler[int] = Assembler(CODES, open_messages=3, wait_seconds=5)
    out: list[Whole[int]] = []
    taken = set()
    for trace, (number, of, device, is_changed) in enumerate(sent):
        head = SPLIT.replace("69DC0", f"{device:05d}")
        message = packet(number, of, f"w00001-Avg={trace if is_changed else 1}", head)
        before = assembler.waiting()
        out += assembler.add(message, trace, float(trace))
        came = {each for one in out for each in one.traces} | set(assembler.waiting())
        # A packet that is sent again with the same content is the one that is kept already.
        assert trace in came or set(assembler.waiting()) <= set(before)
        taken.add(trace)
        assert len(assembler.waiting()) <= 3 * 4
    out += assembler.rest()
    traces = [trace for one in out for trace in one.traces]
    assert len(traces) == len(set(traces))
    assert set(traces) <= taken
