"""The parts of a plan's territory that no list of regions holds: they are its regions, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from actors import CHIEF, CLERK, READER
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.rows import LoadReport
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Verdict
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook

TEXT = """{home}“十四五”节能减排综合工作方案

{home}人民政府
2022年8月1日

一、主要目标

（一）主要目标。到2025年，能源消费总量控制在500万吨标准煤以内。

二、重点任务

（二）加强工业节能。到2025年，建成绿色工厂3家。（牵头单位：市经委）

附件：1.能耗双控目标

附件1

能耗双控目标

{heading}	2025年能源消费总量控制目标（万吨标准煤）
{rows}
合计	500
"""
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]


@pytest.fixture
def elsewhere(db: None) -> None:
    """A far province with a county whose name our city's plan bears too, and a listed city with one listed county."""
    registry.save_regions(
        [
            RegionRow("980000", "远山省", "province"),
            RegionRow("980600", "远山市", "city", "980000"),
            RegionRow("980626", "东山县", "county", "980600"),
            RegionRow("970000", "近水省", "province"),
            RegionRow("970100", "近水市", "city", "970000"),
            RegionRow("970121", "双桥县", "county", "970100"),
        ]
    )


def adopt(home: str, heading: str, *labels: str) -> dict[str, TargetRow]:
    """Reads and adopts a plan whose annex names ``labels``; its rows by name."""
    rows = "\n".join(f"{label}\t{100 + n}" for n, label in enumerate(labels))
    document = Document("t.txt", Medium.TXT, TEXT.format(home=home, heading=heading, rows=rows))
    plan = plans.save_reading(None, document, read_plan(document, open_rulebook().lexicon()), (), READER)
    for entry in plans.undecided(plan.id):
        plans.decide(entry.id, Verdict.ACCEPTED, CLERK)
    plans.adopt(plan.id, CHIEF)
    return {row.subject_name: row for row in targets.targets(plan.id) if row.table is not None}


def load(*rows: Sequence[str], head: Sequence[str] = HEAD) -> LoadReport:
    return facts.load_rows([head, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)


def told(subject: str, value: str = "90") -> list[str]:
    return ["能源消费总量", subject, "2023", value, "万吨标准煤", "最终"]


@pytest.mark.usefixtures("elsewhere")
def test_parts_that_no_list_holds_are_regions_below_the_plans_own() -> None:
    rows = adopt("近水市", "单位", "双桥县", "城关镇", "经济开发区", "近水钢铁公司")
    assert {name: (row.subject_kind, row.subject_code) for name, row in rows.items() if name != "近水市"} == {
        "双桥县": ("region", "970121"),
        "城关镇": ("region", "970100/城关镇"),
        "经济开发区": ("region", "970100/经济开发区"),
        "近水钢铁公司": ("unit", "近水钢铁公司"),
    }


@pytest.mark.usefixtures("elsewhere")
def test_a_heading_tells_that_rows_are_regions_but_no_company_becomes_one() -> None:
    rows = adopt("近水市", "地区", "双桥", "市直", "近水钢铁公司")
    kinds = {name: row.subject_kind for name, row in rows.items()}
    assert (kinds["双桥"], kinds["市直"], kinds["近水钢铁公司"]) == ("region", "region", "unit")


@pytest.mark.usefixtures("elsewhere")
def test_a_name_of_the_plan_is_never_another_provinces_region() -> None:
    rows = adopt("云河市", "地区", "东山县", "西山县")
    report = load(told("东山县"), told("西山县"))
    assert [verdict.what for verdict in report.verdicts] == ["东山县（云河市） · 2023", "西山县（云河市） · 2023"]
    assert not facts.observations(["total_consumption"], [("region", "980626")])
    for name in ("东山县", "西山县"):
        found = facts.observations(["total_consumption"], [(rows[name].subject_kind, rows[name].subject_code)])
        assert [each.value for each in found] == [Decimal(90)]


@pytest.mark.usefixtures("elsewhere")
def test_a_name_that_only_the_registry_bears_says_where_it_lies() -> None:
    assert [verdict.what for verdict in load(told("东山县")).verdicts] == ["东山县（远山市） · 2023"]


@pytest.mark.usefixtures("elsewhere")
def test_what_may_mean_two_subjects_is_asked() -> None:
    adopt("云河市", "地区", "东山县", "西山县")
    adopt("清水市", "地区", "东山县", "南山县")
    refused, short = load(told("东山县"), told("东山")).verdicts
    assert (refused.code, short.code) == ("TGT-104", "TGT-104")
    assert "云河市/东山县" in refused.message.zh
    assert "清水市/东山县" in refused.message.zh
    assert "980626" in short.message.zh
    report = load(told("云河市/东山县"), told("清水市东山县"), told("980626"))
    assert [verdict.what.split(" ")[0] for verdict in report.verdicts] == [
        "东山县（云河市）", "东山县（清水市）", "东山县（远山市）",
    ]  # fmt: skip


@pytest.mark.usefixtures("elsewhere")
def test_a_unit_of_a_plan_is_found_without_its_kind() -> None:
    adopt("近水市", "单位", "双桥县", "近水钢铁公司")
    assert [verdict.verdict for verdict in load(told("近水钢铁公司")).verdicts] == ["new"]
    assert facts.observations(["total_consumption"], [("unit", "近水钢铁公司")])
    named = load([*told("近水钢铁公司"), "地区"], head=[*HEAD, "对象类别"])
    assert named.verdicts[0].code == "TGT-103"


@pytest.mark.usefixtures("elsewhere")
def test_a_county_of_a_provinces_plan_is_found_below_its_cities() -> None:
    rows = adopt("近水省", "地区", "近水市", "双桥县", "东山县")
    assert rows["双桥县"].subject_code == "970121"
    assert rows["东山县"].subject_code == "970000/东山县"
