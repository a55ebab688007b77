"""People are told by their names, where they have given one; the user name stays for who holds the mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site as site
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade
from shuangkong.records.people.models import Person
from shuangkong.records.plans.tasks import matters, meetings
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
OFFICE, CLERK, LEADER = (
    f'<span title="{user}">{name}</span>' for user, name in (("office", "张某"), ("clerk", "李某"), ("leader", "王某"))
)


@pytest.fixture
def task(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    for user, name in (("office", "张某"), ("clerk", "李某"), ("leader", "王某")):
        Person.objects.filter(username=user).update(first_name=name)
    made = site.key_work("锅炉改造", TODAY + timedelta(days=9), registry.bodies(site.COUNTY)[0].id)
    act(made, site.acting("clerk"), EventKind.REPORT, "已开工", grade=Grade.ON_TRACK)
    return made


def page(user: str, path: str) -> str:
    return site.visitor(user).get(path).content.decode()


def test_pages_say_who_by_name(task: int) -> None:
    office = site.acting("office")
    number = meetings.call_meeting("调度会", TODAY, site.COUNTY, [task], office)
    matter = matters.raise_matter("来水减少", "出力下降。", TODAY, site.acting("clerk"))
    history = page("office", f"/plans/tasks/{task}/")
    assert OFFICE in history
    assert CLERK in history
    assert CLERK in page("office", "/plans/tasks/judging/")
    assert OFFICE in page("office", f"/plans/tasks/meetings/{number}/")
    assert CLERK in page("leader", "/plans/tasks/matters/")
    matters.acknowledge(matter, "立即查明。", site.acting("leader"))
    assert f"{TODAY} 王某" in page("leader", "/plans/tasks/matters/")


def test_the_frame_and_the_print_say_the_name(task: int) -> None:
    text = page("leader", "/plans/tasks/")
    assert ">王某</a>" in text
    assert "打印人 王某" in text
    person = Person.objects.get(username="clerk")
    text = page("office", f"/people/{person.pk}/")
    assert "<h1>李某 可以做什么？</h1>" in text
    assert "clerk" in text
    Person.objects.filter(username="leader").update(first_name="")
    assert ">leader</a>" in page("leader", "/plans/tasks/"), "who has no name is told by the user name"
