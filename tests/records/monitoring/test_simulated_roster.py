"""A simulated cast can be registered as it is, and the gateway then knows each of its devices."""

from __future__ import annotations

from datetime import date

import pytest

from shuangkong.gateway.registered import RegisteredDevices, RegisteredProfiles
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.roster import Owner, roster
from shuangkong.monitoring.simulated.site import Kind, Manner
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.registers.taking import take
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db


def test_a_cast_is_registered_whole_and_known_to_the_gateway() -> None:
    registry.save_regions(
        [RegionRow("990000", "青原市", "city"), RegionRow("990100", "云桥县", "county", "990000")],
    )
    for name in ("甲厂", "乙厂"):
        body = Body.objects.create(region_id="990100", name=name, kind="company")
        Enterprise.objects.create(name=name, region_id="990100", body=body, industry="4411")
    paths = (Region.objects.get(pk="990100").path,)
    by = Acting("huan", Role.DEPARTMENT, body=10**6, body_name="县生态环境局", region="990100", paths=paths)
    owners = [Owner("甲厂", "990100", 104.7, 30.1), Owner("乙厂", "990100", 104.8, 30.2)]
    sites = cast(11, gas=14, water=8, meters=3)
    assert {Manner.OLD_CODES, Manner.CIPHER} <= set().union(*(site.manners for site in sites))
    for key, rows in roster(sites, owners, date(2026, 1, 1)).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
        verdicts = take(REGISTERS[key], lines, by, "模拟", is_dry_run=False)
        assert [each.message for each in verdicts if each.message is not None] == []
        assert len(verdicts) == len(rows)
    assert Outlet.objects.count() == 22
    book, devices = RegisteredProfiles().load(), RegisteredDevices().devices()
    for site in sites:
        profile, device = book[site.mn.encode()], devices[site.mn]
        assert profile.keys == ((site.key,) if site.key else ())
        assert {"hj212", site.variant} <= profile.variants
        assert profile.password == site.password
        assert len(device.spells) == (site.kind is not Kind.METER)
        if Manner.OLD_CODES in site.manners:
            assert device.units == {factor.code: factor.unit for factor in site.factors}
