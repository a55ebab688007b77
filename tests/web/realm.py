"""A city with two counties and a town, each with a plan, tasks, a meeting and a person: seen from the first county."""

from __future__ import annotations

from collections.abc import Mapping

from django.test import Client
from django.utils import timezone
from probes import PLACES

from actors import ADMIN
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Origin, Verdict
from shuangkong.records.plans.tasks import meetings
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook

REGIONS = {"above": "990000", "own": "990100", "below": "990101", "neighbour": "990200"}
NAMES = {"above": "青原市", "own": "云桥县", "below": "北溪镇", "neighbour": "松岭县"}
PLAN = """{name}节能减排综合工作方案

一、主要目标

（一）主要目标。到2025年，{name}单位地区生产总值能耗比2020年下降14%。

二、重点任务

（二）加强工业节能。到2025年，建成绿色工厂6家。（牵头单位：{name}工业办）
"""

#: Place, seen from the county → numbers of its things, by the name that addresses give them.
type Things = Mapping[str, Mapping[str, int | str]]


def settle() -> Things:
    """A city with two counties and a town, a plan each: place → numbers of its things."""
    registry.save_regions(
        [
            RegionRow("990000", "青原市", "city"),
            RegionRow("990100", "云桥县", "county", "990000"),
            RegionRow("990101", "北溪镇", "town", "990100"),
            RegionRow("990200", "松岭县", "county", "990000"),
        ]
    )
    return {place: _adopted(place) for place in PLACES}


def _adopted(place: str) -> dict[str, int | str]:
    text = PLAN.format(name=NAMES[place])
    document = Document("t.txt", Medium.TXT, text)
    reading = read_plan(document, open_rulebook().lexicon())
    plan = plans.save_reading(text.encode(), document, reading, (), ADMIN, Origin(region=REGIONS[place])).id
    for entry in plans.undecided(plan):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(plan, ADMIN)
    measures = plans.measures(plan)
    assign_plan(plan, ADMIN)
    task = Task.objects.filter(plan=plan, kind="measure").latest("pk").pk
    office = Acting("office", Role.PLAN_OFFICE, region=REGIONS[place], paths=(path_of(REGIONS[place]),))
    somebody = Person.objects.create_user(f"somebody-{place}")
    body = registry.name_bodies(REGIONS[place], ["政府办公室"])["政府办公室"]
    appoint(somebody.username, Role.REGION, ADMIN, "测试", body, REGIONS[place])
    return {
        "task_id": task,
        "meeting_id": meetings.call_meeting("调度会", timezone.localdate(), REGIONS[place], [task], office),
        "person_id": somebody.pk,
        "code": REGIONS[place],
        "region": REGIONS[place],
        "sort": "tasks",
        "export": "tasks",
        "form": "csv",
        "plan_id": plan,
        "measure_id": measures[0].id,
        "body_id": next(body.body for measure in measures for body in measure.bodies),
        "target_id": targets.targets(plan)[0].id,
        "entry_id": plans.entries(plan)[-1].id,
    }


def client_of(role: str, region: str = "990100") -> Client:
    """Somebody of that role, in the county where nothing else is said."""
    person = Person.objects.create_user(f"one-{role}", password=None)
    body = registry.name_bodies(region, ["某单位"])["某单位"]
    appoint(person.username, Role(role), ADMIN, "测试", body, region)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client
