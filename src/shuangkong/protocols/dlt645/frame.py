"""Frames of DL/T 645: leading FE, 68, six bytes of address, 68, control, length, data + 33H, sum, 16 (2007, 5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

#: Bytes FE that wake a meter up before a frame (0 to 4).
WAKE = b"\xfe" * 4
#: Every meter hears it, none answers (5.2.2).
BROADCAST = "999999999999"
_START, _END, _SHIFT = 0x68, 0x16, 0x33
#: Start, address, start, control, length: what stands before the data.
_HEAD, _TAIL = 10, 2
#: Longest data of one frame: 200 when read, and nothing in the field sends more than one byte can count.
CEILING = 255
_ADDRESS = re.compile(r"[0-9A]{12}")


class Control(IntEnum):
    """Function codes of the 2007 edition; an answer adds 80H, a refusal 40H beside it."""

    TIME = 0x08
    READ = 0x11
    READ_MORE = 0x12
    READ_ADDRESS = 0x13
    WRITE = 0x14
    #: 读数据 of the 1997 edition.
    READ_TWO_BYTES = 0x01


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame.

    Attributes:
        address: twelve digits of the meter's number, highest first; ``A`` stands for any digit.
        control: control byte as sent.
        data: data without the 33H that travels on each byte.
        raw: bytes as received, without the waking FE.
    """

    address: str
    control: int
    data: bytes
    raw: bytes = b""

    @property
    def is_answer(self) -> bool:
        """Whether the meter speaks (bit 7)."""
        return bool(self.control & 0x80)

    @property
    def is_refusal(self) -> bool:
        """Whether the meter refuses (bit 6 of an answer)."""
        return self.is_answer and bool(self.control & 0x40)

    @property
    def goes_on(self) -> bool:
        """Whether more frames of the answer follow (bit 5)."""
        return bool(self.control & 0x20)

    @property
    def function(self) -> int:
        """The function asked for or answered, without the bits of direction."""
        return self.control & 0x1F


def wrap(address: str, control: int, data: bytes = b"") -> bytes:
    """Returns the bytes of a frame, four waking FE before it.

    Raises:
        ValueError: the address is not twelve digits (``A`` for any), or the data are longer than 255 bytes.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"expected twelve digits of a meter's address, found {address!r}")
    if len(data) > CEILING:
        raise ValueError(f"expected at most {CEILING} bytes of data, found {len(data)}")
    shifted = bytes((each + _SHIFT) & 0xFF for each in data)
    body = bytes([_START, *bytes.fromhex(address)[::-1], _START, control, len(data)]) + shifted
    return WAKE + body + bytes([sum(body) & 0xFF, _END])


class Finder:
    """Finds the frames on a line; what is none is counted, never kept: at most one frame's bytes wait.

    Attributes:
        noise: bytes so far that belonged to no frame (waking FE do not count).
    """

    __slots__ = ("_pending", "noise")

    def __init__(self) -> None:
        self._pending = b""
        self.noise = 0

    @property
    def waiting(self) -> int:
        """Bytes that wait for the rest of what may be theirs."""
        return len(self._pending)

    def feed(self, data: bytes) -> list[Frame]:
        """Takes what was received and returns the frames that became whole."""
        pending, out, at = self._pending + data, [], 0
        while True:
            start = pending.find(_START, at)
            skipped = pending[at : start if start >= 0 else len(pending)]
            self.noise += len(skipped) - skipped.count(0xFE)
            if start < 0:
                at = len(pending)
                break
            at = start
            found = _whole(pending, start)
            if found is None:
                break
            if found == 0:
                self.noise += 1
                at = start + 1
                continue
            out.append(_read(pending[start:found]))
            at = found
        self._pending = pending[at:]
        return out


def _whole(data: bytes, start: int) -> int | None:
    """Where the frame at ``start`` ends; 0 where there is none; None where more must come before one can say."""
    size = len(data) - start
    if size > 7 and data[start + 7] != _START:
        return 0
    if size < _HEAD:
        return None
    end = start + _HEAD + data[start + 9] + _TAIL
    if end > len(data):
        return None
    whole = data[start:end]
    return end if whole[-1] == _END and sum(whole[:-2]) & 0xFF == whole[-2] else 0


def _read(raw: bytes) -> Frame:
    address = raw[1:7][::-1].hex().upper()
    data = bytes((each - _SHIFT) & 0xFF for each in raw[_HEAD:-_TAIL])
    return Frame(address, raw[8], data, raw)
