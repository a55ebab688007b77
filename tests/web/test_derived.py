"""What is derived of tasks follows by itself: when figures come in, and when a day passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.plans.tasks.events import Grade
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.web.plans.tasks.derived import derive, derive_late

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    derive(adopted)
    return adopted


def about_energy(plan: int) -> TaskRow:
    return store.tasks(Q(plan=plan, kind="target", title__contains="单位地区生产总值能耗"))[0]


def test_figures_tell_at_once_what_they_say_of_tasks(plan: int, clerk: Client) -> None:
    assert about_energy(plan).derived_grade is Grade.BEHIND
    rows = "指标,对象,时期,数值,单位,口径,状态\n能耗强度,云桥县,2025,-18,%,比基年变化,最终\n"
    sent = {"file": SimpleUploadedFile("t.csv", rows.encode()), "source": "年报", "act": "record"}
    assert clerk.post("/targets/actuals/", sent).status_code == 302
    assert about_energy(plan).derived_grade in (Grade.ON_TRACK, Grade.DONE)


def test_a_day_that_passes_tells_above_what_became_late(plan: int) -> None:
    today = timezone.localdate()
    Task.objects.filter(plan=plan).update(due=None)
    derive(plan)
    below = Task.objects.filter(plan=plan, parent__isnull=False, parent__parent__isnull=True)
    child = below.filter(parent__derived_grade="")[0]
    Task.objects.filter(pk=child.pk).update(due=today)
    assert derive_late(today) == 0, "it is not late on its day"
    tomorrow = today + timedelta(days=1)
    assert derive_late(tomorrow) >= 1
    above = store.task(child.parent_id or 0)
    assert above is not None
    assert (above.derived_grade, above.derived_from) == (Grade.BEHIND, f"task/{child.pk}")
    with CaptureQueriesContext(connection) as asked:
        assert derive_late(tomorrow) == 0
    assert len(asked) == 1, "a day on which nothing became late costs one look"
