"""记录格式: the bytes of a segment's header and of one record; numbers are little-endian.

Segment header, 32 bytes: magic ``SKEVLOG1`` (8), number (u32), size of a record's header (u32), when it was begun (u64,
nanoseconds UTC since the epoch), nothing yet (u32), CRC-32 of the 28 bytes before (u32).

Record, 28 bytes and the payload: CRC-32 of all that follows in the record (u32), length of the payload (u32), when it
was received (u64, nanoseconds UTC since the epoch), connection (u64), kind (u8), mark (u8), listener (u16), payload.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import NamedTuple
from zlib import crc32

MAGIC = b"SKEVLOG1"
_SEGMENT = Struct("<8sIIQI")
_CRC = Struct("<I")
#: Of a record's header: what its CRC covers, and the whole.
_COVERED = Struct("<IQQBBH")
RECORD = Struct("<IIQQBBH")
SEGMENT_BYTES = _SEGMENT.size + _CRC.size
RECORD_BYTES, CRC_BYTES = RECORD.size, _CRC.size
#: Longer than any payload; a length above it is damage and no length.
LONGEST_PAYLOAD = 1 << 20


class Kind(IntEnum):
    """What a record holds.

    FRAME and NOISE: bytes as they came, those that make a frame and those that do not. OPENED: a connection, payload
    JSON with its peer and listener. CLOSED: its end, payload the reason. SENT: bytes that we sent of our own accord.
    """

    FRAME = 1
    NOISE = 2
    OPENED = 3
    CLOSED = 4
    SENT = 5


KINDS = frozenset(map(int, Kind))


class Address(NamedTuple):
    """Where a record begins: the number of its segment and the offset in that file, bytes."""

    segment: int
    offset: int


class Record(NamedTuple):
    """One record.

    Attributes:
        address: where it lies.
        received: when its last byte came, nanoseconds UTC since the epoch.
        connection: which connection it came by; numbers never come again.
        kind: a number of ``Kind``.
        mark: what the writer thought of it; its own numbers.
        listener: which listener of the configuration took the connection, from 0.
        payload: the bytes.
    """

    address: Address
    received: int
    connection: int
    kind: int
    mark: int
    listener: int
    payload: bytes


def segment_header(number: int, begun: int) -> bytes:
    """The first bytes of segment ``number``, begun at ``begun`` (nanoseconds UTC)."""
    header = _SEGMENT.pack(MAGIC, number, RECORD_BYTES, begun, 0)
    return header + _CRC.pack(crc32(header))


def begun_of(header: bytes, number: int) -> int | None:
    """When a segment was begun, from its first bytes; None where these are not the header of segment ``number``."""
    if len(header) < SEGMENT_BYTES or _CRC.unpack_from(header, _SEGMENT.size)[0] != crc32(header[: _SEGMENT.size]):
        return None
    magic, told, size, begun, _ = _SEGMENT.unpack_from(header)
    return int(begun) if (magic, told, size) == (MAGIC, number, RECORD_BYTES) else None


def pack(kind: int, payload: bytes, received: int, connection: int, mark: int = 0, listener: int = 0) -> bytes:
    """One record as bytes. Payloads longer than LONGEST_PAYLOAD are refused (ValueError)."""
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"a payload of {len(payload)} bytes; at most {LONGEST_PAYLOAD} make a record")
    covered = _COVERED.pack(len(payload), received, connection, kind, mark, listener) + payload
    return _CRC.pack(crc32(covered)) + covered


def unpack(data: bytes | memoryview, at: int, segment: int, offset: int) -> Record | None:
    """The record at ``at`` in ``data``, which lies at ``offset`` of its segment; None where there is no whole one."""
    if at + RECORD_BYTES > len(data):
        return None
    crc, length, received, connection, kind, mark, listener = RECORD.unpack_from(data, at)
    starts, ends = at + RECORD_BYTES, at + RECORD_BYTES + length
    if kind not in KINDS or length > LONGEST_PAYLOAD or ends > len(data):
        return None
    payload = bytes(data[starts:ends])
    if crc32(payload, crc32(data[at + _CRC.size : starts])) != crc:
        return None
    return Record(Address(segment, offset), received, connection, kind, mark, listener, payload)
