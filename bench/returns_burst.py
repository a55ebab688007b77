"""The last evening before a deadline: units sign whole returns by programme, so many a second, whatever comes back."""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import monotonic, perf_counter, process_time, sleep
from typing import Any

from bench.ground import ROOT, NotMeasured, Row
from bench.postgresql import NoServer, server
from bench.tasks import ADDRESS, PATIENCE, serve

TITLE = "Returns before a deadline"
NOTE = (
    "Invented units; a form of 525 fields, of which 336 are filed; two workers; signed by API with a token each from "
    "two client processes of the same machine, at a rate that does not wait for answers. "
    "SHUANGKONG_BURST=units,rate,seconds tries one rate; without it rates rise until p95 reaches a second."
)
CLIENTS, THREADS = 2, 40
UNITS, SECONDS, RATES = 1_000, 60, (5, 10, 20, 40, 80, 160)
BOUND_MS, BOARD_MS = 1000, 300
#: What the offices look at meanwhile.
BOARDS = {"windows board": "/reporting/windows/", "desk": "/reporting/desk/"}
#: Parts of the time of a submit: what of a profile's names counts to it.
PARTS = {
    "token": ("tokens.py", "token_acting"), "checks": ("checking.py", "checked"),
    "return read": ("filing.py", "locked"),
    "what is sent read": ("operations/reporting.py", "_filled"), "digest": ("content.py", "digest"),
    "rows written": ("filing.py", "_write"), "of these the journal": ("journal/store.py", "append"),
    "commit": ("", "commit"),
}  # fmt: skip


def rows() -> Iterator[Row]:
    yield from _of("SQLite", "")
    try:
        with server() as address:
            yield from _of("PostgreSQL", address)
    except NoServer as lack:
        yield Row("PostgreSQL", f"not measured: {lack}")


def _of(name: str, database: str) -> Iterator[Row]:
    asked = os.environ.get("SHUANGKONG_BURST", "")
    units, rate, seconds = map(int, asked.split(",")) if asked else (UNITS, 0, SECONDS)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = os.environ | {"SHUANGKONG_VAR": folder, "SHUANGKONG_DATABASE": database}
        environment |= {"DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}
        made = Path(folder) / "made.json"
        session = _step(environment, "fill", str(units), str(made))["session"]
        for part, told in _step(environment, "profile", str(made)).items():
            yield Row(f"{name}: one submit, {part}", told)
        serve(environment, stack)
        first, held = 20, 0
        for each in (rate,) if rate else RATES:
            count = min(each * seconds, units - first) if rate else min(each * seconds, (units - first) // 2)
            boards: dict[str, list[float]] = {board: [] for board in BOARDS}
            answers = _burst(environment, made, (first, first + count, each), session, boards)
            first += count
            yield from _told(f"{name}, {each} a second", answers, boards)
            faults = sum(status != 200 for status, _ in answers)
            if faults or _p95([took for _, took in answers]) >= BOUND_MS:
                break
            held = each
        yield Row(f"{name}: highest rate that held", f"{held} a second" if held else "none of those tried")
        yield Row(f"{name}: returns lost or doubled", _step(environment, "count", str(made))["wrong"], "0")


def _told(name: str, answers: list[tuple[int, float]], boards: dict[str, list[float]]) -> Iterator[Row]:
    times = [took for _, took in answers]
    faults = sum(status != 200 for status, _ in answers)
    p99 = quantiles(times, n=100)[98]
    figures = f"median {median(times):.0f} ms, p95 {_p95(times):.0f} ms, p99 {p99:.0f} ms, {faults} errors"
    yield Row(f"{name}: {len(times)} submits", figures, f"p95 < {BOUND_MS} ms, 0 errors")
    for board, took in boards.items():
        if took:
            yield Row(f"{name}: {board}", f"median {median(took):.0f} ms, most {max(took):.0f} ms", f"< {BOARD_MS} ms")


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[18]


def _burst(
    environment: dict[str, str], made: Path, which: tuple[int, int, int], session: str, boards: dict[str, list[float]]
) -> list[tuple[int, float]]:
    """(status, milliseconds) of every submit of a stretch of units at a rate; boards are opened meanwhile."""
    over = Event()
    watcher = Thread(target=_watch, args=(session, boards, over))
    watcher.start()
    words = [str(made), *map(str, which)]
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.returns_burst", "client", *words, str(number)], env=environment, cwd=ROOT,
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )
        for number in range(CLIENTS)
    ]  # fmt: skip
    told = [json.loads(each.communicate()[0] or "[]") for each in clients]
    over.set()
    watcher.join()
    answers = [(status, took) for part in told for status, took in part]
    if len(answers) != which[1] - which[0]:
        raise NotMeasured("a client ended before its time")
    return answers


def _watch(session: str, boards: dict[str, list[float]], over: Event) -> None:
    while not over.wait(2):
        for board, path in BOARDS.items():
            line, start = HTTPConnection(*ADDRESS, timeout=PATIENCE), perf_counter()
            line.request("GET", path, headers={"Cookie": f"sessionid={session}", "Host": "127.0.0.1"})
            if line.getresponse().status == 200:
                boards[board].append(1000 * (perf_counter() - start))
            line.close()


def client(made: str, first: str, end: str, rate: str, number: str) -> list[tuple[int, float]]:
    """One process of those that file: its share of the units, each at its moment; waiting in line counts as time."""
    told = json.loads(Path(made).read_text("utf-8"))
    mine = list(enumerate(told["units"][int(first) : int(end)]))[int(number) :: CLIENTS]
    body, begun = json.dumps({"cells": told["cells"]}), monotonic() + 0.5

    def send(at: float, unit: int, token: str) -> tuple[int, float]:
        line = HTTPConnection(*ADDRESS, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Host": "127.0.0.1"}
        try:
            line.request("POST", f"/api/v1/reporting/returns/{unit}/submit", body, headers)
            answer = line.getresponse()
            answer.read()
            status = answer.status
        except (OSError, HTTPException):
            status = 0
        finally:
            line.close()
        return status, 1000 * (monotonic() - at)

    with ThreadPoolExecutor(THREADS) as pool:
        sent = []
        for place, (unit, token) in mine:
            at = begun + place / int(rate)
            sleep(max(0.0, at - monotonic()))
            sent.append(pool.submit(send, at, unit, token))
        return [each.result() for each in sent]


def _step(environment: dict[str, str], *words: str) -> dict[str, str]:
    command = [sys.executable, "-m", "bench.returns_burst", *words]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if told.returncode:
        raise NotMeasured(told.stderr[-600:])
    found: dict[str, str] = json.loads(told.stdout.splitlines()[-1])
    return found


def fill(units: str, made: str) -> dict[str, str]:
    """The site of the environment with its units; ``made`` gets their tokens and what they file."""
    from django.db import transaction
    from django.test import Client

    from bench import returns_ground
    from shuangkong.cli.site import migrate
    from shuangkong.records.people.models import Person

    migrate()
    with transaction.atomic():
        told = returns_ground.fill(int(units))
    Path(made).write_text(json.dumps({"units": told, "cells": returns_ground.cells()}), encoding="utf-8")
    desk = Client(headers={"host": "127.0.0.1"})
    desk.force_login(Person.objects.get(username=returns_ground.DESK))
    return {"session": desk.cookies["sessionid"].value}


def profile(made: str) -> dict[str, str]:
    """Time of the processor of a submit, and the shares of its parts under a profile: the first twenty units."""
    from django.test import Client

    told = json.loads(Path(made).read_text("utf-8"))
    site, body = Client(headers={"host": "127.0.0.1"}), json.dumps({"cells": told["cells"]})

    def send(unit: int, token: str) -> None:
        path = f"/api/v1/reporting/returns/{unit}/submit"
        answer = site.post(path, body, "application/json", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.content.decode()

    for each in told["units"][:2]:
        send(*each)
    start = process_time()
    for each in told["units"][2:12]:
        send(*each)
    spent = 100 * (process_time() - start)
    watched = cProfile.Profile()
    watched.enable()
    for each in told["units"][12:20]:
        send(*each)
    watched.disable()
    return {"processor": f"{spent:.1f} ms"} | _shares(pstats.Stats(watched))


def _shares(found: Any) -> dict[str, str]:
    taken = {
        part: max((row[3] for (path, _, name), row in found.stats.items() if _is(path, name, wanted)), default=0)
        for part, wanted in PARTS.items()
    }
    return {part: f"{100 * seconds / found.total_tt:.0f} %" for part, seconds in taken.items()}


def _is(path: str, name: str, wanted: tuple[str, str]) -> bool:
    return path.endswith(wanted[0]) and name == wanted[1]


def count(made: str) -> dict[str, str]:
    """Units whose versions, events and rows of the journal are not one each or none at all."""
    from django.db.models import Count

    from shuangkong.records.journal.models import JournalRow
    from shuangkong.records.reporting.models import Event as Happened
    from shuangkong.records.reporting.models import Return, Version

    held = dict(Return.objects.values_list("pk", "versions"))
    wrong = 0
    for rows_ in (
        dict(Version.objects.values_list("owned").annotate(n=Count("pk"))),
        dict(Happened.objects.filter(kind="submit").values_list("owned").annotate(n=Count("pk"))),
    ):
        wrong += sum(rows_.get(number, 0) != versions for number, versions in held.items())
    wrong += abs(JournalRow.objects.filter(act="return.submit").count() - sum(held.values()))
    return {"wrong": f"{wrong} of {sum(held.values())} signed"}


def main(act: str, *words: str) -> None:
    import django

    if act == "client":
        print(json.dumps(client(*words)))
        return
    django.setup()
    print(json.dumps({"fill": fill, "profile": profile, "count": count}[act](*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
