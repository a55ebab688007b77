"""The last evening before a deadline: units sign whole returns by programme, so many a second, whatever comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from math import ceil
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any

from bench.ground import ROOT, NotMeasured, Row
from bench.postgresql import NoServer, server
from bench.returns_ground import PERIODS
from bench.returns_steps import BOARDS
from bench.tasks import ADDRESS, PATIENCE, serve

TITLE = "Returns before a deadline"
NOTE = (
    "Invented units; a form of 525 fields, of which 336 are filed, all of them checked; two workers, the database and "
    "two client processes on the same machine; signed by API with a token of each unit, each on a line of its own, at "
    "a rate that does not wait for answers. Every unit files its newest month first, and what stands beside a return "
    "was prepared before: both favour the figures. Rates rise by steps until one does not hold; one holds only where "
    "each board was opened often enough and always answered. On PostgreSQL the highest is then held for ten minutes; "
    "where it does not hold so long, the next lower one. "
    "SHUANGKONG_BURST=units,rate,seconds holds one rate on PostgreSQL first, steps only where it does not hold."
)
CLIENTS = 2
UNITS, SECONDS = 20_000, 30
RATES = (20, 40, 60, 80, 100, 120, 140, 160, 180, 200)
#: How long the highest rate of the steps is held on PostgreSQL, and how many of the highest rates returns are made for.
HOLD, HELD_RATES = 600, 2
BOUND_MS, BOARD_MS = 1000, 300
#: A board opened fewer times than this in a step says nothing of how it is.
LEAST_OPENED = 5
#: Returns signed before anything is measured, so that both workers have read the policy; and what a profile signs.
WARM, PROFILED = 80, 120


@dataclass(frozen=True, slots=True)
class Step:
    """A rate, how it was answered, and what it cost."""

    rate: int
    answers: list[tuple[int, int, float]]
    boards: dict[str, list[float]]
    spent: dict[str, float] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)

    @property
    def times(self) -> list[float]:
        return [took for _, _, took in self.answers]

    @property
    def faults(self) -> int:
        return sum(status != 200 for _, status, _ in self.answers)

    @property
    def holds(self) -> bool:
        opened = all(len(took) >= LEAST_OPENED and _p95(took) < BOARD_MS for took in self.boards.values())
        boards = bool(self.boards) and opened and not any(self.failed.values())
        return not self.faults and _p95(self.times) < BOUND_MS and boards


def rows() -> Iterator[Row]:
    asked = os.environ.get("SHUANGKONG_BURST", "")
    units, rate, seconds = map(int, asked.split(",")) if asked else (UNITS, 0, SECONDS)
    first = [(rate, seconds)] if rate else []
    try:
        with server() as address:
            yield from _of("PostgreSQL", address, units, first, 0 if rate else HOLD)
    except NoServer as lack:
        yield Row("PostgreSQL", f"not measured: {lack}")
    yield from _of("SQLite", "", units, [], 0)


def _of(name: str, database: str, units: int, first: list[tuple[int, int]], hold: int) -> Iterator[Row]:
    """The rows of one database.

    Args:
        first: rates and seconds that are tried before the steps; where they hold, there are no steps.
        hold: seconds for which the highest rate of the steps is then held; 0 for not at all.
    """
    steps = [(rate, SECONDS) for rate in RATES]
    longest = [(rate, hold) for rate in RATES[-HELD_RATES:]]
    needed = WARM + PROFILED + sum(rate * seconds for rate, seconds in [*first, *steps, *longest])
    if needed > units * len(PERIODS):
        raise NotMeasured(f"{needed:,} returns are needed, {units:,} units owe {len(PERIODS)} each: more units")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = os.environ | {"SHUANGKONG_VAR": folder, "SHUANGKONG_DATABASE": database}
        environment |= {"DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}
        burst = Burst(environment, Path(folder) / "made.json", database)
        start = perf_counter()
        burst.session = _step(environment, "fill", str(units), str(ceil(needed / units)), str(burst.made))["session"]
        what = f"{name}: {units:,} units made, with {ceil(needed / units)} returns each"
        yield Row(what, f"{perf_counter() - start:.0f} s")
        for part, told in _step(environment, "profile", str(burst.made)).items():
            yield Row(f"{name}: one submit, {part}", told)
        burst.site = serve(environment, stack)
        # Both workers have read the policy, of boards too, before anything is measured.
        burst.opened(2 * LEAST_OPENED)
        burst.sent(WARM, 20)
        held = 0
        for rate, seconds in first:
            step = burst.sent(rate * seconds, rate)
            yield from _told(f"{name}, {rate} a second for {seconds} s", step)
            held = rate if step.holds else 0
        for rate, seconds in [] if held else steps:
            step = burst.sent(rate * seconds, rate)
            yield from _told(f"{name}, {rate} a second for {seconds} s", step)
            if not step.holds:
                break
            held = rate
        yield Row(f"{name}: highest rate that held", f"{held} a second" if held else "none of those tried")
        if hold:
            yield from _long(name, burst, held, hold, ceil(needed / units) * units - PROFILED)
        yield from burst.after(name)


def _long(name: str, burst: Burst, highest: int, seconds: int, made: int) -> Iterator[Row]:
    """Holds the highest rate so long; where it does not hold, the next lower one, as far as returns were ``made``."""
    held = 0
    for rate in [each for each in reversed(RATES) if each <= highest]:
        if burst.next + rate * seconds > made:
            yield Row(f"{name}, {rate} a second for {seconds} s", "not measured: too few returns are left")
            break
        step = burst.sent(rate * seconds, rate)
        yield from _told(f"{name}, {rate} a second for {seconds} s", step)
        if step.holds:
            held = rate
            break
    told = f"{held} a second" if held else "none of those tried"
    yield Row(f"{name}: highest rate that held for {seconds} s", told)


def _told(name: str, step: Step) -> Iterator[Row]:
    p99 = quantiles(step.times, n=100)[98]
    figures = f"median {median(step.times):.0f} ms, p95 {_p95(step.times):.0f} ms, p99 {p99:.0f} ms"
    yield Row(
        f"{name}: {len(step.times):,} submits", f"{figures}, {step.faults} errors", f"p95 < {BOUND_MS} ms, 0 errors"
    )
    for board, took in step.boards.items():
        figures = f"opened {len(took)} times, too few"
        if len(took) >= LEAST_OPENED:
            figures = f"median {median(took):.0f} ms, p95 {_p95(took):.0f} ms, most {max(took):.0f} ms ({len(took)})"
        bound = f"p95 < {BOARD_MS} ms, 0 not answered, {LEAST_OPENED} opened"
        yield Row(f"{name}: {board}", f"{figures}, {step.failed.get(board, 0)} not answered", bound)
    shares = ", ".join(f"{who} {1000 * seconds / len(step.times):.1f} ms" for who, seconds in step.spent.items())
    yield Row(f"{name}: processor for each submit, boards among it", shares)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[18]


class Burst:
    """A site with units, and how far through their returns it is."""

    def __init__(self, environment: dict[str, str], made: Path, database: str) -> None:
        self.environment, self.made, self.database = environment, made, database
        self.session, self.next = "", 0
        self.site: subprocess.Popen[bytes] | None = None
        self.acknowledged: list[int] = []

    def sent(self, count: int, rate: int) -> Step:
        """The next returns at a rate; boards are opened meanwhile."""
        boards: dict[str, list[float]] = {board: [] for board in BOARDS}
        failed = dict.fromkeys(BOARDS, 0)
        over, before = Event(), self._spent()
        watcher = Thread(target=_watch, args=(self.session, boards, failed, over))
        watcher.start()
        words = [str(self.made), str(self.next), str(self.next + count), str(rate)]
        self.next += count
        clients = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.returns_client", *words, str(number), str(CLIENTS), str(ADDRESS[1])],
                cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
            )
            for number in range(CLIENTS)
        ]  # fmt: skip
        told = [json.loads(each.communicate()[0] or "{}") for each in clients]
        over.set()
        watcher.join()
        answers = [(int(unit), int(status), took) for part in told for unit, status, took in part.get("answers", ())]
        if len(answers) != count:
            raise NotMeasured("a client ended before its time, or there were not enough returns")
        self.acknowledged += [unit for unit, status, _ in answers if status == 200]
        spent = {who: seconds - before[who] for who, seconds in self._spent().items()}
        return Step(rate, answers, boards, spent | {"clients": sum(part["seconds"] for part in told)}, failed)

    def opened(self, times: int) -> None:
        """Opens each board so often."""
        for _ in range(times):
            for path in BOARDS.values():
                line = HTTPConnection(*ADDRESS, timeout=PATIENCE)
                line.request("GET", path, headers={"Cookie": f"sessionid={self.session}", "Host": "127.0.0.1"})
                line.getresponse().read()
                line.close()

    def _spent(self) -> dict[str, float]:
        """Seconds of the processor so far, of the site by its parts and of the database's server, ended ones too."""
        found = dict.fromkeys((*_PARTS.values(), _REST), 0.0) | ({"database": 0.0} if self.database else {})
        port, every = self.database.rpartition(":")[2].partition("/")[0], list(_processes())
        servers = {each.number for each in every if self.database and each.is_server(port)}
        for each in every:
            if self.site is not None and each.group == self.site.pid:
                found[each.part] += each.seconds
            elif each.number in servers or each.parent in servers:
                found["database"] += each.seconds
        return found

    def after(self, name: str) -> Iterator[Row]:
        """What became of the returns, and how boards are read."""
        told = self.made.with_name("acknowledged.json")
        told.write_text(json.dumps(self.acknowledged), encoding="utf-8")
        found = _step(self.environment, "count", str(told))
        yield Row(f"{name}: acknowledged returns that are lost, of {len(self.acknowledged):,}", found["lost"], "0")
        yield Row(f"{name}: doubled, half there", f"{found['doubled']}, {found['half']} of {found['signed']}", "0, 0")
        for board, how in _step(self.environment, "explain", self.session).items():
            yield Row(f"{name}: how the {board} is read", how)


#: What a part of the site has among its words; the timer's seconds are those of the ticks that have ended.
_PARTS = {"shuangkong serve": "workers", "tick --unless-within": "clock", "shuangkong.cli.clock": "clock"}
_REST = "store and gateway"


@dataclass(frozen=True, slots=True)
class _Process:
    """``seconds``: its own, and those of its children that have ended."""

    number: int
    parent: int
    group: int
    seconds: float
    words: str

    @property
    def part(self) -> str:
        """Which part of the site it is."""
        words = self.words.replace("\0", " ")
        return next((part for told, part in _PARTS.items() if told in words), _REST)

    def is_server(self, port: str) -> bool:
        return f"port={port}" in self.words and "postgres" in self.words.split("\0")[0]


def _processes() -> Iterator[_Process]:
    ticks = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            words = (folder / "cmdline").read_text("utf-8", "replace")
        except OSError:
            continue
        used = sum(map(int, told[11:15])) / ticks
        yield _Process(int(folder.name), int(told[1]), int(told[2]), used, words)


def _watch(session: str, boards: dict[str, list[float]], failed: dict[str, int], over: Event) -> None:
    """Opens the boards until it is over: how long each took, and how often one was not answered with its page."""
    while not over.wait(2):
        for board, path in BOARDS.items():
            line, start = HTTPConnection(*ADDRESS, timeout=PATIENCE), perf_counter()
            try:
                line.request("GET", path, headers={"Cookie": f"sessionid={session}", "Host": "127.0.0.1"})
                answer = line.getresponse()
                answer.read()
                boards[board].append(1000 * (perf_counter() - start))
                failed[board] += answer.status != 200
            except (OSError, HTTPException):
                boards[board].append(1000 * PATIENCE)
                failed[board] += 1
            finally:
                line.close()


def _step(environment: dict[str, str], *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.returns_steps", *words]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if told.returncode:
        raise NotMeasured(told.stderr[-600:])
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found
