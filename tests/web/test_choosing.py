"""Fields to choose one of many: the first few names, a search for the rest, within what one may see, once a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
import tasks_site
from bench.generated import Size, fill
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.records.people.models import Person
from shuangkong.web.site.choosing import FEW

#: One plan more than a field shows, one region each.
MANY = Size(FEW + 5, 1)


@pytest.fixture
def province(db: None, tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    fill(MANY, timezone.localdate())


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def field(text: str, name: str) -> list[str]:
    """The options of a field, without the one that means all."""
    found = re.search(rf'<select name="{name}"[^>]*>(.*?)</select>', text, re.DOTALL)
    assert found is not None
    return re.findall(r"<option value=\"[^\"]+\"[^>]*>(.*?)</option>", found[1])


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_few_names_stand_in_the_field_itself(adopted: int) -> None:
    tasks_site.staff()
    tasks_site.hand_out(adopted)
    text = page(tasks_site.visitor("office"), "/plans/tasks/list/")
    assert field(text, "place") == ["云桥县"]
    assert len(field(text, "plan")) == 1
    assert "县发展改革局" in " ".join(field(text, "body"))
    assert "-words" not in text.partition("<section")[0]
    assert "没有这样的名称" not in text


def test_of_many_the_first_are_shown_and_the_rest_is_searched_for(province: None) -> None:
    client = visitor("user-0")
    text = page(client, "/plans/tasks/list/")
    for name in ("place", "plan"):
        assert len(field(text, name)) == FEW
        assert f'name="{name}-words"' in text
    every = page(client, f"/choices/plan/?plan-words={'虚构0501'}")
    assert "虚构0501" in every
    assert every.count("<option") == 2
    assert "没有这样的名称" in page(client, "/choices/plan/?plan-words=没有的")


def test_without_script_the_search_is_a_form(province: None) -> None:
    text = page(visitor("user-0"), "/plans/tasks/list/?plan-words=虚构0501&place-words=0501")
    assert [("虚构0501" in each) for each in field(text, "plan")] == [True]
    assert field(text, "place") == ["虚构0501"]


def test_what_was_chosen_stands_in_the_field_however_many_there_are(province: None) -> None:
    text = page(visitor("user-0"), "/plans/tasks/list/?place=990501")
    assert re.search(r'<option value="990501" selected>', text)


def test_nobody_is_offered_what_may_not_be_seen(province: None) -> None:
    client = visitor("user-10")
    text = page(client, "/plans/tasks/list/")
    seen, every = set(field(text, "place")), set(field(page(visitor("user-0"), "/plans/"), "place"))
    assert seen < every
    elsewhere = next(name for name in sorted(every - seen))
    for what in ("place", "plan", "body"):
        assert elsewhere not in page(client, f"/choices/{what}/?{what}-words={elsewhere}")
    plan = re.search(r'<option value="(\d+)"', page(visitor("user-0"), f"/choices/plan/?plan-words={elsewhere}"))
    assert plan is not None
    assert elsewhere not in page(client, f"/plans/tasks/list/?plan={plan[1]}")


def test_a_part_of_a_page_asks_for_no_frame(province: None) -> None:
    client = visitor("user-0")
    client.get("/plans/reminders/bell/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/plans/reminders/bell/")
    assert not [query for query in asked.captured_queries if 'FROM "plans_plan"' in query["sql"]]


@pytest.mark.parametrize("path", ["listed/", "rectification/", "bodies/"])
def test_a_page_that_shows_no_picks_asks_for_none(province: None, path: str) -> None:
    client = visitor("user-0")
    client.get(f"/plans/tasks/{path}")
    with CaptureQueriesContext(connection) as asked:
        text = page(client, f"/plans/tasks/{path}")
    assert '<select name="plan">' not in text
    assert not [query for query in asked.captured_queries if '"version" > 0' in query["sql"]]


def test_the_frame_asks_for_places_and_for_years_once(province: None) -> None:
    client = visitor("user-0")
    client.get("/plans/reminders/")
    with CaptureQueriesContext(connection) as asked:
        page(client, "/plans/reminders/")
    assert len([query for query in asked.captured_queries if '"plans_plan"' in query["sql"]]) == 2


def test_lists_turn_pages_of_fifty(province: None) -> None:
    client = visitor("user-0")
    for path, table in (("list/", "tasks"), ("bodies/", "bodies")):
        text = page(client, f"/plans/tasks/{path}")
        rows = re.search(rf'id="{table}".*?<tbody>(.*?)</tbody>', text, re.DOTALL)
        assert rows is not None
        assert rows[1].count("<tr") == 50
    first, second = (page(client, f"/plans/tasks/assign/?page={number}") for number in (1, 2))
    assert (first.count('name="plan"'), second.count('name="plan"')) == (50, 5)
