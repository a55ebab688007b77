"""承担单位: whoever may bear a target gets it, is assigned it and found again; groups, lines apart, who is left out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import Q
from django.utils import timezone
from test_decompositions import COUNTY, OFFICE, TOLD, TOWN, cap, towns, wanted

from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.acts import adopt, record_scenario
from shuangkong.records.targets.decomposition.kept import wanted_of, wanted_text
from shuangkong.records.targets.decomposition.left_out import Awaited
from shuangkong.records.targets.decomposition.making import Computed, computed
from shuangkong.records.targets.decomposition.opening import open_by_hand
from shuangkong.records.targets.decomposition.rows import Asked, Wanted
from shuangkong.targets.decomposition.task import CostCurve, Group, Receiver
from shuangkong.web.targets.decomposition.words import RECEIVERS

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
REDUCTION = Asked(
    region=COUNTY, indicator="cod_project", kind=Kind.REDUCTION_AMOUNT, value=Decimal(90), unit="吨", base_year=2020,
    end_year=2025, ground="虚构的文件",
)  # fmt: skip


def made(asked: Asked, told: Wanted) -> Computed:
    head = store.decomposition(open_by_hand(asked, OFFICE))
    assert head is not None
    return computed(head, told, TODAY)


def values(found: Computed) -> list[Decimal | None]:
    return [each.value for each in found.scenario.made.shares]


def codes(found: Computed) -> list[str]:
    return [each.code for each in found.outcome.findings]


@pytest.mark.parametrize("kind", sorted(RECEIVERS))
def test_whoever_bears_a_share_is_found_again(regions: None, kind: str) -> None:
    other = Receiver(subject=Subject(kind, TOWN if kind == "region" else "甲"), name="甲", base=Decimal(40))
    beside = Receiver(subject=Subject("park", "乙园"), name="乙园", base=Decimal(25))
    opened = open_by_hand(cap(), OFFICE)
    scenario = record_scenario(opened, wanted(receivers=(other, beside)), OFFICE)
    adopt(opened, scenario, TOLD, OFFICE)
    head = store.decomposition(opened)
    assert head is not None
    [own] = store.shares_in_force([head], Q(subject_kind=kind, subject_code=other.subject.code))
    assert (own.name, own.value, own.base) == ("甲", Decimal(40), Decimal(40))
    assert bool(own.path) == (kind == "region")
    assert own.steps
    assert [year.year for year in own.years] == [2021, 2022, 2023, 2024, 2025]


def test_a_basin_keeps_its_ceiling_and_is_kept_with_the_scenario(regions: None) -> None:
    """Three towns cut 90 t at the same rising cost: 30 each, but two in one basin may cut 40 together at most."""
    bearers = towns(100, 100, 100, cost=CostCurve(Decimal(0), Decimal(1)))
    basin = Group("澄湖流域", frozenset(each.subject for each in bearers[:2]), ceiling=Decimal(40))
    told = wanted(receivers=bearers, rule="least_cost", groups=(basin,), excluded=("省直管电厂",))
    assert wanted_of(wanted_text(told)) == told
    assert values(made(REDUCTION, replace(told, groups=()))) == [30, 30, 30]
    found = made(REDUCTION, told)
    assert values(found) == [20, 20, 50]
    assert found.outcome.is_closed
    even = made(REDUCTION, replace(told, rule="equal_rate"))
    assert values(even) == [30, 30, 30]
    assert "TGT-015" in codes(even)


def test_a_carved_out_plant_counts_in_the_whole_and_under_nobody(regions: None) -> None:
    plant = Receiver(subject=Subject("unit", "电厂"), name="虚构的省直管电厂", lock=Decimal(25), is_apart=True)
    found = made(cap(), wanted(receivers=(*towns(60, 40), plant), reserve=Decimal(10)))
    assert values(found) == [18, 12, 25]  # 65 − 10 kept − 25 apart, by 60 to 40
    assert (found.outcome.reproduced, found.outcome.reserve, found.outcome.is_closed) == (55, 10, True)


def test_floors_ceilings_and_a_lock_hold_together(regions: None) -> None:
    one, two, three, four = towns(10, 10, 10, 10)
    bound = (replace(one, lock=Decimal(5)), replace(two, floor=Decimal(25)), replace(three, ceiling=Decimal(10)), four)
    assert values(made(cap(), wanted(receivers=bound))) == [5, 25, 10, 25]


@pytest.mark.parametrize(
    ("group", "code"),
    [
        (Group("空", frozenset(), ceiling=Decimal(1)), "TGT-233"),
        (Group("外人", frozenset({Subject("region", "999999")}), ceiling=Decimal(1)), "TGT-233"),
        (Group("无界", frozenset({Subject("region", TOWN)})), "TGT-234"),
        (Group("颠倒", frozenset({Subject("region", TOWN)}), Decimal(2), Decimal(1)), "TGT-234"),
    ],
)
def test_a_group_without_sense_is_refused(regions: None, group: Group, code: str) -> None:
    with pytest.raises(Refused) as refused:
        made(cap(), wanted(groups=(group,)))
    assert refused.value.code == code


def test_who_has_no_line_is_told(regions: None) -> None:
    found = made(cap(), wanted(excluded=()))  # three of the six below
    assert codes(found) == ["TGT-018"]
    assert "北坡乡、芦洲乡、湖滨工业园" in found.outcome.findings[0].message.zh
    whole = made(cap(), wanted(receivers=towns(1, 1, 1, 1), excluded=("芦洲乡", "湖滨工业园（由市直管）")))
    assert codes(whole) == []
    bodies = (Receiver(subject=Subject("department", "甲局"), name="甲局", base=Decimal(1)),)
    assert codes(made(cap(), wanted(receivers=bodies, excluded=()))) == []


def test_a_unit_merged_into_a_line_is_in_it() -> None:
    """雁江区（含高新区）: the one is a row, the other in it; 临空经济区 has duties and neither."""
    due = Awaited({"1": "雁江区", "2": "安岳县"}, ("高新区", "临空经济区"))
    assert due.left_out(("雁江区（含高新区）", "安岳")) == ("临空经济区",)
    assert due.left_out(("雁江区", "安岳县")) == ("高新区", "临空经济区")
    assert due.left_out(("市发展改革委",)) == ()
