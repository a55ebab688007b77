"""500 plans, 100,000 tasks, 1,000,000 reports of progress: home, duties and lists with 20 people at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from signal import SIGINT
from statistics import median, quantiles
from threading import Thread
from time import monotonic, perf_counter, sleep
from typing import Any

from bench.generated import FULL, SMALL, Size, fill
from bench.ground import ROOT, NotMeasured, Row
from bench.postgresql import NoServer, server

TITLE = "Pages over 500 plans, 100,000 tasks and 1,000,000 reports of progress"
NOTE = (
    "Invented data; the site as `make serve WORKERS=2` starts it (granian); 20 people, each signed in, opening the "
    "next page two seconds after the last came, from one more process of the same machine."
)
ADDRESS = ("127.0.0.1", 8723)
PEOPLE, SECONDS, PAUSE = 20, 40, 2.0
WORKERS = 2
PATIENCE = 60
#: What is asked for, in turn; a page's name → its address.
PAGES = {
    "home": "/",
    "duties": "/plans/tasks/",
    "list": "/plans/tasks/list/",
    "late": "/plans/tasks/list/?clock=late&tasks-sort=due",
    "board": "/plans/tasks/board/",
    "plans": "/plans/",
    "api": "/api/v1/tasks?limit=100",
}
MEDIAN_MS, P95_MS = 300, 800


def rows() -> Iterator[Row]:
    yield from _of("SQLite", "")
    try:
        with server() as address:
            yield from _of("PostgreSQL", address)
    except NoServer as lack:
        yield Row("PostgreSQL", f"not measured: {lack}")


def _of(name: str, database: str) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"SHUANGKONG_VAR": folder, "SHUANGKONG_DATABASE": database}
        environment |= {"DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}
        made = _told(environment, "fill", "full")
        yield Row(f"{name}: data made and counted", f"{made['seconds']:.0f} s, {made['megabytes']:.0f} MB")
        for page, times in asked(environment, _told(environment, "sign_in")["cookies"]).items():
            p95 = quantiles(times, n=20)[18]
            bound = f"median < {MEDIAN_MS} ms, p95 < {P95_MS} ms"
            yield Row(f"{name}: {page}", f"median {median(times):.0f} ms, p95 {p95:.0f} ms ({len(times)})", bound)


def asked(environment: dict[str, str], cookies: list[str], seconds: float = SECONDS) -> dict[str, list[float]]:
    """Milliseconds of every answer, by page. Raises NotMeasured where the site does not come up or answers a fault."""
    with ExitStack() as stack:
        site = serve(environment, stack)
        times: dict[str, list[float]] = {page: [] for page in PAGES}
        faults: list[str] = []
        end = monotonic() + seconds
        people = [
            Thread(target=_visit, args=(number, cookie, end, times, faults)) for number, cookie in enumerate(cookies)
        ]
        for each in people:
            each.start()
        for each in people:
            each.join()
        if faults or site.poll() is not None:
            raise NotMeasured(f"the site answered {faults[:3]}")
    return times


def _visit(number: int, cookie: str, end: float, times: dict[str, list[float]], faults: list[str]) -> None:
    """One person: opens page after page; the first round is not counted, for caches fill in it."""
    line, names = HTTPConnection(*ADDRESS, timeout=PATIENCE), list(PAGES)
    turn = 0
    while monotonic() < end:
        name = names[(number + turn) % len(names)]
        start = perf_counter()
        line.request("GET", PAGES[name], headers={"Cookie": f"sessionid={cookie}", "Host": "127.0.0.1"})
        answer = line.getresponse()
        answer.read()
        took = 1000 * (perf_counter() - start)
        if answer.status != 200:
            faults.append(f"{name}: {answer.status}")
        elif turn >= len(names):
            times[name].append(took)
        turn += 1
        sleep(PAUSE)


def serve(environment: dict[str, str], stack: ExitStack) -> subprocess.Popen[bytes]:
    command = [Path(sys.executable).with_name("shuangkong"), "serve", "--address", ":".join(map(str, ADDRESS))]
    site = subprocess.Popen(
        [*command, "--workers", str(WORKERS)], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def stop() -> None:
        with suppress(ProcessLookupError):
            os.killpg(site.pid, SIGINT)
        site.wait(PATIENCE)

    stack.callback(stop)
    start = monotonic()
    while not _answers():
        if site.poll() is not None or monotonic() - start > PATIENCE:
            raise NotMeasured("the site did not come up")
        sleep(0.1)
    return site


def _answers() -> bool:
    line = HTTPConnection(*ADDRESS, timeout=5)
    with suppress(OSError):
        line.request("GET", "/health/")
        return line.getresponse().status == 200
    return False


def _told(environment: dict[str, str], *words: str) -> Any:
    """What a step prints, in a process of its own: Django takes one database a process."""
    command = [sys.executable, "-m", "bench.tasks", *words]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if told.returncode:
        raise NotMeasured(told.stderr[-600:])
    return json.loads(told.stdout)


def fill_site(size: Size) -> dict[str, float]:
    """Fills the site of this process's environment; seconds and megabytes."""
    import django
    from django.db import connection

    django.setup()
    from shuangkong.cli.site import migrate

    migrate()
    start = perf_counter()
    fill(size, date.today())  # noqa: DTZ011 - the day of this machine will do
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        bytes_ = cursor.fetchone()[0]
    return {"seconds": perf_counter() - start, "megabytes": bytes_ / 1024**2}


def sign_in() -> dict[str, list[str]]:
    """A session for each of the people."""
    import django

    django.setup()
    from django.test import Client

    from shuangkong.records.people.models import Person

    found = []
    for person in Person.objects.filter(username__startswith="user-").order_by("pk")[:PEOPLE]:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(person)
        found.append(client.cookies["sessionid"].value)
    return {"cookies": found}


def plans_of_queries(name: str) -> Iterator[str]:
    """How the database looks for what each page asks, as it says itself."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from shuangkong.records.people.models import Person

    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Person.objects.get(username=name))
    for page, path in PAGES.items():
        with CaptureQueriesContext(connection) as queries:
            start = perf_counter()
            client.get(path)
            took = perf_counter() - start
        yield f"== {page} as {name}: {len(queries)} queries, {1000 * took:.0f} ms"
        for query in sorted(queries.captured_queries, key=lambda each: -float(each["time"]))[:4]:
            yield f"-- {query['time']} s: {re.sub(r'SELECT .*? FROM', 'SELECT … FROM', query['sql'])[:700]}"
            if query["sql"].startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute(explain + query["sql"].replace("%", "%%"))
                    yield from (f"     {line[-1]}" for line in cursor.fetchall())


def main(words: list[str]) -> None:
    match words:
        case ["fill", size]:
            print(json.dumps(fill_site({"full": FULL, "small": SMALL}[size])))
        case ["sign_in"]:
            print(json.dumps(sign_in()))
        case ["explain", *names]:
            for name in names:
                print("\n".join(plans_of_queries(name)))


if __name__ == "__main__":
    main(sys.argv[1:])
