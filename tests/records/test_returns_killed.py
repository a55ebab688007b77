"""Killed while returns are signed: what was acknowledged is there, once and whole; what was not may be sent again.

``SHUANGKONG_KILLS`` says how often each is tried: 200 times in ``make soak`` where it is not said. A site is started
anew only where it was killed, forked of one that has imported everything; the others are struck again and again while
one runs. Each trial leaves a line of numbers with ``-s``.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import prepared
from forked_site import Nursery, killed
from trials import IS_SOAK

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from bench.postgresql import Cluster, NoServer, cluster  # noqa: E402 - beside the tests, not in them

TRIALS = int(os.environ.get("SHUANGKONG_KILLS") or (200 if IS_SOAK else 2))
#: Returns that one trial signs at most, of one of so many who send at once.
A_TRIAL, SENDERS = 60, 3
PATIENCE = 300
#: A disk of so many MB, and what keeps the log of the database on it short.
SMALL_DISK, SMALL = 400, ("min_wal_size=32MB", "max_wal_size=48MB", "autovacuum=off")
#: Units with tokens, and what each files, written beside the database.
FILL = """
import json
from shuangkong.cli.site import open_site
open_site()
from bench import returns_ground
made = returns_ground.fill({units})
open({file!r}, "w").write(json.dumps(dict(units=made, cells=returns_ground.cells())))
"""
#: Asked of the database by the site's own means: what is signed, and what is not whole: a version without its event or
#: its row of the journal, or the other way about.
ASK = """
import json
import django
django.setup()
from django.db import connection
from shuangkong.records.reporting.models import Version
with connection.cursor() as cursor:
    cursor.execute({half!r})
    half = cursor.fetchone()[0]
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
print(json.dumps(dict(half=half, versions=list(Version.objects.values_list("owned", "digest")))))
"""
HALF = """
SELECT COUNT(*) FROM reporting_return r WHERE r.versions != (SELECT COUNT(*) FROM reporting_version v
WHERE v.owned_id = r.id) OR r.versions != (SELECT COUNT(*) FROM reporting_event e WHERE e.owned_id = r.id AND
e.kind = 'submit') OR r.versions != (SELECT COUNT(*) FROM journal_journalrow j WHERE j.act = 'return.submit' AND
j.subject = 'return/' || r.id) OR (r.versions > 0) != (r.state = 'submitted') OR r.versions > 1
"""


class Site:
    """A filled site: its folder and database, the units that have not signed, and the receipts that it gave."""

    def __init__(self, folder: Path, database: str, units: int) -> None:
        self.folder = folder
        self.environment = prepared.environment(folder) | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        if database:
            self.environment["SHUANGKONG_DATABASE"] = database
        self.run(FILL.format(units=units, file=str(folder / "made.json")))
        told = json.loads((folder / "made.json").read_text("utf-8"))
        self.units: list[tuple[int, str]] = [tuple(each) for each in told["units"]]
        self.body = json.dumps({"cells": told["cells"]})
        self.kept: dict[int, str] = {}
        #: Status → how many answers; 0: the line broke first.
        self.answers: Counter[int] = Counter()
        self.nursery = Nursery(self.environment, ROOT)

    def run(self, programme: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", programme], env=self.environment, cwd=ROOT, timeout=PATIENCE * 5, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def next(self, count: int) -> list[tuple[int, str]]:
        """Units that no trial has taken yet."""
        taken, self.units = self.units[:count], self.units[count:]
        assert taken, "too few units for so many trials, or what was to strike did not"
        return taken

    def sign(self, port: int, unit: int, token: str) -> tuple[int, dict[str, Any]]:
        """Status and answer, whose receipt is kept; 0 where none came."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
            line.request("POST", f"/api/v1/reporting/returns/{unit}/submit", self.body, headers)
            answer = line.getresponse()
            text = answer.read()
            told = json.loads(text) if answer.headers.get_content_type().endswith("json") else {}
            if answer.status == 200:
                self.kept[unit] = told["digest"]
            else:
                assert told["code"], told  # a refusal says why, in the words of the interface
                assert told["zh"], told
            self.answers[answer.status] += 1
            return answer.status, told
        self.answers[0] += 1
        return 0, {}

    def signed(self, port: int, unit: int, token: str) -> dict[str, Any]:
        """What is told of it when it is acknowledged, as it is now to be."""
        status, told = self.sign(port, unit, token)
        assert status == 200, (status, told)
        return told

    def sending(self, port: int, units: list[tuple[int, str]]) -> list[Thread]:
        """Several who sign one return after another until one is not taken."""

        def send(mine: list[tuple[int, str]]) -> None:
            for unit, token in mine:
                if self.sign(port, unit, token)[0] != 200:
                    return

        threads = [Thread(target=send, args=(units[number::SENDERS],)) for number in range(SENDERS)]
        for each in threads:
            each.start()
        return threads

    def struck_in_full_run(self, port: int, strike: Callable[[], object]) -> list[tuple[int, str]]:
        """Strikes while returns are signed, some time after the first receipt; returns the units that were sent."""
        before, units = len(self.kept), self.next(A_TRIAL)
        threads = self.sending(port, units)
        warm = time.monotonic() + PATIENCE
        while len(self.kept) == before and time.monotonic() < warm:
            time.sleep(0.005)
        assert len(self.kept) > before, "nothing was signed before the blow"
        time.sleep(random.uniform(0.0, 0.3))
        strike()
        for each in threads:
            each.join(PATIENCE)
        return units

    def whole(self) -> set[int]:
        """Every receipt has its version, and no return is half stored or stored twice; returns what is signed."""
        told = json.loads(self.run(ASK.format(half=HALF)))
        held: dict[int, str] = dict(told["versions"])
        assert {unit: held.get(unit) for unit in self.kept} == self.kept
        assert told["half"] == 0
        assert len(held) == len(told["versions"])
        return set(held)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """On SQLite."""
    folder = prepared.empty(tmp_path_factory.mktemp("returns-killed"))
    site = Site(folder, "", 2 * (TRIALS + 1) * A_TRIAL)
    yield site
    site.nursery.close()


def tell(what: str, trials: int, site: Site, versions: int) -> None:
    """A line of what was tried: with ``-s``."""
    answers = ", ".join(f"{count} x {status or 'no answer'}" for status, count in sorted(site.answers.items()))
    held = f"{len(site.kept)} receipts, {versions} versions held"
    sys.stdout.write(f"\n{what}: {trials} trials; answers {answers}; {held}\n")
    sys.stdout.flush()


@pytest.mark.tried
def test_a_killed_server_and_clients_gone_lose_no_receipt_and_leave_nothing_half_stored(filled: Site) -> None:
    """In each trial two clients go in mid-upload, of which one sends again; then the site is killed in full run."""
    gone = set()
    filled.answers.clear()
    for trial in range(TRIALS):
        with filled.nursery.site() as (group, port):
            (unit, token), (other, key) = filled.next(2)
            cut_off(filled, port, unit, token)
            cut_off(filled, port, other, key)
            first, again = filled.signed(port, unit, token), filled.signed(port, unit, token)
            assert (first["is_new"], again["is_new"]) == (True, False)
            assert first["digest"] == again["digest"]
            gone.add(other)
            filled.struck_in_full_run(port, lambda group=group: killed(group))
        if trial % 20 == 0:
            tell("server killed", trial + 1, filled, len(filled.whole()))
    held = filled.whole()
    assert not gone & held
    tell("server killed, two clients gone in mid-upload in each", TRIALS, filled, len(held))


def cut_off(site: Site, port: int, unit: int, token: str) -> None:
    """Sends a part of a return and is gone."""
    head = f"POST /api/v1/reporting/returns/{unit}/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}"
    head += f"\r\nContent-Type: application/json\r\nContent-Length: {len(site.body)}\r\n\r\n"
    whole = head + site.body
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(whole[: random.randrange(len(head) // 2, len(whole))].encode())


@pytest.mark.soak
def test_a_full_disk_refuses_and_what_was_signed_stays(filled: Site) -> None:
    """No file of the running site may be written behind a place near its beginning, as on a disk that is full: what is
    sent then is not acknowledged, and once there is room again it is signed."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system limits no running process")
    filled.answers.clear()
    with filled.nursery.site() as (group, port):
        filled.signed(port, *filled.next(1)[0])
        for trial in range(TRIALS):
            limited(group, 4096 * (trial % 40))
            refused = until_refused(filled, port)
            limited(group, resource.RLIM_INFINITY)
            for unit, token in refused:
                filled.signed(port, unit, token)
            if trial % 20 == 0:
                filled.whole()
    tell("no file may grow (SQLite)", TRIALS, filled, len(filled.whole()))


def until_refused(site: Site, port: int) -> list[tuple[int, str]]:
    """Signs one after another until two were not taken, which are returned."""
    refused: list[tuple[int, str]] = []
    while len(refused) < 2:
        [(unit, token)] = site.next(1)
        if site.sign(port, unit, token)[0] != 200:
            refused.append((unit, token))
    return refused


def limited(group: int, size: int) -> None:
    """Every process of a group may have files of so many bytes."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[2]) == group:
                resource.prlimit(int(folder.name), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Cluster]]:
    try:
        with cluster() as held:
            site = Site(tmp_path_factory.mktemp("returns-killed-pg"), held.address, TRIALS * A_TRIAL)
            yield site, held
            site.nursery.close()
    except NoServer as lack:
        pytest.skip(str(lack))


@pytest.mark.soak
def test_a_killed_database_loses_no_receipt_and_the_site_goes_on(on_postgresql: tuple[Site, Cluster]) -> None:
    site, database = on_postgresql
    with site.nursery.site() as (_, port):
        for trial in range(TRIALS):
            units = site.struck_in_full_run(port, database.kill)
            database.start()
            unsure = [each for each in units if each[0] not in site.kept][:3]
            for unit, token in unsure:  # whether it was kept or not, it is signed once
                site.signed(port, unit, token)
            if trial % 20 == 0:
                tell("database killed", trial + 1, site, len(site.whole()))
    tell("database killed (PostgreSQL)", TRIALS, site, len(site.whole()))


@pytest.fixture(scope="module")
def on_small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Cluster, Path]]:
    """On PostgreSQL, on a disk of its own that holds little more than what is there."""
    disk = Path(tempfile.mkdtemp(prefix="small-disk-"))
    asked = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}m,mode=755", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(asked, check=False, capture_output=True).returncode != 0:
        disk.rmdir()
        pytest.skip("whoever runs this may mount no small disk")
    try:
        with cluster(*SMALL, within=disk) as held:
            site = Site(tmp_path_factory.mktemp("returns-full-pg"), held.address, (TRIALS + 1) * A_TRIAL // 2)
            yield site, held, disk
            site.nursery.close()
    except NoServer as lack:
        pytest.skip(str(lack))
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()


@pytest.mark.soak
def test_a_database_on_a_full_disk_refuses_and_goes_on(on_small_disk: tuple[Site, Cluster, Path]) -> None:
    """The disk has room for a few pages more in each trial: what is refused then is signed once there is room again,
    whether the database went on meanwhile or fell and must be started."""
    site, database, disk = on_small_disk
    ballast, fell = disk / "ballast", 0
    with site.nursery.site() as (_, port):
        site.signed(port, *site.next(1)[0])
        for trial in range(TRIALS):
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(disk).free - 4096 * (trial % 16)))
            refused = until_refused(site, port)
            ballast.unlink()
            if not database.runs():
                fell += 1
                database.start()
            for unit, token in refused:
                site.signed(port, unit, token)
            if trial % 20 == 0:
                tell("database without room", trial + 1, site, len(site.whole()))
    tell(f"database on a full disk, fell and was started {fell} times (PostgreSQL)", TRIALS, site, len(site.whole()))
