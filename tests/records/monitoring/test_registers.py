"""Registers of online monitoring: what may be registered, by whom, and what is left of it afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import orders, profiles
from shuangkong.records.monitoring.models import Point
from shuangkong.records.monitoring.registers import store
from shuangkong.records.monitoring.registers.acts import end_row, register_row, revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.registers.taking import take
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db
MN = "88888880000001"


@pytest.fixture
def county() -> Acting:
    """Someone of its environment bureau; two units in it, and a neighbour."""
    registry.save_regions(
        [RegionRow("990000", "青原市", "city"), RegionRow("990100", "云桥县", "county", "990000"),
         RegionRow("990200", "松岭县", "county", "990000")]
    )  # fmt: skip
    for name in ("甲厂", "乙厂"):
        body = Body.objects.create(region_id="990100", name=name, kind="company")
        Enterprise.objects.create(name=name, region_id="990100", body=body, industry="4411")
    return bureau()


def bureau(name: str = "县生态环境局", region: str = "990100") -> Acting:
    path = Region.objects.get(pk=region).path
    return Acting("huan", Role.DEPARTMENT, body=10**6, body_name=name, region=region, paths=(path,))


def outlet(by: Acting, code: str = "DA001", **more: str) -> int:
    told = {
        "region": "990100", "enterprise": "甲厂", "kind": "gas", "code": code, "name": f"{code}锅炉排口",
        "starts_on": "2024-01-01", "due_on": "2024-01-01", "object": "key_discharger",
    } | more  # fmt: skip
    return register_row(REGISTERS["outlets"], told, by)


def device(by: Acting, mn: str = MN, **more: str) -> int:
    told = {"region": "990100", "kind": "数采仪", "mn": mn, "name": "数采仪", "edition": "auto", "check_value": "any",
            "encoding": "auto", "password": "123456", "starts_on": "2024-01-01"} | more  # fmt: skip
    return register_row(REGISTERS["devices"], told, by)


def test_the_road_from_register_to_gateway(county: Acting) -> None:
    place = outlet(county)
    register_row(
        REGISTERS["factors"],
        {"outlet": str(place), "factor": "a21026", "is_rated": "是", "starts_on": "2024-01-01"},
        county,
    )
    made = device(county)
    before = profiles.version()
    since = timezone.localtime(timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    register_row(REGISTERS["connections"], {"device": MN, "outlet": "甲厂/DA001", "starts_at": since}, county)
    register_row(
        REGISTERS["device-units"], {"device": MN, "factor": "a21026", "unit": "ppm", "starts_on": "2024-01-01"}, county
    )
    assert profiles.version() != before
    profile = profiles.snapshot().profiles[MN]
    assert (profile.device, profile.outlet, profile.password, profile.units) == (
        made,
        place,
        "123456",
        {"a21026": "ppm"},
    )
    assert profile.points == {"a21026": Point.objects.get(outlet=place).pk}
    assert "123456" not in repr(profile)


def test_secrets_are_neither_kept_open_nor_told(county: Acting) -> None:
    number = device(county)
    revise_row(REGISTERS["devices"], number, {"name": "新名"}, county, "更名")
    row = store.row(REGISTERS["devices"], number)
    assert row is not None
    assert row.told["name"] == "新名"
    assert row.told["password"] == ""
    assert profiles.snapshot().profiles[MN].password == "123456"
    everything = "".join(f"{each.before}{each.after}" for each in store.history(REGISTERS["devices"], number))
    assert "123456" not in everything
    assert "123456" not in "".join(map(str, JournalRow.objects.values_list("after", flat=True)))


def test_what_clashes_is_refused(county: Acting) -> None:
    place = outlet(county)
    with pytest.raises(Refused, match="MON-124"):
        outlet(county)
    device(county)
    with pytest.raises(Refused, match="MON-127"):
        device(county)
    told = {"device": MN, "outlet": str(place), "starts_at": "2024-02-01 00:00"}
    register_row(REGISTERS["connections"], told, county)
    with pytest.raises(Refused, match="MON-129"):
        register_row(REGISTERS["connections"], told | {"starts_at": "2024-03-01 00:00"}, county)
    with pytest.raises(Refused, match="MON-120"):
        outlet(county, "DA002", ends_on="2023-01-01")
    with pytest.raises(Refused, match="MON-122"):
        outlet(county, "DA003", longitude="104.5")


def test_a_device_is_changed_and_history_stays(county: Acting) -> None:
    old = device(county)
    end_row(REGISTERS["devices"], old, timezone.localdate().isoformat(), county, "换新")
    with pytest.raises(Refused, match="MON-127"):
        device(county, starts_on=timezone.localdate().isoformat())
    device(county, starts_on=(timezone.localdate() + timedelta(days=1)).isoformat())
    [ended, registered] = store.history(REGISTERS["devices"], old)
    assert (ended.kind, registered.kind, ended.ground) == ("revise", "register", "换新")


def test_only_the_competent_department_registers(county: Acting) -> None:
    for someone in (
        bureau("县财政局"), Acting("office", Role.PLAN_OFFICE, region="990100", paths=county.paths),
        bureau(region="990200"),
    ):  # fmt: skip
        with pytest.raises(Forbidden if someone.paths == county.paths else Refused):
            outlet(someone)


def test_a_file_is_taken_whole_or_not_at_all(county: Acting) -> None:
    head = ["地区", "企业", "类别", "编号", "名称", "起始日", "经度（°）", "纬度（°）"]
    good = ["云桥县", "甲厂", "废气排放口", "DA001", "锅炉排口", "2024-01-01", "", ""]
    bad = ["云桥县", "丙厂", "废气排放口", "DA002", "排口", "2024-01-01", "", ""]
    kept = take(REGISTERS["outlets"], [head, good, bad], county, "清单", is_dry_run=False)
    assert [each.code for each in kept] == ["", "MON-110"]
    assert kept[1].row == 3
    assert not store.rows(REGISTERS["outlets"], store.readable(REGISTERS["outlets"], county))
    take(REGISTERS["outlets"], [head, good], county, "清单", is_dry_run=False)
    [row] = store.rows(REGISTERS["outlets"], store.readable(REGISTERS["outlets"], county))
    assert row.words["enterprise"] == "甲厂"


def test_a_unit_sees_its_own(county: Acting) -> None:
    outlet(county)
    outlet(county, "DA009", enterprise="乙厂")
    own = Body.objects.get(name="甲厂").pk
    unit = Acting("unit", Role.REPORTER, body=own, body_name="甲厂", bodies=frozenset({own}), region="990100",
                  paths=county.paths)  # fmt: skip
    found = store.rows(REGISTERS["outlets"], store.readable(REGISTERS["outlets"], unit))
    assert [each.told["code"] for each in found] == ["DA001"]
    with pytest.raises(Forbidden):
        outlet(unit, "DA010")


def test_one_order_of_a_device_at_a_time(county: Acting) -> None:
    number = device(county)
    first = orders.queue(number, "1072", {"NewPW": "654321"}, county, "定期更换")
    second = orders.queue(number, "1011", {}, county, "查看时钟")
    [due] = orders.waiting()
    assert (due.id, due.fields) == (first, {"NewPW": "654321"})
    [_later, shown] = orders.orders(orders.readable(county))
    assert shown.fields == {"NewPW": "…"}
    assert "654321" not in "".join(map(str, JournalRow.objects.values_list("after", flat=True)))
    orders.step(first, orders.State.SENT, is_try=True)
    assert orders.waiting() == ()
    orders.step(first, orders.State.DONE)
    assert profiles.snapshot().profiles[MN].password == "654321"
    assert [each.id for each in orders.waiting()] == [second]
    orders.cancel(second, county, "不用了")
    assert orders.waiting() == ()
    asked = [orders.queue_by_rule(number, "2061", {"BeginTime": "20240101000000"}, "缺数补传") for _each in range(2)]
    assert asked[0] == asked[1]
