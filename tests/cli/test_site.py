"""Starting a site without the demo: who may enter, where it listens, what it refuses, how it stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from prepared import county

ROOT = Path(__file__).parents[2]
#: After this long something hangs; nothing is measured by it.
PATIENCE = 60
FIGURES = "指标,对象,时期,数值,单位,口径,状态,来源\nenergy_intensity,210000,2024,-1.5,%,比上年变化,初步,测试\n"
PLAN = ROOT / "demo" / "fictional" / "plan.txt"
#: Uploads a plan as a person would, with the password that the first start told; prints where that leads.
UPLOAD = """
import sys
from shuangkong.cli.site import open_site
open_site()
from django.test import Client
client = Client(headers={"host": "localhost"})
assert client.login(username=sys.argv[1], password=sys.argv[2])
with open(sys.argv[3], "rb") as file:
    answer = client.post("/plans/upload/", {"file": file})
print(answer.status_code, answer.headers.get("Location"))
"""


COMMAND = str(Path(sys.executable).with_name("shuangkong"))


def place(var: Path) -> dict[str, str]:
    """The environment of a site whose folder is ``var``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    return kept | {"SHUANGKONG_VAR": str(var)}


def told(*words: str, var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=place(var), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=PATIENCE
    )


@contextmanager
def started(address: str, var: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A site in a process group of its own, as from a terminal, and the lines it said until it was up."""
    site = subprocess.Popen(
        [COMMAND, "serve", "--address", address, "--no-store", "--gateway", "none"],
        env=place(var),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert site.stdout is not None
        said: list[str] = []
        for line in site.stdout:
            said.append(line.rstrip())
            if "http://" in line:
                break
        yield site, said
    finally:
        with suppress(ProcessLookupError):
            os.killpg(site.pid, signal.SIGKILL)
        site.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def status(port: int, host: str) -> int:
    """What the site answers to a request for that host; waits while it comes up."""
    asked = Request(f"http://127.0.0.1:{port}/login/", headers={"Host": f"{host}:{port}"})
    for _ in range(PATIENCE * 10):
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:
                return int(answer.status)
        except HTTPError as fault:
            return fault.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the site did not come up")


def is_empty(group: int) -> bool:
    """Whether no process of the group is left; waits for those that are about to end."""
    for _ in range(PATIENCE * 10):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_site_without_the_demo_can_be_used(tmp_path: Path) -> None:
    """The first start makes the administrator, once; then plans are read and figures loaded by region."""
    address = f"127.0.0.1:{free_port()}"
    with started(address, tmp_path) as (_, said):
        made = re.search(r"administrator made: (\S+) / (\S+)", "\n".join(said))
    assert made is not None
    with started(address, tmp_path) as (_, said):
        assert "administrator made" not in "\n".join(said)
    led = told(sys.executable, "-c", UPLOAD, made[1], made[2], str(PLAN), var=tmp_path)
    assert re.match(r"303 /plans/\d+/review/", led.stdout), led.stdout + led.stderr
    (tmp_path / "figures.csv").write_text(FIGURES, encoding="utf-8")
    loaded = told(COMMAND, "load", str(tmp_path / "figures.csv"), var=tmp_path)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert "新增 1" in loaded.stdout


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    port = free_port()
    with started(f"127.0.0.1:{port}", tmp_path / "first"):
        assert status(port, "localhost") == 200
        for command in (("serve",), ("demo",)):
            second = told(COMMAND, *command, "--address", f"127.0.0.1:{port}", var=tmp_path / "second")
            assert second.returncode == 2
            assert second.stderr.startswith(f"CLI-002 127.0.0.1:{port} 已被占用")
            assert "http://" not in second.stdout
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1", ":8000", "127.0.0.1:8o"])
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    refused = told(COMMAND, "serve", "--address", address, var=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("CLI-001 ")


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    refused = told(COMMAND, "serve", "--address", "192.0.2.1:8000", var=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("CLI-004 ")


def test_listening_everywhere_it_answers_to_each_address_it_tells(tmp_path: Path) -> None:
    port = free_port()
    with started(f"0.0.0.0:{port}", county(tmp_path)) as (_, said):
        hosts = re.findall(r"http://(\S+?):\d+/", said[-1])
        assert socket.gethostname().lower() in hosts
        assert {status(port, host) for host in hosts} == {200}
        assert status(port, "elsewhere.example") == 400


@pytest.mark.parametrize("is_up", [True, False])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_even_while_it_starts(sign: signal.Signals, is_up: bool, tmp_path: Path) -> None:
    """Ctrl+C goes to every process of the terminal, SIGTERM to the server alone."""
    port = free_port()
    with started(f"127.0.0.1:{port}", county(tmp_path)) as (site, _):
        if is_up:
            assert status(port, "localhost") == 200
        if sign is signal.SIGINT:
            os.killpg(site.pid, sign)
        else:
            site.send_signal(sign)
        assert site.wait(PATIENCE) in (0, -sign, 130)
        assert is_empty(site.pid)
