"""A child's target against its parent's: each verdict with its reason, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from promises import UNITS, Kind, Nature, Op, Strength, fall, promise

from shuangkong.plans.cascade.promise import Promise
from shuangkong.plans.cascade.strictness import Reason, Verdict, compare
from shuangkong.targets.goal import Goal, Path

LOOSER, EQUAL, STRICTER, UNCLEAR = Verdict.LOOSER, Verdict.EQUAL, Verdict.STRICTER, Verdict.NOT_COMPARABLE


def cap(value: str, unit: str = "吨", **said: object) -> Promise:
    return promise("化学需氧量排放总量", Kind.CAP_TOTAL, Op.LE, value, unit, **said)


def share(value: str, direction: bool | None, **said: object) -> Promise:
    return promise("比重", Kind.SHARE, Op.EQ, value, "%", is_lower_better=direction, **said)


def count(value: str, **said: object) -> Promise:
    return promise("绿色工厂数量", Kind.COUNT, Op.EQ, value, "个", **said)


@pytest.mark.parametrize(
    ("child", "parent", "verdict"),
    [
        (fall("16"), fall("15"), STRICTER),  # a higher reduction is stricter
        (fall("15.0"), fall("15"), EQUAL),
        (fall("14.5"), fall("15"), LOOSER),
        (cap("3128"), cap("3200"), STRICTER),  # a lower cap is stricter
        (cap("0.32", "万吨"), cap("3200"), EQUAL),
        (cap("3300"), cap("0.32", "万吨"), LOOSER),
        (share("22", False), share("20", False), STRICTER),  # 非化石能源: more is better
        (share("60", True), share("58.6", True), LOOSER),  # 煤炭: less is better
        (share("20", None), share("20", None), EQUAL),
        (promise("x", Kind.LEVEL_FLOOR, Op.GE, "90", "%"), promise("x", Kind.LEVEL_FLOOR, Op.GE, "85", "%"), STRICTER),
        (promise("x", Kind.COMPLETION, Op.EQ, "100", "%"), promise("x", Kind.LEVEL_FLOOR, Op.GE, "95", "%"), STRICTER),
        (promise("x", Kind.LEVEL_CAP, Op.LE, "0.5", ""), promise("x", Kind.LEVEL_CAP, Op.LE, "0.4", ""), LOOSER),
    ],
)
def test_value_decides(child: Promise, parent: Promise, verdict: Verdict) -> None:
    assert compare(child, parent, UNITS).verdict is verdict


@pytest.mark.parametrize(
    ("child", "parent", "verdict", "reasons"),
    [
        (fall("15", strength=Strength.AMBITION), fall("15"), LOOSER, (Reason.WORDING,)),
        (fall("15", op=Op.ABOUT), fall("15"), LOOSER, (Reason.WORDING,)),
        (fall("15"), fall("15", strength=Strength.AMBITION), STRICTER, (Reason.WORDING,)),
        (fall("14"), fall("15", strength=Strength.AMBITION), LOOSER, (Reason.VALUE,)),
        (fall("15", nature=Nature.EXPECTED), fall("15", nature=Nature.BINDING), LOOSER, (Reason.NATURE,)),
        (fall("15", deadline="2026"), fall("15"), LOOSER, (Reason.LATER,)),
        (fall("16", deadline="2026"), fall("15"), UNCLEAR, (Reason.OTHER_DEADLINE,)),
        (fall("16", deadline="2024"), fall("15"), UNCLEAR, (Reason.OTHER_DEADLINE,)),
        (count("12", deadline="2024-06"), count("12"), STRICTER, (Reason.EARLIER,)),
        (count("11", deadline="2024"), count("12"), UNCLEAR, (Reason.OTHER_DEADLINE,)),
        (fall("15", base_year=2015), fall("15"), UNCLEAR, (Reason.OTHER_BASE,)),
        (share("20", False, denominator="能源消费总量"), share("20", False, denominator="一次能源消费"), UNCLEAR,
         (Reason.OTHER_DENOMINATOR,)),
        (cap("20", "个"), cap("20"), UNCLEAR, (Reason.OTHER_UNIT,)),
        (cap("20"), fall("20"), UNCLEAR, (Reason.OTHER_KIND,)),
        (fall("3", printed="能耗年均下降率"), fall("14"), UNCLEAR, (Reason.OTHER_KIND,)),
        (fall("15", scope="县城"), fall("15"), UNCLEAR, (Reason.OTHER_SCOPE,)),
        (share("22", None), share("20", None), UNCLEAR, (Reason.UNKNOWN_DIRECTION,)),
    ],
)  # fmt: skip
def test_what_else_decides_is_said(
    child: Promise, parent: Promise, verdict: Verdict, reasons: tuple[Reason, ...]
) -> None:
    found = compare(child, parent, UNITS)
    assert (found.verdict, found.reasons) == (verdict, reasons)


def test_the_difference_is_in_the_childs_unit() -> None:
    assert compare(cap("3300"), cap("0.32", "万吨"), UNITS).difference == Decimal(100)


@pytest.mark.parametrize(
    ("child", "parent", "verdict"),
    [
        (cap("18"), cap("3550", is_assigned=False), UNCLEAR),  # a county's cap under the province's is no news
        (cap("4000"), cap("3550", is_assigned=False), LOOSER),  # a part cannot use more than the whole
        (count("12"), count("100", is_assigned=False), UNCLEAR),
        (count("120"), count("100", is_assigned=False), STRICTER),
        (fall("14"), fall("15", is_assigned=False), LOOSER),  # a rate is everybody's
        (cap("18"), cap("17", is_assigned=True), LOOSER),
    ],
)
def test_a_part_is_not_held_against_the_undivided_whole(child: Promise, parent: Promise, verdict: Verdict) -> None:
    assert compare(child, parent, UNITS).verdict is verdict


def test_points_up_are_not_points_down() -> None:
    up = promise("比重", Kind.POINT_GAIN, Op.EQ, "3", "个百分点", printed="比重提高幅度")
    down = promise("比重", Kind.POINT_GAIN, Op.EQ, "3", "个百分点", printed="比重降低幅度")
    assert compare(up, down, UNITS).verdict is UNCLEAR
    assert compare(up, up, UNITS).verdict is EQUAL


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("op", Op)
@pytest.mark.parametrize("is_lower_better", [True, False])
def test_strict_is_what_progress_takes_for_strict(kind: Kind, op: Op, is_lower_better: bool) -> None:
    """One arithmetic: what fulfils a goal with less, is stricter with less."""
    if op is Op.GT and kind not in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP):
        return  # occurs in thresholds only
    goal = Goal(kind, op, Decimal(1), "", Path.LINEAR, 2020, 2025, is_lower_better=is_lower_better)
    assert promise("x", kind, op, "1", "", is_lower_better=is_lower_better).wants_less is goal.wants_less
