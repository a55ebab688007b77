"""A region that is assessed sees, is reminded of, reports and signs for what its collective name owes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site as site
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.reminders.models import Reminder
from shuangkong.records.plans.reminders.reminding import remind_all
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
ADMIN = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
#: A town that 各镇人民政府 means, and one that it does not (乡).
TOWN, VILLAGE = "990101", "990103"


@pytest.fixture
def owed(adopted: int) -> dict[str, int]:
    """Late key works: of 各镇人民政府, of 各乡镇人民政府 as standing implementers, of a department."""
    site.staff()
    for name, region, body in (("town", TOWN, "北溪镇人民政府"), ("village", VILLAGE, "石桥乡人民政府")):
        Person.objects.create_user(name)
        number = registry.name_bodies(region, [body])[body]
        appoint(name, Role.REGION, ADMIN, "测试", body=number, region=region)
    names = registry.name_bodies(site.COUNTY, ["各镇人民政府", "各乡镇人民政府"])
    department = registry.bodies(site.COUNTY)[0].id
    due = timezone.localdate() - timedelta(days=40)
    return {
        "镇": site.key_work("各镇的事", due, names["各镇人民政府"], plan=adopted),
        "乡镇": site.key_work(
            "各乡镇落实的事", due, department,
            plan=adopted, parts=((department, Part.LEAD), (names["各乡镇人民政府"], Part.STANDING)),
        ),
        "局": site.key_work("一个局的事", due, department, plan=adopted),
    }  # fmt: skip


def titles(client: Client, path: str) -> set[str]:
    said = client.get(path).content.decode()
    return {each for each in ("各镇的事", "各乡镇落实的事", "一个局的事") if each in said}


def test_a_town_sees_what_it_owes_and_nothing_else_of_the_county(owed: dict[str, int]) -> None:
    town, village = site.visitor("town"), site.visitor("village")
    for path in ("/plans/tasks/", "/plans/tasks/list/", "/plans/tasks/board/"):
        assert titles(town, path) == {"各镇的事", "各乡镇落实的事"}, path
        assert titles(village, path) == {"各乡镇落实的事"}, path
    late = {
        each.wish.key: [line.row.title for line in each.lines] for each in town.get("/plans/tasks/").context["sections"]
    }
    assert late["late"] == ["各镇的事"]
    assert [town.get(f"/plans/tasks/{owed[each]}/").status_code for each in ("镇", "乡镇", "局")] == [200, 200, 404]
    assert [village.get(f"/plans/tasks/{owed[each]}/").status_code for each in ("镇", "乡镇")] == [404, 200]


def test_a_town_reports_is_reminded_and_judges_nothing(owed: dict[str, int]) -> None:
    remind_all(timezone.now())
    reminded = Reminder.objects.filter(person__username="town").values_list("task_id", flat=True)
    assert owed["镇"] in set(reminded)
    assert owed["局"] not in set(reminded)
    who = site.acting("town")
    act(owed["镇"], who, EventKind.REPORT, "已排查", Grade.ON_TRACK)  # type: ignore[arg-type]
    (row,) = store.tasks(Q(pk=owed["镇"]))
    assert row.standing.state.value == "reported"
    town = site.visitor("town")
    assert town.post(f"/plans/tasks/{owed['镇']}/act/", {"kind": "accept", "text": "好"}).status_code == 403


def test_the_page_of_a_government_and_its_letter_tell_the_same(owed: dict[str, int], adopted: int) -> None:
    office = site.visitor("office")
    number = registry.name_bodies(TOWN, ["北溪镇人民政府"])["北溪镇人民政府"]
    assert "各镇的事" in office.get(f"/plans/tasks/bodies/{number}/").content.decode()
    for region, told in ((TOWN, {"各镇的事", "各乡镇落实的事"}), (VILLAGE, {"各乡镇落实的事"})):
        from shuangkong.records.plans import store as plans
        from shuangkong.web.plans.papers.letter import region_taker

        plan = plans.plan(adopted)
        assert plan is not None
        taker = region_taker(plan, region)
        assert taker is not None
        found = store.tasks(Q(plan=adopted) & store.of_bodies(taker.bodies))
        assert {row.title for row in found} == told


def test_the_filter_by_a_government_finds_what_its_collective_names_owe(owed: dict[str, int]) -> None:
    import api_site

    office, programme = site.visitor("office"), api_site.programme(api_site.token("office"))
    department = registry.bodies(site.COUNTY)[0].id
    for region, body, told in (
        (TOWN, "北溪镇人民政府", {"各镇的事", "各乡镇落实的事"}),
        (VILLAGE, "石桥乡人民政府", {"各乡镇落实的事"}),
        (site.COUNTY, registry.bodies(site.COUNTY)[0].name, {"各乡镇落实的事", "一个局的事"}),
    ):
        number = registry.name_bodies(region, [body])[body]
        assert number == department or region != site.COUNTY
        for path in ("list", "board"):
            assert titles(office, f"/plans/tasks/{path}/?body={number}") == told, (body, path)
        items = programme.get(f"{api_site.ROOT}/tasks", {"body": number, "limit": 200}).json()["items"]
        assert {each["title"] for each in items} & {"各镇的事", "各乡镇落实的事", "一个局的事"} == told, body
    assert programme.get(f"{api_site.ROOT}/tasks", {"body": 10**9}).json()["items"] == []
