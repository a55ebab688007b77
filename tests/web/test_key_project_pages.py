"""Key projects on their pages, in the interface and on the barometer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

import api_site
import county
import key_project_site as site
import pytest
import tasks_site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from kept import kept
from shuangkong.records.outlook.projects import store

pytestmark = pytest.mark.django_db
LIST = f"/outlook/projects/?place={tasks_site.COUNTY}"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        county.settle("not used here")
        county.adopt_plan()
        yield site.fill()


@pytest.fixture
def office(held: dict[str, int]) -> Client:
    return tasks_site.visitor("office")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def sheet(client: Client, path: str, table: str) -> list[list[object]]:
    read = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{path}&xlsx={table}").content))
    return read.get_sheet_by_index(0).to_python()


def test_the_list_says_which_are_late_or_unstable(office: Client) -> None:
    found = text(office, LIST)
    assert (
        "共 <strong>3</strong> 项，滞后 <strong>1</strong>，运行不稳定 <strong>1</strong>，正常 <strong>1</strong>"
        in found
    )
    assert "节点逾期未完成（投运）" in found
    assert "运行不稳定（" in found
    late = text(office, f"{LIST}&state=late")
    assert "低氮改造" in late
    assert "脱硫改造</a>" not in late
    assert "砖厂关停</a>" not in text(office, f"{LIST}&family=soil_treatment")
    rows = sheet(office, LIST, "projects")
    assert sum(each[1] == "砖厂关停" for each in rows) == 1


def test_late_and_unstable_projects_reach_the_barometer_by_name(office: Client) -> None:
    found = text(office, f"/outlook/?place={tasks_site.COUNTY}")
    assert "3 项重点工程，滞后 1 项，运行不稳定 1 项：低氮改造、脱硫改造" in found
    assert "/outlook/projects/?place=" in found


def test_without_projects_the_trigger_does_not_apply(office: Client) -> None:
    """A town that has none: nothing is presumed."""
    rows = sheet(office, "/outlook/?place=990101", "signals")
    [line] = [each for each in rows if each[0] == "重点减排工程建设滞后或运行不稳定"]
    assert line[2] == "不适用"


def test_one_shows_its_months_its_tonnes_and_where_they_come_from(office: Client, held: dict[str, int]) -> None:
    path = f"/outlook/projects/{held['fine']}/"
    found = text(office, path)
    assert "已证明稳定运行" in found
    assert f"/indicators/emissions/reductions/{held['reduction']}/" in found
    assert "120 吨，全年 = 2022 年 120 吨" in found.replace("\n", "")
    assert "列入重点工程" in found
    assert len(store.project(held["fine"]).happened) == found.count('class="when"')  # type: ignore[union-attr]
    [line] = [each for each in sheet(office, f"{path}?", "tonnes") if each[0] == "二氧化硫"]
    assert (line[1], line[3]) == (2022, 120)


def test_a_past_day_shows_what_was_known_then(office: Client, held: dict[str, int]) -> None:
    """Everything was told today."""
    day = timezone.localdate() - timezone.timedelta(days=1)
    assert office.get(f"/outlook/projects/{held['fine']}/?as_of={day}").status_code == 404
    assert "共 <strong>0</strong> 项" in text(office, f"{LIST}&as_of={day}")


def test_a_project_is_registered_dispatched_corrected_and_ended(office: Client) -> None:
    month = site.months(2)[0]
    form = {
        "region": tasks_site.COUNTY, "owner": site.owner(), "name": "污水厂提标", "family": "water_reduction",
        "since": month, "due-finish": "2060-01-01", "expected-cod": "90", "investment": "1200.5", "ppp": "BOT",
        "funding": "专项债", "land": "done", "approval": "under_way",
    }  # fmt: skip
    assert "OUT-805" in office.post("/outlook/projects/register/", form | {"expected-cod": ""}).content.decode()
    answer = office.post("/outlook/projects/register/", form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    path = answer.headers["Location"].partition("?")[0]
    found = text(office, path)
    assert f"逾期未报当月调度（{month}" in found
    assert "1200.50" in found
    told = {"kind": "dispatch", "month": month, "stage": "building", "progress_pct": "30", "invested": "300"}
    assert office.post(f"{path}act/", {**told, "files": SimpleUploadedFile("照片.pdf", PDF)}).status_code == 302
    assert "OUT-852" in office.post(f"{path}act/", told | {"progress_pct": "25"}).content.decode()
    assert office.post(f"{path}act/", told | {"progress_pct": "25", "text": "误报"}).status_code == 302
    revised = form | {"kind": "revise", "name": "污水厂提标改造", "text": "更名"}
    assert office.post(f"{path}act/", revised).status_code == 302
    row = store.project(int(path.strip("/").rpartition("/")[2]))
    assert row is not None
    assert (row.name, row.held.latest.progress_pct, row.held.latest.invested_cny) == ("污水厂提标改造", 25, 3_000_000)  # type: ignore[union-attr]
    assert row.held.particulars.investment_cny == 12_005_000
    [file] = store.files(row.id)
    assert office.get(f"/outlook/projects/files/{file.id}/").content == PDF
    assert office.post(f"{path}act/", {"kind": "end", "text": "已稳定"}).status_code == 302
    assert "不再调度" in text(office, path)


def test_the_same_reduction_is_refused_to_a_second_project(office: Client, held: dict[str, int]) -> None:
    told = {"kind": "link", "reduction": str(held["reduction"])}
    answer = office.post(f"/outlook/projects/{held['late']}/act/", told)
    assert answer.status_code == 422
    assert "OUT-842" in answer.content.decode()


def test_the_owner_dispatches_and_another_body_sees_but_does_not(held: dict[str, int]) -> None:
    told = {"kind": "dispatch", "month": site.months(1)[0], "stage": "building", "text": "更正"}
    path = f"/outlook/projects/{held['late']}/act/"
    assert tasks_site.visitor("clerk").post(path, told).status_code == 302
    assert tasks_site.visitor("other").post(path, told).status_code == 403
    assert tasks_site.visitor("clerk").post(path, {"kind": "end", "text": "-"}).status_code == 403
    assert tasks_site.visitor("clerk").get("/outlook/projects/register/").status_code == 403


def test_a_sheet_of_the_month_is_recorded_whole_or_not_at_all(office: Client, held: dict[str, int]) -> None:
    month = f"{timezone.localdate():%Y-%m}"
    head = "工程编号,月份,状态,形象进度（%）,投运率（%）,达标率（%）\n"
    good, wrong = f"{held['late']},{month},在建,60,,\n", f"{held['late']},{month},在建,160,,\n"

    def sent(rows: str, act: str) -> str:
        file = SimpleUploadedFile("t.csv", (head + rows).encode())
        answer = office.post("/outlook/projects/load/", {"file": file, "act": act}, follow=True)
        return answer.content.decode()

    def progress() -> object:
        row = store.project(held["late"])
        return row.held.months.get(month) if row else None

    assert "OUT-825" in sent(f"{held['fine']},{month},已投运,,,\n" + wrong, "record")
    assert "OUT-871" in sent(f"{10**6},{month},在建,,,\n", "record")
    assert "没有问题" in sent(good, "check")
    assert progress() is None
    assert "已记录 1 行调度" in sent(good, "record")
    assert progress().progress_pct == 60  # type: ignore[union-attr,attr-defined]
    assert office.get("/outlook/projects/load/template/").content[:2] == b"PK"


def test_the_interface_tells_and_does_the_same(office: Client, held: dict[str, int]) -> None:
    def got(path: str) -> dict[str, object]:
        answer = office.get(f"{api_site.ROOT}{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    states = {each["id"]: each["state"] for each in got("/projects")["items"]}  # type: ignore[attr-defined]
    assert states == {held["fine"]: "fine", held["unstable"]: "unstable", held["late"]: "late"}
    assert got(f"/projects/{held['fine']}")["is_stable"] is True
    [line] = got(f"/projects/{held['fine']}/tonnes")["items"]  # type: ignore[misc]
    assert (line["year"], line["counted_t"], line["assigned_t"]) == (2022, "120", None)
    assert got(f"/regions/{tasks_site.COUNTY}/project-sums?year=2023")["unlinked"] == []
    told = {"kind": "assign", "pollutant": "so2", "year": 2022, "amount_t": "100", "document": "虚构"}
    path = f"{api_site.ROOT}/projects/{held['fine']}/acts"
    assert office.generic("POST", path, json.dumps(told), "application/json").status_code == 200
    [line] = got(f"/projects/{held['fine']}/tonnes")["items"]  # type: ignore[misc]
    assert (line["assigned_t"], line["completion_pct"]) == ("100", "120")
    lacking = office.generic("POST", path, json.dumps({"kind": "prove", "month": "2022-01"}), "application/json")
    assert (lacking.status_code, lacking.json()["code"]) == (422, "OUT-863")
    kinds = [each["kind"] for each in got(f"/projects/{held['fine']}/events")["items"]]  # type: ignore[attr-defined]
    assert kinds[0] == "register"
    assert kinds[-1] == "assign"


def test_more_projects_ask_no_more_queries(office: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            office.get(LIST)
        return len(found)

    before = count()
    for number in range(5):
        site.put(site.particulars(f"第{number}项", "2025-01", timezone.localdate()))
    assert count() == before


def test_pages_speak_english(office: Client, held: dict[str, int]) -> None:
    """No word of ours is Chinese but names of things."""
    with translation.override("en"):
        office.post("/language/", {"language": "en"})
        assert "Which key projects" in text(office, LIST)
