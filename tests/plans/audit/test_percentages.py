"""PLN-044: what cannot pass 100 % by its meaning, and the ratios that lawfully do; units come from the lexicon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from constructed import CATALOGUE, RULES, Promise, context_of, found

from shuangkong.plans.audit import Catalogue, CatalogueError, audit
from shuangkong.plans.audit.units import intensity_factor
from shuangkong.plans.reading import Kind, Op


@pytest.mark.parametrize(
    ("words", "value", "indicator", "kind", "denominator"),
    [
        ("替代比例不低于125%", "125", "替代比例", Kind.SHARE, None),
        ("挥发性有机物实行倍量替代，替代比例为200%", "200", "挥发性有机物替代比例", Kind.SHARE, None),
        ("新增排放量实行200%削减量替代", "200", "新增排放量削减率", Kind.REDUCTION_RATE, None),
        ("水泥产能置换比例不低于150%", "150", "水泥产能置换比例", Kind.SHARE, None),
        ("市县两级配套资金占比不低于120%", "120", "市县两级配套资金占比", Kind.SHARE, None),
        ("充电桩车桩比达到120%", "120", "车桩比", Kind.LEVEL_FLOOR, None),
        ("绿电交易完成率达到110%以上", "110", "绿电交易完成率", Kind.LEVEL_FLOOR, None),
        ("应急物资储备比例达到130%", "130", "应急物资储备比例", Kind.SHARE, None),
        ("产能利用率控制在110%以内", "110", "产能利用率", Kind.LEVEL_CAP, None),
        ("新能源发电量占全社会用电量比重达到120%", "120", "新能源发电量占全社会用电量比重", Kind.SHARE, None),
        ("研发投入占上年比重达到110%", "110", "研发投入占上年比重", Kind.SHARE, None),
        ("新能源汽车产量增长120%", "120", "新能源汽车产量", Kind.GROWTH, None),
        ("热水锅炉热效率达到103%", "103", "热水锅炉热效率", Kind.LEVEL_FLOOR, None),
        ("绿色建筑占新建建筑比重达到100%", "100", "绿色建筑占新建建筑比重", Kind.SHARE, "新建建筑"),
    ],
)
def test_ratios_that_may_pass_a_hundred_are_no_mistake(
    words: str, value: str, indicator: str, kind: Kind, denominator: str | None
) -> None:
    promise = Promise(words, value, indicator, kind, op=Op.GE, denominator=denominator)
    assert found(context_of(promise), "PLN-044") == []


@pytest.mark.parametrize(
    ("words", "value", "indicator", "kind", "denominator"),
    [
        ("单位地区生产总值能耗下降115%", "115", "单位地区生产总值能耗下降率", Kind.REDUCTION_RATE, None),
        ("工业固废综合利用率达到105%", "105", "工业固体废物综合利用率", Kind.LEVEL_FLOOR, None),
        ("污水处理率达到100.5%", "100.5", "城市污水处理率", Kind.LEVEL_FLOOR, None),
        ("绿化覆盖率达到140%", "140", "绿化覆盖率", Kind.SHARE, None),
        ("煤炭占能源消费总量比重降到158%", "158", "煤炭占能源消费总量比重", Kind.LEVEL_CAP, "能源消费总量"),
        ("绿色建筑占比达到120%", "120", "绿色建筑占比", Kind.SHARE, "新建建筑"),
    ],
)
def test_parts_of_a_whole_and_falls_above_a_hundred_must_be_fixed(
    words: str, value: str, indicator: str, kind: Kind, denominator: str | None
) -> None:
    promise = Promise(words, value, indicator, kind, denominator=denominator)
    (hit,) = found(context_of(promise), "PLN-044")
    assert f"{value}%" in hit.message.zh


def test_units_of_intensity_are_made_of_the_units_of_the_lexicon() -> None:
    context = context_of()
    assert intensity_factor(context, "吨标准煤/万元") == Decimal("0.0001")
    assert intensity_factor(context, "万吨标煤／万元".replace("／", "/")) == 1
    assert intensity_factor(context, "亿吨标准煤/万元") == 10000
    assert intensity_factor(context, "吨标准煤/人") is None
    assert intensity_factor(context, "吨/万元") is None
    assert intensity_factor(context, "吨标准煤") is None


@pytest.mark.parametrize(
    "unit", ["吨标准煤/万元", "万吨标准煤/亿元", "千克标准煤/元", "千克标准煤/平方米", "吨标准煤/吨"]
)
def test_units_that_an_intensity_can_have_pass(unit: str) -> None:
    level = Promise(f"能耗降到0.5{unit}", "0.5", "单位地区生产总值能耗", Kind.LEVEL_CAP, unit)
    assert found(context_of(level), "PLN-043") == []
    wrong = replace(level, words="能耗降到0.5万吨标准煤/万元", unit="万吨标准煤/万元")
    assert len(found(context_of(wrong), "PLN-043")) == 1


def test_a_total_too_small_is_shown_beside_the_limit_in_its_own_unit() -> None:
    name = next(one.zh for one in RULES.lexicon().indicators if one.id == "total_consumption")
    small = Promise("能源消费总量控制在20万吨标准煤以内", "20", name, Kind.CAP_TOTAL, "万吨标准煤", Op.LE)
    (hit,) = found(context_of(small), "PLN-048")
    assert "20万吨标准煤，低于30万吨标准煤" in hit.message.zh
    assert "20 × 10,000 tce, below 30 × 10,000 tce" in hit.message.en
    assert found(context_of(replace(small, words="在40万吨标准煤以内", value="40")), "PLN-048") == []


def test_an_indicator_gone_from_policy_is_an_error_and_no_silence() -> None:
    lexicon = RULES.lexicon()
    for gone in ("total_consumption", "energy_intensity", "industry_energy_intensity"):
        rest = replace(lexicon, indicators=tuple(one for one in lexicon.indicators if one.id != gone))
        catalogue = Catalogue.of(RULES.checks("plans"), rest, date(2026, 1, 1))
        context = context_of(Promise("能耗下降15%", "15", "能耗下降率", Kind.REDUCTION_RATE))
        with pytest.raises(CatalogueError, match=gone):
            audit(context.reading, context.document, catalogue)
    assert CATALOGUE.indicator("energy_intensity").unit
