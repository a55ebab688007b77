"""Pages as of a past day: names, parts and tasks below, vacancies, proposals and adjustments are those of the day."""

from __future__ import annotations

from datetime import date, timedelta

import cascade_site as site
import pytest
from cascade_plans import COUNTY_OFFICE
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.models import CascadeEvent, PlanLink
from shuangkong.records.plans.models import Adoption, Plan, PlanFile, ReviewDecision
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.owners import name_owner
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import RegionName
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
THEN = TODAY - timedelta(days=10)


@pytest.fixture
def child(db: None) -> int:
    """The county's plan, read, adopted and handed out twenty days ago."""
    site.people()
    child = site.plans()[0]
    assign_plan(child, COUNTY_OFFICE)
    return child


@pytest.fixture
def office(child: int) -> Client:
    return site.visitor("county")


def long_ago() -> None:
    """All that was done so far was done twenty days ago."""
    at = timezone.now() - timedelta(days=20)
    for model, column in (
        (Plan, "read_at"), (PlanFile, "received_at"), (Adoption, "adopted_at"), (ReviewDecision, "decided_at"),
        (Task, "made_at"), (TaskEvent, "at"), (PlanLink, "decided_at"), (CascadeEvent, "at"), (RegionName, "until"),
    ):  # fmt: skip
        model.objects.update(**{column: at})


def words(client: Client, path: str, day: date | None = None) -> str:
    answer = client.get(path + (f"?as_of={day}" if day else ""))
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
    return answer.content.decode().partition("<main")[2]


def test_a_renamed_region_bears_its_former_name(office: Client, child: int) -> None:
    long_ago()
    registry.save_regions([
        RegionRow(site.COUNTY, "澄湖新区", "county", site.CITY, is_fictional=True),
        RegionRow(site.TOWN, "东湖街道", "town", site.COUNTY, is_fictional=True),
    ])  # fmt: skip
    task = tasks.tasks(Q(plan=child), ("pk",))[0].id
    for path in ("/plans/", f"/plans/tasks/{task}/", "/plans/cascade/"):
        assert "澄湖新区" in words(office, path), path
        then = words(office, path, THEN)
        assert "澄湖新区" not in then, path
        assert "澄湖县" in then, path
    then = words(office, "/plans/cascade/responsible/", THEN)
    assert ("东街镇" in then, "东湖街道" in then, "澄湖新区" in then) == (True, False, False)
    assert "东湖街道" in words(office, "/plans/cascade/responsible/")


def test_a_task_shows_who_had_it_and_what_was_below_it_then(office: Client, child: int) -> None:
    one, other = registry.bodies(site.COUNTY)[:2]
    target = tasks.tasks(Q(plan=child, kind=TaskKind.TARGET), ("pk",))[0].id
    name_owner(target, one.id, COUNTY_OFFICE)
    add(Wanted(TaskKind.OTHER, "早先的一步", ((one.id, Part.SOLE),), parent=target), COUNTY_OFFICE)
    long_ago()
    from shuangkong.records.plans.tasks.models import TaskBody

    TaskBody.objects.filter(starts_on__isnull=False).update(starts_on=TODAY - timedelta(days=20))
    name_owner(target, other.id, COUNTY_OFFICE, "职责调整")
    add(Wanted(TaskKind.OTHER, "后加的一步", ((one.id, Part.SOLE),), parent=target), COUNTY_OFFICE)
    early = tasks.children(target)[0].id
    act(early, COUNTY_OFFICE, EventKind.STATE, "已完成", Grade.DONE)

    def who(page: str) -> str:
        return page.partition('id="who"')[2].partition("</ul>")[0]

    now, then = words(office, f"/plans/tasks/{target}/"), words(office, f"/plans/tasks/{target}/", THEN)
    assert (one.name in who(now), other.name in who(now)) == (False, True)
    assert (one.name in who(then), other.name in who(then)) == (True, False)
    assert ("早先的一步" in now, "后加的一步" in now) == (True, True)
    assert ("早先的一步" in then, "后加的一步" in then) == (True, False)
    below = 'id="children"'
    assert "已办结" in now.partition(below)[2].partition("</section>")[0]
    assert "已办结" not in then.partition(below)[2].partition("</section>")[0]


def test_what_the_text_leaves_open_is_what_nobody_had_decided_on_then(office: Client, child: int) -> None:
    long_ago()
    found = cascade.register_proposals(child)
    cascade.decline(child, cascade.Registering(found[0].kind, found[0].title, found[0].item), COUNTY_OFFICE, "不属本县")
    path = f"/plans/{child}/cascade/open/"
    assert f"<strong>{len(found) - 1}</strong> 处待决定" in words(office, path)
    then = words(office, path, THEN)
    assert f"<strong>{len(found)}</strong> 处待决定" in then
    assert 'method="post"' not in then


def test_an_adjustment_shows_the_tasks_that_were_open_then(office: Client, child: int) -> None:
    later, link = site.amend(child)
    long_ago()
    touched = sorted({task.id for move in cascade.adjustment(link).moves for task in move.tasks})
    act(touched[0], COUNTY_OFFICE, EventKind.STATE, "已完成", Grade.DONE)
    path = f"/plans/{later}/cascade/{link}/moves/"
    assert f"受影响的任务 <strong>{len(touched) - 1}</strong> 项" in words(office, path)
    assert f"受影响的任务 <strong>{len(touched)}</strong> 项" in words(office, path, THEN)
    assert office.get(f"{path}?as_of={TODAY - timedelta(days=40)}").status_code == 404
