"""What papers call things: a task by its one name, a body as it is called on the day of the paper."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO

import api_site
import pytest
import tasks_site as site
from django.utils import timezone
from docx import Document
from test_papers import text_of

from shuangkong.papers.official.paper import Issue
from shuangkong.plans.tasks.events import EventKind, Part
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.tasks import meetings, store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.succession import succeed_body
from shuangkong.records.registry.tree import Change
from shuangkong.web.plans.papers.bulletin import make_bulletin
from shuangkong.web.plans.papers.duty_list import make_duty_list
from shuangkong.web.plans.papers.letter import body_taker, body_takers, make_letter
from shuangkong.web.plans.papers.minutes import Attendance, make_minutes

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ISSUE = Issue("云桥县节能减排办公室", TODAY)


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    return adopted


def told_tasks(docx: bytes) -> list[str]:
    """The lines about tasks, without the numbers before them."""
    lines = (each.text for each in Document(BytesIO(docx)).paragraphs)
    return [re.sub(r"^\d+\. ", "", line) for line in lines if "责任单位：" in line]


def rectify(subject: str) -> int:
    """Two enterprises are to do the same thing by the same day."""
    body = registry.bodies(site.COUNTY)[0].id
    wanted = Wanted(
        TaskKind.RECTIFY, "排口整治", ((body, Part.SOLE),), site.COUNTY, due=TODAY + timedelta(days=90), subject=subject
    )
    return add(wanted, site.acting("office"), "检查")


def test_a_task_has_one_name_on_pages_in_papers_and_for_programmes(plan: int) -> None:
    office, tasks = site.acting("office"), [rectify("青云纸业"), rectify("白河纸业")]
    for task in tasks:
        act(task, office, EventKind.LIST, "超标")
    names = ["青云纸业：排口整治", "白河纸业：排口整治"]
    bulletin = text_of(make_bulletin(site.COUNTY, ISSUE, office, TODAY).docx)
    assert [f"{at}. {name}。责任单位" in bulletin for at, name in enumerate(names, 1)] == [True, True]
    number = meetings.call_meeting("专题会", TODAY, site.COUNTY, tasks, office)
    part = (registry.bodies(site.COUNTY)[0].id, Part.SOLE)
    decided = Wanted(TaskKind.RECTIFY, "停产整治", (part,), site.COUNTY, due=TODAY, subject="青云纸业")
    meetings.decide_item(number, decided, office)
    meeting = meetings.meeting(number, office)
    assert meeting is not None
    said = text_of(make_minutes(meeting, Attendance("会议室", "副县长"), ISSUE, office, TODAY).docx)
    assert all(f"{name}责任单位" in said.replace("。", "") for name in names)
    assert "青云纸业：停产整治" in said
    page = site.visitor("office").get(f"/plans/tasks/{tasks[0]}/").content.decode()
    assert f"<h1>{names[0]}</h1>" in page
    programme = api_site.programme(api_site.token("office"))
    assert programme.get(f"{api_site.ROOT}/tasks/{tasks[0]}").json()["name"] == names[0]


def test_no_two_lines_of_a_bulletin_are_the_same(plan: int) -> None:
    """A duty of each year and the round of this year are told apart, and so are two years."""
    yearly = Task.objects.filter(recurrence="yearly").latest("pk")
    for period in ("2031", "2032"):
        Task.objects.create(
            plan_id=plan, parent=yearly, kind=TaskKind.ROUND, number=yearly.number, title=yearly.title, period=period,
            region_id=site.COUNTY, path=yearly.path, made_at=timezone.now(), made_by="office",
            state="assigned", grade="not_started",
        )  # fmt: skip
    Task.objects.update(due=None, heard_on=TODAY - timedelta(days=400))
    lines = told_tasks(make_bulletin(site.COUNTY, ISSUE, site.acting("office"), TODAY).docx)
    assert any(f"{yearly.title}（2032）" in line for line in lines)
    assert not [line for line, count in Counter(lines).items() if count > 1]


def renamed(old: int, new: str, kind: Change = Change.RENAMED) -> int:
    after = registry.name_bodies(site.COUNTY, [new])[new]
    succeed_body(old, after, kind, TODAY, "云编发〔2031〕1号（虚构）", site.acting("office"))
    return after


def test_papers_name_bodies_as_they_are_called_on_their_day(plan: int) -> None:
    office = site.acting("office")
    own = plans.plan(plan)
    assert own is not None
    old, name, count = body_takers(own, office, TODAY)[0]
    other, other_name, more = body_takers(own, office, TODAY)[1]
    Task.objects.update(due=TODAY - timedelta(days=9))
    new = renamed(old, "县新设的局")
    bulletin, listed = (
        text_of(make(office).docx)
        for make in (
            lambda by: make_bulletin(site.COUNTY, ISSUE, by, TODAY),
            lambda by: make_duty_list(plan, ISSUE, by, TODAY),
        )
    )
    assert f"县新设的局（原{name}）" in bulletin
    assert "责任单位：县新设的局" in bulletin
    assert "县新设的局" in listed
    for said in (bulletin, listed):
        assert name not in said.replace(f"（原{name}）", "")
    renamed(other, "县新设的局", Change.MERGED)
    merged = next(each for each in body_takers(own, office, TODAY) if each[0] == new)
    assert merged[1] == "县新设的局（原{}）".format(
        "、".join(n for _id, n in sorted([(old, name), (other, other_name)]))
    )
    both = store.of_bodies({old, other, new}, (Part.LEAD, Part.SOLE, Part.SHARED, Part.OWNER))
    assert merged[2] <= store.count(both)
    assert merged[2] > max(count, more) or count + more > store.count(both)
    taker = body_taker(own, old, TODAY)
    assert taker is not None
    assert taker.name == "县新设的局"
    letter = text_of(make_letter(own, taker, "2031年度", ISSUE, office, TODAY).docx)
    assert name not in letter
    assert other_name not in letter
    assert "负责下列事项" in letter


def test_a_body_that_was_split_is_told_by_what_it_became(plan: int) -> None:
    office, own = site.acting("office"), plans.plan(plan)
    assert own is not None
    old, name, _count = body_takers(own, office, TODAY)[0]
    renamed(old, "县甲局", Change.SPLIT)
    renamed(old, "县乙局", Change.SPLIT)
    assert f"县甲局、县乙局（原{name}）" in text_of(make_bulletin(site.COUNTY, ISSUE, office, TODAY).docx)
