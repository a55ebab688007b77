"""What one sentence of the genre commits to. Sentences are our own; each stands for a form that plans use."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading, Strength
from shuangkong.rulebook import open_rulebook

_HEAD = "关于印发某市“十三五”节能减排综合工作方案的通知\n某政发〔2017〕1号\n某市人民政府\n2017年1月5日\n一、目标\n"


def reading_of(sentence: str) -> Reading:
    text = f"{_HEAD}（一）标题。{sentence}（牵头单位：市发展改革委）\n"
    return read_plan(Document("plan.txt", Medium.TXT, text), open_rulebook().lexicon())


def rows(sentence: str) -> list[tuple[str, str, str, str, int | None, str | None]]:
    """(indicator, op, value, unit, base year, deadline) of each target in printed order."""
    return [
        (t.indicator, t.op.value, str(t.value), t.unit, t.base_year, t.deadline) for t in reading_of(sentence).targets
    ]


CASES = {
    "one rate, one cap": (
        "到2020年，全市能源消费总量控制在80万吨标准煤以内，万元GDP能耗比2015年下降16%以上。",
        [
            ("能源消费总量", "<=", "80", "万吨标准煤", None, "2020"),
            ("单位地区生产总值能耗下降率", ">=", "16", "%", 2015, "2020"),
        ],
    ),
    "n numbers for n objects, then a clause without subject": (
        "化学需氧量、氨氮排放总量分别控制在300吨、20吨以内，比2015年分别下降11%、9.5%。",
        [
            ("化学需氧量排放总量", "<=", "300", "吨", None, "2020"),
            ("氨氮排放总量", "<=", "20", "吨", None, "2020"),
            ("化学需氧量排放总量下降率", "=", "11", "%", 2015, "2020"),
            ("氨氮排放总量下降率", "=", "9.5", "%", 2015, "2020"),
        ],
    ),
    "均 with a common head": (
        "公共机构单位建筑面积能耗和人均综合能耗均比2015年下降10%。",
        [
            ("公共机构单位建筑面积能耗下降率", "=", "10", "%", 2015, "2020"),
            ("公共机构人均综合能耗下降率", "=", "10", "%", 2015, "2020"),
        ],
    ),
    "a topic before its list": (
        "重点工程减排量，化学需氧量0.5万吨、氨氮0.06万吨。",
        [
            ("化学需氧量重点工程减排量", "=", "0.5", "万吨", None, "2020"),
            ("氨氮重点工程减排量", "=", "0.06", "万吨", None, "2020"),
        ],
    ),
    "a share before its noun": (
        "到2020年，85%以上行政村的生活垃圾得到处理。",
        [("行政村的生活垃圾得到处理比例", ">=", "85", "%", None, "2020")],
    ),
    "things made, behind and before their number": (
        "建成绿色园区3个、绿色工厂20家，创建2家国家级、7家省级示范单位。",
        [
            ("绿色园区建成数", "=", "3", "个", None, "2020"),
            ("绿色工厂建成数", "=", "20", "家", None, "2020"),
            ("国家级示范单位创建数", "=", "2", "家", None, "2020"),
            ("省级示范单位创建数", "=", "7", "家", None, "2020"),
        ],
    ),
    "base and target both printed": (
        "万元GDP能耗由2015年的1.2吨标准煤下降到0.98吨标准煤。",
        [("单位地区生产总值能耗", "=", "0.98", "吨标准煤", 2015, "2020")],
    ),
    "several years in one sentence": (
        "2018年、2019年、2020年能耗强度分别下降2%、3%、3.5%。",
        [
            ("单位地区生产总值能耗下降率", "=", "2", "%", 2015, "2018"),
            ("单位地区生产总值能耗下降率", "=", "3", "%", 2015, "2019"),
            ("单位地区生产总值能耗下降率", "=", "3.5", "%", 2015, "2020"),
        ],
    ),
    "a nested scope": (
        "城市生活垃圾无害化处理率达到90%以上，县城（建成区）80%以上。",
        [
            ("城市生活垃圾无害化处理率", ">=", "90", "%", None, "2020"),
            ("城市生活垃圾无害化处理率", ">=", "80", "%", None, "2020"),
        ],
    ),
    "percentage points": (
        "燃煤工业锅炉实际运行效率比2015年提高5个百分点。",
        [("燃煤工业锅炉实际运行效率提高幅度", "=", "5", "个百分点", 2015, "2020")],
    ),
    "doubled percent sign and blanks": (
        "城市污水处理率达到 95 %%左右。",
        [("城市污水处理率", "~", "95", "%", None, "2020")],
    ),
}


@pytest.mark.parametrize(("sentence", "expected"), CASES.values(), ids=CASES.keys())
def test_a_sentence_commits_to(sentence: str, expected: list[object]) -> None:
    assert rows(sentence) == expected


def test_base_value_and_stretch_value_are_kept_apart() -> None:
    found = reading_of("单位GDP能耗确保下降14%，力争下降15%；煤炭消费总量由2015年的90万吨减少到70万吨。").targets
    assert [(t.value, t.strength) for t in found[:2]] == [
        (Decimal(14), Strength.FIRM),
        (Decimal(15), Strength.AMBITION),
    ]
    assert (found[2].value, found[2].base_value) == (Decimal(70), Decimal(90))


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("对新建20蒸吨/小时以下燃煤锅炉的项目不予审批。", "20", "蒸吨/小时"),
        ("对年综合能耗5000吨标准煤以上的重点用能单位实行在线监测。", "5000", "吨标准煤"),
        ("全面执行居住建筑节能65%设计标准。", "65", "%"),
    ],
)
def test_a_number_that_classifies_is_no_target(sentence: str, value: str, unit: str) -> None:
    read = reading_of(sentence)
    assert [(str(t.value), t.unit) for t in read.thresholds] == [(value, unit)]
    assert not [t for t in read.targets if not t.in_words]


@pytest.mark.parametrize(
    "sentence",
    [
        "“十二五”期间，全市单位GDP能耗累计下降了18%。",
        "2017年1月5日，印发《“中国制造2025”行动方案》（某政发〔2016〕30号）。",
        "治理PM2.5和臭氧，开展第三方评估。",
    ],
)
def test_years_names_and_past_results_are_no_commitments(sentence: str) -> None:
    assert rows(sentence) == []


def test_a_duty_without_number_keeps_its_date_extent_and_recurrence() -> None:
    read = reading_of("到2019年底，所有县城具备污水处理能力。每年公布目标完成情况。")
    assert [(d.deadline, d.extent, d.recurrence) for d in read.duties] == [
        ("2019-12", "所有", None),
        (None, None, "每年"),
    ]


def test_a_number_that_no_rule_explains_is_shown() -> None:
    read = reading_of("沿河 3公里岸线环境良好。")
    assert [d.code for d in read.doubts] == ["unread_number"]
    assert not read.targets
