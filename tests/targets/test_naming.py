"""Which indicator a printed name means; which units can be added."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shuangkong.plans.lexicon import IndicatorName, UnitName
from shuangkong.targets.naming import Indicators, Units


def name(key: str, zh: str, *aliases: str) -> IndicatorName:
    return IndicatorName(key, zh, key, aliases, "t", "lower_is_better", "linear")


NAMES = Indicators(
    [
        name("energy_intensity", "单位地区生产总值能耗", "能耗强度", "单位GDP能耗"),
        name("cod_total", "化学需氧量排放总量", "COD（排放量）"),
        name("cod_project_reduction", "化学需氧量重点工程减排量"),
        name("nox_project_reduction", "氮氧化物重点工程减排量"),
    ]
)
UNITS = Units([UnitName("吨", "t", "1"), UnitName("万吨", "t", "10000"), UnitName("个", "count", "1")])


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("单位地区生产总值能耗", "energy_intensity"),
        ("单位地区生产总值能耗下降率", "energy_intensity"),
        ("单位gdp 能耗累计降低率", "energy_intensity"),
        ("能耗强度降低幅度", "energy_intensity"),
        ("energy_intensity", "energy_intensity"),
        ("COD(排放量)", "cod_total"),
        ("化学需氧量重点工程减排量", "cod_project_reduction"),
        ("重点工程减排量", None),
        ("能耗", None),
    ],
)
def test_a_printed_name_means_one_indicator_or_none(printed: str, key: str | None) -> None:
    found = NAMES.find(printed)
    assert (found.id if found else None) == key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("全市化学需氧量排放总量控制计划", "cod_project_reduction"),
        ("各市氮氧化物排放总量控制计划", "nox_project_reduction"),
        ("化学需氧量和氮氧化物控制计划", None),
        ("各市控制计划", None),
    ],
)
def test_a_column_takes_its_object_from_the_title(title: str, key: str | None) -> None:
    found = NAMES.find_under(title, "重点工程减排量")
    assert (found.id if found else None) == key


def test_units_of_one_measure_can_be_added() -> None:
    assert UNITS.ratio("万吨", "吨") == Decimal(10000)
    assert UNITS.ratio("吨", "万吨") == Decimal("0.0001")
    assert UNITS.ratio("户", "户") == 1
    assert UNITS.ratio("个", "吨") is None
    assert UNITS.ratio("户", "吨") is None
    assert UNITS.measures("万吨", "t")
    assert not UNITS.measures("户", "t")
