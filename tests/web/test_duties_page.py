"""今天该办什么: what a person owes and what waits for the person's word, each by right, with a body or without."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site as site
from django.test import Client
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def late(adopted: int) -> dict[str, int]:
    """Key works of three bodies, late by so long that all steps are due; nothing else is.

    ``chief`` is of an office that has a body, and owes the first; ``vice`` leads and has a body that owes nothing.
    """
    site.staff()
    site.hand_out(adopted)
    far = TODAY + timedelta(days=400)
    Task.objects.filter(plan=adopted).update(due=far, first_due=far)
    bodies = [each.id for each in registry.bodies(site.COUNTY)][2:6]
    admin = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
    for name, role, body in (("chief", Role.PLAN_OFFICE, bodies[0]), ("vice", Role.LEADING_GROUP, bodies[3])):
        Person.objects.create_user(name)
        appoint(name, role, admin, "测试", body=body, region=site.COUNTY)
    names = ("自己的", "催过的", "没催的")
    due = TODAY - timedelta(days=200)
    return {name: site.key_work(name, due, body) for name, body in zip(names, bodies, strict=False)}


def sections(name: str) -> dict[str, set[str]]:
    """Key of each section of the page → titles in it."""
    answer = site.visitor(name).get("/plans/tasks/")
    assert answer.status_code == 200
    return {each.wish.key: {line.row.title for line in each.lines} for each in answer.context["sections"]}


def said(task: int, *kinds: EventKind) -> None:
    for kind in kinds:
        act(task, site.acting("office"), kind, "事由")  # type: ignore[arg-type]


def test_an_office_with_a_body_sees_what_it_owes_and_what_waits_for_it(late: dict[str, int]) -> None:
    said(late["催过的"], EventKind.REMIND)
    found = sections("chief")
    assert found["late"] == {"自己的"}
    assert found["circulate"] == {"催过的"}, "催办 before 通报"
    assert found["remind"] == {"自己的", "没催的"}
    assert "judge" not in found


def test_a_leader_with_a_body_sees_what_to_escalate(late: dict[str, int]) -> None:
    assert sections("vice") == {"remind": {"自己的", "催过的", "没催的"}}


def test_what_was_reported_waits_for_the_office_and_is_asked_of_nobody(late: dict[str, int]) -> None:
    said(late["自己的"], EventKind.REMIND)
    act(late["自己的"], site.acting("chief"), EventKind.REPORT, "已完成", grade=Grade.DONE)  # type: ignore[arg-type]
    found = sections("chief")
    assert found["judge"] == {"自己的"}
    assert "自己的" not in found.get("late", set()) | found.get("circulate", set()) | found["remind"]


def test_what_was_circulated_is_not_proposed_again(late: dict[str, int]) -> None:
    said(late["催过的"], EventKind.REMIND, EventKind.CIRCULATE)
    found = sections("chief")
    assert "circulate" not in found
    assert "催过的" not in found["remind"]


def test_a_department_is_asked_for_nothing_that_is_the_offices(late: dict[str, int]) -> None:
    assert not {"judge", "circulate", "remind", "listed"} & set(sections("clerk"))


def test_bodies_are_compared_by_what_they_answer_for(late: dict[str, int]) -> None:
    """哪个单位逾期最多: whoever only helps is not late."""
    lead, helper = (each.id for each in registry.bodies(site.COUNTY)[6:8])
    before = _by_body(site.visitor("office"))

    site.key_work("合办的", TODAY - timedelta(days=9), lead, parts=((lead, Part.LEAD), (helper, Part.PARTICIPANT)))
    rows = _by_body(site.visitor("office"))
    assert rows[lead]["late"] == 1
    assert rows[helper]["late"] == 0
    assert rows[helper]["helping"] == before[helper]["helping"] + 1  # type: ignore[operator]


def _by_body(client: Client) -> dict[int, dict[str, object]]:
    """Number of a body → figures of its row by column."""
    table = client.get("/plans/tasks/bodies/").context["body_table"].table
    keys = [column.key for column in table.columns]
    return {
        int(row.cells[0].href.split("bodies/")[1].split("/")[0]): dict(
            zip(keys, (cell.value for cell in row.cells), strict=True)
        )
        for row in table.rows
    }
