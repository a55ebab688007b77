"""Figures of a place for programmes: the newest where nobody says which; nothing of a place that is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import api_site
import pytest
from django.test import Client

from actors import CLERK
from shuangkong.records.facts import store
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
COUNTY, TOWN, NEIGHBOUR = "990100", "990101", "990200"
REGION, SITUATION = f"{api_site.ROOT}/regions/{COUNTY}", f"{api_site.ROOT}/situation/{COUNTY}"
PATHS = (
    f"{REGION}/balance", f"{REGION}/balance/flows", f"{REGION}/reconciliation", f"{SITUATION}/comparison",
    f"{SITUATION}/analysis",
)  # fmt: skip


def load(*rows: Sequence[str]) -> None:
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, [each.message.zh for each in report.verdicts]


@pytest.fixture
def told(adopted: int) -> None:
    for year in ("2022", "2023"):
        load(
            ["energy_balance.inflow.raw_coal", COUNTY, year, "50", "万吨", "最终"],
            ["total_consumption", COUNTY, year, "50", "万吨标准煤", "最终"],
            ["electricity_consumption", COUNTY, f"{year}-H1", "5", "亿千瓦时", "最终"],
            ["total_consumption", TOWN, year, "20", "万吨标准煤", "最终"],
            ["electricity_consumption", TOWN, year, "3", "亿千瓦时", "最终"],
        )


def answered(client: Client, path: str, **query: str) -> Any:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


@pytest.mark.parametrize("path", PATHS[:3])
def test_without_a_year_the_last_one_is_answered(clerk: Client, told: None, path: str) -> None:
    last = answered(clerk, path)
    assert last["year"] == 2023
    assert last == answered(clerk, path, year="2023")
    assert answered(clerk, path, year="2022")["year"] == 2022


def test_without_a_period_the_newest_is_analysed(clerk: Client, told: None) -> None:
    found = answered(clerk, f"{SITUATION}/analysis")
    assert found["period"] == "2023-H1"
    assert found == answered(clerk, f"{SITUATION}/analysis", period="2023-H1")
    assert clerk.get(f"{SITUATION}/analysis", {"period": "2019-H1"}).status_code == 404


def test_regions_are_compared_by_what_has_most_to_show(clerk: Client, told: None) -> None:
    def asked(**query: str) -> dict[str, tuple[str, str, str | None]]:
        items = answered(clerk, f"{SITUATION}/comparison", **query)["items"]
        return {each["subject"]: (each["indicator"], each["period"], each["value"]) for each in items}

    town = f"region:{TOWN}"
    assert asked()[town][:2] == ("total_consumption", "2023")
    assert asked(period="2022")[town][:2] == ("total_consumption", "2022")
    assert asked(indicator="electricity_consumption")[town][:2] == ("electricity_consumption", "2023")
    assert asked(indicator="total_consumption", period="2023") == asked()
    assert asked(period="2015") == {}
    assert clerk.get(f"{SITUATION}/comparison", {"indicator": "none_such"}).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_elsewhere_is_told_the_same_as_of_no_place(told: None, path: str) -> None:
    registry.save_regions([RegionRow(NEIGHBOUR, "邻县", "county", is_fictional=True)])
    Person.objects.create_user("neighbour")
    appoint("neighbour", Role.PLAN_OFFICE, api_site.ADMIN, "测试", region=NEIGHBOUR)
    neighbour = api_site.programme(api_site.token("neighbour"))
    for query in ({}, {"year": "2023", "period": "2023-H1", "indicator": "total_consumption"}):
        answers = [neighbour.get(each, query) for each in (path, path.replace(COUNTY, "999999"))]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize("path", PATHS)
def test_of_a_place_without_figures_there_is_nothing(clerk: Client, adopted: int, path: str) -> None:
    answer = clerk.get(path)
    if path.endswith("comparison"):
        assert (answer.status_code, answer.json()) == (200, {"items": []})
    else:
        assert answer.status_code == 404
