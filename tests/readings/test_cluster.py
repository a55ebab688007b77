"""A real cluster holds what the embedded store holds, while its nodes die and come back.

Without SHUANGKONG_SOAK a small load, with it 10 million readings. Skipped, loudly, where Debian's packages are not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import machines
import numpy as np
import pyarrow as pa
import pytest
from machines import Node
from test_store import (  # noqa: F401 - the same promises, kept by another store
    point,
    roller,
    store,
    test_batch_that_comes_again_is_stored_once,
    test_hours_are_a_base_of_their_own,
    test_late_data_and_new_versions_correct_every_span,
    test_later_version_counts_and_the_earlier_is_kept,
    test_persons_mark_wins_and_can_be_taken_back,
    test_quick_and_exact_hours_agree,
    test_regions_add_up_their_points,
    test_rolls_up_to_years_in_the_zone_of_the_offices,
    test_the_newest_of_each_is_that_of_the_series,
    test_what_goes_in_comes_out,
)

from housed import DAY, START, ZONE, housed
from shuangkong.readings.columns import READINGS, Base, Span
from shuangkong.readings.rolling import Roller
from shuangkong.readings.store import Store
from shuangkong.readings.tables.cluster import statements
from shuangkong.readings.validity import PLAIN
from shuangkong.readings.wire.client import Client, StoreDown, StoreRefused
from trials import IS_SOAK

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(machines.lacking() is not None, reason=f"no cluster: {machines.lacking()} is not installed"),
]

READINGS_IN_ALL = 10_000_000 if IS_SOAK else 120_000
BATCHES = 24
POINTS = 500 if IS_SOAK else 40
#: What a cluster may take until all its replicas are there again, seconds.
PATIENCE = 300
ATTEMPTS = 5


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Node]]:
    with machines.cluster(tmp_path_factory.mktemp("cluster")) as started:
        make_tables(started)
        yield started


def make_tables(nodes: list[Node]) -> None:
    """The server of that age may end when its first statement for all nodes meets its first talk with its keeper."""
    client = Client([nodes[0].url])
    for _ in range(ATTEMPTS):
        try:
            for statement in statements(codecs=False):
                client.do(statement)
        except StoreDown:
            for node in nodes:
                node.revive()
        else:
            return
    raise RuntimeError("the cluster does not make its tables")


@pytest.fixture(scope="module")
def client(nodes: list[Node]) -> Client:
    return Client([node.url for node in nodes])


def batches() -> Iterator[pa.Table]:
    """Minutes of every point in the order of their receipt; of one in fifty a second version, some days late."""
    chance, stats = np.random.default_rng(7), ["avg", "cou"]
    minutes = READINGS_IN_ALL // POINTS // len(stats)
    at = int(START.timestamp()) + 60 * np.arange(minutes)
    frame = 0
    for part in np.array_split(at, BATCHES - 2):
        shape = (len(part), POINTS, len(stats))
        yield _table(shape, part, chance, frame)
        frame += shape[0] * POINTS
    for step in (50, 75):
        late = at[::step]
        yield _table((len(late), POINTS, len(stats)), late, chance, frame)
        frame += len(late) * POINTS


def _table(shape: tuple[int, int, int], at: np.ndarray, chance: np.random.Generator, frame: int) -> pa.Table:
    count = int(np.prod(shape))
    frames = frame + np.arange(shape[0] * shape[1]).reshape(shape[:2])
    flags = np.array(["N", "N", "N", "N", "D", "F"])[chance.integers(6, size=count)]
    columns = {
        "point": np.broadcast_to(np.arange(POINTS)[None, :, None] + 7_000_000, shape).reshape(-1),
        "kind": np.full(count, "minute"),
        "at": pa.array(np.broadcast_to(at[:, None, None], shape).reshape(-1)).cast(pa.timestamp("s", "UTC")),
        "stat": np.broadcast_to(np.array(["avg", "cou"])[None, None, :], shape).reshape(-1),
        "value": chance.integers(0, 10**7, size=count) / 1000,
        "flag": flags,
        "segment": np.full(count, 3),
        "offset": np.broadcast_to(frames[:, :, None], shape).reshape(-1),
    }
    return pa.table(columns).cast(READINGS)


def insisting(what, seconds: float = PATIENCE):  # type: ignore[no-untyped-def]
    """As those do who need an answer: asks until there is one."""
    until = time.monotonic() + seconds
    while True:
        try:
            return what()
        except (StoreDown, StoreRefused):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def settle(rolling: Roller) -> None:
    until = time.monotonic() + PATIENCE
    while not insisting(rolling.roll).is_settled:
        assert time.monotonic() < until, "the replicas never were as one again"
        time.sleep(0.2)


def everything(kept: Store) -> dict[Span, list[dict]]:
    points = range(7_000_000, 7_000_000 + POINTS)
    return {
        span: kept.rollup(points, span, None, START - 400 * DAY, START + 400 * DAY, base=Base.MINUTE).to_pylist()
        for span in Span
    }


@pytest.mark.tried
def test_nothing_is_lost_when_nodes_die(nodes: list[Node], client: Client, tmp_path: Path) -> None:
    with housed(tmp_path / "embedded") as peer:
        calm, one = Store(peer), Roller(peer, ZONE, PLAIN)
        for batch in batches():
            calm.append(batch)
        one.roll()
        wanted = everything(calm)
    kept, rolling = Store(client), Roller(client, ZONE, PLAIN)
    seen: list[bool] = []
    for number, batch in enumerate(batches()):
        if number == BATCHES // 4:
            dying = threading.Timer(0.02, nodes[0].kill)
            dying.start()
        insisting(lambda batch=batch: kept.append(batch))
        if number == BATCHES // 2:
            dying.join()
            seen.append(insisting(rolling.roll).is_settled)
            nodes[0].start()
            nodes[0].wait()
    asked = threading.Timer(0.05, nodes[3].kill)
    asked.start()
    for _ in range(5):
        insisting(lambda: kept.rollup(None, Span.HOUR, "cou", START, START + 400 * DAY))
    asked.join()
    insisting(rolling.roll)
    nodes[3].start()
    nodes[3].wait()
    settle(rolling)
    assert seen == [False], "rolled as if the dead replica had nothing of its own"
    found = everything(kept)
    for span in Span:
        assert len(found[span]) == len(wanted[span]) > 0
        assert found[span] == wanted[span], span
