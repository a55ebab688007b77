"""写原始报文: groups of records are appended and made durable together; who waits for a group is told after that.

One writer a folder. A writer that was killed leaves at worst a torn last record: the next one cuts it off and begins a
new segment, so no place is ever used twice.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import time_ns

from shuangkong.readings.evidence.files import LOCK, DurableMark, segment_numbers, segment_path, sync_folder
from shuangkong.readings.evidence.record import SEGMENT_BYTES, Address, segment_header
from shuangkong.readings.evidence.segment import whole_length

#: When a segment is this long, the next group begins a new one.
SEGMENT_LIMIT = 256 << 20
#: What a disk says that has no room for us, now.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NoRoom(OSError):
    """The log cannot grow now; nothing of the group is kept, and it may be written again when there is room."""


class AlreadyWritten(RuntimeError):
    """Another process writes this log."""


class Log:
    """The writing end. Its methods are called by one thread at a time.

    Attributes:
        folder: where the segments lie.
        end: where the durable part ends.
        cut: how many torn bytes were cut off when it was opened.
    """

    def __init__(self, folder: Path, limit: int = SEGMENT_LIMIT, clock: Callable[[], int] = time_ns) -> None:
        """Opens the log, recovers what a killed writer left.

        Args:
            folder: made where it is missing.
            limit: length of a segment in bytes at which the next is begun.
            clock: nanoseconds UTC.

        Raises:
            AlreadyWritten: another process has it open.
        """
        self.folder, self._limit, self._clock = folder, limit, clock
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        self._lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            os.close(self._lock)
            raise AlreadyWritten(f"{folder}: another process writes this log") from fault
        self._mark = DurableMark(folder)
        self._file = -1
        self._number, self.cut = self._recover()
        self.end = self._end_of(self._number)
        self._mark.publish(self.end)

    def _recover(self) -> tuple[int, int]:
        """Cuts the torn end of the newest segment; returns its number (0: none) and how many bytes went."""
        numbers = segment_numbers(self.folder)
        if not numbers:
            return 0, 0
        path = segment_path(self.folder, numbers[-1])
        length, size = whole_length(path, numbers[-1]), path.stat().st_size
        if length == 0:
            # No record was ever acknowledged from it: its header is made durable before the first of them.
            path.unlink()
            sync_folder(self.folder)
            number, _ = self._recover()
            return max(number, numbers[-1]), size
        if length < size:
            os.truncate(path, length)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        return numbers[-1], size - length

    def _end_of(self, number: int) -> Address:
        path = segment_path(self.folder, number)
        return Address(number, path.stat().st_size if path.is_file() else 0)

    def write(self, group: Sequence[bytes]) -> Address:
        """Appends packed records and returns when they are durable; the end of the log then.

        Raises:
            NoRoom: the disk or a quota is full. Nothing of the group is kept; write it again later.
            OSError: the disk failed. Nothing of the group is acknowledged; the next group begins a new segment.
        """
        data = b"".join(group)
        try:
            if self._file < 0 or self.end.offset + len(data) > max(self._limit, SEGMENT_BYTES + len(data)):
                self._begin()
            self._write_all(data)
            os.fdatasync(self._file)
        except OSError as fault:
            self._undo(fault)
            raise
        self.end = Address(self._number, self.end.offset + len(data))
        self._mark.publish(self.end)
        return self.end

    def _write_all(self, data: bytes) -> None:
        written = os.write(self._file, data)
        while written < len(data):
            more = os.write(self._file, memoryview(data)[written:])
            written += more

    def _undo(self, fault: OSError) -> None:
        """Takes back a group that was not written whole; after anything but lack of room the file is not used again.

        A file whose sync failed once may say that the next one did not, though it lost its bytes.
        """
        if self._file >= 0 and self.end.segment == self._number:
            try:
                os.ftruncate(self._file, self.end.offset)
            except OSError:
                # What is torn stays at its end: nothing may be written behind it.
                self._close_file()
        if fault.errno in _NO_ROOM:
            raise NoRoom(fault.errno, fault.strerror or "", str(self.folder)) from fault
        self._close_file()

    def _begin(self) -> None:
        """Begins the next segment; its header is durable before any record of it."""
        self._close_file()
        number = self._number + 1
        path = segment_path(self.folder, number)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        try:
            header = segment_header(number, self._clock())
            if os.write(handle, header) < len(header):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(handle)
            sync_folder(self.folder)
        except OSError:
            os.close(handle)
            path.unlink(missing_ok=True)
            raise
        self._file, self._number = handle, number
        self.end = Address(number, SEGMENT_BYTES)

    def _close_file(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def close(self) -> None:
        """Lets another writer have the folder."""
        self._close_file()
        self._mark.close()
        os.close(self._lock)
