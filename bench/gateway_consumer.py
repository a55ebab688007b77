"""The consumer over an evidence log of a thousand devices; run by ``bench.gateway`` in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from cProfile import Profile
from datetime import datetime, timedelta
from pathlib import Path
from pstats import Stats
from time import perf_counter, process_time, time
from typing import Any
from zoneinfo import ZoneInfo

from bench.gateway_load import FRAME_BYTES, number
from shuangkong.gateway.consuming.consumer import Consumer, Doors
from shuangkong.gateway.consuming.device import Device, Spell
from shuangkong.gateway.consuming.filing import Filing
from shuangkong.gateway.consuming.plan import Planner
from shuangkong.gateway.consuming.storing import DOWN, StoreDoor
from shuangkong.gateway.consuming.supplement import Supplement
from shuangkong.gateway.consuming.units import Units
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.evidence import Log
from shuangkong.readings.evidence.record import pack
from shuangkong.rulebook import open_rulebook

DEVICES, MINUTES = 1_000, 200
#: Values a second that are asked for; where fewer are read, a profile says why, in so many lines.
ASKED, SHARES = 1_000_000, 8
FACTORS = ("a21002", "a21026", "a34013", "a19001")
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2024, 5, 20, tzinfo=ZONE)
_STORE = (
    "import sys; from pathlib import Path; from shuangkong.readings.engine.process import run;"
    " run(Path(sys.argv[1]), '127.0.0.1', 0, lambda address: print(address, flush=True))"
)


class Registers:
    """Devices of the generator, each at an outlet of its own."""

    def stamp(self) -> object:
        return 0

    def devices(self) -> Mapping[str, Device]:
        told = (Device(place, number(place), spells=(Spell(place, 0),)) for place in range(DEVICES))
        return {each.mn: each for each in told}

    def points(self, wanted: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        known = (*FACTORS,)
        return {(outlet, code): outlet * 16 + known.index(code) for outlet, code in wanted}


class Nobody:
    """A desk that nothing may come to, and a store that keeps nothing."""

    def tell(self, *words: Any) -> None:
        raise AssertionError(words)

    def append(self, table: Any) -> None:
        pass


def frame(device: int, minute: int) -> bytes:
    """One of FRAME_BYTES, or a little less, with twelve values."""
    at = START + timedelta(minutes=minute)
    cp = f"DataTime={at:%Y%m%d%H%M%S}"
    for place, code in enumerate(FACTORS):
        mean = (device * 7 + minute * 3 + place) % 400 / 10
        cp += f";{code}-Min={mean / 2:.1f},{code}-Avg={mean:.1f},{code}-Max={mean * 2:.1f}"
        cp += f",{code}-Flag=N" * (place < 2)
    qn = f"{at:%Y%m%d%H%M%S}{device % 1000:03d}"
    body = f"QN={qn};ST=31;CN=2051;PW=123456;MN={number(device)};Flag=5;CP=&&{cp}&&".encode()
    made = wrap(body)
    assert FRAME_BYTES - 40 <= len(made) <= FRAME_BYTES, len(made)
    return made


def write_log(folder: Path) -> int:
    """Frames of every device, minute by minute; how many."""
    log = Log(folder / "evidence")
    received = int((START + timedelta(minutes=MINUTES)).timestamp() * 1e9)
    for minute in range(MINUTES):
        log.write([pack(1, frame(device, minute), received, device, 1) for device in range(DEVICES)])
    log.close()
    return DEVICES * MINUTES


def consumer(folder: Path, store: Any) -> Consumer:
    rulebook = open_rulebook()
    codes, registers = hj212_codes(rulebook.folder), Registers()
    doors = Doors(store, registers, Nobody(), None, DOWN)
    filing = Filing(codes, Planner(codes, Units(rulebook.units(), codes), registers), ZONE)
    return Consumer(folder, filing, lambda keeping: Supplement(keeping, codes, ZONE, 10**9), doors, time, 9999, 9999)


def read_all(made: Consumer) -> dict[str, float]:
    """Reads to the end of the log; the first batch, which learns, is not counted."""
    made.step()
    made.settle()
    before, began, used = made.rows, perf_counter(), process_time()
    while made.step():
        pass
    made.settle()
    return {"values": made.rows - before, "seconds": perf_counter() - began, "processor": process_time() - used}


def profile(made: Consumer) -> list[str]:
    """Where the time of reading goes: "share of the time, what", the greatest first; waiting for the store included."""
    made.step()
    made.settle()
    profiler = Profile()
    profiler.enable()
    while made.step():
        pass
    made.settle()
    profiler.disable()
    told = Stats(profiler).stats  # type: ignore[attr-defined]  # It has them; its stub does not.
    whole = sum(own for _, _, own, _, _ in told.values())
    greatest = sorted(((own, key) for key, (_, _, own, _, _) in told.items()), reverse=True)[:SHARES]
    return [f"{own / whole:.0%} {Path(file).stem} {name}".replace("~ ", "") for own, (file, _, name) in greatest]


def fresh(folder: Path) -> Path:
    """The folder, of which nothing was read."""
    for each in folder.glob("consumer.sqlite3*"):
        each.unlink()
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told: dict[str, Any] = {"frames": write_log(folder)}
        told["columns"] = read_all(consumer(folder, Nobody()))
        command = [sys.executable, "-c", _STORE, str(folder / "store")]
        store = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        try:
            assert store.stdout is not None
            store.stdout.readline()
            told["stored"] = read_all(consumer(fresh(folder), StoreDoor(folder / "store")))
            if any(each["values"] < ASKED * each["seconds"] for each in (told["columns"], told["stored"])):
                told["profile"] = profile(consumer(fresh(folder), StoreDoor(folder / "store")))
        finally:
            store.terminate()
            store.wait()
        print(json.dumps(told))


if __name__ == "__main__":
    main()
