"""The parts beside a site: they come up with it, come back when they fall, and end with it, however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from prepared import empty, environment
from shuangkong.readings.opening import open_client
from shuangkong.readings.wire.client import StoreDown

COMMAND = str(Path(sys.executable).with_name("shuangkong"))
#: After this long something hangs; nothing is measured by it.
PATIENCE = 90
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: processes were not counted")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(true: Callable[[], object], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def members(group: int) -> dict[int, str]:
    """Processes of a group that have not ended: number → command."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, of_group = (place / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state != "Z":
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def part(group: int, word: str) -> int | None:
    return next((pid for pid, told in members(group).items() if f" {word}" in told and "sys.exit" in told), None)


@contextmanager
def site(var: Path, port: int, own: int) -> Iterator[subprocess.Popen[bytes]]:
    """A site with its parts in a process group of its own, as from a terminal."""
    words = ("serve", "--address", f"127.0.0.1:{own}", "--gateway", f"127.0.0.1:{port}")
    process = subprocess.Popen(
        [COMMAND, *words],
        env=environment(empty(var)) | {"SHUANGKONG_TICK_SECONDS": "0"},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(port: int) -> bool:
    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/login/", timeout=PATIENCE) as answer:
        return bool(answer.status == 200)
    return False


def store_is_up(var: Path) -> bool:
    with suppress(StoreDown):
        return open_client(var / "store", {}).is_up()
    return False


def test_parts_come_back_and_end_with_the_site(tmp_path: Path) -> None:
    port, own = free_port(), free_port()
    with site(tmp_path, port, own) as process:
        assert until(lambda: store_is_up(tmp_path) and listens(port))
        before = {word: part(process.pid, word) for word in ("store", "listen")}
        for pid in before.values():
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: part(process.pid, "store") not in (None, before["store"]))
        assert until(lambda: part(process.pid, "listen") not in (None, before["listen"]))
        assert until(lambda: store_is_up(tmp_path) and listens(port))
        assert until(lambda: answers(own)), "the site itself went on meanwhile"
        # As Ctrl+C does: the whole terminal gets it.
        os.killpg(process.pid, signal.SIGINT)
        assert until(lambda: not members(process.pid)), members(process.pid)
    assert not (tmp_path / "store" / "address").exists()


def test_nothing_is_left_where_the_site_is_killed(tmp_path: Path) -> None:
    with site(tmp_path, port := free_port(), free_port()) as process:
        assert until(lambda: store_is_up(tmp_path) and listens(port))
        process.kill()
        process.wait()
        assert until(lambda: not members(process.pid)), members(process.pid)


def test_named_gateway_address_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with site(tmp_path, port, free_port()) as process:
            assert process.wait(PATIENCE) == 2
