"""Mutated frames through everything that reads bytes from outside: no crash, no hang, bounded buffers, no byte lost."""

from __future__ import annotations

import faulthandler
import random
from datetime import datetime

import numpy as np
import pytest
from hj212_frames import CODES, WIRES

from mutation import Mutations, Reached, say, trials
from shuangkong.protocols.hj212.codes import Link
from shuangkong.protocols.hj212.columns import BulkReader
from shuangkong.protocols.hj212.encode import answer
from shuangkong.protocols.hj212.exchanges import Exchange, answer_word, event_of
from shuangkong.protocols.hj212.frame import CEILING, Finder, Found, wrap
from shuangkong.protocols.hj212.habits import HABITS
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.packets import Assembler
from shuangkong.protocols.hj212.sm4 import CipherForm, Key, open_found, wrap_enciphered

STREAMS = trials(4_000)
TOKENS = (
    *(b"##", b"CP=&&", b"&&", b";", b",", b"//", b"-Rtd=", b"-Flag=N", b"-ZsAvg=", b"DataTime=", b"Flag=9"),
    *(b"Flag=7;PNUM=2;PNO=1", b"PNO=2;PNUM=2", b"RF=1", b"QN=", b"##0101", b"99999.99", b"20160801084000"),
    *(b"00000000000000", b"//;,=//"),
)
SPACES = b"\r\n \t"
KEY = Key(b"0123456789abcdef", datetime.fromisoformat("2024-05-20"))
ORDER = Exchange("hour_data", "20160801085857223", Link(10, 3))


class Reader:
    """What stands between a socket and the store, without either."""

    def __init__(self) -> None:
        self.assembler: Assembler[int] = Assembler(CODES, open_messages=50, wait_seconds=100)
        self.bulk = BulkReader(CODES)
        self.bodies: list[bytes] = []
        self.count = 0

    def take(self, stream: bytes, step: int) -> None:
        finder, out = Finder(), []
        for at in range(0, len(stream), step):
            out += finder.feed(stream[at : at + step])
            assert finder.waiting <= CEILING + 64
        out += finder.rest()
        assert b"".join(each.raw for each in out).translate(None, SPACES) == stream.translate(None, SPACES)
        for found in out:
            if isinstance(found, Found):
                self.read(found)

    def read(self, found: Found) -> None:
        self.count += 1
        for form in CipherForm:
            open_found(found, [KEY], form)
        message = read(found.body, CODES)
        assert set(message.habits) <= set(HABITS)
        event_of(message, ORDER, CODES)
        if word := answer_word(message, CODES):
            answer(message, CODES.cn(word))
        for whole in self.assembler.add(message, self.count, self.count / 10):
            assert set(whole.message.habits) <= set(HABITS)
        assert len(self.assembler.waiting()) <= 50 * 64
        self.bodies.append(found.body)
        if len(self.bodies) == 50:
            self.in_bulk()

    def in_bulk(self) -> None:
        bulk = self.bulk.read([*self.bodies, *self.bodies])
        seen = [frame for block in bulk.blocks for frame in block.frames.tolist()] + [frame for frame, _ in bulk.rest]
        assert sorted(seen) == list(range(2 * len(self.bodies)))
        singly = [read(body, CODES) for body in self.bodies]
        for block in bulk.blocks:
            expected = [_figures(singly[frame % len(singly)]) for frame in block.frames.tolist()]
            assert np.array_equal(block.values, np.array(expected), equal_nan=True)
        self.bodies.clear()


def _figures(message: Message) -> list[float]:
    return [float("nan") if each.value is None else float(each.value) for each in message.readings]


@pytest.mark.tried
def test_mutated_frames() -> None:
    chance = random.Random() if STREAMS > 100_000 else random.Random(212)
    enciphered = [wrap_enciphered(wire[6:-6], KEY, form) for wire in WIRES[1:3] for form in CipherForm]
    mutations = Mutations([*WIRES, *enciphered], chance, TOKENS, lambda data: wrap(data[6:-6][:9999]))
    reader = Reader()
    with Reached("protocols/hj212") as reached:
        for number, stream in enumerate(mutations.streams(STREAMS, reached)):
            if number % 1_000 == 0:
                # A hang is told with where it hangs; nothing here takes a second.
                faulthandler.dump_traceback_later(120, exit=True)
            reader.take(stream, chance.choice((1 << 20, 1 << 20, 1460, 53)))
            if number % 100_000 == 99_999:
                say(f"hj212: {number + 1:,} streams, {reader.count:,} frames, {reached.found} places")
        faulthandler.cancel_dump_traceback_later()
    say(f"hj212: {STREAMS:,} mutated streams, {reader.count:,} frames found, {len(mutations.corpus)} kept")
    assert len(mutations.corpus) > len(WIRES) + len(enciphered), "nothing new was ever reached"
    assert reader.count > STREAMS // 4, "hardly a frame got past the finder"
