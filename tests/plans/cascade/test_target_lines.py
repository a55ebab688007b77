"""Two plans side by side, target by target; and what an adjustment moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from promises import UNITS, Kind, Op, Strength, fall, promise

from shuangkong.plans.cascade.decided import UNDECIDED, Decided
from shuangkong.plans.cascade.moves import Change, moves
from shuangkong.plans.cascade.pairing import Line, compare_targets
from shuangkong.plans.cascade.promise import Promise, binding_here, distinct
from shuangkong.plans.cascade.strictness import Reason, Verdict


def told(lines: tuple[Line, ...]) -> list[tuple[int | None, int | None, str]]:
    return [
        (line.parent and line.parent.key, line.child and line.child.key, line.comparison.verdict.value)
        for line in lines
    ]  # type: ignore[misc]


def coal(value: str, **said: object) -> Promise:
    return promise("煤炭消费总量", Kind.CAP_TOTAL, Op.LE, value, "万吨", **said)


def test_every_target_of_both_plans_stands_on_one_line() -> None:
    parents = [fall("15", key=1), coal("75", key=2), promise("供热", Kind.SHARE, Op.EQ, "50", "%", key=3)]
    children = [coal("74", key=12), fall("14", key=11), promise("绿色工厂", Kind.COUNT, Op.EQ, "9", "家", key=13)]
    lines = compare_targets(parents, children, UNITS)
    assert told(lines) == [(1, 11, "looser"), (2, 12, "stricter"), (3, None, "missing"), (None, 13, "extra")]
    assert [line.is_gap for line in lines] == [True, False, True, False]


def test_the_closest_of_several_answers() -> None:
    """煤炭 75 万吨、力争 70 万吨; and two years of one indicator."""
    parents = [coal("75", key=1), coal("70", key=2, strength=Strength.AMBITION), fall("8", key=3, deadline="2023")]
    children = [
        coal("69", key=12, strength=Strength.AMBITION), coal("76", key=11), fall("15", key=14),
        fall("8", key=13, deadline="2023"),
    ]  # fmt: skip
    lines = compare_targets(parents, children, UNITS)
    assert told(lines) == [(1, 11, "looser"), (2, 12, "stricter"), (3, 13, "equal"), (None, 14, "extra")]


def test_one_indicator_promised_in_two_ways_is_said_to_be_so() -> None:
    (line,) = compare_targets([fall("15")], [fall("18", kind=Kind.CAP_INCREMENT, op=Op.LE)], UNITS)
    assert line.comparison.reasons == (Reason.OTHER_KIND,)


def test_names_that_the_policy_files_do_not_know_meet_by_their_words_and_are_marked() -> None:
    parent = promise("规模以上工业单位增加值能耗", Kind.REDUCTION_RATE, Op.EQ, "14", "%", is_known=False)
    child = promise("规上工业单位增加值能耗", Kind.REDUCTION_RATE, Op.EQ, "14", "%", is_known=False)
    (line,) = compare_targets([parent], [child], UNITS)
    assert (line.comparison.verdict, line.is_by_name) == (Verdict.EQUAL, True)
    known = [replace(each, is_known=True) for each in (parent, child)]
    assert len(compare_targets(known[:1], known[1:], UNITS)) == 2


def test_two_nested_scopes_do_not_answer_each_other() -> None:
    lines = compare_targets([fall("90", scope="城市", key=1)], [fall("85", scope="县城", key=2)], UNITS)
    assert told(lines) == [(1, None, "missing"), (None, 2, "extra")]


def test_what_is_missing_is_owed_only_where_it_binds_here() -> None:
    nation = {"is_assigned": False}
    parents = [
        promise("项目", Kind.COUNT, Op.EQ, "100", "个", key=1, **nation),
        promise("能源消费总量", Kind.CAP_TOTAL, Op.LE, "50", "万吨", key=2, is_headline=True, **nation),
        fall("15", key=3, **nation),
        promise("分配", Kind.COUNT, Op.EQ, "3", "个", key=4),
    ]
    gaps = {line.parent.key: line.is_gap for line in compare_targets(parents, [], UNITS) if line.parent}
    assert gaps == {1: False, 2: True, 3: True, 4: True}


def test_the_share_given_to_a_region_stands_for_the_whole() -> None:
    whole, share = fall("15", key=1, is_assigned=False), fall("16", key=2)
    other = coal("75", key=3, is_assigned=False)
    assert [each.key for each in binding_here([whole, share, other])] == [2, 3]


def test_what_an_annex_says_again_is_said_once() -> None:
    told = [fall("15", key=1, op=Op.GE), fall("15", key=2), fall("16", key=3), fall("15", key=4, op=Op.ABOUT)]
    assert [each.key for each in distinct(told)] == [1, 3, 4]


def test_an_adjustment_tells_before_and_after() -> None:
    before = [fall("15", key=1), coal("75", key=2), fall("3", key=3, indicator="x", name="x", printed="x")]
    after = [fall("14", key=11), coal("75.0", key=12), promise("绿色工厂", Kind.COUNT, Op.EQ, "9", "家", key=13)]
    found = {(move.before or move.after).key: move for move in moves(before, after, UNITS)}  # type: ignore[union-attr]
    assert {key: move.change for key, move in found.items()} == {
        1: Change.MOVED, 2: Change.KEPT, 3: Change.DROPPED, 13: Change.ADDED,
    }  # fmt: skip
    assert (found[1].fields, found[1].comparison.verdict) == (("value",), Verdict.LOOSER)


def test_a_notice_that_changes_one_target_leaves_the_others() -> None:
    before = [fall("15", key=1), coal("75", key=2)]
    found = moves(before, [fall("15", key=11, deadline="2026")], UNITS, is_partial=True)
    assert [(move.change, move.fields) for move in found] == [(Change.MOVED, ("deadline",))]


def green(key: int, name: str, value: str = "100") -> Promise:
    """A share that the policy files do not know."""
    return promise(name, Kind.COMPLETION, Op.EQ, value, "%", key=key, is_known=False)


GREEN = green(1, "城镇新建建筑全部达到绿色建筑标准完成率"), green(11, "城镇新建绿色建筑达标率")


def test_what_may_be_one_is_no_gap_before_a_person_says_so() -> None:
    (line,) = compare_targets(GREEN[:1], GREEN[1:], UNITS, UNDECIDED)
    assert (line.parent, line.child, line.is_doubtful, line.is_gap) == (*GREEN, True, False)
    apart = compare_targets(GREEN[:1], GREEN[1:], UNITS, Decided(apart=frozenset({(1, 11)})))
    assert (told(apart), apart[0].is_gap) == ([(1, None, "missing"), (None, 11, "extra")], True)
    (one,) = compare_targets(GREEN[:1], GREEN[1:], UNITS, Decided(paired=frozenset({(1, 11)})))
    assert (one.comparison.verdict, one.is_doubtful, one.is_gap) == (Verdict.EQUAL, False, False)


def test_a_looser_figure_of_a_doubtful_pair_is_owed_when_the_pair_is_decided() -> None:
    parent, child = GREEN[0], replace(GREEN[1], name=GREEN[0].name.replace("全部", ""), value=Decimal(90))
    for decided, is_gap in ((UNDECIDED, False), (Decided(paired=frozenset({(1, 11)})), True)):
        (line,) = compare_targets([parent], [child], UNITS, decided)
        assert (line.comparison.verdict, line.is_gap) == (Verdict.LOOSER, is_gap)


def test_a_person_outranks_the_indicator() -> None:
    parents, children = [fall("15", key=1)], [fall("14", key=11), coal("75", key=12)]
    apart = compare_targets(parents, children, UNITS, Decided(apart=frozenset({(1, 11)})))
    assert told(apart) == [(1, None, "missing"), (None, 11, "extra"), (None, 12, "extra")]
    other = compare_targets(parents, children, UNITS, Decided(paired=frozenset({(1, 12), (99, 11)})))
    assert [(line.child and line.child.key, line.is_decided) for line in other] == [(12, True), (11, False)]


def test_unlike_names_and_known_indicators_are_no_doubt() -> None:
    for one, other in (
        (green(1, "生活污水处理率", "95"), green(11, "秸秆综合利用率", "95")),
        (green(1, "城镇污水处理率", "95"), green(11, "农村污水处理率", "40")),
        tuple(replace(each, is_known=True) for each in GREEN),
    ):
        assert len(compare_targets([one], [other], UNITS, UNDECIDED)) == 2
    assert len(compare_targets(GREEN[:1], GREEN[1:], UNITS)) == 2  # an adjustment asks nobody
