"""The readings store: load, roll-ups, questions, meters, bytes on disk; DuckDB beside it where it can be installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.ground import NotMeasured, Row, fresh
from shuangkong.monitoring.meters import columns as meters
from shuangkong.monitoring.meters.counter import Rules
from shuangkong.readings.columns import READINGS, Base, Kind, Span
from shuangkong.readings.opening import open_client
from shuangkong.readings.rolling import Roller
from shuangkong.readings.store import Store
from shuangkong.readings.tables.shape import DATABASE
from shuangkong.readings.uploads import Form, take_upload
from shuangkong.readings.validity import PLAIN

TITLE = "Readings store"
NOTE = (
    "10,000,000 minute readings (500 points, mean, minimum, maximum, amount; two decimals that wander, flags, "
    "the frame of each in a random order within its minute), in batches of a million by two senders over HTTP, "
    "acknowledged after fsync, with the marks of what is to be rolled up. Roll-up: hours, days, months, quarters and "
    "years of all of them. Questions: medians of 9 by one client. DuckDB is installed into a folder that is thrown "
    "away: its load and its hours from the same Parquet files, without versions, marks or the longer spans."
)
POINTS, FOUR, READINGS_IN_ALL, BATCH = 500, ("avg", "min", "max", "cou"), 10_000_000, 1_000_000
START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
ZONE = "Asia/Shanghai"
ASKED = 9
SIDE = Path(__file__).with_name("duckdb_side.py")
_RUN = """
import sys
from pathlib import Path
from shuangkong.readings.engine.process import run
run(Path(sys.argv[1]), "127.0.0.1", 0, lambda address: print(address, flush=True))
"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, _store(Path(folder) / "store") as store:
        batches = list(_minutes())
        yield _loaded(store, batches)
        yield from _rolled(store)
        yield from _questions(store)
        yield from _bytes(store)
        yield _uploaded()
        yield _posted()
        yield _normalised()
        yield from _beside(Path(folder), batches)


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    process = subprocess.Popen([sys.executable, "-c", _RUN, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield Store(open_client(folder, {}))
    finally:
        process.terminate()
        process.wait()


def _minutes() -> Iterator[pa.Table]:
    chance = np.random.default_rng(6)
    minutes = READINGS_IN_ALL // POINTS // len(FOUR)
    level = 50 + np.cumsum(chance.normal(0, 0.3, (minutes, POINTS)), axis=0)
    spread = chance.random((minutes, POINTS, 2)) * 2
    values = np.stack([level, level - spread[..., 0], level + spread[..., 1], level * 0.36], axis=2).round(2)
    order = np.argsort(np.argsort(chance.random((minutes, POINTS)), axis=1), axis=1)
    # Eight factors a frame of 400 bytes: the points of an outlet share one.
    frames = (np.arange(minutes)[:, None] * POINTS + order) // 8 * 400
    at = int(START.timestamp()) + 60 * np.arange(minutes)
    shape = values.shape
    whole = pa.table(
        {
            "point": np.broadcast_to(np.arange(POINTS, dtype=np.uint32)[None, :, None], shape).reshape(-1),
            "kind": _words("minute", READINGS_IN_ALL),
            "at": pa.array(np.broadcast_to(at[:, None, None], shape).reshape(-1)).cast(pa.timestamp("s", "UTC")),
            "stat": pa.DictionaryArray.from_arrays(
                np.broadcast_to(np.arange(4, dtype=np.int8)[None, None, :], shape).reshape(-1), list(FOUR)
            ),
            "value": np.abs(values).reshape(-1),
            "flag": pa.DictionaryArray.from_arrays((chance.random(READINGS_IN_ALL) < 0.01).astype(np.int8), ["N", "D"]),
            "segment": np.full(READINGS_IN_ALL, 1, dtype=np.uint32),
            "offset": np.broadcast_to(frames[:, :, None], shape).reshape(-1).astype(np.uint64),
        },
        schema=READINGS,
    )
    for start in range(0, READINGS_IN_ALL, BATCH):
        yield whole.slice(start, BATCH)


def _words(word: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(count, dtype=np.int8), [word])


def _loaded(store: Store, batches: list[pa.Table]) -> Row:
    start = perf_counter()
    with ThreadPoolExecutor(2) as senders:
        list(senders.map(store.append, batches))
    took = perf_counter() - start
    return Row("10,000,000 readings kept", f"{took:.2f} s, {READINGS_IN_ALL / took / 1e6:.1f} M/s", "< 2 s")


def _rolled(store: Store) -> Iterator[Row]:
    hours = (
        "SELECT count() FROM (SELECT point, toStartOfHour(at) AS hour, stat, sumIf(value, flag IN ('', 'N')) AS total,"
        " minIf(value, flag IN ('', 'N')) AS low, uniqExact(at) AS times"
        f" FROM {DATABASE}.readings_minute GROUP BY point, hour, stat)"
    )
    yield Row("their hours added up, one statement", f"{_median(lambda: store.client.rows(hours), 5):.2f} s", "< 1 s")
    roller = Roller(store.client, ZONE, PLAIN)
    start = perf_counter()
    done = roller.roll()
    took = perf_counter() - start
    yield Row(f"{done.hours:,} hours of points rolled up to years, kept", f"{took:.2f} s", "")
    late = next(_minutes()).slice(0, 10_000)
    store.append(late)
    start = perf_counter()
    done = roller.roll()
    took = perf_counter() - start
    yield Row(f"10,000 readings come again: {done.hours:,} hours made anew, up to years", f"{took:.2f} s", "")


def _questions(store: Store) -> Iterator[Row]:
    hours = int(YEAR / timedelta(hours=1))
    at = pa.array(int(START.timestamp()) + 3600 * np.arange(hours)).cast(pa.timestamp("s", "UTC"))
    for point in range(1000, 1040):
        table = pa.table(
            {
                "point": np.full(hours, point, dtype=np.uint32), "kind": _words("hour", hours), "at": at,
                "stat": _words("avg", hours), "value": np.arange(hours) / 10, "flag": _words("N", hours),
                "segment": np.full(hours, 2, dtype=np.uint32), "offset": np.arange(hours, dtype=np.uint64),
            },
            schema=READINGS,
        )  # fmt: skip
        store.append(table)
    Roller(store.client, ZONE, PLAIN).roll()
    end = START + YEAR
    asked: tuple[tuple[str, Callable[[], pa.Table], str], ...] = (
        ("one point's year of hours, as sent", lambda: store.series(1007, Kind.HOUR, "avg", START, end), "< 0.2 s"),
        ("one point's year of hours, rolled up",
         lambda: store.rollup(1007, Span.HOUR, "avg", START, end, base=Base.HOUR), "< 0.2 s"),
        ("one point's year of days",
         lambda: store.rollup(1007, Span.DAY, "avg", START, end, base=Base.HOUR), "< 0.05 s"),
        ("days of 500 points by 20 regions",
         lambda: store.regions({point: point % 20 for point in range(POINTS)}, Span.DAY, "cou", START, end), ""),
    )  # fmt: skip
    for what, ask, bound in asked:
        count = ask().num_rows
        yield Row(f"{what}: {count:,} rows", f"{_median(ask, ASKED) * 1000:.1f} ms", bound)


def _bytes(store: Store) -> Iterator[Row]:
    for table, what, bound in (
        ("readings_minute", "a reading on disk: value, flag, version, place of its frame", "≤ 6"),
        ("rollups", "a roll-up on disk", ""),
    ):
        store.client.do(f"OPTIMIZE TABLE {DATABASE}.{table} FINAL")
        told = store.client.rows(
            f"SELECT sum(bytes_on_disk) / sum(rows) FROM system.parts WHERE table = '{table}' AND active"
        )
        yield Row(what, f"{float(told[0][0]):.2f} bytes", bound)


def _uploaded() -> Row:
    batch = pa.table(
        {
            "outlet": np.repeat([f"outlet-{number}" for number in range(100)], 3000),
            "factor": np.tile(np.repeat(["a21026", "a21002", "a34013"], 1000), 100),
            "kind": np.full(300_000, "minute"), "stat": np.full(300_000, "avg"),
            "at": pa.array(np.tile(int(START.timestamp()) + 60 * np.arange(1000), 300)).cast(pa.timestamp("s", "UTC")),
            "value": np.random.default_rng(1).random(300_000), "flag": np.full(300_000, "N"),
        }
    )  # fmt: skip
    sink = BytesIO()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_table(batch)

    def read() -> None:
        sink.seek(0)
        known: dict[tuple[str, str], int] = {}
        points = lambda named: {each: (known.setdefault(each, len(known)), 1.0) for each in named}  # noqa: E731
        for _ in take_upload(sink, Form.ARROW, points, zone=ZONE, segment=1, offset=1):
            pass

    return Row("upload of Arrow read and checked", f"{0.3 / _median(read, 5):.1f} M readings/s", "≥ 0.3 M")


def _posted() -> Row:
    told = fresh("readings_upload")
    rate, seconds = told["readings"] / told["seconds"], told["seconds"]
    shares = (
        f"{told['uploads']} uploads of {told['bytes'] / told['uploads'] / 1e6:.1f} MB, slowest {told['slowest']:.2f} s"
    )
    shown = f"{rate:,.0f} readings/s ({shares}; generator {100 * told['generator'] / seconds:.0f} % of a core)"
    return Row(
        "HTTPS upload, readings/s: posted to the site, kept, checked, in the store", shown, "≥ 300,000 readings/s"
    )


def _normalised() -> Row:
    count, hours = 1_000, 2_000
    chance, first = np.random.default_rng(1), int(START.timestamp())
    value = np.cumsum(chance.integers(0, 40 * 10**6, (count, hours)), axis=1) % 10**10
    shown = meters.Showings(
        np.repeat(np.arange(count), hours), np.tile(np.arange(hours) * 3600 + first, count), value.reshape(-1)
    )
    swaps = meters.Swaps(
        np.arange(count),
        np.full(count, first + 3600 * 500 + 1800),
        chance.integers(0, 10**9, count),
        np.zeros(count, int),
    )
    known = meters.Meters(np.full(count, 10**8), np.full(count, 10**10))
    rules = Rules(timedelta(hours=1), timedelta(days=1))
    took = _median(lambda: meters.normalised(shown, swaps, known, rules), 5)
    made = len(meters.normalised(shown, swaps, known, rules).amount)
    return Row("meters: hours from counters, swaps and rollovers", f"{made / took / 1e6:.1f} M meter-hours/s", "≥ 1 M")


def _beside(folder: Path, batches: list[pa.Table]) -> Iterator[Row]:
    try:
        python = _duckdb(folder / "peer")
    except NotMeasured as lack:
        yield Row("DuckDB beside it", f"not measured: {lack}", "")
        return
    for number, batch in enumerate(batches):
        at = batch.column_names.index("at")
        bare = batch.set_column(at, "at", batch["at"].cast(pa.timestamp("s")))
        pq.write_table(bare, folder / f"{number}.parquet")
    told = subprocess.run(
        [python, SIDE, folder], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": ""}
    )
    load, hours, size = map(float, told.stdout.split())
    yield Row("DuckDB: load, no versions, no touched hours", f"{load:.2f} s", "")
    yield Row("DuckDB: hours added up", f"{hours:.2f} s", "")
    yield Row("DuckDB: a reading on disk", f"{size / READINGS_IN_ALL:.2f} bytes", "")


def _duckdb(folder: Path) -> Path:
    if named := os.environ.get("SHUANGKONG_DUCKDB"):
        return Path(named)
    made = subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True, check=False)
    python = folder / "bin" / "python"
    brought = made.returncode == 0 and subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "duckdb"], capture_output=True, check=False, timeout=300
    )
    if not brought or brought.returncode:
        raise NotMeasured("DuckDB cannot be installed here; name a Python that has it in SHUANGKONG_DUCKDB")
    return python


def _median(ask: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        start = perf_counter()
        ask()
        took.append(perf_counter() - start)
    return median(took)
