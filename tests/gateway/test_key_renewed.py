"""A key is renewed by rule, from the register through a real socket and back: nobody but the rule touches it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from devices import Line, kept, server, until
from django.db import connection, connections
from django.utils import timezone
from test_keys import CODES, FIRST, minute, spoken

from shuangkong.gateway.listening import orders as desk_module
from shuangkong.gateway.listening import server as server_module
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.gateway.listening.orders import OrderDesk
from shuangkong.gateway.registered import RegisteredDevices, RegisteredOrders, RegisteredProfiles
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.site import Manner
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.readings.evidence import Kind
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import keys
from shuangkong.records.monitoring.models import Connection, Device, DeviceOrder, KeyRenewal, Outlet
from shuangkong.records.monitoring.secrets import opened, sealed
from shuangkong.records.registry.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The gateway's threads see what the test sees: they share its connection, which each door asks for first."""
    shared = connection._connections[connection._alias]  # type: ignore[attr-defined]  # The one behind the proxy.
    shared.inc_thread_sharing()

    def take() -> None:
        connections["default"] = shared

    monkeypatch.setattr("shuangkong.gateway.registered.close_old_connections", take)
    yield
    shared.dec_thread_sharing()


@pytest.fixture
def station(monkeypatch: pytest.MonkeyPatch) -> Station:
    monkeypatch.setattr(desk_module, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(server_module, "LOOK_SECONDS", 0.1)
    site = cast(7, gas=1, water=0, meters=0, is_plain=True, troubled_share=0)[0]
    made = Station(replace(site, edition=Edition.V2025, key=FIRST, manners=frozenset({Manner.CIPHER})), CODES)
    begun = datetime(2024, 1, 1, tzinfo=UTC)
    region = Region.objects.create(code="999999", name="虚构县", path="/999999/", level="county")
    outlet = Outlet.objects.create(region=region, kind="gas", code="1", name="排口", starts_on=begun.date())
    device = Device.objects.create(
        region=region, kind="logger", mn=site.mn, name="数采仪", edition="v2025", system="31", check_value="hj212",
        encoding="auto", password=sealed(site.password), key=sealed(FIRST.hex()), starts_on=begun.date(),
    )  # fmt: skip
    Connection.objects.create(device=device, outlet=outlet, starts_at=begun)
    return made


def test_from_the_register_through_a_socket_and_back(tmp_path: Path, station: Station, one_connection: None) -> None:
    mn = station.site.mn.encode()
    # The newest of its frames under the old key, for when that is over.
    old = minute(station, 40)

    def desk_of(gate: object) -> OrderDesk:
        return OrderDesk(gate, RegisteredOrders(), CODES, lambda: timezone.localtime().replace(tzinfo=None))  # type: ignore[arg-type]  # A gate.

    with server(tmp_path, desk_of=desk_of, source=RegisteredProfiles()) as ours:

        def is_in_force() -> bool:
            new = station.settings.key
            return new != FIRST and ours.gate.book[mn].keys[0] == new

        counts = spoken(station, ours.ports[0], 2, is_in_force, 3)
        assert counts.awaited == 5
        new = station.settings.key
        assert ours.gate.book[mn].keys == (new, FIRST), "what was under way is opened for a while"
        line = Line(ours.ports[0])
        line.send(old)
        assert line.answer(), "the old key opens still"
        assert ours.gate.verdicts[Verdict.KNOWN] == sum(ours.gate.verdicts)
        KeyRenewal.objects.update(confirmed_at=timezone.now() - keys.OVERLAP - timedelta(minutes=1))
        ours.gate.loop.call_soon_threadsafe(ours.reload)
        until(lambda: ours.gate.book[mn].keys == (new,))
        line.send(old)
        until(lambda: ours.gate.verdicts[Verdict.CHECK] == 1)
        assert line.is_silent(), "the old key is over: kept, and not acknowledged"
        line.send(minute(station, 41))
        assert line.answer()
        line.close()
    order = DeviceOrder.objects.get()
    assert (order.command, order.state, order.is_automatic) == ("1014", "done", True)
    assert bytes.fromhex(opened(Device.objects.get().key)) == new
    assert bytes.fromhex(opened(KeyRenewal.objects.get().before)) == FIRST
    assert RegisteredDevices().devices()[station.site.mn].keys == (new,)
    assert JournalRow.objects.filter(act="monitoring.rekey").count() == 2
    sent = b"".join(each.payload for each in kept(tmp_path / "gateway", Kind.SENT))
    assert b"CN=1014" in sent
    assert new.hex().upper().encode() not in sent
