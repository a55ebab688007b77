"""The invented county for programmes: its people, its tasks, and a token for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import tasks_site
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from ninja.operation import Operation

from shuangkong.core.source_code import source_code
from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.people.tokens import make_token
from shuangkong.records.plans.tasks import matters, meetings
from shuangkong.records.registry import store as registry
from shuangkong.web.api.urls import API, VERSION

ADMIN = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
ROOT = f"/api/{VERSION}"


def people() -> dict[Role, str]:
    """Somebody in each role at the county: role → user name. Whoever needs a body acts for its first one."""
    first = registry.bodies(tasks_site.COUNTY)[0].id
    for role in Role:
        if role not in (Role.PUBLIC, Role.ADMINISTRATOR):
            Person.objects.create_user(f"{role}-person")
            needs_body = role not in (Role.PLAN_OFFICE, Role.LEADING_GROUP, Role.AUDITOR)
            appoint(
                f"{role}-person", role, ADMIN, "测试", body=first if needs_body else None,
                region=None if role is Role.AUDITOR else tasks_site.COUNTY,
            )  # fmt: skip
    return {role: "admin" if role is Role.ADMINISTRATOR else f"{role}-person" for role in Role if role != Role.PUBLIC}


def acts_as(name: str) -> Acting:
    found = acting(Person.objects.get(username=name), timezone.localdate())
    assert found is not None
    return found


def token(name: str, *scopes: Action) -> str:
    """A token of a person with these scopes, or with all that it may have."""
    from shuangkong.records.people.access import may

    by = acts_as(name)
    return make_token(by, "测试", scopes or [each for each in Action if may(by, each)], _soon())


def _soon() -> Any:
    return timezone.localdate() + timedelta(days=30)


def programme(told: str) -> Client:
    """A programme with a token."""
    return Client(headers={"host": "localhost", "authorization": f"Bearer {told}"})


def fill(plan: int) -> dict[str, Any]:
    """The plan handed out, a meeting, a matter; and the numbers of one thing of each sort, by parameter name."""
    from shuangkong.records.plans import store as plans
    from shuangkong.records.plans.tasks.assigning import assign_plan
    from shuangkong.records.plans.tasks.models import Task
    from shuangkong.records.registry.enterprises.acts import register_enterprise
    from shuangkong.records.registry.enterprises.identifiers import identify
    from shuangkong.records.registry.enterprises.rows import ParticularsRow, System
    from shuangkong.records.targets import store as targets

    office, clerk = acts_as(f"{Role.PLAN_OFFICE}-person"), acts_as(f"{Role.DEPARTMENT}-person")
    assign_plan(plan, office)
    task = Task.objects.filter(plan=plan, bodies__body=clerk.body).order_by("pk").first()
    assert task is not None
    meeting = meetings.call_meeting("八月调度会", timezone.localdate(), tasks_site.COUNTY, [task.pk], office)
    matter = matters.raise_matter("来水减少", "水电出力下降。", timezone.localdate(), clerk)
    assert plans.plan(plan) is not None
    wanted = ParticularsRow("云桥县青云水泥有限公司", tasks_site.COUNTY)
    enterprise = register_enterprise(wanted, office, "名录核实")
    identifier = identify(enterprise, System.CENSUS, "C-17", office, "普查")
    return {
        "plan_id": plan,
        "task_id": task.pk,
        "meeting_id": meeting,
        "matter_id": matter,
        "body_id": clerk.body,
        "code": tasks_site.COUNTY,
        "target_id": targets.targets(plan)[0].id,
        "source": source_code(enterprise),
        "identifier_id": identifier,
    }


def operations() -> list[Operation]:
    """Every operation of the interface."""
    return [
        operation
        for router in API._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    ]


def action_of(operation: Operation) -> Action | None:
    """Which action of the table of access an operation says that it is."""
    first = operation.auth_callbacks[0]
    return first.action  # type: ignore[attr-defined, no-any-return]


def patterns() -> list[URLPattern]:
    from shuangkong.web.api.urls import urlpatterns

    return [each for each in urlpatterns if each.name and each.name.startswith(VERSION)]
