"""Frames in a stream of bytes: ``##``, four digits of length, data segment, check value, CR LF (HJ 212-2017 6.3,
annex A).

A frame is taken by its length, never by searching its end, because log texts and enciphered data areas may hold
``##`` and CR LF. Where the length does not lead to an end, the next ``##`` is tried, one byte on; a segment whose
length is wrong but which ends as a frame ends is still found. Nothing is dropped: every byte received comes out in a
``Found`` or a ``Noise``, or waits in the bounded buffer.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.check import VALUES, VARIANTS, check_value, value_by, variant_of

LONGEST = 1024
"""Bytes of a data segment that the standard allows (6.3.1)."""

CEILING = 8192
"""Bytes of a data segment that are taken all the same; devices in the field send up to 1,623."""

_TAILS = {value: b"%04X\r\n" % value for value in VALUES}
_HEAD = re.compile(rb"##(?:(\d{4})|(\d{2,3}) {0,2}(?=[A-Z])| {1,3}(\d{1,3})(?=[A-Z]))")
_FIRST = re.compile(rb"(?:QN|ST|CN|PW|MN|Flag|PNUM|PNO|CP)=")
_END = re.compile(rb"&&([0-9A-Fa-f]{4})\r?\n")
_SPACE = re.compile(rb"[\r\n \t]*")
_HEX = re.compile(rb"[0-9A-Fa-f]{4}")
_NONE = -1
_VARIANT_HABITS = {
    "hj212": (),
    "modbus": (habits.CHECK_MODBUS,),
    "modbus_swapped": (habits.CHECK_MODBUS_SWAPPED,),
    "ccitt": (habits.CHECK_CCITT,),
    "": (habits.CHECK_WRONG,),
}


class Found(NamedTuple):
    """One frame.

    Attributes:
        raw: exactly what was received, from ``##`` to the end of line; the evidence. A CR LF that comes later than
            the check value is not waited for and not in here (habit ``tail_missing``).
        body: the data segment.
        check_ok: the check value is the standard's. An enciphered segment fails here, as its value covers the plain
            text: see ``sm4``.
        habits: names from ``habits``, in the order seen.
        check: the check value that was sent.
        variant: the rule that gives ``check``: one of ``check.VARIANTS``, or nothing. A device's profile says which
            it may use.
    """

    raw: bytes
    body: bytes
    check_ok: bool
    habits: tuple[str, ...]
    check: int
    variant: str

    def fits(self, variants: Collection[str]) -> bool:
        """Whether the value is the standard's or comes of one of the rules that the device may use.

        ``variant`` alone does not tell: a Modbus value of two equal bytes reads the same from either end.
        """
        if self.check_ok or self.variant in variants:
            return True
        return bool(self.variant) and any(
            self.check in value_by(variant, self.body) for variant in VARIANTS if variant in variants
        )


class Noise(NamedTuple):
    """Bytes in which there is no frame, in the order received."""

    raw: bytes


def wrap(body: bytes) -> bytes:
    """Returns the frame around ``body``, at most 9,999 bytes long."""
    return b"##%04d%b%b" % (len(body), body, _TAILS.get(check_value(body)) or b"FFFF\r\n")


class Finder:
    """Finds the frames of one connection; holds at most ``ceiling`` + 64 bytes between calls.

    Args:
        ceiling: longest data segment that is taken, in bytes (at most 9,999); a longer one comes out as noise.
    """

    __slots__ = ("_ceiling", "_need", "_pending", "_tail_open")

    def __init__(self, ceiling: int = CEILING) -> None:
        self._ceiling = min(ceiling, 9999)
        self._pending = b""
        self._need = 0
        self._tail_open = False

    def feed(self, data: bytes) -> list[Found | Noise]:
        """Takes what was received and returns what became whole by it."""
        pending = self._pending
        if pending:
            may_end = b"\n" in data
            data = pending + data
            if len(data) < self._need and not may_end:
                self._pending = data
                return []
            self._pending = b""
        out: list[Found | Noise] = []
        at, size = 0, len(data)
        while at < size:
            # Frames as the standard has them: one comparison of the tail says check value, case and end of line at
            # once.
            start = at + 6
            digits = data[at + 2 : start]
            if data[at : at + 2] == b"##" and digits.isdigit() and len(digits) == 4:
                end = start + int(digits)
                if end + 6 <= size and end - start <= LONGEST:
                    body = data[start:end]
                    value = check_value(body)
                    stop = end + 6
                    if data[end:stop] == _TAILS.get(value) and data[stop : stop + 1] in b"#":
                        out.append(Found(data[at:stop], body, True, (), value, "hj212"))
                        self._tail_open = False
                        at = stop
                        continue
            step = self._odd(data, at, out)
            if step == at:
                break
            at = step
        self._pending = data[at:]
        return out

    def rest(self) -> list[Found | Noise]:
        """Returns what still waits, as noise: for the end of a connection or after a silence. The finder is empty
        afterwards.
        """
        left, self._pending, self._need = self._pending, b"", 0
        return [Noise(left)] if left else []

    @property
    def waiting(self) -> int:
        """Bytes held back until more come."""
        return len(self._pending)

    def _odd(self, data: bytes, at: int, out: list[Found | Noise]) -> int:
        """Takes one step at ``at`` where no plain frame stands; returns where to go on, ``at`` itself when more must
        come.
        """
        if self._tail_open:
            # The end of line of a frame that was already handed out.
            space = _SPACE.match(data, at)
            self._tail_open = False
            if space and space.end() > at:
                self._tail_open = space.end() == len(data)
                return space.end()
        head = _HEAD.match(data, at)
        if head is None:
            if len(data) - at < 9 and _may_grow(data[at:]):
                self._need = 0
                return at
            return _skip(data, at, out)
        digits = head[1] or head[2] or head[3]
        start, size = head.end(), int(digits)
        end = start + size
        stop = _NONE
        if size <= self._ceiling and _HEX.fullmatch(data, end, end + 4):
            stop = self._take(data, at, start, end, (), out)
            if stop == at:
                self._need = end + 6 - at
                return at
        if stop == _NONE:
            stop = self._by_end(data, at, start, out)
        if stop == _NONE and size <= self._ceiling and len(data) < end + 4 and not _has_frame(data, at + 2):
            self._need = end + 4 - at
            return at
        return stop if stop != _NONE else _skip(data, at, out)

    def _by_end(self, data: bytes, at: int, start: int, out: list[Found | Noise]) -> int:
        """Takes a segment whose length is wrong, up to the first end of a frame after it, or ``_NONE``."""
        if not _FIRST.match(data, start):
            return _NONE
        end = _END.search(data, start, min(len(data), start + self._ceiling + 8))
        if end is None or b"##" in data[start : end.start()]:
            return _NONE
        return self._take(data, at, start, end.start() + 2, (habits.LENGTH_WRONG,), out)

    def _take(self, data: bytes, at: int, start: int, end: int, seen: tuple[str, ...], out: list[Found | Noise]) -> int:
        """Hands out the frame from ``at`` whose segment is ``start``–``end``; ``_NONE`` where it is none, ``at`` when
        only its end of line can tell.
        """
        body, digits = data[start:end], data[end : end + 4]
        sent = int(digits, 16)
        space = _SPACE.match(data, end + 4)
        stop = space.end() if space else end + 4
        tail = data[end + 4 : stop]
        if check_value(body) == sent:
            variant = "hj212"
        elif _FIRST.match(body) and (tail or stop == len(data) or data[stop : stop + 2] == b"##"):
            # Only what else looks like a frame is worth the other rules, which cost a step a byte.
            variant = variant_of(body, sent)
            if not variant and not tail:
                return at if stop == len(data) else _NONE
        else:
            return _NONE
        told = [*seen, *_VARIANT_HABITS[variant]]
        if digits != digits.upper():
            told.append(habits.CHECK_LOWER)
        if start - at != 6 or not data[at + 2 : start].isdigit():
            told.append(habits.LENGTH_UNPADDED)
        if end - start > LONGEST:
            told.append(habits.OVERSIZE)
        if tail != b"\r\n":
            told.append(_tail_habit(tail))
        self._tail_open = stop == len(data)
        out.append(Found(data[at:stop], body, variant == "hj212", tuple(told), sent, variant))
        return stop


def _has_frame(data: bytes, start: int) -> bool:
    """Whether a plain, whole frame follows the start of one that was cut off: then no more of the latter comes."""
    at = data.rfind(b"##", start)
    head = _HEAD.match(data, at) if at >= 0 else None
    if head is None or head[1] is None:
        return False
    end = head.end() + int(head[1])
    return data[end : end + 6] == _TAILS.get(check_value(data[head.end() : end]))


def _tail_habit(tail: bytes) -> str:
    if not tail:
        return habits.TAIL_MISSING
    return habits.TAIL_SHORT if tail in (b"\r", b"\n") else habits.TAIL_EXTRA


def _may_grow(piece: bytes) -> bool:
    """Whether ``piece``, shorter than any head, could be the start of one."""
    return bool(re.fullmatch(rb"#(?:#(?:\d{0,3}| {0,3}\d{0,3}|\d{2,3} {0,2}))?", piece))


def _skip(data: bytes, at: int, out: list[Found | Noise]) -> int:
    """Hands out as noise what stands before the next possible head after ``at``; returns where that is."""
    stop = data.find(b"##", at + 1)
    if stop < 0:
        stop = len(data) - (len(data) > at + 1 and data.endswith(b"#"))
    piece = data[at:stop]
    if out and isinstance(out[-1], Noise):
        out[-1] = Noise(out[-1].raw + piece)
    else:
        out.append(Noise(piece))
    return stop
