"""Pages of tasks: each answers its question, shows nobody another's tasks, asks a fixed number of queries."""

from __future__ import annotations

import pytest
import tasks_site as site

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "board/",
    "list/",
    "listed/",
    "rectification/",
    "bodies/",
    "judging/",
    "assign/",
    "add/",
    "meetings/",
    "matters/",
    "register/",
)


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    return adopted


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_the_office(plan: int, path: str, language: str) -> None:
    client = site.visitor("office")
    client.cookies["django_language"] = language
    answer = client.get(f"/plans/tasks/{path}")
    assert answer.status_code == 200, answer.content.decode()[:2000]
