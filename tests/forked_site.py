"""Sites that are started a hundred times over: forked of a process that has imported all of it, so that each takes only
what the site itself does when it starts.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PATIENCE = 300
#: Nothing is opened before the fork, no database and no pool. A line is a port; the answer is the group of the site.
_NURSERY = """
import gc, os, signal, sys
import django
django.setup()
import granian, importlib
from django.conf import settings
from django.urls import get_resolver
from django.db import connections
import shuangkong.web.site.wsgi, shuangkong.cli.serve, shuangkong.cli.site, shuangkong.cli.administrator
get_resolver().url_patterns
from bench import returns_warm
returns_warm.load()
from shuangkong.cli import main
connections.close_all()
gc.freeze()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1, 2):
            os.dup2(null, each)
        os._exit(main(["serve", "--address", f"127.0.0.1:{line.strip()}", "--workers", "1", "--no-uplink"]))
    print(child, flush=True)
"""


class Nursery:
    """Starts sites of one environment."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-c", _NURSERY], env={**environment, "SHUANGKONG_TICK_SECONDS": "0"}, cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    @contextmanager
    def site(self) -> Iterator[tuple[int, int]]:
        """(process group, port) of a site that answers; killed at the end where it still runs."""
        port = _free_port()
        assert self._running.stdin is not None
        self._running.stdin.write(f"{port}\n")
        self._running.stdin.flush()
        group = int(self._line())
        try:
            until = time.monotonic() + PATIENCE
            while not answers(port):
                assert time.monotonic() < until, "the site does not start"
                time.sleep(0.02)
            yield group, port
        finally:
            killed(group)

    def close(self) -> None:
        self._running.kill()
        self._running.communicate()

    def _line(self) -> str:
        assert self._running.stdout is not None
        return self._running.stdout.readline().strip()


def killed(group: int) -> None:
    """All of a site at once, as by ``kill -9``."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def answers(port: int) -> bool:
    """Whether a site is there."""
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        line.request("GET", "/health/")
        return line.getresponse().status == 200
    return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
