"""Orders whose device never comes end by rule, in their time and with an entry in the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import orders
from shuangkong.records.monitoring.expiring import expire_orders
from shuangkong.records.monitoring.models import Device, DeviceOrder, DeviceOrderEvent
from shuangkong.records.monitoring.orders import State
from shuangkong.records.registry.models import Region

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def device() -> int:
    region = Region.objects.create(code="999999", name="虚构县", path="/999999/", level="county")
    made = Device.objects.create(
        region=region, kind="logger", mn="A" * 24, name="数采仪", edition="auto", check_value="any", encoding="auto",
        starts_on=timezone.localdate(),
    )  # fmt: skip
    return int(made.pk)


def state_of(number: int) -> str:
    return str(DeviceOrder.objects.values_list("state", flat=True).get(pk=number))


def test_who_never_comes_is_not_waited_for_for_ever(device: int) -> None:
    waiting = orders.queue_by_rule(device, "2061", {"BeginTime": "1"}, "缺口")
    sent = orders.queue_by_rule(device, "1012", {}, "校时")
    orders.step(sent, State.SENT, is_try=True)
    done = orders.queue_by_rule(device, "2051", {}, "缺口")
    orders.step(done, State.DONE)
    now, before = timezone.now(), JournalRow.objects.count()
    assert expire_orders(now + 10 * DAY - timedelta(minutes=5)) == 0
    # Something happened to one of them meanwhile: it waits from then on.
    DeviceOrderEvent.objects.filter(order=sent, state=State.SENT).update(at=now + 5 * DAY)
    assert expire_orders(now + 10 * DAY) == 1
    assert (state_of(waiting), state_of(sent), state_of(done)) == ("expired", "sent", "done")
    assert expire_orders(now + 15 * DAY) == 1
    assert state_of(sent) == "expired"
    assert expire_orders(now + 99 * DAY) == 0
    assert JournalRow.objects.count() == before + 2
    last = orders.steps(waiting)[-1]
    assert (last.state, last.author) == (State.EXPIRED, orders.RULES)
    assert "10 天设备没有上线" in last.text
    assert DeviceOrder.objects.get(pk=waiting).ended_at is not None
    assert orders.waiting() == ()
    # What the gateway tells too late changes nothing.
    orders.step(sent, State.DONE)
    assert state_of(sent) == "expired"
