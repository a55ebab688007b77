"""一条连接: one device's line; each frame goes into the log as it came, and is answered when it is durable."""

from __future__ import annotations

import asyncio
import json
from enum import IntEnum
from time import time_ns
from typing import TYPE_CHECKING, cast

from shuangkong.gateway.listening.answers import answer_to
from shuangkong.gateway.listening.head import Head, head_of
from shuangkong.gateway.listening.profile import Profile
from shuangkong.protocols.hj212.frame import Finder, Found, Noise, wrap
from shuangkong.readings.evidence import Kind
from shuangkong.readings.evidence.record import LONGEST_PAYLOAD, pack

if TYPE_CHECKING:
    from shuangkong.gateway.listening.gate import Gate


class Verdict(IntEnum):
    """What the listener thought of a frame; the mark of its record. Only the first is acknowledged by rule.

    KNOWN: of a device in the register, whose password and check value are right. UNKNOWN: of no such device; it is
    kept for quarantine and acknowledged unless the configuration says not to. PASSWORD, CHECK: kept, not acknowledged.
    HEADLESS: it names no device.
    """

    KNOWN = 1
    UNKNOWN = 2
    PASSWORD = 3
    CHECK = 4
    HEADLESS = 5


_FRAME, _NOISE = int(Kind.FRAME), int(Kind.NOISE)
_KNOWN, _UNKNOWN = int(Verdict.KNOWN), int(Verdict.UNKNOWN)
#: Where the seventeen digits of a request number stand in nearly all data segments.
_QN_STARTS, _QN_ENDS = 3, 20


class Connection(asyncio.Protocol):
    """One connection.

    Attributes:
        number: in the evidence log; never used twice.
        listener: the number of the one that it came in by.
        heard: loop time of the last byte.
        mn: the number of the device that speaks, as it last sent it.
        head: that of the last frame of a known device.
        frames: how many frames came.
        stuck_since: loop time since when the device takes no answers; None while it does.
    """

    __slots__ = (
        "_finder", "_gate", "_has_spoken", "_is_paused", "_stray", "_transport", "_unfinished",
        "_waiting", "frames", "head", "heard", "listener", "mn", "number", "peer", "stuck_since",
    )  # fmt: skip

    def __init__(self, gate: Gate, listener: int, *, is_secured: bool = False) -> None:
        self._gate, self.listener = gate, listener
        self._finder = Finder()
        self._transport: asyncio.Transport | None = None
        self.number, self.heard, self.mn, self.frames, self.peer = 0, 0.0, b"", 0, ""
        self.head: Head | None = None
        self.stuck_since: float | None = None
        self._unfinished: float | None = None
        self._has_spoken = self._is_paused = False
        self._waiting = self._stray = 0
        if is_secured:
            gate.knocks(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if isinstance(peer, tuple) and peer else ""
        self._gate.enters(self)
        self.heard = self._gate.now()
        refused = self._gate.open(self)
        if refused:
            self._transport.abort()
            return
        self.take_limits()

    def take_limits(self) -> None:
        """The gate's limits of today; all others are asked for as they are needed."""
        if self._transport is not None:
            self._transport.set_write_buffer_limits(high=self._gate.limits.unread_bytes)

    def data_received(self, data: bytes) -> None:
        gate = self._gate
        self.heard = gate.now()
        received = time_ns()
        if not self._has_spoken:
            self._say_opened(received)
        for found in self._finder.feed(data):
            if type(found) is Found:
                self._take_frame(found, received)
            else:
                self._take_noise(cast(Noise, found).raw, received)
        self._unfinished = (self._unfinished or self.heard) if self._finder.waiting else None
        limits = gate.limits
        if self._waiting > limits.connection_waiting_bytes or gate.is_full():
            self.pause()
        if self._stray > limits.stray_bytes:
            self.end("stray bytes")

    def _take_frame(self, found: Found, received: int) -> None:
        gate, body = self._gate, found.body
        opens = body.find(b"CP=")
        known = gate.known.get(body[_QN_ENDS:opens])
        if known is not None and found.check_ok and body[_QN_STARTS:_QN_ENDS].isdigit():
            mark, head, is_known = _KNOWN, known.head, True
            answer = None if known.rest is None else wrap(body[:_QN_ENDS] + known.rest)
        else:
            mark, head, answer = self._look_closely(found)
            is_known = mark == _KNOWN
            if is_known and found.check_ok and body[:_QN_STARTS] == b"QN=" and body[_QN_ENDS : _QN_ENDS + 1] == b";":
                gate.learn(body[_QN_ENDS:opens], head)
        self.frames += 1
        gate.verdicts[mark] += 1
        self._keep(_FRAME, found.raw, received, mark, answer)
        if is_known:
            self.head = head
            if head.mn != self.mn:
                self.mn = head.mn
                gate.speaks(self, head.mn)
            gate.heard_frame(self, found, head)

    def _look_closely(self, found: Found) -> tuple[int, Head, bytes | None]:
        """Verdict, head and answer of a frame whose head was not seen before, or is not of a plain kind."""
        gate = self._gate
        head = head_of(found.body)
        profile = gate.book.get(head.mn)
        if profile is None:
            mark = _UNKNOWN if head.mn else int(Verdict.HEADLESS)
            is_taken = mark == _UNKNOWN and gate.answers_unknown and bool(found.variant)
            self._stray += len(found.raw)
        else:
            mark = self._judge(found, head, profile)
            is_taken = mark == _KNOWN
        says_ready = profile is not None and profile.says_ready
        return mark, head, answer_to(head, says_ready=says_ready) if is_taken else None

    def _judge(self, found: Found, head: Head, profile: Profile) -> int:
        if not found.fits(profile.variants) and not self._gate.opens(found, profile):
            return Verdict.CHECK
        if profile.password and head.pw != profile.password.encode():
            return Verdict.PASSWORD
        return _KNOWN

    def _take_noise(self, raw: bytes, received: int) -> None:
        self._stray += len(raw)
        for start in range(0, len(raw), LONGEST_PAYLOAD):
            self._keep(_NOISE, raw[start : start + LONGEST_PAYLOAD], received, 0, None)

    def _keep(self, kind: int, raw: bytes, received: int, mark: int, answer: bytes | None) -> None:
        record = pack(kind, raw, received, self.number, mark, self.listener)
        self._waiting += len(record)
        self._gate.committer.add(record, self, answer)

    def _say_opened(self, received: int) -> None:
        self._has_spoken = True
        told = {"peer": self.peer, "listener": self._gate.listener_names[self.listener]}
        self._keep(Kind.OPENED, json.dumps(told, ensure_ascii=False).encode(), received, 0, None)

    def durable(self, answers: bytes, length: int) -> None:
        """See ``commit.Answered``."""
        self._waiting -= length
        if answers and self._transport is not None:
            self._transport.write(answers)

    def send(self, frame: bytes) -> bool:
        """Sends a frame of our own accord, and keeps it; False where the line is gone."""
        if self._transport is None or self._transport.is_closing():
            return False
        self._keep(Kind.SENT, frame, time_ns(), 0, None)
        self._transport.write(frame)
        return True

    def pause(self) -> None:
        """Reads no more until ``resume``."""
        if not self._is_paused and self._transport is not None and not self._transport.is_closing():
            self._is_paused = True
            self._transport.pause_reading()
            self._gate.paused.add(self)

    def resume(self) -> None:
        """Reads on, unless the device does not take our answers or too much of it still waits."""
        if self.stuck_since is None and self._waiting <= self._gate.limits.connection_waiting_bytes:
            self._gate.paused.discard(self)
            self._is_paused = False
            if self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()

    def pause_writing(self) -> None:
        self.stuck_since = self._gate.now()
        self.pause()

    def resume_writing(self) -> None:
        self.stuck_since = None
        self.resume()

    def overdue(self, now: float) -> str:
        """Why this connection has to be ended now; "" where it may stay."""
        limits = self._gate.limits
        if self.stuck_since is not None and now - self.stuck_since > limits.unread_seconds:
            return "takes no answers"
        if self._unfinished is not None and now - self._unfinished > limits.frame_seconds and not self._is_paused:
            return "frame not finished"
        if now - self.heard > limits.idle_seconds:
            return "idle"
        return ""

    def end(self, why: str) -> None:
        """Ends the connection from our side; what was received is kept, what is not durable is not answered."""
        if self._transport is not None and not self._transport.is_closing():
            self._gate.count_ended(why, self)
            self._transport.abort()

    def leave(self) -> None:
        """Ends it when all answers that are due have gone out: the gateway stops."""
        if self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        received = time_ns()
        for left in self._finder.rest():
            self._take_noise(left.raw, received)
        if self._has_spoken:
            self._keep(Kind.CLOSED, b"" if exc is None else type(exc).__name__.encode(), received, 0, None)
        self._transport = None
        self._gate.close(self)
