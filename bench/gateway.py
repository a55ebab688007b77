"""The gateway: frames acknowledged after fdatasync, with 1,000 and with 10,000 connections, and what of it is whose."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ground import ROOT, NotMeasured, Row, fresh

TITLE = "The gateway: 360-byte frames of HJ 212, acknowledged when they are durable"
NOTE = (
    "`shuangkong listen` in one process, the generator of load in another, of the same machine. Closed loop: each "
    "connection sends its next frame when the last is acknowledged. The ceiling is a server on the same loop that "
    "reads and answers, and neither looks at nor keeps what it read."
)
CONNECTIONS, IDLE, RATE = 1_000, 10_000, 5_000
SECONDS = float(os.environ.get("SHUANGKONG_BENCH_SECONDS") or 10)
READY = re.compile(r":(\d+)\s*$")


def rows() -> Iterator[Row]:
    with _server("ceiling") as (port, pid):
        yield _closed("ceiling: accept, read, reply, nothing else", port, pid, "")
    with _gateway() as (port, pid):
        yield _closed(f"{CONNECTIONS:,} connections, one frame under way on each", port, pid, "≥ 30,000 frames/s")
    with _gateway() as (port, _):
        told = fresh("gateway_load", str(port), "open", str(CONNECTIONS), str(SECONDS), str(RATE))
        shown = f"p50 {told['p50']:.1f} ms, p99 {told['p99']:.1f} ms ({told['frames'] / told['seconds']:,.0f} frames/s)"
        yield Row(f"open loop, {RATE:,} frames/s over {CONNECTIONS:,} connections", shown, "p99 < 15 ms")
    with _gateway() as (port, pid):
        told = fresh("gateway_load", str(port), "idle", str(IDLE), "3", str(pid))
        yield Row(f"{told['connections']:,} idle connections", f"{told['megabytes']:.0f} MB in all", "< 1 GiB")
    from bench.gateway_consumer import ASKED

    told = fresh("gateway_consumer")
    shown = f"{told['frames']:,} frames of 12 values, 1,000 devices"
    for name, kind in (("columns", "to columns"), ("stored", "to the store, which runs beside it")):
        read = told[name]
        rate, cost = read["values"] / read["seconds"], 1e6 * read["processor"] / read["values"]
        found = f"{rate:,.0f} values/s ({cost:.2f} µs of a core each)"
        yield Row(f"consumer {kind} ({shown})", found, f"≥ {ASKED:,} values/s")
    if "profile" in told:
        yield Row("consumer, where its time goes", "; ".join(told["profile"]), "")


def _closed(what: str, port: int, pid: int, bound: str) -> Row:
    before = _processor_seconds(pid)
    told = fresh("gateway_load", str(port), "closed", str(CONNECTIONS), str(SECONDS))
    used = _processor_seconds(pid) - before
    server, generator = (100 * each / told["whole"] for each in (used, told["processor"]))
    shares = f"server {server:.0f} %, generator {generator:.0f} % of a core"
    rate = told["frames"] / told["seconds"]
    return Row(what, f"{rate:,.0f} frames/s, p99 {told['p99']:.0f} ms ({shares})", bound)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _gateway() -> Iterator[tuple[int, int]]:
    """A gateway with the profiles of the generator's devices; its port and process."""
    from bench.gateway_load import profiles

    with tempfile.TemporaryDirectory(dir=os.environ.get("SHUANGKONG_BENCH_FOLDER")) as name:
        folder = Path(name)
        (folder / "profiles.json").write_text(json.dumps(profiles(CONNECTIONS)), encoding="utf-8")
        (folder / "gateway.toml").write_text(
            '[[listener]]\naddress = "127.0.0.1:0"\n[limits]\nper_address = 20000\n', encoding="utf-8"
        )
        words = ["--config", "gateway.toml", "--folder", "gateway", "--profiles", "profiles.json"]
        command = [
            sys.executable,
            "-c",
            "import sys; from shuangkong.cli import main; sys.exit(main())",
            "listen",
            *words,
        ]
        with _started(command, folder) as told:
            yield told


@contextmanager
def _server(kind: str) -> Iterator[tuple[int, int]]:
    with _started([sys.executable, "-m", "bench.gateway_load", kind], ROOT) as told:
        yield told


@contextmanager
def _started(command: list[str], folder: Path) -> Iterator[tuple[int, int]]:
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    try:
        assert server.stdout is not None
        ready = READY.search(server.stdout.readline())
        if ready is None:
            raise NotMeasured("the server did not come up")
        yield int(ready[1]), server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
