"""Facts through the interface: what a place may see and tell, versions, files out and in again."""

from __future__ import annotations

from typing import Any

import api_site
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangkong.records.facts.models import Observation
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow

FACTS = f"{api_site.ROOT}/facts"
ROW = {
    "indicator": "total_consumption", "subject": "990100", "period": "2023", "value": "5.20", "unit": "万吨标准煤",
    "maturity": "final", "source": "年报",
}  # fmt: skip


@pytest.fixture
def office(adopted: int, tmp_path: Any, settings: Any) -> Client:
    settings.VAR = tmp_path
    api_site.people()
    return api_site.programme(api_site.token(f"{Role.PLAN_OFFICE}-person"))


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def send(client: Client, *rows: dict[str, str], **more: Any) -> Any:
    return told(client.post(FACTS, {"rows": list(rows), **more}, content_type="application/json"))


def test_a_table_is_tried_then_taken_then_the_same(office: Client) -> None:
    before = Observation.objects.count()
    assert send(office, ROW, dry_run=True)["new"] == 1
    assert Observation.objects.count() == before
    assert send(office, ROW)["load"] is not None
    assert send(office, ROW) == {"load": send(office, ROW)["load"] - 1} | {
        "new": 0, "changed": 0, "same": 1, "refused": 0, "rows": [],
    }  # fmt: skip
    found = told(office.get(FACTS, {"indicator": "total_consumption", "period": "2023"}))
    assert found["next"] is None
    assert [(each["value"], each["origin"], each["subject"]) for each in found["items"]] == [
        ("5.20", "reported", "990100")
    ]


def test_a_row_that_is_refused_says_why_and_nothing_is_written(office: Client) -> None:
    before = Observation.objects.count()
    report = send(office, ROW, ROW | {"period": "2022", "value": "许多"})
    assert (report["load"], report["refused"]) == (None, 1)
    assert (report["rows"][0]["row"], report["rows"][0]["code"], report["rows"][0]["found"]) == (3, "TGT-106", "许多")
    assert Observation.objects.count() == before


def test_versions_stay_and_the_recognised_one_counts(office: Client) -> None:
    send(office, ROW | {"origin": "recognised", "value": "5.1"})
    send(office, ROW)
    query = {"indicator": "total_consumption", "subject_kind": "region", "subject": "990100"}
    assert [each["value"] for each in told(office.get(FACTS, query))["items"]] == ["5.1"]
    assert [each["value"] for each in told(office.get(FACTS, query | {"every": True}))["items"]] == ["5.1", "5.20"]
    versions = told(office.get(f"{FACTS}/versions", query))["items"]
    assert [(each["value"], each["origin"], each["recorded_by"]) for each in versions] == [
        ("5.1", "recognised", "plan_office-person"), ("5.20", "reported", "plan_office-person"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "name"), [("csv", "a.csv"), ("sdmx", "a.csv"), ("parquet", "a.parquet"), ("xlsx", "a.xlsx")]
)
def test_a_file_goes_out_and_comes_in_as_the_same(office: Client, form: str, name: str) -> None:
    send(office, ROW, ROW | {"period": "2023-C10", "value": "missing"})
    content = office.get(f"{FACTS}/file", {"form": form, "indicator": "total_consumption"}).content
    answer = office.post(f"{FACTS}/file", {"file": SimpleUploadedFile(name, content)})
    report = told(answer)
    assert (report["same"], report["new"], report["refused"]) == (2, 0, 0)


def test_another_place_neither_sees_nor_tells(office: Client) -> None:
    send(office, ROW)
    registry.save_regions([RegionRow("990200", "邻县", "county", is_fictional=True)])
    Person.objects.create_user("neighbour")
    appoint("neighbour", Role.PLAN_OFFICE, api_site.ADMIN, "测试", region="990200")
    neighbour = api_site.programme(api_site.token("neighbour"))
    assert told(neighbour.get(FACTS))["items"] == []
    assert b"990100" not in neighbour.get(f"{FACTS}/file").content
    query = {"indicator": "total_consumption", "subject_kind": "region", "subject": "990100"}
    assert neighbour.get(f"{FACTS}/versions", query).status_code == 404
    assert [each["code"] for each in send(neighbour, ROW | {"value": "9"})["rows"]] == ["TGT-113"]
    content = ("\n".join([",".join(ROW), ",".join((ROW | {"value": "9"}).values())])).encode()
    answer = neighbour.post(f"{FACTS}/file", {"file": SimpleUploadedFile("a.csv", content)})
    assert [each["code"] for each in told(answer)["rows"]] == ["TGT-113"]


def test_the_list_goes_on_where_it_stopped_with_the_same_number_of_queries(office: Client) -> None:
    send(office, *(ROW | {"period": str(year)} for year in range(2001, 2021)))
    seen, after, counts = [], 0, set()
    while after is not None:
        with CaptureQueriesContext(connection) as asked:
            page = told(office.get(FACTS, {"indicator": "total_consumption", "after": after, "limit": 7}))
        counts.add(len(asked))
        seen += [each["period"] for each in page["items"]]
        after = page["next"]
    assert seen == [str(year) for year in range(2001, 2021)]
    assert len(counts) == 1


def test_a_period_that_is_none_is_refused_in_words(office: Client) -> None:
    assert told(office.get(FACTS, {"period": "去年"}), 422)["code"] == "FCT-401"
