"""Dates of a sentence: deadlines in any order of words, days from which something holds, steps of single years."""

from __future__ import annotations

import pytest
from sentences import plan_of, reading_of

from shuangkong.plans.reading import Target


def dated(targets: tuple[Target, ...]) -> list[tuple[str, int, str | None]]:
    return [(target.indicator, int(target.value), target.deadline) for target in targets]


def test_a_day_from_which_something_holds_is_no_deadline() -> None:
    read = reading_of("2018年1月1日起，全面供应国Ⅵ标准汽油和柴油，到2019年新增公交车中新能源车占比不低于80%。")
    assert [(t.indicator, t.starts, t.deadline) for t in read.targets] == [
        ("汽油、柴油国家标准阶段", "2018-01-01", None),
        ("新增公交车中新能源车占比", None, "2019"),
    ]
    assert [(d.what, d.starts, d.deadline) for d in read.duties] == [("全面供应国Ⅵ标准汽油和柴油", "2018-01-01", None)]


@pytest.mark.parametrize(
    ("sentence", "starts"),
    [
        ("2018年1月1日起，禁止销售国五以下车辆。", "2018-01-01"),
        ("自2018年7月起，禁止销售国五以下车辆。", "2018-07"),
        ("从2018年开始，每年发布公报。", "2018"),
    ],
)
def test_a_duty_keeps_the_date_from_which_it_holds(sentence: str, starts: str) -> None:
    duty = reading_of("到2020年，森林覆盖率达到30%。" + sentence).duties[0]
    assert (duty.starts, duty.deadline) == (starts, None)


def test_a_stage_is_that_of_a_thing_and_not_of_a_verb() -> None:
    assert reading_of("2018年7月1日起，全面实施重型柴油车国六b排放标准。").targets[0].indicator == "重型柴油车"
    assert reading_of("供应能力应达到50万千瓦。").targets[0].indicator == "供应能力"


def test_the_stage_of_what_is_to_go_is_no_target() -> None:
    assert not reading_of("推进国三及以下排放标准柴油货车淘汰。").targets
    everything = reading_of("全部淘汰国三及以下排放标准柴油货车。").targets
    assert [(target.value, target.unit) for target in everything] == [(100, "%")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "绿色建筑面积占比2018年、2019年、2020年分别达到80%、90%和100%。",
            [("绿色建筑面积占比", 80, "2018"), ("绿色建筑面积占比", 90, "2019"), ("绿色建筑面积占比", 100, "2020")],
        ),
        (
            "到2018年底，完成36家企业技术改造，2019年、2020年分别完成20家、15家。",
            [
                ("企业技术改造完成数", 36, "2018-12"),
                ("企业技术改造完成数", 20, "2019"),
                ("企业技术改造完成数", 15, "2020"),
            ],
        ),
        (
            "到2018、2020年，森林覆盖率分别达到30%和32%。",
            [("森林覆盖率", 30, "2018"), ("森林覆盖率", 32, "2020")],
        ),
        (
            "森林覆盖率分别于2018、2020年底前达到30%和32%。",
            [("森林覆盖率", 30, "2018-12"), ("森林覆盖率", 32, "2020-12")],
        ),
    ],
)
def test_several_years_take_several_values(sentence: str, expected: list[tuple[str, int, str]]) -> None:
    read = reading_of(sentence)
    assert dated(read.targets) == expected
    assert not any(target.doubts for target in read.targets)


def test_classes_with_dates_of_their_own_are_duties() -> None:
    read = reading_of("10蒸吨/时、20蒸吨/时、35蒸吨/时及以下燃煤锅炉分别于2017年底前、2018年底前和2019年年底前淘汰。")
    assert [(limit.subject, int(limit.value)) for limit in read.thresholds] == [
        ("燃煤锅炉", 10),
        ("燃煤锅炉", 20),
        ("燃煤锅炉", 35),
    ]
    assert [(duty.what[:5], duty.deadline) for duty in read.duties] == [
        ("10蒸吨/", "2017-12"),
        ("20蒸吨/", "2018-12"),
        ("35蒸吨/", "2019-12"),
    ]


def test_a_class_with_a_date_is_a_duty() -> None:
    read = reading_of("到2018年底前，淘汰20蒸吨/时以下燃煤锅炉。淘汰10蒸吨/时以下燃煤锅炉。")
    assert [(duty.what, duty.deadline) for duty in read.duties] == [("淘汰20蒸吨/时以下燃煤锅炉", "2018-12")]


@pytest.mark.parametrize(
    ("values", "base_years", "codes"),
    [
        ("能耗强度分别下降3.5%、3.6%和3.7%", [2017, 2018, 2019], {"one_year"}),
        ("能耗强度分别下降3%、3%和3%", [2017, 2018, 2019], {"one_year"}),
        ("能耗强度分别下降9%、12%和15%", [2015, 2015, 2015], set()),
        ("能耗强度比2015年分别下降10%、10.5%和11%", [2015, 2015, 2015], set()),
    ],
)
def test_yearly_steps_are_not_taken_for_the_whole_fall(values: str, base_years: list[int], codes: set[str]) -> None:
    read = reading_of(f"2018年、2019年、2020年{values}。").targets
    assert [target.base_year for target in read] == base_years
    assert {doubt.code for target in read for doubt in target.doubts} == codes


def test_a_share_before_a_year_is_no_base() -> None:
    assert plan_of("一、目标\n（一）建筑。绿色建筑占比2018年达到30%。\n").head.base_years == ()


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("65蒸吨/小时及以上锅炉全部完成超低排放改造。", "锅炉"),
        ("现有65蒸吨/时以上锅炉达到特别排放限值。", "锅炉"),
        ("年综合能源消费量5000吨标准煤以上的企业全部建立能源管理体系。", "企业"),
        ("2017年6月底前完成全部10蒸吨/小时及以下燃煤锅炉淘汰。", "燃煤锅炉"),
        ("严格执行65%节能设计标准。", "节能设计标准"),
        ("严格执行居住建筑节能75%设计标准。", "居住建筑节能"),
    ],
)
def test_the_subject_of_a_threshold_is_the_thing(sentence: str, subject: str) -> None:
    assert [limit.subject for limit in reading_of(sentence).thresholds] == [subject]


@pytest.mark.parametrize(
    ("sentence", "deadlines"),
    [
        ("到2020年，非化石能源消费比重2018年达到10%、2020年达到12%。", ["2018", "2020"]),
        ("煤炭消费总量2018年控制在120万吨以内、2020年控制在110万吨以内。", ["2018", "2020"]),
        ("城市污水处理率2018年底前达到90%、2020年底前达到95%。", ["2018-12", "2020-12"]),
        ("2018年、2019年和2020年，分别改造农村厕所1000户、1200户和1500户。", ["2018", "2019", "2020"]),
        ("2018年底、2019年底前，改造农村厕所分别达到1000户、1200户。", ["2018-12", "2019-12"]),
    ],
)
def test_each_value_has_the_date_printed_ahead_of_it(sentence: str, deadlines: list[str]) -> None:
    assert [target.deadline for target in reading_of(sentence).targets] == deadlines
