"""The doors of the gateway to the registers: devices as the office entered them, orders from its queue, quarantine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from devices import MN
from django.utils import timezone

from shuangkong.gateway.consuming.apart import Kept, Sort, Why
from shuangkong.gateway.consuming.device import Spell
from shuangkong.gateway.registered import (
    RegisteredDevices,
    RegisteredOrders,
    RegisteredProfiles,
    RegisteredQuarantine,
)
from shuangkong.protocols.hj212.check import VARIANTS
from shuangkong.protocols.hj212.exchanges import State
from shuangkong.readings.evidence import Address
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import orders
from shuangkong.records.monitoring.models import (
    Connection,
    Device,
    DeviceOrder,
    DeviceUnit,
    Outlet,
    Point,
    Quarantine,
    RegisterEvent,
)
from shuangkong.records.monitoring.secrets import sealed
from shuangkong.records.registry.models import Region

pytestmark = pytest.mark.django_db
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)
MOVED = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def device() -> Device:
    """A device that moved from one outlet to another, with secrets and a unit of its own."""
    region = Region.objects.create(code="999999", name="虚构县", path="/999999/", level="county")
    outlets = [
        Outlet.objects.create(region=region, kind="gas", code=str(code), name="排口", starts_on=BEGUN.date())
        for code in range(2)
    ]
    made = Device.objects.create(
        region=region, kind="logger", mn=MN, name="数采仪", edition="v2017", check_value="modbus", encoding="auto",
        password=sealed("123456"), key=sealed("30" * 16), starts_on=BEGUN.date(),
    )  # fmt: skip
    Connection.objects.create(device=made, outlet=outlets[0], starts_at=BEGUN, ends_at=MOVED)
    Connection.objects.create(device=made, outlet=outlets[1], starts_at=MOVED)
    DeviceUnit.objects.create(device=made, factor="a21026", unit="µg/m3", starts_on=BEGUN.date())
    return made


def test_a_device_is_known_to_listener_and_consumer(device: Device) -> None:
    profile = RegisteredProfiles().load()[MN.encode()]
    assert (profile.password, profile.keys, profile.edition) == ("123456", (b"0" * 16,), "v2017")
    assert profile.variants == {"modbus"}
    known = RegisteredDevices().devices()[MN]
    first, second = Outlet.objects.order_by("code").values_list("pk", flat=True)
    moved = int(MOVED.timestamp())
    assert known.spells == (Spell(first, int(BEGUN.timestamp()), moved), Spell(second, moved))
    assert (known.outlet_then(moved - 1), known.outlet_then(moved)) == (first, second)
    assert known.units == {"a21026": "µg/m3"}
    assert known.units_then(moved) == {"a21026": "µg/m3"}
    DeviceUnit.objects.update(ends_on=MOVED.date())
    later = RegisteredDevices().devices()[MN]
    end = int((timezone.localtime(MOVED).replace(hour=0, minute=0, second=0) + timedelta(days=1)).timestamp())
    assert (later.units_then(end - 1), later.units_then(end)) == ({"a21026": "µg/m3"}, {})
    Device.objects.update(check_value="any")
    assert RegisteredDevices().devices()[MN].variants == frozenset(VARIANTS)
    Device.objects.update(ends_on=date.today() - timedelta(days=1))  # noqa: DTZ011 - the office's day
    assert MN.encode() not in RegisteredProfiles().load()


def test_its_stamp_differs_when_a_register_has_changed(device: Device) -> None:
    before = RegisteredDevices().stamp()
    assert RegisteredProfiles().stamp() == before
    RegisterEvent.objects.create(
        register="devices", row=device.pk, kind="revise", author="x", at=timezone.now(), journal=0
    )
    assert RegisteredDevices().stamp() != before


def test_points_are_made_once(device: Device) -> None:
    outlet = Outlet.objects.order_by("code").values_list("pk", flat=True)[0]
    wanted = [(outlet, "a21026"), (outlet, "a19001")]
    points = RegisteredDevices().points(wanted)
    assert RegisteredDevices().points(wanted) == points
    assert {(point.outlet_id, point.factor): point.pk for point in Point.objects.all()} == points


def test_what_was_kept_apart_stands_in_the_register_counted_and_with_its_address() -> None:
    why, at = Why("B" * 24, Sort.UNIT, "a21026"), int(BEGUN.timestamp() * 1e9)
    for count in (2, 3):
        kept = Kept("中文", "English", count, Address(1, 32), Address(4, 99 + count), at, 7, "10.0.0.9")
        RegisteredQuarantine().tell(why, kept)
    row = Quarantine.objects.get()
    assert (row.mn, row.sort, row.factor, row.count) == ("B" * 24, "unit", "a21026", 5)
    assert (row.segment, row.offset, row.address, row.text) == (4, 102, "10.0.0.9", "中文\nEnglish")


def test_an_order_goes_through_its_states_and_who_ordered_is_in_the_journal(device: Device) -> None:
    source = RegisteredOrders()
    source.ask(device.pk, "2061", datetime(2024, 5, 20, 3), datetime(2024, 5, 20, 4))  # noqa: DTZ001 - as sent
    source.ask(device.pk, "2061", datetime(2024, 5, 20, 3), datetime(2024, 5, 20, 4))  # noqa: DTZ001 - as sent
    source.calibrate(MN)
    source.calibrate("nobody")
    (order,) = source.waiting({MN})
    assert (order.mn, order.command) == (MN, "2061")
    assert order.fields == {"BeginTime": "20240520030000", "EndTime": "20240520040000"}
    for state in (State.SENT, State.ACCEPTED, State.RECEIVING, State.DONE):
        source.tell(order.number, state, state.value, is_try=state is State.SENT)
        assert bool(source.waiting({MN})) == (state is State.DONE)
    row = DeviceOrder.objects.get(pk=order.number)
    assert (row.state, row.tries, row.answer, row.is_automatic) == ("done", 1, "done", True)
    written = JournalRow.objects.get(sequence=row.journal)
    assert (written.act, written.author) == ("monitoring.order", "rules")
    (calibration,) = source.waiting({MN})
    assert (calibration.command, calibration.fields) == ("1012", {})


def test_what_another_gateway_left_under_way_is_told_as_failed(device: Device) -> None:
    source = RegisteredOrders()
    source.calibrate(MN)
    source.tell(source.waiting({MN})[0].number, State.SENT, "", is_try=True)
    assert source.waiting({MN}) == []
    source.abandon({MN})
    assert [row.state for row in DeviceOrder.objects.all()] == [orders.State.FAILED]
    source.calibrate(MN)
    assert len(source.waiting({MN})) == 1


def test_orders_of_devices_out_of_reach_keep_nobody_waiting(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "_MOST", 1)
    source, other = RegisteredOrders(), Device.objects.get(pk=device.pk)
    other.pk, other.mn = None, "B" * 24
    other.save()
    orders.queue_by_rule(other.pk, "1012", {}, "校时")
    source.calibrate(MN)
    (order,) = source.waiting({MN})
    assert order.mn == MN
    source.tell(order.number, State.SENT, "", is_try=True)
    source.abandon({other.mn})
    assert DeviceOrder.objects.get(pk=order.number).state == orders.State.SENT, "the line of another gateway"
    source.abandon({MN})
    assert DeviceOrder.objects.get(pk=order.number).state == orders.State.FAILED
