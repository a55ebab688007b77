"""A county with an office, a leader and clerks of two bodies, and tasks whose clocks one can turn."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from shuangkong.plans.tasks.events import Part
from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.reminders.grounds import day_of
from shuangkong.records.plans.reminders.reminding import remind
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow

ADMIN = Acting("root", Role.ADMINISTRATOR, paths=("/",))
PROVINCE, COUNTY, TOWN = "990000", "990100", "990101"


def settle() -> None:
    """office, upper (of the province), leader, clerk and helper (each of a body)."""
    registry.save_regions(
        [
            RegionRow(PROVINCE, "虚构省", "province", is_fictional=True),
            RegionRow(COUNTY, "云桥县", "county", PROVINCE, is_fictional=True),
            RegionRow(TOWN, "北溪镇", "town", COUNTY, is_fictional=True),
        ]
    )
    bodies = registry.name_bodies(COUNTY, ["县工信局", "县住建局"])
    for name, role, region, body in (
        ("office", Role.PLAN_OFFICE, COUNTY, None),
        ("upper", Role.PLAN_OFFICE, PROVINCE, None),
        ("leader", Role.LEADING_GROUP, COUNTY, None),
        ("clerk", Role.DEPARTMENT, COUNTY, bodies["县工信局"]),
        ("helper", Role.DEPARTMENT, COUNTY, bodies["县住建局"]),
    ):
        Person.objects.create_user(name)
        appoint(name, role, ADMIN, "测试", body, region)


def who(name: str) -> Person:
    return Person.objects.get(username=name)


def acts(name: str) -> Acting:
    found = acting(who(name), timezone.localdate())
    assert found is not None
    return found


def task(title: str, due: date | None, region: str = COUNTY, helped: bool = False) -> int:
    """A key work of the clerk's body, in which the helper's may take part."""
    lead, help_ = (acts(name).body for name in ("clerk", "helper"))
    assert lead is not None
    assert help_ is not None
    parts = ((lead, Part.LEAD), (help_, Part.PARTICIPANT)) if helped else ((lead, Part.SOLE),)
    return add(Wanted(TaskKind.KEY_WORK, title, parts, region=region, due=due), acts("office"))


def at(days: int = 0, hour: int = 9) -> datetime:
    """That hour of a day so many days from today."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(hour)))


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def tick(name: str, days: int = 0, hour: int = 9) -> tuple[int, int]:
    """The clock strikes for one person: new reminders, new messages."""
    now = at(days, hour)
    return remind(who(name), day_of(timezone.localdate(now)), now)
