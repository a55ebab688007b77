"""旁边的进程: what runs beside the site while it serves; all are told to end at once and waited for together.

Each ends when nobody is left at the other end of its input: however the site ends, nothing is left behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

#: What they may take to end, all together, from when they are told; then they are ended.
STOP_SECONDS = 9.5


@contextmanager
def beside(*modules: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Runs modules (name, then words) while the context lasts; yields what tells them to end, before the context does.

    Those who wait for one another to end would take the sum of their times.
    """
    running = [_begin(each) for each in modules]
    told: list[float] = []

    def let_go() -> None:
        if not told:
            told.append(time.monotonic())
            for each in running:
                if each.stdin is not None:
                    each.stdin.close()

    try:
        yield let_go
    finally:
        let_go()
        for each in running:
            _wait_for(each, told[0] + STOP_SECONDS)


def _begin(words: Sequence[str]) -> subprocess.Popen[bytes]:
    begun = subprocess.Popen([sys.executable, "-m", *words], stdin=subprocess.PIPE)
    if begun.stdin is not None:
        # A worker that is forked holds the pipe too, and would keep it open when the site is killed.
        os.register_at_fork(after_in_child=begun.stdin.close)
    return begun


def _wait_for(process: subprocess.Popen[bytes], until: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(0.1, until - time.monotonic()))
        return
    # Its own children are told to end by the system when it is killed (supervisor.end_with_parent).
    process.kill()
    process.wait()
