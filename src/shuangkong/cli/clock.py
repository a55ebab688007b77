"""网站自带的钟: ticks beside the site, in a process of its own, until the site stops.

Each tick is a ``shuangkong tick`` like that of a scheduler: what goes wrong in one ends that one, the next comes in its
time. The timer itself imports nothing of the site and holds no lock: the database says whose turn it is.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: What a tick that has begun may take to finish when the site stops; then it is left to itself.
STOP_SECONDS = 5
_TICK = "import sys; from shuangkong.cli import main; sys.exit(main())"


@contextmanager
def ticking(seconds: int) -> Iterator[None]:
    """Ticks every so many seconds while the context lasts, the first time at once; never for 0.

    The timer ends when nobody is left at the other end of its pipe: however the site ends, its timer does.
    """
    if not seconds:
        yield
        return
    timer = subprocess.Popen([sys.executable, "-m", __name__, str(seconds)], stdin=subprocess.PIPE)
    try:
        yield
    finally:
        if timer.stdin is not None:
            timer.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            timer.wait(STOP_SECONDS)


def tick_until_closed(seconds: int) -> None:
    """The timer. Ctrl+C, which the whole terminal gets, is for the site, which stops us; a tick inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stopped = threading.Event()
    threading.Thread(target=_wait_for_end, args=(stopped,), daemon=True).start()
    # A little less than the interval, or the time that starting takes would leave out every other tick.
    words = ("tick", "--unless-within", str(max(1, seconds * 9 // 10)))
    while not stopped.is_set():
        subprocess.run([sys.executable, "-c", _TICK, *words], check=False, stdin=subprocess.DEVNULL)
        stopped.wait(seconds)


def _wait_for_end(stopped: threading.Event) -> None:
    sys.stdin.buffer.read()
    stopped.set()


if __name__ == "__main__":
    tick_until_closed(int(sys.argv[1]))
