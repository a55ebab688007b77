"""Pages over a generated province, in small: they open, ask a fixed number of queries, and find tasks by indexes."""

from __future__ import annotations

from typing import Any

import pytest
from bench.generated import SMALL, TASKS, Size, fill
from bench.tasks import PAGES
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.records.people.models import Person
from shuangkong.records.plans.tasks.models import Task, TaskEvent

#: Tables with a row for each task or more: none may be read whole.
LARGE = ("tasks_task", "tasks_taskbody", "tasks_taskevent")


@pytest.fixture
def province(db: None, tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    fill(SMALL, timezone.localdate())


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def test_the_province_is_as_large_as_asked(province: None) -> None:
    assert Task.objects.count() == SMALL.plans * TASKS
    assert TaskEvent.objects.filter(kind="report").count() == SMALL.plans * TASKS * SMALL.reports


@pytest.mark.parametrize("name", ["user-0", "user-3", "user-6", "user-10"])
def test_every_page_opens_and_reads_no_large_table_whole(province: None, name: str) -> None:
    client = visitor(name)
    whole = []
    for page, path in PAGES.items():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, page
        for query in asked.captured_queries:
            if connection.vendor == "sqlite" and query["sql"].startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                    steps = [str(row[-1]) for row in cursor.fetchall()]
                whole += [
                    (page, step)
                    for step in steps
                    for table in LARGE
                    if step == f"SCAN {table}" or (step.startswith(f"SCAN {table} ") and "INDEX" not in step)
                ]
    assert whole == []


def test_a_province_twice_as_large_asks_no_more_queries(db: None, tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    fill(Size(24, 1), timezone.localdate())
    small = _asked()
    fill_more()
    assert _asked() == small


def _asked() -> dict[str, int]:
    client, found = visitor("user-0"), dict[str, int]()
    for page, path in PAGES.items():
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        found[page] = len(asked)
    return found


def fill_more() -> None:
    """As many tasks again in the same places."""
    rows = list(Task.objects.filter(kind="key_work"))
    for row in rows:
        row.pk, row.ordinal, row._state.adding = None, row.ordinal + TASKS, True
    Task.objects.bulk_create(rows)


@pytest.mark.soak
def test_the_whole_province_opens(db: None, tmp_path: Any, settings: Any) -> None:
    """500 plans, 100,000 tasks, 1,000,000 reports: every page opens. How fast is measured by ``make bench``."""
    from bench.generated import FULL

    settings.VAR = tmp_path
    fill(FULL, timezone.localdate())
    assert (Task.objects.count(), TaskEvent.objects.filter(kind="report").count()) == (100_000, 1_000_000)
    for name in ("user-0", "user-4", "user-10"):
        client = visitor(name)
        for page, path in PAGES.items():
            assert client.get(path).status_code == 200, page
