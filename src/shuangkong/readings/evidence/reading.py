"""读原始报文: one record by its address, or all from a place on, as far as they are durable."""

from __future__ import annotations

import os
from pathlib import Path

from shuangkong.readings.evidence.files import DurableMark, segment_numbers, segment_path
from shuangkong.readings.evidence.record import (
    LONGEST_PAYLOAD,
    RECORD_BYTES,
    SEGMENT_BYTES,
    Address,
    Record,
    unpack,
)
from shuangkong.readings.evidence.segment import Damage, records

__all__ = ["Damage", "Evidence", "NoEvidence"]

#: How much is read at a time; more than the longest record.
CHUNK = 4 << 20
#: Before the first record of all.
START = Address(0, 0)


class NoEvidence(LookupError):
    """There is no whole record at an address: its segment is gone, or it is damaged, or it never was one."""


class Evidence:
    """The reading end, for any number of processes at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mark = DurableMark(folder)
        self._number, self._file = 0, -1

    def read(self, segment: int, offset: int) -> Record:
        """The record at an address.

        Raises:
            NoEvidence: see there.
        """
        path = segment_path(self.folder, segment)
        try:
            with path.open("rb") as file:
                head = os.pread(file.fileno(), RECORD_BYTES + LONGEST_PAYLOAD, offset) if offset >= 0 else b""
        except FileNotFoundError as fault:
            raise NoEvidence(f"segment {segment} is not here: it was never written, or its time is over") from fault
        found = unpack(head, 0, segment, offset) if offset >= SEGMENT_BYTES else None
        if found is None:
            raise NoEvidence(f"segment {segment} has no whole record at {offset}")
        return found

    def end(self) -> Address:
        """Where the durable part ends."""
        return self._mark.read() or START

    def batch(self, start: Address, most: int = CHUNK) -> tuple[list[Record | Damage], Address]:
        """Records from ``start`` on, in their order, about ``most`` bytes of them, and where to go on.

        At the end of what is durable the list is empty and the place is ``start`` or the begin of a later segment.
        Segments that are gone are passed over.
        """
        end = self.end()
        while start < end:
            start, stop = self._span(start, end)
            if start.offset >= stop:
                if start.segment >= end.segment:
                    break
                start = Address(self._following(start.segment, end.segment), SEGMENT_BYTES)
                continue
            data = self._bytes(start, min(most, stop - start.offset))
            is_whole = start.offset + len(data) >= stop
            found = list(records(data, *start, is_whole=is_whole))
            if not found and not is_whole:
                most = max(most, CHUNK) * 2
                continue
            return found, Address(start.segment, stop) if is_whole else _behind(found[-1])
        return [], start

    def _span(self, start: Address, end: Address) -> tuple[Address, int]:
        """Where to begin in the segment of ``start``, and where that ends (0 where the segment is gone).

        A file that was cut behind the writer's back ends before the mark says.
        """
        path = segment_path(self.folder, start.segment)
        begin, size = (
            Address(start.segment, max(start.offset, SEGMENT_BYTES)),
            path.stat().st_size if path.is_file() else 0,
        )
        return begin, min(size, end.offset) if start.segment == end.segment else size

    def _following(self, number: int, last: int) -> int:
        return next((each for each in segment_numbers(self.folder) if each > number), last)

    def _bytes(self, start: Address, length: int) -> bytes:
        if self._number != start.segment:
            self.close()
            self._file = os.open(segment_path(self.folder, start.segment), os.O_RDONLY)
            self._number = start.segment
        return os.pread(self._file, length, start.offset)

    def close(self) -> None:
        """Closes the files; a later call opens them again."""
        if self._file >= 0:
            os.close(self._file)
        self._number, self._file = 0, -1
        self._mark.close()


def _behind(last: Record | Damage) -> Address:
    segment, offset = last.address
    length = RECORD_BYTES + len(last.payload) if isinstance(last, Record) else last.length
    return Address(segment, offset + length)
