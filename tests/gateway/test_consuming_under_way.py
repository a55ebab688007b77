"""While the store takes one batch the next is read: nothing is lost, doubled, or marked as read before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pyarrow as pa
import pytest
from consuming_ground import Ground, Memory, StoreAway
from devices import MN, frame

from shuangkong.gateway.consuming import consumer as consumer_module
from shuangkong.gateway.consuming.device import Device, Spell

OTHER = "B" * 24
#: Two frames fit, a third does not.
BATCH = 400


@dataclass
class Slow(Memory):
    """A store that answers when it is let."""

    let: Event = field(default_factory=Event)

    def append(self, table: pa.Table) -> None:
        assert self.let.wait(20)
        super().append(table)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer_module, "BATCH_BYTES", BATCH)


def minute(value: int, number: int, mn: str = MN, qn: str = "20240520220000000") -> bytes:
    return frame(
        value, f"DataTime=2024052021{number:02d}00;a21026-Avg={value},a21026-Flag=N", MN=mn, QN=qn, PW="123456"
    )


def told(ground: Ground) -> list[tuple[Any, ...]]:
    return [(row["point"], row["at"], row["value"], row["offset"]) for row in ground.store.rows()]


def test_the_next_batch_is_read_while_the_store_takes_one(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.store = Slow()
    ground.again()
    # The first of all asks what lacks, which waits for what is under way.
    ground.consumer.step()
    first, _, again, *_ = ground.receive(
        minute(1, 1), minute(2, 2), minute(1, 1, qn="20240520230000000"), minute(3, 3), minute(4, 4), minute(5, 5)
    )
    ground.now += 3
    before = ground.consumer.keeping.bookmark()
    assert ground.consumer.step()
    read = ground.consumer.position
    assert ground.consumer.keeping.bookmark() == before < read
    ground.store.let.set()
    assert ground.consumer.step()
    assert ground.consumer.keeping.bookmark() == read < ground.consumer.position
    ground.read()
    assert ground.consumer.keeping.bookmark() == ground.log.end
    # What was sent again came while the first was under way: it is known all the same.
    assert [row["value"] for row in ground.store.rows()] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert ground.store.rows()[0]["offset"] == first < again


def test_a_fault_of_the_store_takes_what_was_read_meanwhile_with_it(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.receive(*(minute(number, number) for number in range(1, 9)))
    ground.now += 3
    ground.store.left = 1
    ground.consumer.step()
    ground.consumer.step()
    with pytest.raises(StoreAway):
        ground.consumer.step()
    bookmark = ground.consumer.keeping.bookmark()
    ground.store.left = None
    ground.consumer.begin_again()
    assert ground.consumer.position == bookmark < ground.log.end
    ground.read()
    assert [row["value"] for row in ground.store.rows()] == [float(number) for number in range(1, 9)]


def test_who_is_stopped_has_stored_what_it_read(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.receive(*(minute(number, number) for number in range(1, 9)))
    ground.now += 3
    stopped = Event()
    ground.consumer.step()
    stopped.set()
    ground.consumer.run(stopped)
    assert ground.consumer.keeping.bookmark() == ground.consumer.position
    assert ground.consumer.rows == len(ground.store.rows()) == 2


@pytest.mark.parametrize("seed", range(6))
def test_faults_and_deaths_at_any_moment_change_nothing(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(seed)
    sent = [
        minute(chance.randint(1, 3), chance.randint(1, 12), chance.choice((MN, OTHER)), f"2024052022{turn:02d}00000")
        for turn in range(60)
    ]
    expected = whole_read(tmp_path / "whole", sent, monkeypatch)
    ground = opened(tmp_path / "parts")
    given = iter(sent)
    for _ in range(400):
        for some in (next(given, None) for _ in range(chance.randint(0, 3))):
            if some is not None:
                ground.receive(some)
        ground.now += 3
        ground.store.is_away = chance.random() < 0.3
        try:
            ground.consumer.step()
        except StoreAway:
            ground.consumer.begin_again()
        if chance.random() < 0.2:
            ground.again()
    ground.store.is_away = False
    ground.receive(*given)
    ground.read()
    # The store keeps one of what it is given twice: the same point, time, value and address.
    assert sorted(set(told(ground))) == sorted(expected)
    assert ground.consumer.keeping.bookmark() == ground.log.end


def opened(folder: Path) -> Ground:
    ground = Ground(folder)
    ground.registers.register(Device(2, OTHER, spells=(Spell(8, 0),)))
    return ground


def whole_read(folder: Path, sent: list[bytes], monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What one batch, without any fault, gives."""
    with monkeypatch.context() as patch:
        patch.setattr(consumer_module, "BATCH_BYTES", 1 << 20)
        ground = opened(folder)
        ground.receive(*sent)
        ground.read()
    assert len(told(ground)) == len(set(told(ground))) < len(sent)
    return told(ground)
