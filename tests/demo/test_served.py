"""The demo as it is served: its parts start, pages tell what its devices send, and Ctrl+C leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from django.utils import timezone

import prepared

COMMAND = str(Path(sys.executable).with_name("shuangkong"))
#: After this long something hangs; nothing is measured by it.
PATIENCE = 240
PAGES = (
    "", "alarms/", "validity/", "rates/", "quality/", "meters/", "coverage/", "amounts/", "orders/",
    "registers/outlets/",
)  # fmt: skip


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def until(is_so: Callable[[], object], said: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, said.read_text()
        time.sleep(0.2)


def members(group: int) -> list[str]:
    """Commands of the processes of a group that have not ended."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, of_group = (place / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state != "Z":
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """The demo with its parts on free ports, once the readings have come; told to stop, it ends with all of them."""
    port, gateway = free_port(), free_port()
    words = ["demo", "--address", f"127.0.0.1:{port}", "--gateway", f"127.0.0.1:{gateway}"]
    said = folder / "said-now.txt"
    with said.open("w") as log:
        running = subprocess.Popen(
            [COMMAND, *words], env=prepared.environment(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: running.poll() is not None or "The demo's readings have come" in said.read_text(), said)
        assert running.poll() is None, said.read_text()
        yield f"http://127.0.0.1:{port}"
        assert len(members(running.pid)) > 4, "site, worker, store, gateway, consumer and devices run"
        # Told to itself alone: the parts hear of it from nobody but the site.
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE) == 0
        until(lambda: not members(running.pid), said)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def signed_in(origin: str, folder: Path) -> OpenerDirector:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', read(opener, f"{origin}/login/"))
    assert token
    password = json.loads((folder / "demo_passwords.json").read_text())["environment"]
    told = {"csrfmiddlewaretoken": token[1], "username": "environment", "password": password}
    opener.open(Request(f"{origin}/login/", urlencode(told).encode(), {"Origin": origin}), timeout=PATIENCE)
    return opener


def read(opener: OpenerDirector, url: str) -> str:
    return str(opener.open(url, timeout=PATIENCE).read().decode())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: processes were not counted")
def test_the_demo_shows_what_its_devices_send_and_ends_by_itself(tmp_path: Path) -> None:
    folder = prepared.demo(tmp_path)
    # As if the demo had run until yesterday: the weeks before take a while, and are told by the same way.
    yesterday = timezone.localdate() - timedelta(days=1)
    (folder / "demo_monitoring.json").write_text(json.dumps({"until": yesterday.isoformat()}))
    with shown(folder) as origin:
        visitor = signed_in(origin, folder)
        for page in PAGES:
            assert "演示数据" in read(visitor, f"{origin}/monitoring/{page}"), page
        duty = read(visitor, f"{origin}/monitoring/")
        outlets = sorted(set(re.findall(r"/monitoring/outlets/(\d+)/", duty)))
        assert len(outlets) == 7
        # Each has sent minutes a while ago, and nothing keeps more of them from coming.
        assert "未接入" not in duty
        assert "message-error" not in duty
        outlet = f"{origin}/monitoring/outlets/{outlets[0]}"
        report = read(visitor, f"{outlet}/report/?on={yesterday}")
        assert len(re.findall(r">\d+\.\d\d<", report)) > 100
        frames = re.search(r'/frames/\?at=[^"]+kind=hour', read(visitor, f"{outlet}/"))
        assert frames
        listed = read(visitor, f"{origin}/monitoring/outlets/{outlets[0]}{frames[0].replace('&amp;', '&')}")
        raw = re.search(r"/frames/\d+/\d+/", listed)
        assert raw
        assert "CN=" in read(visitor, f"{outlet}{raw[0]}")
