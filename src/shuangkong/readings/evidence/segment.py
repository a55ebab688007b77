"""分段: reading the records of one segment in their order, over places that are damaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from shuangkong.readings.evidence.record import (
    CRC_BYTES,
    KINDS,
    RECORD,
    RECORD_BYTES,
    SEGMENT_BYTES,
    Address,
    Record,
    begun_of,
    unpack,
)


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a segment that holds no whole record.

    Attributes:
        address: where it begins.
        length: how many bytes.
    """

    address: Address
    length: int


def records(data: bytes, segment: int, offset: int, *, is_whole: bool) -> Iterator[Record | Damage]:
    """Records in ``data``, which lies at ``offset`` of a segment, a record's start.

    With ``is_whole`` the data end where the segment ends: what is left over is damage. Without, what is left over may
    be the first part of a record and is not told; the caller goes on behind the last record.
    """
    at, size = 0, len(data)
    read, make = RECORD.unpack_from, tuple.__new__
    while at < size:
        if at + RECORD_BYTES <= size:
            # The same as ``unpack``, for millions of records.
            crc, length, received, connection, kind, mark, listener = read(data, at)
            starts = at + RECORD_BYTES
            ends = starts + length
            if ends <= size and kind in KINDS and crc32(data[at + CRC_BYTES : ends]) == crc:
                place = make(Address, (segment, offset + at))
                yield make(Record, (place, received, connection, kind, mark, listener, data[starts:ends]))
                at = ends
                continue
        following = _next_whole(data, at + 1, segment)
        if following is None:
            if is_whole:
                yield Damage(Address(segment, offset + at), size - at)
            return
        yield Damage(Address(segment, offset + at), following - at)
        at = following


def _next_whole(data: bytes, at: int, segment: int) -> int | None:
    """Where the next whole record begins, at ``at`` or behind it."""
    view = memoryview(data)
    return next((place for place in range(at, len(data) - RECORD_BYTES + 1) if unpack(view, place, segment, 0)), None)


def whole_length(path: Path, number: int) -> int:
    """How many first bytes of a segment end with its last whole record; 0 where even its header is torn."""
    data = path.read_bytes()
    if begun_of(data, number) is None:
        return 0
    end = SEGMENT_BYTES
    for found in records(data[SEGMENT_BYTES:], number, SEGMENT_BYTES, is_whole=True):
        if isinstance(found, Record):
            end = found.address.offset + RECORD_BYTES + len(found.payload)
    return end
