"""Keys of devices: renewed before their life ends, told again where it failed, the one before kept for a while."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from shuangkong.gateway.registered import RegisteredDevices, RegisteredOrders, RegisteredProfiles
from shuangkong.protocols.hj212.exchanges import State
from shuangkong.protocols.hj212.times import parse_time
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import keys, orders
from shuangkong.records.monitoring.models import (
    Alarm,
    Connection,
    Device,
    DeviceOrder,
    KeyRenewal,
    Outlet,
    RegisterEvent,
)
from shuangkong.records.monitoring.secrets import opened, sealed
from shuangkong.records.registry.models import Region

pytestmark = pytest.mark.django_db
MN, FIRST, LIFE = "010000A8900016F000169DC0", "30" * 16, timedelta(days=90)
BEGUN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway's doors let go of a connection that has become old; a test lives in one transaction of one."""
    monkeypatch.setattr("shuangkong.gateway.registered.close_old_connections", lambda: None)


@pytest.fixture
def device() -> Device:
    region = Region.objects.create(code="999999", name="虚构县", path="/999999/", level="county")
    outlet = Outlet.objects.create(region=region, kind="gas", code="1", name="排口", starts_on=BEGUN.date())
    made = Device.objects.create(
        region=region, kind="logger", mn=MN, name="数采仪", edition="v2025", check_value="any", encoding="auto",
        key=sealed(FIRST), starts_on=BEGUN.date(),
    )  # fmt: skip
    Connection.objects.create(device=made, outlet=outlet, starts_at=BEGUN)
    return made


def own() -> str:
    return opened(Device.objects.get().key)


def bytes_of(*told: str) -> tuple[bytes, ...]:
    return tuple(map(bytes.fromhex, told))


def renewed(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return keys.renew_due(timezone.now(), LIFE)


def answered(at: datetime, state: State) -> str:
    """The gateway sends what waits and tells how it ended; the key that was told."""
    with time_machine.travel(at, tick=False):
        (order,) = orders.waiting()
        RegisteredOrders().tell(order.id, State.SENT, "", is_try=True)
        RegisteredOrders().tell(order.id, state, "", is_try=False)
        return order.fields["NewSK"]


def test_a_key_is_renewed_and_the_one_before_opens_for_a_while(device: Device) -> None:
    stamp = RegisteredProfiles().stamp()
    assert renewed(BEGUN) == 1, "nobody knows how old the registered one is"
    assert renewed(BEGUN + timedelta(hours=3)) == 0, "its order waits"
    assert RegisteredProfiles().stamp() != stamp
    (order,) = orders.waiting()
    assert (order.command, order.author) == ("1014", orders.RULES)
    made_at = parse_time(order.fields["SKCreateTime"])
    assert made_at is not None
    assert timezone.make_aware(made_at) == BEGUN
    following = order.fields["NewSK"]
    profile = RegisteredProfiles().load()[MN.encode()]
    assert (profile.keys, profile.next_key) == (bytes_of(FIRST, following), bytes.fromhex(following))
    assert own() == FIRST, "it is not confirmed"
    assert answered(BEGUN + timedelta(minutes=1), State.DONE) == following
    assert own() == following
    with time_machine.travel(BEGUN + timedelta(days=9)):
        assert RegisteredDevices().devices()[MN].keys == bytes_of(following, FIRST)
    with time_machine.travel(BEGUN + timedelta(days=11)):
        assert RegisteredDevices().devices()[MN].keys == bytes_of(following)
    assert renewed(BEGUN + LIFE - keys.AHEAD - timedelta(minutes=1)) == 0
    assert renewed(BEGUN + LIFE - keys.AHEAD) == 1
    assert JournalRow.objects.filter(act="monitoring.rekey").count() == 3


def test_no_secret_is_said(device: Device) -> None:
    renewed(BEGUN)
    told = answered(BEGUN, State.DONE)
    said = [each.fields for each in DeviceOrder.objects.all()] + [each.after for each in RegisterEvent.objects.all()]
    said += [
        json.dumps(list(JournalRow.objects.values()), default=str),
        repr(RegisteredProfiles()),
        repr(keys.Spare(told)),
    ]
    assert not [each for each in said if told in each or FIRST in each]
    assert orders.orders(orders.Q())[0].fields["NewSK"] == "…"
    assert told.encode() not in bytes(KeyRenewal.objects.get().key)


def test_an_order_that_failed_is_given_again_with_the_same_key(device: Device) -> None:
    renewed(BEGUN)
    first = answered(BEGUN, State.UNANSWERED)
    assert own() == FIRST
    assert renewed(BEGUN + timedelta(minutes=59)) == 0
    assert renewed(BEGUN + keys.AGAIN) == 1
    assert answered(BEGUN + keys.AGAIN, State.DONE) == first
    assert (own(), KeyRenewal.objects.count(), DeviceOrder.objects.count()) == (first, 1, 2)


def test_a_frame_that_only_the_next_key_opens_confirms_it(device: Device) -> None:
    renewed(BEGUN)
    told = answered(BEGUN, State.FAILED)
    RegisteredOrders().key_used(MN)
    RegisteredOrders().key_used(MN)
    assert own() == told
    assert not keys.confirm(device.pk), "nothing waits any more"


def test_a_key_past_its_life_is_told_and_goes_on(device: Device) -> None:
    renewed(BEGUN)
    answered(BEGUN, State.DONE)
    for day in (-7, 0, 1, 3):
        renewed(BEGUN + LIFE + timedelta(days=day))
    alarm = Alarm.objects.get()
    assert (alarm.rule, alarm.starts_at, alarm.ends_at) == (keys.RULE, BEGUN + LIFE, BEGUN + LIFE + timedelta(days=3))
    assert MN in alarm.text
    assert len(RegisteredProfiles().load()[MN.encode()].keys) == 2, "frames are opened as before"


def test_who_has_no_key_or_an_older_edition_is_left_alone(device: Device) -> None:
    Device.objects.update(edition="v2017")
    assert renewed(BEGUN) == 0
    Device.objects.update(edition="v2025", key=None)
    assert renewed(BEGUN) == 0
    Device.objects.update(key=sealed(FIRST), ends_on=BEGUN.date())
    assert renewed(BEGUN + timedelta(days=2)) == 0
