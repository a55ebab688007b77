"""Readings uploaded over loopback to the real site, its store beside it; run by ``bench.readings`` in a process apart.

The site is ``shuangkong serve`` with one worker a core, in a folder that is thrown away; a unit's token posts Arrow
streams of 500 points, one after another on each of two connections. What is timed is the answer: bytes kept, read,
checked, in the store, journalled.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from io import BytesIO
from itertools import count
from pathlib import Path
from socket import create_server
from time import monotonic, perf_counter, sleep
from typing import Any

import numpy as np
import pyarrow as pa

OUTLETS, FACTORS, MINUTES = 100, ("a21026", "a21002", "a34013", "a19001", "a01011"), 500
SENDERS, PATIENCE = 2, 120
SECONDS = float(os.environ.get("SHUANGKONG_BENCH_SECONDS") or 10)
START = datetime(2026, 1, 1, tzinfo=UTC)
_COMMAND = "import sys; from shuangkong.cli import main; sys.exit(main())"


def main() -> None:
    with tempfile.TemporaryDirectory(dir=os.environ.get("SHUANGKONG_BENCH_FOLDER")) as folder:
        os.environ |= {"SHUANGKONG_VAR": folder, "SHUANGKONG_TICK_SECONDS": "0"}
        os.environ.pop("SHUANGKONG_STORE", None)
        token = _settled()
        with closing(create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        words = ("serve", "--address", f"127.0.0.1:{port}", "--workers", str(os.cpu_count() or 1), "--gateway", "none")
        log = Path(folder) / "site.log"
        with log.open("wb") as out:
            site = subprocess.Popen([sys.executable, "-c", _COMMAND, *words], stdout=out, stderr=out,
                                    stdin=subprocess.DEVNULL)  # fmt: skip
        try:
            print(json.dumps(_measured(port, token, site, log)))
        finally:
            site.send_signal(signal.SIGTERM)
            site.wait(60)


def _settled() -> str:
    """A unit with its outlets, and a token of whoever reports for it."""
    from shuangkong.cli.site import open_site

    open_site()
    from django.utils import timezone

    from shuangkong.records.monitoring.models import Outlet
    from shuangkong.records.people.acting import Acting, acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Action, Role
    from shuangkong.records.people.tokens import make_token
    from shuangkong.records.registry import store as registry
    from shuangkong.records.registry.models import Body, Enterprise
    from shuangkong.records.registry.rows import RegionRow

    registry.save_regions([RegionRow("990000", "青原市", "city"), RegionRow("990100", "云桥县", "county", "990000")])
    body = Body.objects.create(region_id="990100", name="青石热电厂", kind="company")
    unit = Enterprise.objects.create(name="青石热电厂", region_id="990100", body=body, industry="4411")
    Outlet.objects.bulk_create(
        Outlet(enterprise=unit, region_id="990100", kind="gas", code=f"DA{number:03d}", name=f"DA{number:03d}",
               starts_on=date(2024, 1, 1))
        for number in range(OUTLETS)
    )  # fmt: skip
    person = Person.objects.create_user("unit")
    appoint("unit", Role.REPORTER, Acting("admin", Role.ADMINISTRATOR, paths=("/",)), "测量", body.pk, "990100")
    by = acting(person, timezone.localdate())
    assert by is not None
    return make_token(by, "测量", [Action.MONITORING_UPLOAD], timezone.localdate() + timedelta(days=30))


def _body(number: int) -> bytes:
    """One upload: so many minutes of every outlet and factor, later ones than those of the number before."""
    rows = OUTLETS * len(FACTORS) * MINUTES
    at = int(START.timestamp()) + 60 * (number * MINUTES + np.arange(MINUTES))
    outlets = pa.DictionaryArray.from_arrays(
        np.repeat(np.arange(OUTLETS, dtype=np.int16), len(FACTORS) * MINUTES),
        [f"DA{each:03d}" for each in range(OUTLETS)],
    )
    factors = pa.DictionaryArray.from_arrays(
        np.tile(np.repeat(np.arange(len(FACTORS), dtype=np.int8), MINUTES), OUTLETS), list(FACTORS)
    )
    table = pa.table(
        {
            "outlet": outlets, "factor": factors, "kind": _word("minute", rows), "stat": _word("avg", rows),
            "flag": _word("N", rows), "at": pa.array(np.tile(at, rows // MINUTES)).cast(pa.timestamp("s", "UTC")),
            "value": np.random.default_rng(number).random(rows).round(3) * 100,
        }
    )  # fmt: skip
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _word(word: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(rows, dtype=np.int8), [word])


def _measured(port: int, token: str, site: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    deadline = monotonic() + PATIENCE
    bodies = [_body(number) for number in range(4)]
    # The first makes the points, and is sent again until site and store are up; it is not counted.
    while (first := _post(port, token, bodies[0])) is None or first.get("kept") != first.get("rows"):
        if site.poll() is not None or monotonic() > deadline:
            raise RuntimeError(f"the site did not take an upload: {first}\n{log.read_text('utf-8')[-500:]}")
        sleep(0.3)
    numbers, before, start = count(1), _processor_seconds(os.getpid()), perf_counter()

    def send(_sender: int) -> Iterator[tuple[int, int, float]]:
        while perf_counter() - start < SECONDS:
            body = _body(next(numbers))
            asked = perf_counter()
            told = _post(port, token, body)
            if told is None or told.get("kept") != told.get("rows"):
                raise RuntimeError(f"an upload was not taken: {told}")
            yield told["kept"], len(body), perf_counter() - asked

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = [each for found in senders.map(lambda sender: list(send(sender)), range(SENDERS)) for each in found]
    seconds = perf_counter() - start
    return {
        "readings": sum(each[0] for each in answers), "uploads": len(answers), "seconds": seconds,
        "bytes": sum(each[1] for each in answers), "slowest": max(each[2] for each in answers),
        "generator": _processor_seconds(os.getpid()) - before,
    }  # fmt: skip


def _post(port: int, token: str, body: bytes) -> dict[str, Any] | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(
            "POST", "/api/v1/monitoring/uploads", body,
            {"Content-Type": "application/vnd.apache.arrow.stream", "Authorization": f"Bearer {token}"},
        )  # fmt: skip
        told: dict[str, Any] = json.loads(connection.getresponse().read())
        return told
    except (OSError, ValueError):
        return None
    finally:
        connection.close()


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
