"""The annexes of the real plans in the demo, adopted as plans are: what they imply comes out of the records too."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actors import ADMIN
from shuangkong.cli.regions import listed_regions
from shuangkong.core.finding import Finding
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reading_json import decode, from_json
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Origin, Verdict
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.given import GivenAnnex, annexes_of
from shuangkong.records.targets.decomposition.opening import open_of_target
from shuangkong.rulebook import open_rulebook
from shuangkong.web.targets.decomposition.proposed import of_annex

pytestmark = pytest.mark.django_db
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
    target = found["cod_total"].whole_target
    assert target is not None
    head = store.decomposition(
        open_of_target(target, Acting("office", Role.PLAN_OFFICE, region=row.region or "", paths=(row.path,)))
    )
    assert head is not None
    receivers = of_annex(head)
    assert [(each.base, each.given) for each in receivers] == [
        (Decimal("1.63"), 13), (Decimal("1.67"), 13), (Decimal("0.88"), 13),
    ]  # fmt: skip


def test_a_plan_whose_annexes_share_nothing_out_says_so(listed: list[Any]) -> None:
    registry.save_regions(listed)
    assert given(adopted("yongchuan-14fyp")) == {}
