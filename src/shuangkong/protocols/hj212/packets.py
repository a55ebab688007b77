"""Split messages put together: packets come under one PNUM with PNO 1 to PNUM, each acknowledged by itself (6.5, C.49).

An assembler waits for the packets that lack, but never for ever and never for more than it has room for: what does not
become whole in time is handed out as far as it came, with habit ``packet_lost``.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.message import Message, join

OPEN_MESSAGES, PACKETS, WAIT_SECONDS = 4_096, 64, 600.0
"""Messages that may wait at once, packets that one may have, seconds that one may wait."""


@dataclass(frozen=True, slots=True)
class Whole[T]:
    """A message with all packets that came of it; ``traces`` are those handed in with them, in the packets' order."""

    message: Message
    traces: tuple[T, ...]


@dataclass(slots=True)
class _Open[T]:
    """A message of which packets lack."""

    since: float
    parts: dict[int, tuple[Message, T]] = field(default_factory=dict)
    is_twice: bool = False


class Assembler[T]:
    """Puts packets together by device, command, time and number of packets.

    Args:
        codes: tables that the joined data area is read with.
        open_messages, packets, wait_seconds: bounds; the oldest message gives way.
    """

    def __init__(
        self,
        codes: Codes,
        *,
        open_messages: int = OPEN_MESSAGES,
        packets: int = PACKETS,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._codes = codes
        self._open: dict[Hashable, _Open[T]] = {}
        self._limits = (open_messages, packets, wait_seconds)

    def add(self, message: Message, trace: T, now: float) -> list[Whole[T]]:
        """Takes one message; returns what is whole by it or was given up for it.

        Args:
            message: whole ones come back at once.
            trace: whatever says where it was kept, such as (segment, offset).
            now: seconds on a clock that only goes forward.
        """
        pnum, pno = message.pnum, message.pno
        if pnum is None or pno is None or pnum <= 1:
            return [Whole(message, (trace,))]
        out = self.expire(now)
        if not 1 <= pno <= pnum or pnum > self._limits[1]:
            return [*out, Whole(_lost(message), (trace,))]
        key = _key(message, pnum)
        waiting = self._open.get(key)
        if waiting is None:
            if len(self._open) >= self._limits[0]:
                out.append(self._close(next(iter(self._open))))
            waiting = self._open[key] = _Open(now)
        elif pno in waiting.parts:
            # Sent again: the same is one packet; another content is a later version, and what came before is not lost.
            if waiting.parts[pno][0].content == message.content:
                return out
            out.append(self._close(key))
            waiting = self._open[key] = _Open(now, is_twice=True)
        waiting.parts[pno] = (message, trace)
        if len(waiting.parts) == pnum:
            out.append(self._close(key))
        return out

    def expire(self, now: float) -> list[Whole[T]]:
        """Gives up what has waited too long, oldest first."""
        out = []
        for key in list(self._open):
            if now - self._open[key].since < self._limits[2]:
                break
            out.append(self._close(key))
        return out

    def rest(self) -> list[Whole[T]]:
        """Gives up everything: for the end of a reader."""
        return [self._close(key) for key in list(self._open)]

    def waiting(self) -> tuple[T, ...]:
        """Traces of the packets that wait: a reader that starts again must start before the first of them."""
        return tuple(trace for waiting in self._open.values() for _, trace in waiting.parts.values())

    def _close(self, key: Hashable) -> Whole[T]:
        waiting = self._open.pop(key)
        parts = [waiting.parts[number] for number in sorted(waiting.parts)]
        joined = join([message for message, _ in parts], self._codes)
        if len(parts) < (joined.pnum or 0):
            joined = _lost(joined)
        if waiting.is_twice:
            joined = _with(joined, habits.PACKET_TWICE)
        return Whole(joined, tuple(trace for _, trace in parts))


def _key(message: Message, pnum: int) -> Hashable:
    """Packets of one message agree in this; each has a request number of its own (C.49)."""
    return message.mn, message.st, message.cn, message.value("DataTime"), pnum, message.is_resent


def _lost(message: Message) -> Message:
    return _with(message, habits.PACKET_LOST)


def _with(message: Message, habit: str) -> Message:
    return replace(message, habits=tuple(dict.fromkeys((*message.habits, habit))))
