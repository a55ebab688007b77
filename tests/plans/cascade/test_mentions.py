"""What sentences say of sub-plans, values from above, cooperation and first responsible persons."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuangkong.core.span import Span
from shuangkong.plans.cascade.mentions import Mention, MentionKind, mentions
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.rulebook import open_rulebook

PLANS = Path("/work/shared/plans")


def found(text: str, kind: MentionKind) -> list[Mention]:
    whole = Span(0, len(text))
    return [each for each in mentions(text, [(whole, [whole])]) if each.kind is kind]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("县住房城乡建设局要编制污水管网改造规划，明确年度任务。", ["污水管网改造规划"]),
        ("制定并实施绿色建筑行动方案。", ["绿色建筑行动方案"]),
        ("制订有序用电方案和错峰用电预案，做好演练。", ["有序用电方案", "错峰用电预案"]),
        ("全面启动空气质量限期达标规划编制工作。", ["空气质量限期达标规划"]),
        ("做好重污染天气应急预案。", ["重污染天气应急预案"]),
        ("公布目标完成情况，及时启动用能预警调控方案。", ["用能预警调控方案"]),
        ("加快推进乡镇污水处理设施三年计划，建成管网。", ["乡镇污水处理设施三年计划"]),
        ("实施国家大气污染防治三年行动计划。", []),
        ("编制锅炉改造\n工作计划。", ["锅炉改造工作计划"]),
        ("结合我县实际，制定本方案。", []),
        ("各单位制定具体实施方案。", []),
        ("按照国家规划推进项目建设，做好规划环评。", []),
    ],
)
def test_plans_still_to_be_written(text: str, titles: list[str]) -> None:
    assert [each.title for each in found(text, MentionKind.SUB_PLAN)] == titles


def test_the_place_is_that_of_the_words() -> None:
    text = "加强管理。 制定用能预算 方案。"
    (only,) = found(text, MentionKind.SUB_PLAN)
    assert only.span.of(text) == "制定用能预算 方案"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("到2025年，非化石能源消费比重完成市级下达目标。", [("非化石能源消费比重", "市级")]),
        ("确保完成上级下达的节能减排目标任务。", [("节能减排目标任务", "上级")]),
        ("完成国家、省下达的造林任务。", [("造林任务", "国家、省")]),
        ("对未完成省下达目标任务的予以通报批评。", []),
        ("完成项目建设目标。", []),
    ],
)
def test_values_that_come_from_above(text: str, told: list[tuple[str, str]]) -> None:
    assert [(each.title, each.giver) for each in found(text, MentionKind.AWAITED)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("配合省、市开展锅炉普查。", [("开展锅炉普查", "省、市")]),
        ("积极配合做好中央生态环境保护督察工作。", [("生态环境保护督察工作", "中央")]),
        ("各部门密切配合，形成合力。", []),
    ],
)
def test_duties_to_cooperate(text: str, told: list[tuple[str, str]]) -> None:
    assert [(each.title, each.giver) for each in found(text, MentionKind.COOPERATION)] == told


def test_first_responsible_persons() -> None:
    text = "各镇政府对本镇节能工作负总责，镇长是第一责任人。"
    assert len(found(text, MentionKind.RESPONSIBLE)) == 1


#: Numbers of items of the real plans in which each is to be found (capabilities P4), and how often.
GOLD = {
    "liaoning-13fyp": {"sub_plan": ["（十四）", "（三十六）", "（三十六）", "（三十八）", "（四十）"], "awaited": []},
    "yongchuan-14fyp": {"awaited": ["三（八）1", "五（二）"], "cooperation": ["五（二）"], "responsible": ["五（一）"]},
    "ziyang-13fyp": {
        "sub_plan": ["（四）", "（十三）", "（二十九）", "（三十）", "（四十四）", "（四十七）"],
        "awaited": ["（二十九）"],
    },
}


@pytest.mark.skipif(not PLANS.is_dir(), reason="the plans whose text stays outside are not on this machine")
@pytest.mark.parametrize("name", GOLD)
def test_real_plans(name: str) -> None:
    text = (PLANS / f"{name}.txt").read_text(encoding="utf-8")
    items = read_plan(Document(name, Medium.TXT, text), open_rulebook().lexicon()).items
    told = mentions(text, [(item.span, [each.span for each in item.sentences]) for item in items])
    for kind, numbers in GOLD[name].items():
        assert [items[each.item].no for each in told if each.kind == kind] == numbers
