"""What is refused is said in the words of the pages, and no page says more or less than its person may know or do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import api_site
import pytest
import tasks_site as site
from django.test import Client
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Part
from shuangkong.records.assessment.commendation import acts as commendation_acts
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks import meetings, spoken
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.web.assessment.commendation import words as commendation_words
from shuangkong.web.plans.tasks import words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    return adopted


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (spoken.STATES, words.STATES),
        (spoken.EVENTS, words.EVENTS),
        (commendation_acts._STATES, commendation_words.STATES),
        (commendation_acts._KINDS, commendation_words.EVENTS),
    ],
)
def test_refusals_use_the_words_of_the_pages(said: dict[Any, str], shown: dict[Any, object]) -> None:
    assert said == {key: str(word) for key, word in shown.items()}


def test_what_a_state_forbids_is_said_in_chinese(plan: int) -> None:
    task = site.key_work("锅炉改造", TODAY, registry.bodies(site.COUNTY)[0].id)
    with pytest.raises(Refused, match="TSK-102") as found:
        act(task, site.acting("office"), EventKind.ACCEPT, "")
    assert "“待办”" in found.value.message.zh
    assert not LATIN.search(found.value.message.zh)


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ("limit=0", "API-104", "不应小于 1"),
        ("limit=many", "API-104", "应为整数"),
        ("due_from=1066-10-14", "API-113", "应为 1949—"),
        ("due_from=soon", "API-104", "YYYY-MM-DD"),
    ],
)
def test_what_a_call_should_be_is_said_in_chinese(plan: int, asked: str, code: str, said: str) -> None:
    programme = api_site.programme(api_site.token("office"))
    fault = programme.get(f"{api_site.ROOT}/tasks?{asked}").json()
    assert (fault["code"], said in fault["zh"]) == (code, True), fault
    told = fault["zh"].replace("YYYY-MM-DD", "").replace("due_from", "").replace("limit", "")
    assert not LATIN.search(told)


def test_a_programme_is_told_of_a_meeting_only_the_tasks_that_it_may_see(plan: int) -> None:
    office, (own, other) = site.acting("office"), registry.bodies(site.COUNTY)[:2]
    mine, theirs = (site.key_work("锅炉改造", TODAY, each.id) for each in (own, other))
    number = meetings.call_meeting("调度会", TODAY, site.COUNTY, [mine, theirs], office)
    part = (other.id, Part.SOLE)
    decided = meetings.decide_item(number, Wanted(TaskKind.MINUTE, "补报", (part,), due=TODAY + timedelta(5)), office)
    for name, agenda, settled in (("clerk", [mine], []), ("office", [mine, theirs], [decided])):
        programme = api_site.programme(api_site.token(name))
        one = programme.get(f"{api_site.ROOT}/meetings/{number}").json()
        listed = programme.get(f"{api_site.ROOT}/meetings").json()["items"]
        assert (one["agenda"], one["decided"]) == (agenda, settled), name
        assert [(each["agenda"], each["decided"]) for each in listed] == [(agenda, settled)], name


def test_who_may_not_hand_out_is_offered_no_rectification(plan: int) -> None:
    for name, is_offered in (("office", True), ("clerk", False)):
        page = site.visitor(name).get("/plans/tasks/rectification/").content.decode()
        assert ("交办限期整治</a>" in page) is is_offered


def test_only_who_rules_the_site_is_shown_the_rules_of_the_second_factor(plan: int, clerk: Client) -> None:
    assert site.visitor("office").get("/people/rules/").status_code == 403
    assert "/people/rules/" not in site.visitor("office").get("/people/").content.decode()
    assert clerk.get("/people/rules/").status_code == 200, "the administrator"


def test_what_one_may_not_see_is_not_said_to_be_missing(plan: int) -> None:
    target = next(each for each in targets.targets(plan) if each.subject_code == "990100")
    path = f"/targets/{target.id}/"
    reporter = site.visitor(api_site.people()[Role.REPORTER])
    page = reporter.get(path).content.decode()
    assert "还没有实际值" not in page
    assert "您现在的身份不能看" in page
    home = reporter.get("/").content.decode()
    assert "还没有实际值的" not in home
    assert "看不到实际值的" in home
