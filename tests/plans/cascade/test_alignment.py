"""Measures answer each other by what their headings mean, whatever their number."""

from __future__ import annotations

from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.plans.cascade.alignment import Match, align
from shuangkong.plans.cascade.assignment import best_pairs
from shuangkong.plans.cascade.decided import Decided
from shuangkong.plans.cascade.headings import Heading
from shuangkong.plans.cascade.themes import HeadingWords
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.rulebook import open_rulebook

PLANS = Path("/work/shared/plans")
WORDS = HeadingWords(open_rulebook().word_lists("plans/lexicon_measures"))


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=5))
def test_no_other_pairing_has_a_greater_sum(table: list[list[int]]) -> None:
    pairs = best_pairs([[float(each) for each in row] for row in table])
    few = min(len(table), 4)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs) == few
    every = (
        sum(table[row][column] for row, column in zip(rows, columns, strict=True))
        for rows in permutations(range(len(table)), few)
        for columns in combinations(range(4), few)
    )
    assert sum(table[row][column] for row, column in pairs) == max(every)


def test_nothing_pairs_with_nothing() -> None:
    assert best_pairs([]) == ()
    assert best_pairs([[]]) == ()


def headings(*titles: str) -> list[Heading]:
    return [Heading(at, title) for at, title in enumerate(titles)]


def answers(parents: list[Heading], children: list[Heading]) -> dict[int, tuple[int | None, Match]]:
    return {
        line.parent.key: (line.child.key if line.child else None, line.match)
        for line in align(parents, children, WORDS)
        if line.parent and line.match is not Match.PART
    }


def test_other_words_and_another_order_are_the_same_measures() -> None:
    parents = headings(
        "加强工业节能", "强化建筑节能", "促进交通运输节能", "推进农业面源治理", "健全绿色金融体系", "推行绿色消费"
    )
    children = headings(
        "倡导绿色消费方式", "提升建筑能效水平", "完善绿色金融政策", "深入推进工业领域节能", "治理农业面源污染",
        "着力抓好交通运输节能",
    )  # fmt: skip
    assert {parent: child for parent, (child, _) in answers(parents, children).items()} == {
        0: 3, 1: 1, 2: 5, 3: 4, 4: 2, 5: 0,
    }  # fmt: skip


def test_like_words_of_another_matter_do_not_meet() -> None:
    parents = headings("加强工业节能", "完善价格收费政策", "健全法规标准")
    children = headings("加强公众宣传", "完善人才队伍", "健全组织领导")
    assert {match for _, match in answers(parents, children).values()} == {Match.MISSING}


def test_what_is_only_somewhat_alike_is_doubtful() -> None:
    parents = headings("完善财政税收激励政策", "推行清洁生产", "强化社会监督")
    children = headings("加大资金投入", "推行清洁生产", "强化社会监督")
    assert answers(parents, children)[0] == (0, Match.DOUBTFUL)


def test_a_measure_that_the_child_carries_out_in_several_is_shown_with_each() -> None:
    lines = align(
        headings("促进交通运输节能", "推行清洁生产"),
        headings("推进公路运输节能", "推进城市交通节能", "推行清洁生产"),
        WORDS,
    )
    parts = [line for line in lines if line.match is Match.PART]
    assert len(parts) == 1
    assert parts[0].parent is not None
    assert parts[0].parent.title == "促进交通运输节能"


def plan(name: str) -> list[Heading]:
    path = PLANS / f"{name}.txt"
    reading = read_plan(Document(path.name, Medium.TXT, path.read_text(encoding="utf-8")), open_rulebook().lexicon())
    return [Heading(at, item.title, item.chapter_title or "") for at, item in enumerate(reading.items, start=1)]


#: Place of a measure in the one plan → in the other, paired by hand from the headings; 0: the other has none.
SISTERS = {
    1: 1, 2: 2, 3: 3, 4: 4, 5: 0, 6: 7, 7: 8, 8: 9, 9: 11, 10: 12, 11: 10, 12: 13, 13: 14, 14: 15, 15: 16, 16: 17,
    17: 18, 18: 19, 19: 21, 20: 22, 21: 24, 23: 27, 24: 28, 25: 29, 26: 32, 27: 33, 28: 34, 29: 35, 30: 36, 31: 38,
    32: 0, 33: 39, 34: 40, 35: 41, 36: 42, 37: 44, 38: 43, 39: 45, 40: 0, 41: 46, 42: 48, 43: 49, 44: 50,
}  # fmt: skip
#: The same for a plan of another period, built quite otherwise: what a person would pair at once.
COUSINS = {
    1: 1, 2: 2, 6: 3, 7: 8, 10: 13, 15: 4, 17: 25, 18: 14, 19: 5, 29: 36, 31: 35, 32: 37, 33: 38, 37: 40, 39: 44,
    40: 33, 43: 45,
}  # fmt: skip


@pytest.mark.skipif(not PLANS.is_dir(), reason="the plans whose text stays outside are not on this machine")
@pytest.mark.parametrize(
    ("other", "by_hand", "least"), [("ziyang-13fyp", SISTERS, 0.97), ("yongchuan-14fyp", COUSINS, 0.9)]
)
def test_real_plans_meet_as_a_person_would_pair_them(other: str, by_hand: dict[int, int], least: float) -> None:
    found = {parent: child or 0 for parent, (child, _) in answers(plan("liaoning-13fyp"), plan(other)).items()}
    right = [parent for parent, child in by_hand.items() if found[parent] == child]
    assert len(right) >= least * len(by_hand), {
        parent: (child, found[parent]) for parent, child in by_hand.items() if found[parent] != child
    }


@pytest.mark.skipif(not PLANS.is_dir(), reason="the plans whose text stays outside are not on this machine")
def test_what_is_sure_is_right() -> None:
    sure = {
        parent: child
        for parent, (child, match) in answers(plan("liaoning-13fyp"), plan("ziyang-13fyp")).items()
        if match is Match.SURE and parent in SISTERS
    }
    assert len(sure) >= 35
    assert sure == {parent: SISTERS[parent] for parent in sure}


def test_a_person_lays_measures_together_and_sets_them_apart() -> None:
    parents = headings("加强工业节能", "推行绿色消费")
    children = [Heading(11, "深入推进工业领域节能"), Heading(12, "做好基层能力建设"), Heading(13, "抓好机关表率")]
    before = [
        (line.parent and line.parent.key, line.child and line.child.key) for line in align(parents, children, WORDS)
    ]
    assert before == [(0, 11), (1, None), (None, 12), (None, 13)]
    decided = Decided(paired=frozenset({(1, 12), (1, 13)}), apart=frozenset({(0, 11)}))
    lines = align(parents, children, WORDS, decided)
    assert [(line.parent and line.parent.key, line.child and line.child.key, line.is_decided) for line in lines] == [
        (0, None, False), (1, 12, True), (1, 13, True), (None, 11, False),
    ]  # fmt: skip
    assert [line.match for line in lines] == [Match.MISSING, Match.SURE, Match.SURE, Match.EXTRA]
