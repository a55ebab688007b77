"""Readings uploaded by HTTPS over loopback to the real site, its store beside it; ``bench.readings`` runs it apart.

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
from http.client import HTTPSConnection
from io import BytesIO
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from socket import create_server
from ssl import SSLContext, create_default_context
from time import monotonic, perf_counter, sleep
from typing import Any

import numpy as np
import pyarrow as pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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
        chain, key = _certificate(Path(folder))
        words = ("serve", "--address", f"127.0.0.1:{port}", "--workers", str(os.cpu_count() or 1), "--gateway", "none",
                 "--certificate", chain, "--key", key)  # fmt: skip
        trust = create_default_context(cafile=chain)
        log = Path(folder) / "site.log"
        with log.open("wb") as out:
            site = subprocess.Popen([sys.executable, "-c", _COMMAND, *words], stdout=out, stderr=out,
                                    stdin=subprocess.DEVNULL)  # fmt: skip
        try:
            print(json.dumps(_measured((port, trust), token, site, log)))
        finally:
            site.send_signal(signal.SIGTERM)
            site.wait(60)


def _certificate(folder: Path) -> tuple[str, str]:
    """A certificate of this machine that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(whose, whose, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "site.pem", folder / "site.key"
    chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(chain), str(secret)


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


def _measured(where: tuple[int, SSLContext], token: str, site: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    deadline = monotonic() + PATIENCE
    bodies = [_body(number) for number in range(4)]
    # The first makes the points, and is sent again until site and store are up; it is not counted.
    while (first := _post(where, token, bodies[0])) is None or first.get("kept") != first.get("rows"):
        if site.poll() is not None or monotonic() > deadline:
            raise RuntimeError(f"the site did not take an upload: {first}\n{log.read_text('utf-8')[-500:]}")
        sleep(0.3)
    numbers, before, start = count(1), _processor_seconds(os.getpid()), perf_counter()

    def send(_sender: int) -> Iterator[tuple[int, int, float]]:
        while perf_counter() - start < SECONDS:
            body = _body(next(numbers))
            asked = perf_counter()
            told = _post(where, token, body)
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


def _post(where: tuple[int, SSLContext], token: str, body: bytes) -> dict[str, Any] | None:
    connection = HTTPSConnection("127.0.0.1", where[0], timeout=PATIENCE, context=where[1])
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
