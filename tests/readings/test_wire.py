"""Blocks of columns there and back, whatever they hold; what is no block is refused; a dead node is passed over."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from housed import housed
from shuangkong.readings.tables import cluster, embedded
from shuangkong.readings.tables.shape import COLUMNS, PASSING, READINGS
from shuangkong.readings.trace import OFFSETS, SEGMENTS, place_of, version_of
from shuangkong.readings.wire.client import Client, StoreDown
from shuangkong.readings.wire.native import NotNative, read, width_of, write


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with housed(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@given(st.lists(st.integers(0, 400), min_size=1, max_size=3), st.integers(0, 2**31))
def test_blocks_there_and_back(counts: list[int], seed: int) -> None:
    chance, blocks = np.random.default_rng(seed), []
    for count in counts:
        raw = {name: chance.bytes(count * width_of(kind).itemsize) for name, kind in READINGS.items()}
        blocks.append({name: np.frombuffer(raw[name], dtype=width_of(kind)) for name, kind in READINGS.items()})
    back = read(b"".join(part for block in blocks for part in write(READINGS, block)))
    assert list(back) == list(READINGS)
    for name in READINGS:
        assert np.array_equal(back[name], np.concatenate([block[name] for block in blocks]))


@given(st.binary(max_size=80))
def test_what_is_no_block_is_refused_and_nothing_else_happens(data: bytes) -> None:
    try:
        read(data)
    except NotNative:
        return


@given(st.integers(0, 200))
def test_block_that_was_cut_off_is_refused(cut: int) -> None:
    columns = {name: np.ones(7, dtype=width_of(kind)) for name, kind in READINGS.items()}
    whole = b"".join(write(READINGS, columns))
    with pytest.raises(NotNative):
        read(whole[: len(whole) - 1 - cut])


@given(
    st.integers(0, SEGMENTS - 1), st.integers(0, OFFSETS - 1), st.integers(0, SEGMENTS - 1), st.integers(0, OFFSETS - 1)
)
def test_versions_are_in_the_order_of_the_log(segment: int, offset: int, other: int, further: int) -> None:
    assert place_of(version_of(segment, offset)) == (segment, offset)
    assert (version_of(segment, offset) < version_of(other, further)) == ((segment, offset) < (other, further))


def test_versions_that_do_not_fit_are_refused() -> None:
    for wrong in ((SEGMENTS, 0), (0, OFFSETS), (-1, 0)):
        with pytest.raises(ValueError, match="expected less"):
            version_of(*wrong)


def test_dead_node_is_passed_over(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
    both = Client([dead, *client.addresses], key=client._who["key"])
    assert both.rows("SELECT 1 + 1") == [("2",)]
    assert both.pinned().addresses == client.addresses
    with pytest.raises(StoreDown):
        Client([dead]).rows("SELECT 1")


def test_answers_as_the_server_does(client: Client) -> None:
    (address,) = client.addresses
    assert urllib.request.urlopen(f"{address}/ping").read() == b"Ok.\n"
    for path, status in (("/?query=SELECT+1", 403), ("/else", 404)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address + path)
        assert refused.value.code == status
        assert refused.value.read().startswith(b"Code: ")


def test_statements_leave_alone_what_is_there(client: Client) -> None:
    for statement in embedded.statements():
        client.do(statement)


def test_a_cluster_has_every_table_of_the_embedded_store() -> None:
    told = "\n".join(cluster.statements())
    for table in COLUMNS:
        assert f".{table} ON CLUSTER" in told
        assert table in PASSING or f".{table}_local ON CLUSTER" in told
    assert "CODEC" in told
    assert "CODEC" not in "\n".join(cluster.statements(codecs=False))


def test_key_is_its_owners_only(client: Client, tmp_path: Path) -> None:
    from shuangkong.readings.engine.process import key_of

    assert key_of(tmp_path) == key_of(tmp_path)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
