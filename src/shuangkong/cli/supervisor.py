"""值守: runs the parts that stand beside the site, each a command of ours, and starts again what has fallen.

It is a process of its own, started by the site's. Like the site's timer it ends when nobody is left at the other end of
its pipe, and ends its parts with it: however the site ends, nothing is left behind. Parts are ended in turn, the last
started first, and have a few seconds each; who does not end is ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field

#: What the parts together may take to end; whoever waits for us waits a little longer.
END_SECONDS = 8.0
#: A part that falls is started again after so many seconds, each time after twice as many, at most so many.
AGAIN, LONGEST = 1.0, 30.0
#: A part that stood so long falls as if for the first time.
STOOD = 60.0
_LOOK = 0.1
_COMMAND = "import sys; from shuangkong.cli import main; sys.exit(main())"
_SIGNAL_OF_PARENTS_DEATH = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One command that should run: its name for people, and its words."""

    name: str
    words: tuple[str, ...]


def keeper(parts: Sequence[Part]) -> tuple[str, ...]:
    """The module that keeps the parts running, and its words; nothing where there are none."""
    return (__name__, json.dumps([asdict(part) for part in parts])) if parts else ()


@dataclass(slots=True)
class _Kept:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = AGAIN
    due: float = field(default=0.0)

    def look(self, now: float) -> None:
        """Starts it when it is due; notes that it has fallen."""
        if self.process is None:
            if now >= self.due:
                self.started = now
                self.process = subprocess.Popen(
                    [sys.executable, "-c", _COMMAND, *self.part.words],
                    stdin=subprocess.DEVNULL,
                    preexec_fn=end_with_parent,
                )
            return
        code = self.process.poll()
        if code is None:
            return
        self.process = None
        self.pause = AGAIN if now - self.started > STOOD else self.pause
        self.due = now + self.pause
        print(
            f"· {self.part.name} 已停（{code}），{self.pause:g} 秒后重新启动。 It ended; started again in"
            f" {self.pause:g} s.",
            file=sys.stderr,
            flush=True,
        )
        self.pause = min(2 * self.pause, LONGEST)

    def end(self, until: float) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep(parts: Sequence[Part]) -> None:
    """Until our input is closed, or SIGTERM."""
    ended, interrupted = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    # The whole terminal gets it, our parts too: they end by themselves, and the site ends us.
    signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    kept = [_Kept(part) for part in parts]
    while not ended.is_set():
        if not interrupted.is_set():
            for each in kept:
                each.look(time.monotonic())
        ended.wait(_LOOK)
    until = time.monotonic() + END_SECONDS
    share = END_SECONDS / len(kept)
    for number, each in enumerate(reversed(kept), start=1):
        each.end(min(until, until - END_SECONDS + number * share))


def _wait_for_end(ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    ended.set()


def end_with_parent() -> None:
    """Lets this process be told to end when the one that started it is killed; where the system knows such a wish."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SIGNAL_OF_PARENTS_DEATH, signal.SIGTERM)


if __name__ == "__main__":
    keep([Part(part["name"], tuple(part["words"])) for part in json.loads(sys.argv[1])])
