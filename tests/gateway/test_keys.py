"""A new key over a real socket: a simulated logger of the 2025 edition takes it, and enciphers with it from then on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from devices import kept, profile, server, until
from test_orders import NOW, Queue

from shuangkong.gateway.listening import orders as desk_module
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.gateway.listening.gate import Gate
from shuangkong.gateway.listening.orders import Order, OrderDesk
from shuangkong.gateway.simulated.counts import Counts
from shuangkong.gateway.simulated.line import Address, Line
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.site import Manner
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.encode import encode
from shuangkong.readings.evidence import Kind
from shuangkong.rulebook import open_rulebook

FIRST, SECOND = b"0" * 16, bytes.fromhex("7F3C" * 8)
CODES = hj212_codes(open_rulebook().folder)


@pytest.fixture
def station() -> Station:
    site = cast(7, gas=1, water=0, meters=0, is_plain=True, troubled_share=0)[0]
    return Station(replace(site, edition=Edition.V2025, key=FIRST, manners=frozenset({Manner.CIPHER})), CODES)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "POLL_SECONDS", 0.02)


def entry(station: Station, *keys: bytes) -> dict[str, object]:
    site = station.site
    told = {"edition": "v2025", "keys": [key.hex() for key in keys], "system": "31"}
    return profile(site.mn, **told) | {"password": site.password}


def minute(station: Station, number: int) -> bytes:
    """A frame of the station as it is now: enciphered with the key that it has now."""
    items = [(("DataTime", f"202405202107{number:02d}"),), (("a21026-Avg", "1.5"), ("a21026-Flag", "N"))]
    head = station._head("minute_data", f"{20240520210700000 + number}", wants_answer=True)
    return station._wire(encode(head, items), "2051")


def spoken(station: Station, port: int, before: int, is_told: Callable[[], bool], after: int) -> Counts:
    """The station sends some frames, waits until something has happened, sends some more; all are acknowledged."""
    counts = Counts()
    line = Line(station, CODES, counts, lambda: datetime.now(), window=1)  # noqa: DTZ005 - a device's own clock

    async def source() -> AsyncIterator[list[bytes]]:
        for number in range(before):
            yield [minute(station, number)]
        while not is_told():
            await asyncio.sleep(0.01)
        for number in range(before, before + after):
            yield [minute(station, number)]

    asyncio.run(asyncio.wait_for(line.run(Address("127.0.0.1", port), source()), 10))
    return counts


def test_a_device_takes_its_new_key_and_enciphers_with_it(tmp_path: Path, station: Station, quick: None) -> None:
    fields = {"SKCreateTime": "20240520210700", "NewSK": SECOND.hex().upper()}
    queue = Queue([Order(5, station.site.mn, "1014", fields)])
    made: list[OrderDesk] = []

    def desk_of(gate: Gate) -> OrderDesk:
        made.append(OrderDesk(gate, queue, CODES, lambda: NOW))
        return made[0]

    with server(tmp_path, [entry(station, FIRST)], desk_of=desk_of) as ours:
        mn = station.site.mn.encode()
        until(lambda: queue.renewed)
        ours.gate.book = {mn: replace(ours.gate.book[mn], keys=(FIRST, SECOND), next_key=SECOND)}
        is_done = lambda: bool(queue.told) and queue.told[-1][1] == "done"  # noqa: E731
        counts = spoken(station, ours.ports[0], 2, is_done, 3)
        until(lambda: queue.used)
        assert counts.awaited == 5
        # Five of its own, and what it answered to the order: nothing was taken for a stranger's.
        assert ours.gate.verdicts[Verdict.KNOWN] == sum(ours.gate.verdicts) == 7
    assert station.settings.key == SECOND
    assert queue.used == [station.site.mn], "its own frame showed that it has it"
    (sent,) = [each.payload for each in kept(tmp_path / "gateway", Kind.SENT) if b"CN=1014" in each.payload]
    assert SECOND.hex().upper().encode() not in sent
    assert b"NewSK" not in sent


def test_a_key_is_never_told_in_clear(tmp_path: Path, station: Station, quick: None) -> None:
    queue = Queue([Order(5, station.site.mn, "1014", {"NewSK": SECOND.hex()})])
    with server(tmp_path, [entry(station)], desk_of=lambda gate: OrderDesk(gate, queue, CODES, lambda: NOW)) as ours:
        station.settings.key = b""
        spoken(station, ours.ports[0], 1, lambda: bool(queue.told), 0)
    assert [(number, state) for number, state, _ in queue.told] == [(5, "failed")]
    assert not [each for each in kept(tmp_path / "gateway", Kind.SENT) if b"1014" in each.payload]
