"""Pages of what departments report: newest figures and what is missing, the evaluation's list, what is not counted."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import api_site
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from actors import CLERK
from shuangkong.policyfile.kinds_indicators import FIELDS
from shuangkong.records.facts import store
from shuangkong.records.indicators.computing import compute
from shuangkong.records.people.roles import Role

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
HERE = "990100"


def load(*rows: Sequence[str]) -> None:
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def cells(content: bytes) -> list[list[str]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


@pytest.fixture
def api(adopted: int, tmp_path: Path, settings: Any) -> Client:
    settings.VAR = tmp_path
    api_site.people()
    return api_site.programme(api_site.token(f"{Role.PLAN_OFFICE}-person"))


@pytest.fixture
def told(adopted: int) -> None:
    load(
        ["用水总量", HERE, "2023", "5000", "万立方米", "最终"],
        ["gdp_constant", HERE, "2023", "100", "亿元", "最终"],
    )
    compute()


def test_a_field_shows_definition_figure_supplier_and_what_is_missing(clerk: Client, told: None) -> None:
    text = clerk.get(f"/statistics/water/?place={HERE}").content.decode()
    row = text.split("用水总量与可比价地区生产总值之比")[1].split("</tr>")[0]
    for said in ("2023", "50.00", "立方米/万元", "水利", "算得", "2024"):
        assert said in row, said
    assert "从未录入" in text


def test_the_overview_counts_each_field(clerk: Client, told: None) -> None:
    rows = cells(clerk.get(f"/statistics/?place={HERE}&xlsx=fields").content)
    water = next(row for row in rows if row[0] == "用水")
    assert [float(each) for each in water[2:4]] == [2, 2]  # water_total and water_per_gdp, both older than last year
    text = clerk.get(f"/statistics/?place={HERE}").content.decode()
    assert all(f"/statistics/{field}/" in text for field in FIELDS)


def test_without_a_factor_the_page_says_where_to_enter_it(clerk: Client, told: None) -> None:
    text = clerk.get(f"/statistics/carbon/?place={HERE}").content.decode()
    assert "没有生效的因子：请在 policy/&lt;…&gt;/indicators/carbon_factors/coal.yaml 中录入" in text


def test_the_evaluation_lists_five_and_nine_from_its_first_year(clerk: Client, told: None) -> None:
    load(["煤炭消费总量", HERE, "2026", "90", "万吨", "初步"])
    compute()
    rows = cells(clerk.get(f"/statistics/evaluation/?place={HERE}&period=2026&xlsx=evaluation").content)
    words = [row[0] for row in rows]
    assert (words.count("控制指标"), words.count("支撑指标")) == (5, 9)
    coal = next(row for row in rows if row[2] == "煤炭消费总量")
    assert "无目标" in coal  # told, but nobody has set a target
    earlier = clerk.get(f"/statistics/evaluation/?place={HERE}&period=2025").content.decode()
    assert "这一年没有生效的评价考核指标" in earlier


def test_the_assessed_total_stands_beside_the_one_before(clerk: Client, told: None) -> None:
    load(
        ["能源消费总量", HERE, "2022", "100", "万吨标准煤", "最终"],
        ["原料用能消费量", HERE, "2022", "10", "万吨标准煤", "最终"],
        ["可再生能源电力消费量", HERE, "2022", "8", "万吨标准煤", "最终"],
        ["可再生能源电力消费量", HERE, "2020", "5", "万吨标准煤", "最终"],
        ["state_project_consumption", HERE, "2022", "不适用", "万吨标准煤", "最终"],
    )
    rows = cells(clerk.get(f"/statistics/exclusions/?place={HERE}&period=2022&xlsx=statement-1").content)
    figures = {row[0]: row[2] for row in rows if len(row) > 2}
    assert float(figures["不计入之前"]) == 100
    assert float(figures["不计入：原料用能消费量"]) == -10
    assert float(figures["不计入之后"]) == 87


@pytest.mark.parametrize(
    ("incentive", "said", "is_exempt"),
    [
        ("14.5", "激励目标：已达到，规划期内免予总量考核", True),
        ("15.01", "激励目标：未达到，总量照常考核", False),
        ("不适用", "激励目标：没有下达或缺数，不作判断", None),
    ],
)
def test_who_reaches_the_incentive_target_does_not_answer_for_the_total(
    clerk: Client, api: Client, told: None, incentive: str, said: str, is_exempt: bool | None
) -> None:
    load(
        ["assessed_energy_intensity_decline", HERE, "2025", "15", "%", "最终"],
        ["energy_intensity_incentive_target", HERE, "2021-2025", incentive, "%", "核定"],
    )
    text = clerk.get(f"/statistics/exclusions/?place={HERE}&period=2025").content.decode()
    assert [each in text for each in (said, "激励目标")] == [True, True]
    total, intensity = api.get("/api/v1/exclusions", {"region": HERE, "year": 2025}).json()["items"]
    assert (total["is_exempt"], intensity["is_exempt"]) == (is_exempt, None)


def test_a_year_without_a_rule_says_so(clerk: Client, told: None) -> None:
    text = clerk.get(f"/statistics/exclusions/?place={HERE}&period=2030").content.decode()
    assert "这一年没有生效的不计入规定" in text


def test_there_is_no_page_of_another_field(clerk: Client, told: None) -> None:
    assert clerk.get(f"/statistics/nonsense/?place={HERE}").status_code == 404


def test_programmes_get_what_the_pages_show(api: Client, told: None) -> None:
    items = api.get("/api/v1/statistics", {"region": HERE, "field": "water"}).json()["items"]
    water = next(each for each in items if each["indicator"] == "water_per_gdp")
    assert (water["value"], water["unit"], water["supplier"], water["missing_since"]) == (
        "50.00", "立方米/万元", "水利", 2024,
    )  # fmt: skip
    listed = api.get("/api/v1/evaluation", {"region": HERE, "year": 2026}).json()["items"]
    assert [each["role"] for each in listed] == ["control"] * 5 + ["supporting"] * 9
    assert {each["verdict"] for each in listed} == {"unknown"}
    first = api.get("/api/v1/exclusions", {"region": HERE, "year": 2022}).json()["items"][0]
    assert first["in_force"]
    assert first["after"] is None


def test_queries_do_not_grow_with_figures(clerk: Client, told: None) -> None:
    pages = [f"/statistics/?place={HERE}", f"/statistics/water/?place={HERE}", f"/statistics/evaluation/?place={HERE}"]

    def asked() -> list[int]:
        counts = []
        for path in pages:
            clerk.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    before = asked()
    for year in range(2011, 2021):
        load(["用水总量", HERE, str(year), "5000", "万立方米", "最终"])
    compute()
    assert asked() == before


@pytest.mark.parametrize("path", ["", "water/", "carbon/", "evaluation/", "exclusions/"])
def test_statistics_speak_english_too(clerk: Client, told: None, path: str) -> None:
    clerk.post("/language/", {"language": "en"})
    text = clerk.get(f"/statistics/{path}?place={HERE}").content.decode()
    assert "部门统计" not in text
    assert "缺自" not in text
    assert "不计入" not in text
