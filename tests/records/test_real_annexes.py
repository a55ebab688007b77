"""The annexes of the real plans in the demo, adopted as plans are: what they imply comes out of the records too."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from docx import Document as DocxDocument

from actors import ADMIN
from shuangkong.cli.regions import listed_regions
from shuangkong.core.finding import Finding
from shuangkong.papers.official.paper import Issue
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reading import Kind
from shuangkong.plans.reading_json import decode, from_json
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Origin, Verdict
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.given import GivenAnnex, annexes_of
from shuangkong.records.targets.decomposition.given_sectors import sectors_of
from shuangkong.records.targets.decomposition.left_out import awaited
from shuangkong.records.targets.decomposition.making import computed
from shuangkong.records.targets.decomposition.opening import open_of_target
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Wanted
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.papers.letter import body_taker, make_letter
from shuangkong.web.targets.decomposition.proposed import of_annex, proposed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FACTS = Path(__file__).parents[2] / "demo" / "plans"


@pytest.fixture(scope="module")
def listed() -> list[Any]:
    return list(listed_regions())


def adopted(name: str) -> int:
    """A plan whose entries all stand as they were read."""
    told = json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))
    findings = decode(tuple[Finding, ...], told["findings"])
    document = Document(f"{name}.json", Medium.TXT, "")
    made = plans.save_reading(None, document, from_json(told), findings, ADMIN, Origin(is_demo=True)).id
    for entry in plans.undecided(made):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(made, ADMIN)
    return made


def given(plan: int) -> dict[str, GivenAnnex]:
    row = plans.plan(plan)
    assert row is not None
    return {
        each.annex.indicator: each
        for each in annexes_of(targets.targets(plan), row.region or row.region_name, open_rulebook())
    }


def codes(each: GivenAnnex) -> list[str]:
    return [finding.code for finding in each.implied.findings]


def test_a_province_leaves_an_increment_and_its_power_plants_out(listed: list[Any]) -> None:
    registry.save_regions(listed)
    found = given(adopted("liaoning-13fyp"))
    energy = found["total_consumption"]
    assert (len(energy.annex.lines), energy.implied.undistributed) == (14, {"increment": 273})
    assert codes(energy) == ["TGT-011", "TGT-010"]
    sulphur, nitrogen = found["so2_total"], found["nox_total"]
    # 77.5 and 66.2 万吨 after 20 %: what the cities do not have is under the plants, which must fall faster
    assert [each.annex.unit for each in (sulphur, nitrogen)] == ["吨", "吨"]
    assert [each.implied.apart for each in (sulphur, nitrogen)] == [Decimal("96957.63"), Decimal("179491.08")]
    assert [round(each.implied.apart_rate or Decimal(0), 2) for each in (sulphur, nitrogen)] == [
        Decimal("51.47"),
        Decimal("30.11"),
    ]
    assert codes(sulphur) == ["TGT-009"]
    assert codes(found["cod_total"]) == ["TGT-008"]
    assert codes(found["nh3n_total"]) == []


def test_a_city_closes_and_can_be_shared_out_anew_over_its_annex(listed: list[Any]) -> None:
    registry.save_regions(listed)
    plan = adopted("ziyang-13fyp")
    found = given(plan)
    energy = found["total_consumption"]
    assert (energy.implied.apart, energy.implied.undistributed, codes(energy)) == (0, {"increment": 0}, ["TGT-014"])
    assert energy.implied.growth is not None
    assert round(energy.implied.growth, 1) == Decimal("6.2")
    for indicator, rate in (("cod_total", "13"), ("nh3n_total", "12.2"), ("so2_total", "5.19"), ("nox_total", "8.74")):
        each = found[indicator].implied
        assert (each.apart, each.rate, each.undistributed) == (0, Decimal(rate), {"projects": 0}), indicator
    assert codes(found["so2_total"]) == ["TGT-013"]
    assert found["vocs_total"].implied.base is None
    row = plans.plan(plan)
    assert row is not None
    target = next(each for each in found["cod_total"].wholes if each.kind == Kind.REDUCTION_RATE)
    head = store.decomposition(
        open_of_target(target.id, Acting("office", Role.PLAN_OFFICE, region=row.region or "", paths=(row.path,)))
    )
    assert head is not None
    receivers = of_annex(head)
    assert [(each.base, each.given) for each in receivers] == [
        (Decimal("1.63"), 13), (Decimal("1.67"), 13), (Decimal("0.88"), 13),
    ]  # fmt: skip


def test_sectors_of_a_city_are_read_with_what_they_imply_and_who_leads(listed: list[Any]) -> None:
    registry.save_regions(listed)
    plan = adopted("ziyang-13fyp")
    row = plans.plan(plan)
    assert row is not None
    assert row.region is not None
    found = sectors_of(targets.targets(plan), row.region, plans.measures(plan), open_rulebook())
    by_sector = Counter(each.line.sector for each in found)
    assert by_sector == {"工业": 3, "建筑": 5, "交通": 2, "公共机构": 3}
    implied = [
        (each.line.base, each.implied.level, None if each.implied.rate is None else round(each.implied.rate, 2))
        for each in found
    ]
    assert implied[:3] == [
        (None, None, -14), (110, 105, Decimal("-4.55")), (578, 528, Decimal("-8.65")),
    ]  # fmt: skip
    assert [rate for _base, _level, rate in implied[-3:]] == [-12, Decimal("-9.97"), Decimal("-14.99")]
    assert [each.line.difference for each in found[3:8]] == [50, 100, None, None, 400]
    assert [each.line.level for each in found[5:7]] == [100, 70]
    assert Counter(code for each in found for code in (one.code for one in each.implied.findings)) == {"TGT-017": 3}
    leads = {each.line.sector: each.leads for each in found}
    assert leads["交通"] == ("市交通运输局", "市发展改革委")
    assert leads["公共机构"] == ("市机关事务管理局",)
    due = awaited(row.region, plan)
    # 高新区 is merged into a row; 临空经济区 is bound by the plan and has none.
    assert due.left_out(("雁江区（含高新区）", "安岳县", "乐至县")) == ("临空经济区",)


def test_who_leads_a_sector_answers_for_what_the_annex_asks_of_it(listed: list[Any]) -> None:
    registry.save_regions(listed)
    plan = adopted("ziyang-13fyp")
    row = plans.plan(plan)
    assert row is not None
    body = next(each for each in plans.parts(plan) if each.name == "市机关事务管理局").body
    taker = body_taker(row, body, TODAY)
    assert taker is not None
    office = Acting("office", Role.PLAN_OFFICE, region=row.region or "", paths=(row.path,))
    made = make_letter(row, taker, "2020年度", Issue("某市人民政府", TODAY), office, TODAY)
    document = DocxDocument(BytesIO(made.docx))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert {"公共机构人均综合能耗", "公共机构单位建筑面积能耗", "公共机构人均水耗"} <= set(cells)
    assert "不超过238.5千克标准煤/（人·年）" in cells
    assert not [text for text in cells if "熟料" in text]


def test_an_annex_opens_as_it_is_printed_with_what_is_left_over_and_out(listed: list[Any]) -> None:
    registry.save_regions(listed)
    plan = adopted("liaoning-13fyp")
    row = plans.plan(plan)
    assert row is not None
    office = Acting("office", Role.PLAN_OFFICE, region=row.region or "", paths=(row.path,))
    found = given(plan)

    def begun(indicator: str, kind: Kind) -> tuple[DecompositionHead, tuple[Wanted, ...]]:
        target = next(each for each in found[indicator].wholes if each.kind == kind)
        head = store.decomposition(open_of_target(target.id, office))
        assert head is not None
        return head, proposed(head)

    head, [as_printed] = begun("total_consumption", Kind.CAP_INCREMENT)  # no bases: equal rates cannot stand beside it
    assert (as_printed.rule, len(as_printed.receivers), as_printed.reserve) == ("by_hand", 14, 273)
    made = computed(head, as_printed, date(2026, 1, 1))
    assert (made.outcome.reproduced, made.outcome.is_closed) == (3277, True)
    assert [each.code for each in made.outcome.findings] == ["TGT-011"]
    head, ways = begun("so2_total", Kind.REDUCTION_RATE)
    assert [way.rule for way in ways] == ["by_hand", "equal_rate"]
    assert computed(head, ways[0], date(2026, 1, 1)).outcome.reproduced == Decimal("16.5")


def test_a_plan_whose_annexes_share_nothing_out_says_so(listed: list[Any]) -> None:
    registry.save_regions(listed)
    assert given(adopted("yongchuan-14fyp")) == {}
