"""A store of its own for a file of tests, in a process of its own; and readings to put into it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from shuangkong.readings.opening import open_client
from shuangkong.readings.wire.client import Client

_RUN = """
import sys
from pathlib import Path
from shuangkong.readings.engine.process import run
run(Path(sys.argv[1]), "127.0.0.1", 0, lambda address: print(address, flush=True))
"""
#: Somewhere in a month, where the offices' day has not begun with that of UTC.
START = datetime(2026, 3, 4, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONE = "Asia/Shanghai"


def start(folder: Path) -> subprocess.Popen[str]:
    """The store's process, once it answers."""
    process = subprocess.Popen([sys.executable, "-c", _RUN, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    return process


@contextmanager
def housed(folder: Path) -> Iterator[Client]:
    process = start(folder)
    try:
        yield open_client(folder)
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0


def readings(
    rows: Sequence[tuple[int, datetime, str, float | None, str]],
    *,
    kind: str = "minute",
    segment: int = 1,
    first: int = 0,
) -> pa.Table:
    """Readings of (point, at, stat, value, flag); each a frame of its own, from ``first`` on."""
    points, ats, stats, values, flags = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return pa.table(
        {
            "point": pa.array(points, pa.uint32()),
            "kind": pa.array([kind] * len(rows), pa.string()),
            "at": pa.array(ats, pa.timestamp("us", "UTC")),
            "stat": pa.array(stats, pa.string()),
            "value": pa.array(values, pa.float64()),
            "flag": pa.array(flags, pa.string()),
            "segment": pa.array([segment] * len(rows), pa.uint32()),
            "offset": pa.array(range(first, first + len(rows)), pa.uint64()),
        }
    )


def waited(seconds: float, until: object) -> bool:
    """Whether something became true in so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if until():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False
