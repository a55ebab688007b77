"""Key projects of the invented county, for pages: one that stands well, one that is late, one that runs unstably."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from emission_site import base, closed, people, recognised
from tasks_site import COUNTY, acting

from shuangkong.outlook.projects.told import EventKind, Linked, MonthTold, Particulars, Proof, Stage
from shuangkong.records.outlook.projects.acts import act, register
from shuangkong.records.outlook.projects.rows import Registered, Said
from shuangkong.records.registry import store as registry

#: Who owns them: that of the clerk.
YEAR = 2022


def owner() -> str:
    return registry.bodies(COUNTY)[0].name


def months(count: int) -> list[str]:
    """The last whole months, the oldest first."""
    day, found = timezone.localdate().replace(day=1), []
    for _each in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(f"{day:%Y-%m}")
    return found[::-1]


def particulars(name: str, since: str, run: date, **more: object) -> Particulars:
    said = {
        "name": name, "family": "air_reduction", "since": since, "milestones": {"run": run},
        "expected": {"so2": Decimal(150)},
    } | more  # fmt: skip
    return Particulars(**said)  # type: ignore[arg-type]


def put(told: Particulars) -> int:
    return register(Registered(COUNTY, owner(), told, document="虚构的清单"), acting("office"))  # type: ignore[arg-type]


def say(project: int, kind: EventKind, content: object, text: str = "") -> None:
    act(project, acting("office"), kind, Said(content, text))  # type: ignore[arg-type]


def running(project: int, shares: dict[str, str], done: date) -> None:
    """Dispatched and proven in each of the months; done in the first of them."""
    for at, (month, share) in enumerate(shares.items()):
        told = {"run": done} if at == 0 else {}
        say(project, EventKind.DISPATCH, MonthTold(month, Stage.RUNNING, Decimal(10**6), Decimal(100), told))
        say(project, EventKind.PROVE, Proof(month, Decimal(share), Decimal(99)))


def fill() -> dict[str, int]:
    """Each by how it stands; the one that is fine has a reduction of 120 t that was recognised."""
    people()
    base()
    last = months(3)
    first = date.fromisoformat(f"{last[0]}-01")
    fine = put(particulars("砖厂关停", last[0], first, source="PC-2", measure="structure"))
    running(fine, dict.fromkeys(last, "98"), first)
    reduction = closed(120, starts=(YEAR, 1), is_key=True, assigned_t=Decimal(100))
    recognised(reduction)
    say(fine, EventKind.LINK, Linked(reduction))
    unstable = put(particulars("脱硫改造", last[0], first))
    running(unstable, dict(zip(last, ("95", "60", "50"), strict=True)), first)
    late = put(particulars("低氮改造", last[0], first))
    for month in last:
        say(late, EventKind.DISPATCH, MonthTold(month, Stage.BUILDING, Decimal(10**6), Decimal(40)))
    return {"fine": fine, "unstable": unstable, "late": late, "reduction": reduction}
