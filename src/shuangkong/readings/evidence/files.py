"""文件: what lies in the folder of a log, and the mark of how far it is durable."""

from __future__ import annotations

import os
from pathlib import Path
from struct import Struct
from zlib import crc32

from shuangkong.readings.evidence.record import Address

SUFFIX = ".log"
LOCK = "lock"
_DURABLE = "durable"
_MARK = Struct("<IQ")
_CRC = Struct("<I")
_DIGITS = 10


def segment_path(folder: Path, number: int) -> Path:
    """Where segment ``number`` lies."""
    return folder / f"{number:0{_DIGITS}d}{SUFFIX}"


def segment_numbers(folder: Path) -> list[int]:
    """Numbers of the segments in a folder, ascending."""
    return sorted(int(path.stem) for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal())


def sync_folder(folder: Path) -> None:
    """Makes durable which files there are."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class DurableMark:
    """The end of what is durable, told by the writer to readers in other processes after every commit.

    It is written without a sync of its own: after a loss of power the next writer sets it anew.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _DURABLE
        self._handle = -1

    def publish(self, end: Address) -> None:
        """Tells where the durable part ends."""
        if self._handle < 0:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o640)
        told = _MARK.pack(*end)
        os.pwrite(self._handle, told + _CRC.pack(crc32(told)), 0)

    def read(self) -> Address | None:
        """Where the durable part ends; None where no writer has told yet."""
        try:
            if self._handle < 0:
                self._handle = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        told = os.pread(self._handle, _MARK.size + _CRC.size, 0)
        if len(told) < _MARK.size + _CRC.size or _CRC.unpack_from(told, _MARK.size)[0] != crc32(told[: _MARK.size]):
            return None
        return Address(*_MARK.unpack_from(told))

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
