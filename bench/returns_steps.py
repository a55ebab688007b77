"""Steps of the burst that ask the site itself, each in a process of its own: Django takes one database a process."""

from __future__ import annotations

import cProfile
import json
import pstats
import re
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

#: What the offices look at meanwhile.
BOARDS = {"windows board": "/reporting/windows/", "desk": "/reporting/desk/"}
#: Parts of the time of a submit: what of a profile's names counts to it.
PARTS = {
    "token": ("tokens.py", "token_acting"), "return read": ("filing.py", "_found"),
    "what is sent read": ("operations/reporting.py", "_filled"), "held against": ("beside.py", "context_for"),
    "computed": ("values.py", "judged_values"), "checked": ("plan.py", "check_return"),
    "digest": ("content.py", "digest"), "rows written": ("filing.py", "_write"),
    "of these the journal": ("journal/store.py", "append"), "commit": ("", "commit"),
}  # fmt: skip
#: Tables below so many rows are read whole without harm.
_SMALL = 5_000
_SUBMITS = 60


def fill(units: str, months: str, made: str) -> dict[str, str]:
    """The site of the environment with its units; ``made`` gets their tokens and what they file."""
    from django.db import transaction
    from django.test import Client

    from bench import returns_ground
    from shuangkong.cli.site import migrate
    from shuangkong.records.people.models import Person

    migrate()
    with transaction.atomic():
        told = returns_ground.fill(int(units), int(months))
    Path(made).write_text(json.dumps({"units": told, "cells": returns_ground.cells()}), encoding="utf-8")
    desk = Client(headers={"host": "127.0.0.1"})
    desk.force_login(Person.objects.get(username=returns_ground.DESK))
    return {"session": desk.cookies["sessionid"].value}


def profile(made: str) -> dict[str, str]:
    """Time of the processor of a submit in the site's process, and the shares of its parts under a profile.

    Signs the last returns of those made.
    """
    from django.test import Client

    told = json.loads(Path(made).read_text("utf-8"))
    site, body = Client(headers={"host": "127.0.0.1"}), json.dumps({"cells": told["cells"]})

    def send(unit: int, token: str) -> float:
        path, start = f"/api/v1/reporting/returns/{unit}/submit", process_time()
        answer = site.post(path, body, "application/json", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.content.decode()
        return 1000 * (process_time() - start)

    units = told["units"][-2 * _SUBMITS :]
    times = [send(*each) for each in units[:_SUBMITS]]
    watched = cProfile.Profile()
    watched.enable()
    for each in units[_SUBMITS:]:
        send(*each)
    watched.disable()
    return {"processor": f"{median(times[10:]):.1f} ms"} | _shares(pstats.Stats(watched))


def _shares(found: Any) -> dict[str, str]:
    taken = {
        part: max((row[3] for (path, _, name), row in found.stats.items() if _is(path, name, wanted)), default=0)
        for part, wanted in PARTS.items()
    }
    return {part: f"{100 * seconds / found.total_tt:.0f} %" for part, seconds in taken.items()}


def _is(path: str, name: str, wanted: tuple[str, str]) -> bool:
    return path.endswith(wanted[0]) and name == wanted[1]


def count(acknowledged: str) -> dict[str, str]:
    """Returns that were acknowledged and are not there, that are there twice, or that are half there."""
    from django.db.models import Count

    from shuangkong.records.journal.models import JournalRow
    from shuangkong.records.reporting.models import Event, Return, Version

    held = dict(Return.objects.values_list("pk", "versions"))
    versions = dict(Version.objects.values_list("owned").annotate(n=Count("pk")))
    events = dict(Event.objects.filter(kind="submit").values_list("owned").annotate(n=Count("pk")))
    lines = dict(JournalRow.objects.filter(act="return.submit").values_list("subject").annotate(n=Count("pk")))
    lost = sum(not versions.get(number) for number in json.loads(Path(acknowledged).read_text("utf-8")))
    doubled = sum(many > 1 for many in versions.values())
    half = sum(
        not told == versions.get(number, 0) == events.get(number, 0) == lines.get(f"return/{number}", 0)
        for number, told in held.items()
    )
    return {"lost": str(lost), "doubled": str(doubled), "half": str(half), "signed": str(sum(held.values()))}


def explain(session: str) -> dict[str, str]:
    """Of each board: how many questions it asks, and which long tables the database reads whole for it."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for board, path in BOARDS.items():
        site = Client(headers={"host": "127.0.0.1"})
        site.cookies["sessionid"] = session
        # The first opening reads the policy of the place, once a process.
        site.get(path)
        with CaptureQueriesContext(connection) as queries:
            start = perf_counter()
            answer = site.get(path)
            took = 1000 * (perf_counter() - start)
        assert answer.status_code == 200, answer.status_code
        told = [each["sql"] for each in queries.captured_queries if each["sql"].startswith("SELECT")]
        whole = sorted({table for sql in told for table in _read_whole(sql)})
        long = ", ".join(whole) or "nothing long"
        found[board] = f"{len(queries)} questions, {took:.0f} ms alone; read whole: {long}"
    return found


def _read_whole(sql: str) -> list[str]:
    from django.db import connection

    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(how + sql.replace("%", "%%"))
        lines = "\n".join(str(row[-1]) for row in cursor.fetchall())
    named = re.findall(r"(?:Seq Scan on|SCAN) \"?(\w+)\"?(?! USING)", lines)
    return [table for table in named if _rows(table) >= _SMALL]


def _rows(table: str) -> int:
    from django.db import connection

    known = connection.introspection.table_names()
    if table not in known:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def main(act: str, *words: str) -> None:
    import django

    django.setup()
    print(json.dumps({"fill": fill, "profile": profile, "count": count, "explain": explain}[act](*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
