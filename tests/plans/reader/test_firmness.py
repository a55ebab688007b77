"""How firmly a number is promised, and whether it binds: as printed, never carried on to a target of its own."""

from __future__ import annotations

import pytest
from sentences import plan_of, reading_of

FIRM, AMBITION, BINDING, EXPECTED = "firm", "ambition", "binding", "expected"


@pytest.mark.parametrize(
    ("sentence", "strengths"),
    [
        ("煤炭消费总量力争控制在70万吨以内，单位GDP能耗下降15%。", [AMBITION, FIRM]),
        ("煤炭消费总量不超过75万吨，力争控制在70万吨以内，单位GDP能耗下降15%。", [FIRM, AMBITION, FIRM]),
        ("单位GDP能耗力争下降14.5%、确保下降13.5%，煤炭消费总量控制在70万吨。", [AMBITION, FIRM, FIRM]),
        ("煤炭消费总量力争下降5%，控制在70万吨以内。", [AMBITION, AMBITION]),
        ("畜禽粪污综合利用率力争达到78%，其中规模养殖场达到93%，森林覆盖率达到30%。", [AMBITION, AMBITION, FIRM]),
        ("力争到2020年，森林覆盖率达到30%，城市污水处理率达到90%。", [AMBITION, AMBITION]),
    ],
)
def test_an_ambition_ends_with_its_own_number(sentence: str, strengths: list[str]) -> None:
    assert [target.strength for target in reading_of(sentence).targets] == strengths


@pytest.mark.parametrize(
    ("sentence", "natures"),
    [
        ("单位GDP能耗下降13.5%（约束性指标），非化石能源占能源消费总量比重达到20%（预期性）。", [BINDING, EXPECTED]),
        (
            "单位GDP能耗、二氧化硫排放总量分别下降10%（约束性）、20%（预期性），森林覆盖率达到30%。",
            [BINDING, EXPECTED, None],
        ),
        ("约束性指标：单位GDP能耗下降15%，森林覆盖率达到30%。森林覆盖率达到31%。", [BINDING, BINDING, None]),
        ("完成单位GDP能耗下降15%的约束性目标，森林覆盖率预期性目标为30%。", [BINDING, EXPECTED]),
        ("单位GDP能耗（约束性）下降15%。", [BINDING]),
        ("单位GDP能耗下降15%。", [None]),
    ],
)
def test_what_binds_is_read_where_it_is_printed(sentence: str, natures: list[str | None]) -> None:
    read = reading_of(sentence).targets
    assert [target.nature for target in read] == natures
    assert all("性" not in target.indicator for target in read)


_PLAN = """一、总体要求
（一）指导思想。{promise}
（二）主要目标。单位GDP能耗下降15%，力争下降16%，森林覆盖率达到30%。
二、任务
（三）煤炭。煤炭消费总量控制在70万吨以内。
"""


def test_the_promise_to_fulfil_binding_targets_makes_the_headline_ones_binding() -> None:
    read = plan_of(_PLAN.format(promise="确保完成“十三五”节能减排约束性目标。")).targets
    assert [target.nature for target in read] == [BINDING, None, None, None]
    assert "nature" in read[0].inherited


@pytest.mark.parametrize("promise", ["节约优先。", "对未完成约束性目标的地区予以约谈。"])
def test_without_the_promise_nothing_binds(promise: str) -> None:
    assert {target.nature for target in plan_of(_PLAN.format(promise=promise)).targets} == {None}


@pytest.mark.parametrize("mark", ["，", "、"])
@pytest.mark.parametrize("bound", ["不低于", "不得低于", "至少"])
def test_the_least_that_is_promised_is_firm_behind_its_stretch_value(mark: str, bound: str) -> None:
    read = reading_of(f"到2020年，城镇污水处理率力争达到98%{mark}{bound}95%。").targets
    assert [(int(t.value), t.op.value, t.strength, t.doubts) for t in read] == [
        (98, "=", AMBITION, ()),
        (95, ">=", FIRM, ()),
    ]
