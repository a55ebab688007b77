"""An invented county with two units that are watched, the bureau that watches them, and those who look on."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from actors import ADMIN
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.registers.acts import register_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body, Enterprise
from shuangkong.records.registry.rows import RegionRow

COUNTY, NEIGHBOUR = "990100", "990200"
MN = "88888880000001"
UNITS = ("青石热电厂", "云桥纸业")


def settle() -> None:
    """Places, units, and a person for each: bureau, office, unit, other (of the second unit), neighbour, admin."""
    registry.save_regions(
        [
            RegionRow("990000", "青原市", "city"),
            RegionRow(COUNTY, "云桥县", "county", "990000"),
            RegionRow(NEIGHBOUR, "松岭县", "county", "990000"),
        ]
    )
    for name in UNITS:
        body = Body.objects.create(region_id=COUNTY, name=name, kind="company")
        Enterprise.objects.create(name=name, region_id=COUNTY, body=body, industry="4411")
    for name, role, body_name, region in (
        ("bureau", Role.DEPARTMENT, "县生态环境局", COUNTY), ("office", Role.PLAN_OFFICE, "县发改局", COUNTY),
        ("finance", Role.DEPARTMENT, "县财政局", COUNTY), ("unit", Role.REPORTER, UNITS[0], COUNTY),
        ("other", Role.REPORTER, UNITS[1], COUNTY), ("neighbour", Role.DEPARTMENT, "松岭县生态环境局", NEIGHBOUR),
    ):  # fmt: skip
        Person.objects.create_user(name)
        number = registry.name_bodies(region, [body_name])[body_name]
        appoint(name, role, ADMIN, "测试", number, region)
    Person.objects.create_user("admin")
    appoint("admin", Role.ADMINISTRATOR, ADMIN, "测试")


def by(name: str) -> Acting:
    found = acting(Person.objects.get(username=name), timezone.localdate())
    assert found is not None
    return found


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def put(register: str, **told: str) -> int:
    return register_row(REGISTERS[register], told, by("bureau"))


def outlet(unit: str = UNITS[0], code: str = "DA001", kind: str = "gas", **more: str) -> int:
    told = {
        "region": COUNTY, "enterprise": unit, "kind": kind, "code": code, "name": f"{unit}{code}",
        "due_on": "2024-01-01", "object": "key_discharger", "longitude": "104.61", "latitude": "30.12",
        "starts_on": "2024-01-01",
    } | more  # fmt: skip
    return put("outlets", **told)


def connected(place: int, mn: str = MN, *, days: int = 400, factors: tuple[str, ...] = ("a21026",)) -> int:
    """A device of the outlet that speaks for it since so many days; returns its number."""
    since = timezone.localdate() - timedelta(days=days)
    unit = Outlet.objects.select_related("enterprise").get(pk=place).enterprise
    made = put(
        "devices", region=COUNTY, enterprise=unit.name if unit else "", kind="logger", mn=mn, name="数采仪",
        edition="auto", check_value="any", encoding="auto", password="123456", starts_on=since.isoformat(),
    )  # fmt: skip
    put("connections", device=mn, outlet=str(place), starts_at=f"{since} 00:00")
    for factor in factors:
        put("factors", outlet=str(place), factor=factor, is_rated="是", starts_on=since.isoformat())
    return made


def point(place: int, factor: str = "a21026") -> int:
    return int(Point.objects.get(outlet=place, factor=factor).pk)
