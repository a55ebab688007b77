"""Class gaps, count words, headings, percentages and owners, in the wordings that plans use; English messages."""

from __future__ import annotations

import re

import pytest
from constructed import RULES, Promise, context_of, found

from shuangkong.plans.audit.english import in_english
from shuangkong.plans.reading import Kind, Op


def messages(code: str, *words: str, title: str = "有关任务") -> list[str]:
    return [one.message.zh for one in found(context_of(items=[(title, each) for each in words]), code)]


@pytest.mark.parametrize(
    "words",
    [
        "淘汰35蒸吨/小时以下燃煤锅炉，65蒸吨/小时以上燃煤锅炉实施超低排放改造。",
        "现有65蒸吨/时以上锅炉达到特别排放限值，淘汰35蒸吨/时以下锅炉。",
        "淘汰35蒸吨/时以下的燃煤锅炉，现有65蒸吨/时及以上的锅炉全部配套脱硝设施。",
        "燃煤锅炉65蒸吨/时及以上的达到特别排放限值，35蒸吨/时及以下锅炉予以淘汰。",
        "淘汰35蒸吨/时以下锅炉，保留的锅炉（65蒸吨/时以上）安装在线监测。",
    ],
)
def test_a_gap_between_classes_is_seen_in_any_wording(words: str) -> None:
    (message,) = messages("PLN-053", words)
    assert "35至65蒸吨/时之间" in message


@pytest.mark.parametrize(
    "words",
    [
        "淘汰35蒸吨/时以下锅炉，35蒸吨/时以上锅炉达到特别排放限值。",
        "淘汰35蒸吨/时以下锅炉，65蒸吨/时以上锅炉超低排放，10蒸吨/时以上锅炉安装监测。",
        "淘汰35蒸吨/时以下燃煤锅炉，65蒸吨/时以上燃气锅炉低氮改造。",
        "关闭500头以下的养殖场，1000立方米以上的沼气工程达标。",
    ],
)
def test_classes_that_meet_or_are_of_other_things_have_no_gap(words: str) -> None:
    assert messages("PLN-053", words) == []


@pytest.mark.parametrize(
    ("words", "counted", "listed"),
    [
        ("开展“十进”活动：进机关、进学校、进社区、进家庭。", 10, "4"),
        ("抓好“十进”活动。开展节能减排进机关、进学校、进社区、进家庭活动。", 10, "4"),
        ("建立“四项机制”：目标责任、统计监测、考核评价机制。", 4, "3"),
        ("实施“六大工程”：锅炉改造、电机改造、余热利用、绿色照明工程。", 6, "4"),
        ("抓好四类企业：钢铁、水泥、化工。", 4, "3"),
        ("推进3项改造：锅炉、电机、余热和照明、管网。", 3, "4"),
        ("在电子、汽车、电池和包装物等两类产品领域实行责任延伸。", 2, "3—4"),
    ],
)
def test_a_count_word_is_held_against_the_list_before_or_behind_it(words: str, counted: int, listed: str) -> None:
    (message,) = messages("PLN-120", words)
    assert f"应列{counted}项，实列{listed}项" in message


@pytest.mark.parametrize(
    "words",
    [
        "抓好四类企业：钢铁、水泥、化工、造纸。",
        "抓好四类企业：钢铁、水泥、化工和造纸。",
        "实施“六大工程”：锅炉（燃煤、燃气）改造、电机改造、余热利用、绿色照明、管网改造、煤炭替代工程。",
        "做好三项工作：一是抓规划、立项，二是抓建设，三是抓验收、运行。",
        "第三类：钢铁、水泥、化工、造纸。",
        "“十四五”大力发展：风电、光伏。",
        "围绕“四个一批”工程，抓好钢铁、水泥、化工三类行业改造。",
        "开展“十进”活动。进机关、进学校等活动有序推进。",
    ],
)
def test_lists_that_fit_their_word_and_words_that_count_nothing_pass(words: str) -> None:
    assert messages("PLN-120", words) == []


def test_a_list_left_open_behind_its_word_is_only_noticed() -> None:
    assert messages("PLN-120", "抓好四类企业：钢铁、水泥、化工等。") == []
    assert len(messages("PLN-121", "抓好四类企业：钢铁、水泥、化工等。")) == 1


@pytest.mark.parametrize(
    ("title", "words", "missing"),
    [
        ("强化预警和考核体系", "加强日常工作调度，及时通报情况。", "预警、考核"),
        ("强化预警和考核体系", "加强日常调度和考核。", "预警"),
        ("控制区域、流域、行业排放", "分区域、分行业控制污染物排放。", "流域"),
        ("健全节能减排计量、统计、监测和预警体系建设", "完善计量，改进统计，加强监测。", "预警"),
    ],
)
def test_each_thing_of_a_heading_is_looked_for_in_its_text(title: str, words: str, missing: str) -> None:
    (message,) = messages("PLN-087", words, title=title)
    assert message.endswith(f"正文没有写到{missing}。请补内容或改标题。")


def test_a_heading_that_is_kept_or_lists_nothing_passes() -> None:
    assert messages("PLN-087", "及时预警，严格考核。", title="强化预警和考核体系") == []
    assert messages("PLN-087", "各方参与。", title="完善市场体系") == []


@pytest.mark.parametrize("name", ["设备数字化率", "溶剂型油墨使用比例", "清洁能源占比", "再生水利用率"])
def test_a_percentage_that_rises_by_percent_leaves_open_what_is_meant(name: str) -> None:
    (message,) = messages("PLN-107", f"{name}提高20%。")
    assert f"{name}提高20%" in message
    assert messages("PLN-107", f"{name}提高20个百分点。") == []
    assert messages("PLN-107", f"{name}提高到20%。") == []


@pytest.mark.parametrize("name", ["劳动生产率", "资源产出率", "电机额定功率", "销售收入"])
def test_what_is_no_percentage_may_rise_by_percent(name: str) -> None:
    assert messages("PLN-107", f"{name}提高20%。") == []


def test_items_with_targets_and_no_body_are_gathered_into_one_finding() -> None:
    one = Promise("能耗下降15%", "15", "单位地区生产总值能耗下降率", Kind.REDUCTION_RATE)
    other = Promise("建成18家", "18", "绿色工厂建成数", Kind.COUNT, "家")
    tasks = [("工业节能", "推进对标。"), ("建筑节能", "推广建材。")]
    (hit,) = found(context_of(one, other, items=tasks, owned=False), "PLN-070")
    assert "（一）有2项目标没有责任单位：单位地区生产总值能耗下降率、绿色工厂建成数" in hit.message.zh
    assert found(context_of(one, other, items=tasks), "PLN-070") == []


def test_english_messages_have_their_capitals_and_commas_where_english_has_them() -> None:
    lexicon = RULES.lexicon()
    for indicator in lexicon.indicators:
        text = in_english(f"（一）: {indicator.zh}下降率", lexicon)
        assert not re.search(r": reduction of [A-Z][a-z]", text), text
    assert in_english("附件1、2：能源消费总量、单位地区生产总值能耗", lexicon).count("、") == 0
    assert in_english("能源消费总量控制在20万吨标准煤", lexicon).endswith("20 × 10,000 tce")
    assert in_english("2020年能源消费总量（万吨）", lexicon) == "2020年能源消费总量（万吨）"
    assert in_english("30吨/万元", lexicon) == "30吨/万元"
    quotation = "「能源消费总量控制在20万吨标准煤、30吨」"
    assert in_english(f"（一）{quotation}", lexicon) == f"（一）{quotation}"


def test_an_indicator_without_an_english_name_is_marked_as_printed_and_sentences_begin_with_a_capital() -> None:
    covered = Promise("某项设施覆盖率达到140%", "140", "某项设施覆盖率", Kind.LEVEL_FLOOR, op=Op.GE)
    (hit,) = found(context_of(covered), "PLN-044")
    assert "某项设施覆盖率 (as printed) is 140%" in hit.message.en


def test_no_english_message_puts_a_plural_behind_a_number_that_may_be_one() -> None:
    two_or_more = {"PLN-031", "PLN-081", "PLN-092", "PLN-101"}
    number = re.compile(r"\{(count|days|half|full|others)\} [a-z]+s\b|annexes \{")
    wrong = {row.code for row in RULES.checks("plans") if number.search(row.message.en)}
    assert wrong <= two_or_more
