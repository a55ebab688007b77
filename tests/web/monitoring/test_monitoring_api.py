"""The interface of monitoring: a table taken whole, a device ordered, an alarm explained by its unit alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import monitoring_site as site
import pytest
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.finding import Message
from shuangkong.records.monitoring import alarms, orders

pytestmark = pytest.mark.django_db
API = "/api/v1/monitoring"


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place)
        yield place


def told(name: str, path: str, **body: Any) -> tuple[int, Any]:
    answer = site.visitor(name).post(f"{API}{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_table_is_tried_and_taken(outlet: int) -> None:
    rows = [["outlet", "factor", "starts_on"], [str(outlet), "a34013", "2024-01-01"], ["0", "a21002", "2024-01-01"]]
    status, found = told("bureau", "/register-loads/factors", rows=rows, is_dry_run=False)
    assert status == 200
    assert [each["code"] for each in found["items"]] == ["", "MON-110"]
    status, found = told("bureau", "/register-loads/factors", rows=rows[:2], is_dry_run=False)
    number = found["items"][0]["id"]
    assert told("unit", f"/registers/factors/{number}", values={"is_rated": "否"}, ground="试")[0] == 403
    assert told("bureau", f"/registers/factors/{number}", values={"is_rated": "否"}, ground="不考核")[0] == 200
    whole = site.visitor("unit").get(f"{API}/registers/factors/{number}").json()
    assert whole["values"]["is_rated"] == "否"
    assert [each["kind"] for each in whole["history"]] == ["revise", "register"]
    assert site.visitor("other").get(f"{API}/registers/factors/{number}").status_code == 404


def test_a_device_takes_only_its_commands(outlet: int) -> None:
    device = site.visitor("bureau").get(f"{API}/registers/devices").json()["items"][0]
    assert device["values"]["password"] == ""
    status, found = told("bureau", f"/devices/{device['id']}/orders", command="9014", ground="试")
    assert (status, found["code"]) == (422, "MON-190")
    told("bureau", f"/devices/{device['id']}/orders", command="1011", ground="看时钟")
    [row] = orders.waiting()
    assert row.command == "1011"


def test_a_unit_explains_its_own_alarm(outlet: int) -> None:
    now = timezone.now()
    raised = alarms.Raised(outlet=outlet, rule="silence", key="s", starts_at=now, text=Message("断数", "silence"))
    [number] = alarms.raise_alarms([raised])
    said = {"act": "explain", "text": "网络中断", "cause": "network"}
    assert told("other", f"/alarms/{number}/acts", **said)[0] == 404
    assert told("bureau", f"/alarms/{number}/acts", **said)[0] == 403
    assert told("unit", f"/alarms/{number}/acts", **said)[0] == 200
    assert site.visitor("office").get(f"{API}/alarms/{number}").json()["state"] == "explained"
