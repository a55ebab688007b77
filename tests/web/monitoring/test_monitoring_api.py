"""The interface of monitoring: a table taken whole, a device ordered, an alarm explained by its unit alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

import monitoring_site as site
import pyarrow as pa
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.finding import Message
from shuangkong.readings.asking import among
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarm_rules, orders
from shuangkong.records.monitoring.models import Alarm
from shuangkong.web.monitoring import data, live

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
    raised = alarm_rules.Raised(outlet=outlet, rule="silence", key="s", starts_at=now, text=Message("断数", "silence"))
    [number] = alarm_rules.raise_alarms([raised])
    said = {"act": "explain", "text": "网络中断", "cause": "network"}
    assert told("other", f"/alarms/{number}/acts", **said)[0] == 404
    assert told("bureau", f"/alarms/{number}/acts", **said)[0] == 403
    assert told("unit", f"/alarms/{number}/acts", **said)[0] == 200
    assert site.visitor("office").get(f"{API}/alarms/{number}").json()["state"] == "explained"


def test_more_open_alarms_than_a_list_shows_still_decide_how_an_outlet_stands(outlet: int) -> None:
    now = timezone.now()
    told = {"outlet_id": outlet, "state": "open", "found_at": now, "level": 1}
    made = [Alarm(key=f"f{at}", rule="fault", starts_at=now, **told) for at in range(2_000)]
    made.append(Alarm(key="x", rule="exceed_hour", starts_at=now - timedelta(days=3), **told))
    Alarm.objects.bulk_create(made)
    (standing,), _is_up = live.standings(live.outlets(Q(pk=outlet)))
    assert (standing.open_alarms, standing.state) == (2_001, live.State.OVER)


def test_more_points_than_a_statement_names_are_asked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Held:
        def series(self, points: Collection[int], *_: object) -> pa.Table:
            among(points)
            asked.extend(points)
            return pa.table({})

    monkeypatch.setattr(data, "store", Held)
    now = timezone.now()
    assert data.values(range(45_000), Kind.RTD, None, now, now) == ()
    assert asked == list(range(45_000))


def test_long_times_are_answered_in_pieces_that_make_the_whole(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    store, point = store_at_hand.use(monkeypatch), site.point(outlet)
    first = timezone.localtime().replace(minute=30, second=0, microsecond=0) - timedelta(days=80)
    moments = [first + timedelta(hours=6 * number) for number in range(300)]
    for number, at in enumerate(moments):
        store.put(point, Kind.HOUR, at.replace(minute=0) + timedelta(hours=1), "avg", number)
        store.put(point, Kind.RTD, at, "rtd", number)
    path, visitor = f"{API}/outlets/{outlet}/readings", site.visitor("bureau")

    def pieces(kind: str, start: datetime, end: datetime) -> tuple[list[float], int]:
        told, count, at = list[float](), 0, start.isoformat()
        while at:
            found = visitor.get(path, {"kind": kind, "start": at, "end": end.isoformat()}).json()
            told += [float(each["value"]) for each in found["items"]]
            assert bool(found["next"]) == bool(found["note"]) == (datetime.fromisoformat(found["until"]) < end)
            at, count = found["next"], count + 1
        return told, count

    assert pieces("hour", first, moments[-1] + timedelta(hours=2)) == ([float(each) for each in range(300)], 3)
    assert pieces("rtd", moments[0], moments[1]) == ([0.0], 4)
    assert pieces("hour", first, first + timedelta(days=2)) == ([float(each) for each in range(8)], 1)
