"""What one sentence of the genre commits to. Sentences are our own; each stands for a form that plans use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sentences import reading_of

from shuangkong.plans.reading import Kind, Strength


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
        [("单位地区生产总值能耗", "=", "0.98", "吨标准煤/万元", 2015, "2020")],
    ),
    "a bound as a sign": (
        "农膜回收率≥90%，供水管网漏损率＜9%，森林覆盖率达到30%。",
        [
            ("农膜回收率", ">=", "90", "%", None, "2020"),
            ("供水管网漏损率", "<=", "9", "%", None, "2020"),
            ("森林覆盖率", "=", "30", "%", None, "2020"),
        ],
    ),
    "a ratio": ("充电车桩比达到1.25∶1。", [("充电车桩比", "=", "1.25", "∶1", None, "2020")]),
    "new ones are a scope, not a work": (
        "新建、改建公共建筑光伏覆盖率达到50%。",
        [("新建、改建公共建筑光伏覆盖率", "=", "50", "%", None, "2020")],
    ),
    "the pollutants summed up behind the last": (
        "化学需氧量、氨氮和氮氧化物三项主要污染物重点工程减排量分别达到210吨、15吨、96吨。",
        [
            ("化学需氧量重点工程减排量", "=", "210", "吨", None, "2020"),
            ("氨氮重点工程减排量", "=", "15", "吨", None, "2020"),
            ("氮氧化物重点工程减排量", "=", "96", "吨", None, "2020"),
        ],
    ),
    "a common ending that is an indicator is not cut": (
        "城市建成区、县城再生水利用率均达到20%。",
        [
            ("城市建成区再生水利用率", "=", "20", "%", None, "2020"),
            ("县城再生水利用率", "=", "20", "%", None, "2020"),
        ],
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
    "a share of a whole, the bound before it": (
        "新建停车场配建充电设施的车位不低于总车位的12%。",
        [("新建停车场配建充电设施的车位占总车位比例", ">=", "12", "%", None, "2020")],
    ),
    "a common ending after a long and a short name": (
        "规模化养殖场畜禽粪便和污水处理利用率分别达到88%和60%以上。",
        [
            ("规模化养殖场畜禽粪便处理利用率", ">=", "88", "%", None, "2020"),
            ("污水处理利用率", ">=", "60", "%", None, "2020"),
        ],
    ),
    "three towns with one ending": (
        "城市、县城、建制镇污水处理率分别达到94%、84%、48%以上。",
        [
            ("城市污水处理率", ">=", "94", "%", None, "2020"),
            ("县城污水处理率", ">=", "84", "%", None, "2020"),
            ("建制镇污水处理率", ">=", "48", "%", None, "2020"),
        ],
    ),
    "其中 with a part, and with a year": (
        "畜禽粪污综合利用率达到78%以上，其中规模养殖场达到93%。能耗强度比2015年下降16%，其中2018年下降3%。",
        [
            ("畜禽粪污综合利用率", ">=", "78", "%", None, "2020"),
            ("畜禽粪污综合利用率", "=", "93", "%", None, "2020"),
            ("单位地区生产总值能耗下降率", "=", "16", "%", 2015, "2020"),
            ("单位地区生产总值能耗下降率", "=", "3", "%", 2015, "2018"),
        ],
    ),
    "其中 with a list of trades": (
        "规模以上工业单位增加值能耗下降18%，其中建材、化工行业分别下降11%、9%。",
        [
            ("规模以上工业单位增加值能耗下降率", "=", "18", "%", 2015, "2020"),
            ("规模以上工业单位增加值能耗下降率", "=", "11", "%", 2015, "2020"),
            ("规模以上工业单位增加值能耗下降率", "=", "9", "%", 2015, "2020"),
        ],
    ),
    "an amount for a list is their sum, a rate is each one's": (
        "风电、光伏发电装机容量达到32万千瓦。化肥、农药利用率达到41%。",
        [
            ("风电、光伏发电装机容量", "=", "32", "万千瓦", None, "2020"),
            ("化肥利用率", "=", "41", "%", None, "2020"),
            ("农药利用率", "=", "41", "%", None, "2020"),
        ],
    ),
    "an amount above a bound, made": (
        "完成1500万吨以上钢铁产能超低排放改造。",
        [("钢铁产能超低排放改造完成量", ">=", "1500", "万吨", None, "2020")],
    ),
    "the same substances reduced by projects": (
        "化学需氧量、氨氮排放总量分别下降12%、11%，重点工程减排量分别为1.1万吨、0.14万吨。",
        [
            ("化学需氧量排放总量下降率", "=", "12", "%", 2015, "2020"),
            ("氨氮排放总量下降率", "=", "11", "%", 2015, "2020"),
            ("化学需氧量重点工程减排量", "=", "1.1", "万吨", None, "2020"),
            ("氨氮重点工程减排量", "=", "0.14", "万吨", None, "2020"),
        ],
    ),
    "a share that leans on the indicator before": (
        "煤炭消费总量比2015年削减9%，占一次能源消费比重下降到54%以下。",
        [
            ("煤炭消费总量下降率", "=", "9", "%", 2015, "2020"),
            ("煤炭消费总量占一次能源消费比重", "<=", "54", "%", None, "2020"),
        ],
    ),
    "a yearly rate is not the rate of the period": (
        "单位GDP能耗年均下降3.4%，累计下降16%。",
        [
            ("单位地区生产总值能耗年均下降率", "=", "3.4", "%", None, "2020"),
            ("单位地区生产总值能耗下降率", "=", "16", "%", 2015, "2020"),
        ],
    ),
    "a yearly rate has the base year that its sentence prints": (
        "单位GDP能耗比2015年下降16%，年均下降3.4%。",
        [
            ("单位地区生产总值能耗下降率", "=", "16", "%", 2015, "2020"),
            ("单位地区生产总值能耗年均下降率", "=", "3.4", "%", 2015, "2020"),
        ],
    ),
    "classes with one noun, others that take the noun of the last": (
        "培育国家级、市级绿色工厂各3家、10家。",
        [
            ("国家级绿色工厂培育数", "=", "3", "家", None, "2020"),
            ("市级绿色工厂培育数", "=", "10", "家", None, "2020"),
        ],
    ),
    "what is counted otherwise is another thing": (
        "推广高效电机50万千瓦，2019年、2020年分别完成改造30家、40家。改造老旧小区20个，惠及居民3万户。",
        [
            ("高效电机推广量", "=", "50", "万千瓦", None, "2020"),
            ("改造完成数", "=", "30", "家", None, "2019"),
            ("改造完成数", "=", "40", "家", None, "2020"),
            ("老旧小区改造数", "=", "20", "个", None, "2020"),
            ("惠及居民数", "=", "3", "万户", None, "2020"),
        ],
    ),
    "the members of a list named in the clause before": (
        "新增的货车、客车、公交车中，新能源和清洁能源车比例分别达到20%、30%和70%。",
        [
            ("新增的货车中新能源和清洁能源车比例", "=", "20", "%", None, "2020"),
            ("客车中新能源和清洁能源车比例", "=", "30", "%", None, "2020"),
            ("公交车中新能源和清洁能源车比例", "=", "70", "%", None, "2020"),
        ],
    ),
    "a head that makes the second member known": (
        "溶剂型工业涂料、油墨使用比例分别降低20个、10个百分点。",
        [
            ("溶剂型工业涂料使用比例降低幅度", "=", "20", "个百分点", None, "2020"),
            ("溶剂型油墨使用比例降低幅度", "=", "10", "个百分点", None, "2020"),
        ],
    ),
    "a temperature": (
        "夏季室内温度设置不低于26℃，冬季室内温度设置不高于20摄氏度。",
        [
            ("夏季室内温度设置", ">=", "26", "℃", None, "2020"),
            ("冬季室内温度设置", "<=", "20", "摄氏度", None, "2020"),
        ],
    ),
    "less of a thing, the verb before it": (
        "年减排二氧化硫1100吨，煤炭消费量比2015年净减少150万吨。",
        [
            ("二氧化硫排放总量减少量", "=", "1100", "吨", None, "2020"),
            ("煤炭消费总量减少量", "=", "150", "万吨", 2015, "2020"),
        ],
    ),
    "things counted, then classified, then more of them": (
        "2018年前改造65台10蒸吨以上燃煤锅炉，2019年再改造40台。",
        [
            ("10蒸吨以上燃煤锅炉改造数", "=", "65", "台", None, "2018"),
            ("10蒸吨以上燃煤锅炉改造数", "=", "40", "台", None, "2019"),
        ],
    ),
    "two verbs for one thing; others led to do it; 三年内 is no year": (
        "三年内新建、改造污水管网150公里，推动90家企业实现上云。",
        [
            ("污水管网新建改造数", "=", "150", "公里", None, "2020"),
            ("企业实现上云数", "=", "90", "家", None, "2020"),
        ],
    ),
    "a bound before the verb; a verb that is part of a name; an amount more than in a year": (
        "各县至少创建2家节约型机关。改造后的住宅占比达到30%。供热面积比2015年增长85万平方米。",
        [
            ("节约型机关创建数", ">=", "2", "家", None, "2020"),
            ("改造后的住宅占比", "=", "30", "%", None, "2020"),
            ("供热面积增加量", "=", "85", "万平方米", 2015, "2020"),
        ],
    ),
    "a list that is summed up, formulas behind names": (
        "化学需氧量（COD）、氨氮（NH3-N）等两项主要污染物排放总量分别下降12%、11%。",
        [
            ("化学需氧量排放总量下降率", "=", "12", "%", 2015, "2020"),
            ("氨氮排放总量下降率", "=", "11", "%", 2015, "2020"),
        ],
    ),
    "less of several things, the verb before the first": (
        "削减化学需氧量1200吨、氨氮150吨。",
        [
            ("化学需氧量排放总量减少量", "=", "1200", "吨", None, "2020"),
            ("氨氮排放总量减少量", "=", "150", "吨", None, "2020"),
        ],
    ),
    "what is added is not the whole; a yearly rate has its name": (
        "新增能耗控制在5万吨标准煤以内，能源消费总量年均增速控制在2%以内。",
        [
            ("能源消费增量", "<=", "5", "万吨标准煤", 2015, "2020"),
            ("能源消费总量年均增速", "<=", "2", "%", None, "2020"),
        ],
    ),
    "a scope that the official name does not have": (
        "燃煤电厂平均供电煤耗降至310克标准煤/千瓦时以下。",
        [("燃煤电厂平均供电煤耗", "<=", "310", "克标准煤/千瓦时", None, "2020")],
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
        ("对万元增加值能耗高于1吨标准煤的项目，不予通过节能审查。", "1", "吨标准煤"),
    ],
)
def test_a_number_that_classifies_is_no_target(sentence: str, value: str, unit: str) -> None:
    read = reading_of(sentence)
    assert [(str(t.value), t.unit) for t in read.thresholds] == [(value, unit)]
    assert not [t for t in read.targets if not t.in_words]


def test_a_bare_total_of_emissions_is_a_cap() -> None:
    found = reading_of("化学需氧量排放总量870吨、氨氮101吨。").targets
    assert [(t.indicator, t.kind) for t in found] == [
        ("化学需氧量排放总量", Kind.CAP_TOTAL),
        ("氨氮排放总量", Kind.CAP_TOTAL),
    ]


def test_marks_joined_by_or_are_thresholds() -> None:
    read = reading_of("对年综合能源消费量900吨标准煤（含）以上或年电力消费量400万千瓦时（含）以上的项目开展审查。")
    assert [(str(t.value), t.unit) for t in read.thresholds] == [("900", "吨标准煤"), ("400", "万千瓦时")]
    assert not read.targets


def test_a_standard_for_two_things_is_two_thresholds() -> None:
    read = reading_of("严格执行居住建筑节能75%、公共建筑节能65%的设计标准。")
    assert [str(t.value) for t in read.thresholds] == ["75", "65"]
    assert not read.targets


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


@pytest.mark.parametrize("parts", ["居住建筑6万平方米、公共建筑4万平方米", "居住建筑6万、公共建筑4万"])
def test_parts_of_a_whole_keep_their_names_as_scope(parts: str) -> None:
    read = reading_of(f"完成既有建筑改造10万平方米，其中{parts}。")
    assert [(t.indicator, str(t.value), t.unit, t.scope) for t in read.targets] == [
        ("既有建筑改造面积", "10", "万平方米", None),
        ("既有建筑改造面积", "6", "万平方米", "居住建筑"),
        ("既有建筑改造面积", "4", "万平方米", "公共建筑"),
    ]


def test_parts_of_a_doubtful_whole_are_doubtful() -> None:
    read = reading_of("建筑节能10万千瓦时，其中居住建筑6万千瓦时。")
    assert [[doubt.code for doubt in target.doubts] for target in read.targets] == [["no_measure"], ["no_measure"]]


def test_a_list_longer_than_any_plan_prints_is_said_to_be_unread() -> None:
    read = reading_of("污水处理率分别达到" + "、".join(f"{number}%" for number in range(1, 90)) + "。")
    assert not read.targets
    assert [doubt.code for doubt in read.doubts] == ["unread_number"]


def test_a_base_value_is_of_its_own_indicator() -> None:
    read = reading_of("万元GDP能耗由2015年的1.2吨标准煤下降到0.98吨标准煤，万元工业增加值用水量降到30立方米。").targets
    assert [(t.base_value, t.unit) for t in read] == [(Decimal("1.2"), "吨标准煤/万元"), (None, "立方米/万元")]


def test_a_minus_before_a_fall_is_kept_in_doubt() -> None:
    read = reading_of("单位地区生产总值能耗下降率为-13.5%。").targets
    assert [(str(t.value), t.kind, [doubt.code for doubt in t.doubts]) for t in read] == [
        ("13.5", Kind.REDUCTION_RATE, ["negative_change"])
    ]


@pytest.mark.parametrize(
    ("sentence", "value", "op"),
    [
        ("万元GDP能耗较2015年降低一成四。", "14", "="),
        ("能源消费总量较2015年增长不超过百分之八。", "8", "<="),
        ("煤炭消费比重降至五成以下。", "50", "<="),
        ("农膜回收率达到百分之九十五点五。", "95.5", "="),
        ("到2020年，基本消除劣Ⅴ类水体。", "0", "~"),
    ],
)
def test_a_number_in_words_is_read_and_said_to_be_a_rendering(sentence: str, value: str, op: str) -> None:
    (target,) = reading_of(sentence).targets
    assert (str(target.value), target.unit, target.op.value) == (value, "%", op)
    assert [doubt.code for doubt in target.doubts] == ["in_words"]


@pytest.mark.parametrize("sentence", ["发布第三成果。", "形成工作机制。", "建立三成员联席制度。"])
def test_words_that_hold_a_numeral_are_no_shares(sentence: str) -> None:
    assert reading_of(sentence).targets == ()


def test_a_second_measure_behind_a_slash_is_not_lost() -> None:
    read = reading_of("新型储能装机规模达到800万千瓦/1600万千瓦时。").targets
    assert [(str(t.value), t.unit, bool(t.doubts)) for t in read] == [
        ("800", "万千瓦", False),
        ("1600", "万千瓦时", True),
    ]
