"""Orders on their pages: what a device's waits may be, of which times data are asked for, how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.monitoring.models import Device, DeviceOrder
from shuangkong.records.monitoring.orders import State, queue
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.ordering import order
from shuangkong.web.monitoring.views import orders as pages

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def device(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Device]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        made = site.connected(site.outlet(), days=40)
        yield Device.objects.select_related("region", "enterprise").get(pk=made)


def wire(days: float) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y%m%d%H%M%S}"


def test_whoever_may_order_sets_how_long_a_device_waits_within_the_bounds_of_policy(device: Device) -> None:
    bureau, address = site.visitor("bureau"), f"/monitoring/devices/{device.pk}/order/"
    page = bureau.get(f"{address}?command=1000").content.decode()
    assert "至多 99" in page
    assert "两者相乘" in page
    told = {"command": "1000", "OverTime": "5", "ReCount": "3", "ground": "移动网络慢"}
    assert bureau.post(address, told).status_code == 302
    [row] = DeviceOrder.objects.filter(device=device)
    assert (row.command, row.fields) == ("1000", '{"OverTime": "5", "ReCount": "3"}')
    assert bureau.post(address, told | {"OverTime": "0"}).status_code == 422
    assert site.visitor("other").post(address, told).status_code in (403, 404)
    assert DeviceOrder.objects.count() == 1


def test_a_bound_of_policy_below_the_standards_is_kept(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    from shuangkong.web.monitoring import ordering

    # Ten days: any parameter that is less than the ninety-nine of the standard.
    monkeypatch.setitem(ordering._MOST, "OverTime", "monitoring/evidence/order_days")
    with pytest.raises(Refused) as caught:
        order(device, "1000", {"OverTime": "11", "ReCount": "3"}, site.by("bureau"), "试")
    assert (caught.value.code, caught.value.field) == ("MON-195", "OverTime")
    order(device, "1000", {"OverTime": "10", "ReCount": "3"}, site.by("bureau"), "试")


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [(-1, 1, "EndTime"), (1, 2, "BeginTime"), ("99991231000000", "99991231000000", "BeginTime"),
     ("19691231000000", "20240101000000", "BeginTime"), ("00010101000000", "20240101000000", "BeginTime")],
)  # fmt: skip
def test_data_of_no_time_that_there_is_are_not_asked_for(
    device: Device, begin: float | str, end: float | str, field: str
) -> None:
    first, last = (each if isinstance(each, str) else wire(each) for each in (begin, end))
    with pytest.raises(Refused) as caught:
        order(device, "2061", {"BeginTime": first, "EndTime": last}, site.by("bureau"), "补数")
    assert (caught.value.code, caught.value.field) == ("MON-194", field)
    assert not DeviceOrder.objects.exists()


def test_data_of_yesterday_are_asked_for(device: Device) -> None:
    assert order(device, "2061", {"BeginTime": wire(-2), "EndTime": wire(-1)}, site.by("bureau"), "补数")


def test_a_clock_is_not_set_to_a_year_of_two_digits(device: Device) -> None:
    with pytest.raises(Refused) as caught:
        order(device, "1012", {"SystemTime": "00261120000000"}, site.by("bureau"), "校时")
    assert caught.value.code == "MON-196"


def test_the_board_counts_all_and_shows_them_in_portions(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    store_at_hand.use(monkeypatch)
    monkeypatch.setattr(pages, "_MOST", 2)
    numbers = [queue(device.pk, "2061", {"BeginTime": wire(-each)}, site.by("bureau"), "补数") for each in range(1, 6)]
    DeviceOrder.objects.filter(pk=numbers[-1]).update(state=State.DONE)
    bureau = site.visitor("bureau")
    first, last = (bureau.get(f"/monitoring/orders/?batch={each}").content.decode() for each in (1, 3))
    for page in (first, last):
        assert "在办 <strong>4</strong> 道" in page
        assert "共 5 道" in page
    assert (f"/orders/{numbers[-1]}/" in first, f"/orders/{numbers[0]}/" in first) == (True, False)
    assert (f"/orders/{numbers[-1]}/" in last, f"/orders/{numbers[0]}/" in last) == (False, True)


def test_more_devices_than_the_board_lists_are_told_and_found(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    store_at_hand.use(monkeypatch)
    monkeypatch.setattr(pages, "_MOST_DEVICES", 2)
    told = {"region_id": device.region_id, "kind": device.kind, "edition": "auto", "starts_on": device.starts_on}
    more = [
        Device.objects.create(mn=f"8888000000000000000000A{each}", name=f"数采仪{each}", **told) for each in range(3)
    ]
    bureau = site.visitor("bureau")

    def listed(**asked: str) -> tuple[str, list[bool]]:
        page = bureau.get("/monitoring/orders/", asked).content.decode()
        page = page.partition('id="devices"')[2].partition("</section>")[0]
        return page, [f"/monitoring/devices/{each.pk}/order/" in page for each in (device, *more)]

    page, shown = listed()
    assert "共 4 台设备，这里只列 2 台" in page
    assert shown == [True, True, False, False]
    assert listed(words="0000a2")[1] == [False, False, False, True], "by a part of its number, in either case"
    page, shown = listed(words=f"{site.UNITS[0][:3]} {device.mn}")
    assert shown == [True, False, False, False], "by its unit and its number"
    assert "这里只列" not in page
    page, shown = listed(words="没有%的")
    assert (shown, "没有查到" in page, 'value="没有%的"' in page) == ([False] * 4, True, True)
    monkeypatch.setattr(pages, "_MOST_DEVICES", 4)
    assert "这里只列" not in listed()[0]
