"""kill -9 of gateway, consumer and store at random moments: in the store no acknowledged frame lacks, none is doubled.

One trial sends frames, kills one of the three, or all at once, while they go on, and starts what it killed again. At
the end the store holds, of each acknowledged frame, its value under its address once. The consumer is the command that
an operator runs, with the registers of a site of its own; it is killed once it has read something.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from consuming_ground import ZONE
from devices import READY, frame, profile, until

from prepared import copied, environment
from shuangkong.readings.columns import Kind
from shuangkong.readings.evidence import Address, Evidence
from shuangkong.readings.opening import open_client
from shuangkong.readings.store import Store

#: How often one of the three is killed: `make soak` does it a thousand times.
KILLS = int(os.environ.get("SHUANGKONG_KILLS") or (1000 if os.environ.get("SHUANGKONG_SOAK") else 4))
#: Seconds that the consumer may take to read what came in while it was killed: of a thousand trials that is much.
CAUGHT_UP = 60 + KILLS
DEVICES = [f"{number:024X}" for number in range(6)]
START = datetime(2020, 1, 1, tzinfo=ZONE)
#: What a process may take to come up, or to catch up; nothing is measured by it.
PATIENCE = 120
_STORE = (
    "import sys; from pathlib import Path; from shuangkong.readings.engine.process import run;"
    " run(Path(sys.argv[1]), '127.0.0.1', 0, lambda address: print(address, flush=True))"
)
_MAIN = "import sys; from shuangkong.cli import main; sys.exit(main())"
_REGISTER = """
import sys
from datetime import datetime, timezone
import django
django.setup()
from shuangkong.records.monitoring.models import Connection, Device, Outlet
from shuangkong.records.registry.models import Region
region, begun = Region.objects.order_by("pk")[0], datetime(2019, 1, 1, tzinfo=timezone.utc)
for place, mn in enumerate(sys.argv[1:]):
    outlet = Outlet.objects.create(region=region, kind="gas", code=str(place), name="排口", starts_on=begun.date())
    device = Device.objects.create(
        region=region, kind="logger", mn=mn, name="数采仪", edition="auto", check_value="hj212", encoding="auto",
        starts_on=begun.date(),
    )
    Connection.objects.create(device=device, outlet=outlet, starts_at=begun)
"""


class Site:
    """The three processes; the gateway keeps its port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = copied(folder, "killed", _register), 0
        (folder / "profiles.json").write_text(json.dumps([profile(mn) for mn in DEVICES]))
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str) -> None:
        store, gateway = str(self.folder / "store"), str(self.folder / "gateway")
        words = {
            "store": ["-c", _STORE, store],
            "consumer": ["-c", _MAIN, "consume"],
            "gateway": [
                "-c", _MAIN, "listen", "--address", f"127.0.0.1:{self.port}", "--folder", gateway,
                "--profiles", str(self.folder / "profiles.json"),
            ],
        }[name]  # fmt: skip
        output = subprocess.DEVNULL if name == "consumer" else subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, *words], stdout=output, text=True, stdin=subprocess.DEVNULL, env=environment(self.folder)
        )
        self.processes[name] = process
        if process.stdout is not None:
            line = process.stdout.readline()
            if name == "gateway":
                ready = READY.search(line)
                assert ready is not None, line
                self.port = int(ready[1])

    def points(self) -> dict[str, int]:
        """The point of each device's factor, as the consumer made it."""
        base = sqlite3.connect(f"file:{self.folder / 'shuangkong.sqlite3'}?mode=ro", uri=True)
        asked = (
            "SELECT outlet.code, point.id FROM monitoring_point AS point"
            " JOIN monitoring_outlet AS outlet ON outlet.id = point.outlet_id WHERE point.factor = 'a21026'"
        )
        told = {DEVICES[int(code)]: int(number) for code, number in base.execute(asked)}
        base.close()
        return told

    def end(self) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def _register(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", _REGISTER, *DEVICES], env=environment(folder), check=True, timeout=PATIENCE)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path / "site")
    for name in ("store", "gateway", "consumer"):
        made.start(name)
    yield made
    made.end()


class Crowd:
    """Devices that each send one minute after the other, the same again until it is acknowledged."""

    def __init__(self) -> None:
        self.acknowledged = dict.fromkeys(DEVICES, 0)
        self.is_over = False

    async def run(self, site: Site) -> None:
        async with asyncio.TaskGroup() as group:
            for mn in DEVICES:
                group.create_task(self.device(site, mn))

    async def device(self, site: Site, mn: str) -> None:
        while not self.is_over:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
                while not self.is_over:
                    number = self.acknowledged[mn]
                    time = START + timedelta(minutes=number)
                    cp = f"DataTime={time:%Y%m%d%H%M%S};a21026-Avg={number}.5,a21026-Flag=N"
                    writer.write(frame(number % 1000, cp, MN=mn))
                    await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
                    self.acknowledged[mn] += 1
                    await asyncio.sleep(random.uniform(0, 0.01))
                writer.close()
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                await asyncio.sleep(0.02)


async def trials(site: Site) -> Crowd:
    crowd = Crowd()
    sending = asyncio.create_task(crowd.run(site))
    groups = [("gateway",), ("consumer",), ("store",), ("store", "gateway", "consumer")]
    for trial in range(KILLS):
        await asyncio.sleep(random.uniform(0.02, 0.4))
        group = groups[trial % len(groups)] if KILLS < 10 else random.choice(groups)
        if "consumer" in group:
            await asyncio.to_thread(until, partial(has_read_beyond, site, bookmark(site)), PATIENCE)
        for name in group:
            site.processes[name].send_signal(signal.SIGKILL)
        for name in group:
            await asyncio.to_thread(site.processes[name].wait)
            await asyncio.to_thread(site.start, name)
    await asyncio.sleep(0.2)
    crowd.is_over = True
    await sending
    return crowd


@pytest.mark.tried
def test_in_the_store_no_acknowledged_frame_lacks_and_none_is_doubled(site: Site) -> None:
    crowd = asyncio.run(trials(site))
    evidence = Evidence(site.folder / "gateway" / "evidence")
    until(lambda: bookmark(site) >= evidence.end(), CAUGHT_UP)
    assert min(crowd.acknowledged.values()) > 0
    client, points = open_client(site.folder / "store"), site.points()
    for mn in DEVICES:
        point = points[mn]
        found = Store(client).series(point, Kind.MINUTE, "avg", START, START + timedelta(days=3650)).to_pylist()
        told = {row["at"]: row["value"] for row in found}
        assert len(told) == len(found)
        numbers = range(crowd.acknowledged[mn])
        lacking = [number for number in numbers if told.get(START + timedelta(minutes=number)) != number + 0.5]
        assert not lacking, f"acknowledged and not stored: {lacking[:5]} of {len(numbers)}"
        # One more than was acknowledged may be there: it was received, and its answer was lost.
        assert len(told) - len(numbers) in (0, 1)
        for row in found[:: max(1, len(found) // 20)]:
            assert f"Avg={row['value']}".encode() in evidence.read(row["segment"], row["offset"]).payload
    doubled = client.rows(
        "SELECT point, at, uniqExact(version) AS versions FROM shuangkong.readings_minute GROUP BY point, at"
        " HAVING versions != 1 LIMIT 5"
    )
    assert doubled == [], "a frame that was sent again was stored as another version"
    once = client.rows("SELECT count() FROM shuangkong.readings_minute FINAL")
    assert int(once[0][0]) == int(client.rows("SELECT uniqExact(point, at) FROM shuangkong.readings_minute")[0][0])


def has_read_beyond(site: Site, place: Address) -> bool:
    return bookmark(site) > place


def bookmark(site: Site) -> Address:
    """How far the consumer has come, as it keeps it."""
    with suppress(sqlite3.OperationalError):
        base = sqlite3.connect(f"file:{site.folder / 'gateway' / 'consumer.sqlite3'}?mode=ro", uri=True)
        row = base.execute("SELECT segment, offset FROM bookmark").fetchone()
        base.close()
        if row:
            return Address(*row)
    return Address(0, 0)
