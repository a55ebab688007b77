"""The store dies at any moment; what it acknowledged is there when it comes back, once, and rolled up."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from housed import HOUR, MINUTE, START, ZONE, readings, start
from shuangkong.readings.columns import Kind, Span
from shuangkong.readings.opening import open_client
from shuangkong.readings.rolling import Roller
from shuangkong.readings.store import Store
from shuangkong.readings.validity import PLAIN
from shuangkong.readings.wire.client import Client, StoreDown, StoreRefused
from trials import IS_SOAK

TRIALS = 100 if IS_SOAK else 3
POINT, A_BATCH = 5, 120


def append_one(client: Client, number: int) -> None:
    at = START + 2 * number * HOUR
    rows = [(POINT, at + step * MINUTE, "cou", 1.0, "N") for step in range(A_BATCH)]
    Store(client).append(readings(rows, first=number * A_BATCH))


def append_until_it_dies(client: Client, first: int, acknowledged: list[int]) -> None:
    """Batches of two hours each, one after the other; notes what was acknowledged."""
    number = first
    while True:
        try:
            append_one(client, number)
        except (StoreDown, StoreRefused):
            return
        acknowledged.append(number)
        number += 1


def roll_until_it_dies(client: Client) -> None:
    roller = Roller(client, ZONE, PLAIN)
    with contextlib.suppress(StoreDown, StoreRefused):
        while True:
            roller.roll()


@pytest.mark.tried
def test_killed_store_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    chance, acknowledged = random.Random(11), []
    for _ in range(TRIALS):
        process = start(tmp_path)
        clients = [open_client(tmp_path, {}) for _ in range(2)]
        first = acknowledged[-1] + 1 if acknowledged else 0
        working = [
            threading.Thread(target=append_until_it_dies, args=(clients[0], first, acknowledged)),
            threading.Thread(target=roll_until_it_dies, args=(clients[1],)),
        ]
        for each in working:
            each.start()
        time.sleep(chance.uniform(0.05, 0.8))
        process.kill()
        process.wait()
        for each in working:
            each.join()
    process = start(tmp_path)
    try:
        client = open_client(tmp_path, {})
        # Who got no answer asks again: it may be there already, and not yet be rolled up.
        append_one(client, acknowledged[-1] + 1)
        acknowledged.append(acknowledged[-1] + 1)
        store, end = Store(client), START + (2 * (acknowledged[-1] + 3)) * HOUR
        found = store.series(POINT, Kind.MINUTE, "cou", START, end)["at"].to_pylist()
        wanted = {START + 2 * number * HOUR + step * MINUTE for number in acknowledged for step in range(A_BATCH)}
        assert len(acknowledged) > TRIALS
        assert wanted <= set(found), "an acknowledged reading is gone"
        assert len(found) == len(set(found))
        Roller(client, ZONE, PLAIN).roll()
        hours = store.rollup(POINT, Span.HOUR, "cou", START, end)
        assert set(hours["sum"].to_pylist()) == {Decimal(60)}
        assert 60 * hours.num_rows == len(found)
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_second_process_is_kept_away(tmp_path: Path) -> None:
    process = start(tmp_path)
    try:
        with pytest.raises(AssertionError):
            start(tmp_path)
        assert open_client(tmp_path, {}).is_up()
    finally:
        process.terminate()
        assert process.wait(10) == 0
    with pytest.raises(StoreDown, match="does not run"):
        open_client(tmp_path, {})


def test_signal_handed_to_another_thread_ends_the_store(tmp_path: Path) -> None:
    """As the system does now and then, where a process has many threads."""
    code = """
import signal, sys, threading, time
from pathlib import Path
from shuangkong.readings.engine.process import run
def beside(address, key, stopping):
    time.sleep(0.5)  # The main thread waits by now.
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    stopping.wait()
run(Path(sys.argv[1]), "127.0.0.1", 0, lambda address: None, beside)
"""
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=30, check=False).returncode == 0


def test_chdb_is_loaded_by_the_store_alone() -> None:
    """It is large, and whoever has it open must not fork."""
    told = subprocess.run(
        [sys.executable, "-c", "import sys, shuangkong.readings.store, shuangkong.readings.opening,"
         " shuangkong.readings.rolling, shuangkong.cli.store, shuangkong.cli.serve; print('chdb' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "False\n"
