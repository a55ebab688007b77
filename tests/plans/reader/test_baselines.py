"""Levels of a past year printed in the text: facts for the arithmetic of the audit, never targets."""

from __future__ import annotations

import pytest
from sentences import reading_of

COD = ("化学需氧量排放总量", "1000", "吨", 2015)
ENERGY = ("能源消费总量", "120", "万吨标准煤", 2015)


@pytest.mark.parametrize(
    ("sentence", "level", "targets"),
    [
        ("化学需氧量排放总量由2015年的1000吨下降到900吨，下降12%。", COD, ["900", "12"]),
        ("化学需氧量排放总量控制在900吨以内，比2015年的1000吨下降12%。", COD, ["900", "12"]),
        ("化学需氧量排放总量2015年为1000吨，到2020年控制在900吨以内。", COD, ["900"]),
        ("2015年化学需氧量排放总量为1000吨，到2020年化学需氧量排放总量控制在900吨以内。", COD, ["900"]),
        ("2015年，化学需氧量排放总量为1000吨。", COD, []),
        ("化学需氧量排放总量控制在900吨以内，下降12%（2015年排放量为1000吨）。", COD, ["900", "12"]),
        ("以2015年能源消费总量120万吨标准煤为基数，到2020年增量控制在15万吨标准煤以内。", ENERGY, ["15"]),
    ],
)
def test_a_level_of_the_base_year_is_kept_and_is_no_target(
    sentence: str, level: tuple[str, str, str, int], targets: list[str]
) -> None:
    read = reading_of(sentence)
    assert [(one.indicator, str(one.value), one.unit, one.year) for one in read.baselines] == [level]
    assert [str(target.value) for target in read.targets] == targets


def test_what_is_done_already_is_no_promise() -> None:
    read = reading_of("2016年底前已建成12座污水处理厂，2020年底前建成20座污水处理厂。")
    assert [(str(target.value), target.deadline) for target in read.targets] == [("20", "2020-12")]


def test_increment_total_and_peak_are_of_what_was_named_before() -> None:
    read = reading_of("“十三五”能源消费增量控制在15万吨标准煤以内，总量控制在140万吨标准煤以内。").targets
    assert [(t.indicator, t.kind, t.deadline) for t in read] == [
        ("能源消费增量", "cap_increment", "2020"),
        ("能源消费总量", "cap_total", "2020"),
    ]
    read = reading_of("能源消费总量由2015年的120万吨标准煤增加15万吨标准煤，控制在135万吨标准煤以内。").targets
    assert [(t.indicator, t.kind) for t in read] == [("能源消费增量", "cap_increment"), ("能源消费总量", "cap_total")]
    read = reading_of("煤炭消费量2019年前达峰，峰值不超过1.2亿吨，2020年控制在1.1亿吨。").targets
    assert [(t.indicator, t.scope, t.deadline) for t in read] == [
        ("煤炭消费总量", "峰值", "2019"),
        ("煤炭消费总量", None, "2020"),
    ]
