"""People of the invented county, and its plan handed out: for the pages of tasks.

``python tasks_site.py PASSWORD`` adds the people to a site; its folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys

from django.test import Client

COUNTY, PATH = "990100", "/990100/"


def staff(password: str | None = None) -> None:
    """An office and a leading group of the county, one clerk for each of two bodies: clerk, and other."""
    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role
    from shuangkong.records.registry import store as registry

    admin = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
    named = [each.id for each in registry.bodies(COUNTY)]
    for name, role, body in (
        ("office", Role.PLAN_OFFICE, None),
        ("leader", Role.LEADING_GROUP, None),
        ("clerk", Role.DEPARTMENT, named[0]),
        ("other", Role.DEPARTMENT, named[1]),
    ):
        Person.objects.create_user(name, password=password)
        appoint(name, role, admin, "测试", body=body, region=COUNTY)


def acting(name: str) -> object:
    """As whom a person of the county acts."""
    from django.utils import timezone

    from shuangkong.records.people.acting import acting as found
    from shuangkong.records.people.models import Person

    return found(Person.objects.get(username=name), timezone.localdate())


def hand_out(plan: int) -> None:
    """The plan becomes tasks."""
    from shuangkong.records.plans.tasks.assigning import assign_plan

    assign_plan(plan, acting("office"))  # type: ignore[arg-type]


def key_work(title: str, due: object, body: int, **more: object) -> int:
    """A key work that one body owes by a day."""
    from shuangkong.plans.tasks.events import Part
    from shuangkong.records.plans.tasks.adding import Wanted, add
    from shuangkong.records.plans.tasks.rows import TaskKind

    said = {"region": COUNTY, "due": due, "parts": ((body, Part.SOLE),)} | more
    return add(Wanted(TaskKind.KEY_WORK, title, **said), acting("office"))  # type: ignore[arg-type]


def visitor(name: str) -> Client:
    """A browser in which somebody is logged in."""
    from shuangkong.records.people.models import Person

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def main(password: str) -> None:
    """Staff for a site that is running."""
    from shuangkong.cli.site import open_site

    open_site()
    staff(password)


if __name__ == "__main__":
    main(*sys.argv[1:])
