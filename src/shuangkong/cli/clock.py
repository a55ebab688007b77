"""网站自带的钟: ticks beside the site, in a process of its own, until the site stops.

Each tick is a ``shuangkong tick`` like that of a scheduler: what goes wrong in one ends that one, the next comes in its
time. The timer itself imports nothing of the site and holds no lock: the database says whose turn it is. It ends when
nobody is left at the other end of its input.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from shuangkong.cli.supervisor import end_with_parent

#: What a tick that has begun may take to finish when the site stops; then it is ended, and the next one does the rest.
FINISH_SECONDS = 5.0
_TICK = "import sys; from shuangkong.cli import main; sys.exit(main())"
_LOOK = 0.2
#: By how much a tick stands back where processors are short; not more, for it takes locks as everybody does.
_NICE = 5


def timer(seconds: int) -> tuple[str, ...]:
    """The module that ticks every so many seconds, the first time at once, and its words; nothing for 0."""
    return (__name__, str(seconds)) if seconds else ()


def tick_until_closed(seconds: int) -> None:
    """The timer. Ctrl+C, which the whole terminal gets, is for the site, which stops us; a tick inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stopped = threading.Event()
    threading.Thread(target=_wait_for_end, args=(stopped,), daemon=True).start()
    # A little less than the interval, or the time that starting takes would leave out every other tick.
    words = ("tick", "--unless-within", str(max(1, seconds * 9 // 10)))
    while not stopped.is_set():
        _tick([sys.executable, "-c", _TICK, *words], stopped)
        stopped.wait(seconds)


def _tick(command: list[str], stopped: threading.Event) -> None:
    """One tick, to its end, or so long after the site stopped."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_behind)
    while not stopped.wait(_LOOK):
        if process.poll() is not None:
            return
    try:
        process.wait(FINISH_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _behind() -> None:
    """A tick ends with the timer, and has its turn after those who answer people."""
    end_with_parent()
    with suppress(OSError):
        os.nice(_NICE)


def _wait_for_end(stopped: threading.Event) -> None:
    sys.stdin.buffer.read()
    stopped.set()


if __name__ == "__main__":
    tick_until_closed(int(sys.argv[1]))
