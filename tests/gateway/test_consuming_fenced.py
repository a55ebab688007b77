"""A frame that our own code cannot read keeps no other one from the store, and is read once the code is mended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from consuming_ground import Ground
from devices import MN, frame

from shuangkong.gateway.consuming import fence, filing, frames
from shuangkong.gateway.consuming.apart import Apart
from shuangkong.gateway.consuming.fence import Fence
from shuangkong.gateway.consuming.keeping import Mark
from shuangkong.protocols.hj212.columns import Bulk, BulkReader
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.readings.evidence import Address, Kind, Record

POISON = b"a21026-Avg=666"


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A reader with a fault of its own."""
    in_bulk = BulkReader.read

    def read_bulk(self: BulkReader, bodies: Sequence[bytes]) -> Bulk:
        if any(POISON in body for body in bodies):
            raise TypeError("Expected bytes, got a 'int' object")
        return in_bulk(self, bodies)

    def read_single(body: bytes, codes: object) -> Message:
        if POISON in body:
            raise TypeError("Expected bytes, got a 'int' object")
        return read(body, codes)  # type: ignore[arg-type]

    monkeypatch.setattr(BulkReader, "read", read_bulk)
    monkeypatch.setattr(filing, "read", read_single)
    return monkeypatch


def minute(value: int) -> bytes:
    return frame(value, f"DataTime=20240520210{value % 10}00;a21026-Avg={value},a21026-Flag=N")


def stored(ground: Ground) -> list[float]:
    return sorted({row["value"] for row in ground.store.rows()})


def test_the_others_reach_the_store_and_the_bookmark_goes_on(ground: Ground, broken: pytest.MonkeyPatch) -> None:
    ground.receive(*(minute(value) for value in (1, 2, 666, 3)))
    ground.read()
    ground.receive(minute(4), minute(5))
    ground.read()
    assert stored(ground) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert len(ground.store.rows()) == 5, "none twice"
    assert ground.desk.sorts() == {(MN, "unreadable", ""): 1}
    (_, kept) = ground.desk.told[0]
    assert "Expected bytes" in kept.zh
    assert "TypeError" in kept.en
    ground.again()
    assert ground.consumer.position == ground.consumer._evidence.end()


def test_it_is_read_once_the_program_is_mended(ground: Ground, broken: pytest.MonkeyPatch) -> None:
    ground.receive(minute(1), minute(666), minute(2))
    ground.read()
    ground.again()
    ground.read()
    assert stored(ground) == [1.0, 2.0], "read again in vain, and the consumer lives"
    broken.undo()
    ground.again()
    ground.read()
    assert stored(ground) == [1.0, 2.0, 666.0]
    assert ground.consumer.keeping.held() == {}


def test_packets_that_wait_for_others_are_not_lost_by_it(ground: Ground, broken: pytest.MonkeyPatch) -> None:
    parts = [
        frame(number, f"DataTime=20240520211000;{code}-Avg=7,{code}-Flag=N", Flag=7, PNUM=2, PNO=number)
        for number, code in ((1, "a21026"), (2, "a21002"))
    ]
    ground.receive(parts[0])
    ground.read()
    ground.receive(minute(666), parts[1])
    ground.read()
    assert stored(ground) == [7.0]
    assert len(ground.store.rows()) == 2


def test_a_frame_that_could_not_even_be_opened_is_read_once_the_program_is_mended(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody knows whose it is; its number stands in it all the same."""
    mark = frames._mark

    def broken_mark(body: bytes, opens: int, head: frames.SentHead, received: int) -> Mark:
        if POISON in body:
            raise IndexError("out of range")
        return mark(body, opens, head, received)

    with monkeypatch.context() as patch:
        patch.setattr(frames, "_mark", broken_mark)
        ground.receive(minute(1), minute(666), minute(2))
        ground.read()
        assert stored(ground) == [1.0, 2.0]
        assert ground.desk.sorts() == {(MN, "unreadable", ""): 1}
    ground.again()
    ground.read()
    assert stored(ground) == [1.0, 2.0, 666.0]


def test_of_a_frame_without_a_number_nothing_is_promised() -> None:
    apart, record = Apart(), Record(Address(1, 2), 0, 5, Kind.FRAME, 0, 0, b"##0012QN=1;CP=&&&&0000")
    with Fence(apart, ()).around(record, fence._number(record)):
        [].pop()
    [(why, kept)] = apart.found.items()
    assert why.mn == ""
    assert "不会自动读入" in kept.zh
    assert "is not read again" in kept.en
