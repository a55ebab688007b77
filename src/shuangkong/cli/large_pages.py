"""大页: lays what a worker keeps for good in large pages of memory, as far as the kernel gives them.

A worker holds some hundred megabytes of code and policy, and each request touches a little of nearly all of it: with
pages of 4 KiB, finding where they lie takes a seventh of the processor's time. Nothing depends on it: a kernel that
cannot do it, or has no such pages to give, says no, and all is as before.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep

#: A large page, and what Linux is asked with: to prefer them from now on, and to make them now (since Linux 6.1).
SIZE = 2 * 1024**2
_PREFER, _MAKE = 14, 25
#: Seconds from one asking to the next: what a worker reads, it reads with its first requests. The last goes on.
_PAUSES = (30, 90, 480, 3600)
_MAPS = Path("/proc/self/maps")


def keep_laying() -> None:
    """Asks now and then, beside the work, while the process lives; nowhere but on Linux."""
    if sys.platform == "linux":
        Thread(target=_keep_laying, name="large-pages", daemon=True).start()


def _keep_laying() -> None:
    for pause in _PAUSES:
        sleep(pause)
        lay()
    while True:
        sleep(_PAUSES[-1])
        lay()


def lay() -> int:
    """Lays the process's own memory in large pages; how many bytes lie so now that may be asked for."""
    ask = getattr(ctypes.CDLL(None), "madvise", None)
    if ask is None or not _MAPS.is_file():
        return 0
    ask.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    laid = 0
    for start, size in _own(_MAPS.read_text("utf-8", "replace")):
        ask(start, size, _PREFER)
        laid += 0 if ask(start, size, _MAKE) else size
    return laid


def _own(maps: str) -> Iterator[tuple[int, int]]:
    """Address and size of what large pages fit into, of memory that is of no file and may be written."""
    for line in maps.splitlines():
        place, rights, *_, inode, name = [*line.split(None, 5), ""][:6]
        if not rights.startswith("rw-p") or inode != "0" or name.strip() not in ("", "[heap]"):
            continue
        start, end = (int(each, 16) for each in place.split("-"))
        first, last = -(-start // SIZE) * SIZE, end // SIZE * SIZE
        if first < last:
            yield first, last - first
