"""Killed while returns are signed: what was acknowledged is there, once and whole; what was not may be sent again."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import prepared
from trials import IS_SOAK

pytestmark = pytest.mark.soak
COMMAND = str(Path(sys.executable).with_name("shuangkong"))
TRIALS, UNITS = (200, 4_000) if IS_SOAK else (2, 60)
PATIENCE, SENDERS = 120, 3
#: Units with tokens, and what each files, written beside the database.
FILL = """
import json, sys
from shuangkong.cli.site import open_site
open_site()
from bench import returns_ground
made = returns_ground.fill({units})
open({file!r}, "w").write(json.dumps(dict(units=made, cells=returns_ground.cells())))
"""
#: Returns that are not whole: a version without its event or its row of the journal, or the other way about.
HALF = """
SELECT COUNT(*) FROM reporting_return r WHERE r.versions != (SELECT COUNT(*) FROM reporting_version v
WHERE v.owned_id = r.id) OR r.versions != (SELECT COUNT(*) FROM reporting_event e WHERE e.owned_id = r.id AND
e.kind = 'submit') OR r.versions != (SELECT COUNT(*) FROM journal_journalrow j WHERE j.act = 'return.submit' AND
j.subject = 'return/' || r.id) OR (r.versions > 0) != (r.state = 'submitted')
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = prepared.empty(tmp_path_factory.mktemp("returns-killed"))
    fill = FILL.format(units=UNITS, file=str(folder / "made.json"))
    root = str(Path(__file__).parents[2])
    environment = prepared.environment(folder) | {"PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", fill], env=environment, check=True, timeout=PATIENCE, cwd=root)
    return folder


@contextmanager
def served(var: Path, limit: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A site in a process group of its own, with its port; ``limit``: bytes that a file may reach in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    words = [COMMAND, "serve", "--address", f"127.0.0.1:{port}", "--workers", "1"]
    if limit:
        words = ["prlimit", f"--fsize={limit}", *words]
    site = subprocess.Popen(
        words, env=prepared.environment(var), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            assert time.monotonic() < until
            time.sleep(0.05)
        yield site, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(site.pid, signal.SIGKILL)
        site.wait()


def answers(port: int) -> bool:
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        line.request("GET", "/health/")
        return line.getresponse().status == 200
    return False


def signed(port: int, unit: int, token: str, body: str) -> tuple[int, dict[str, Any]]:
    """Status and answer; 0 where none came."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
        line.request("POST", f"/api/v1/reporting/returns/{unit}/submit", body, headers)
        answer = line.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if answer.headers.get_content_type().endswith("json") else {}
    return 0, {}


def asked(var: Path, question: str) -> Any:
    with closing(sqlite3.connect(var / "shuangkong.sqlite3")) as database:
        return database.execute(question).fetchall()


def versions(var: Path) -> dict[int, str]:
    return dict(asked(var, "SELECT owned_id, digest FROM reporting_version"))


def made(var: Path) -> tuple[list[tuple[int, str]], str]:
    told = json.loads((var / "made.json").read_text("utf-8"))
    done = versions(var)
    return [(unit, token) for unit, token in told["units"] if unit not in done], json.dumps({"cells": told["cells"]})


def sending(port: int, units: list[tuple[int, str]], body: str, kept: dict[int, str]) -> list[Thread]:
    """Several who sign one return after another until the line breaks; receipts go to ``kept``."""

    def send(mine: list[tuple[int, str]]) -> None:
        for unit, token in mine:
            status, told = signed(port, unit, token, body)
            if status == 0:
                return
            if status == 200:
                kept[unit] = told["digest"]

    threads = [Thread(target=send, args=(units[number::SENDERS],)) for number in range(SENDERS)]
    for each in threads:
        each.start()
    return threads


def whole(var: Path, kept: dict[int, str]) -> None:
    """Every receipt has its version, and no return is half stored."""
    held = versions(var)
    assert {unit: held.get(unit) for unit in kept} == kept
    assert asked(var, HALF) == [(0,)]
    assert asked(var, "PRAGMA integrity_check") == [("ok",)]


def test_a_killed_server_loses_no_receipt_and_leaves_nothing_half_stored(filled: Path) -> None:
    kept: dict[int, str] = {}
    for _ in range(TRIALS):
        units, body = made(filled)
        with served(filled) as (site, port):
            threads = sending(port, units[:60], body, kept)
            warm = time.monotonic() + PATIENCE  # a worker's first answer takes its time: it is killed in full run
            while not kept.keys() & dict(units).keys() and time.monotonic() < warm:
                time.sleep(0.01)
            time.sleep(random.uniform(0.0, 0.5))
            os.killpg(site.pid, signal.SIGKILL)
            for each in threads:
                each.join(PATIENCE)
        whole(filled, kept)
    assert versions(filled)


def test_a_client_gone_in_mid_upload_leaves_nothing_and_sends_again(filled: Path) -> None:
    units, body = made(filled)
    with served(filled) as (_, port):
        for trial in range(TRIALS):
            unit, token = units[trial]
            head = f"POST /api/v1/reporting/returns/{unit}/submit HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            head += (
                f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            )
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall((head + "\r\n" + body[: random.randrange(len(body))]).encode())
            assert unit not in versions(filled)
            first, again = signed(port, unit, token, body), signed(port, unit, token, body)
            assert (first[0], first[1]["is_new"], again[1]["is_new"]) == (200, True, False)
    whole(filled, {unit: versions(filled)[unit] for unit, _ in units[:TRIALS]})


def test_a_full_disk_refuses_and_what_was_signed_stays(filled: Path) -> None:
    """No file of the site may grow beyond a little more than it has: the next returns are not acknowledged."""
    if subprocess.run(["which", "prlimit"], capture_output=True, check=False).returncode:
        pytest.skip("no prlimit on this machine")
    kept: dict[int, str] = {}
    for trial in range(max(1, TRIALS // 10)):
        units, body = made(filled)
        size = max(each.stat().st_size for each in filled.glob("shuangkong.sqlite3*"))
        with served(filled, limit=size + 4096 * (8 + trial % 40)) as (_, port):
            statuses = []
            for unit, token in units[:20]:
                status, told = signed(port, unit, token, body)
                statuses.append(status)
                if status == 200:
                    kept[unit] = told["digest"]
                elif status == 0:
                    break
        whole(filled, kept)
        with served(filled) as (_, port):
            unit, token = made(filled)[0][0]
            assert signed(port, unit, token, body)[0] == 200
        whole(filled, kept)
