"""松紧: whether one promise is looser, equal or stricter than another, or why they cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.plans.cascade.promise import FROM_BASE, GATHERED, Family, Promise, UnitTable
from shuangkong.plans.reading import Nature, Op, Strength
from shuangkong.plans.tasks.recurrence import due_day


class Verdict(StrEnum):
    """How a child's target stands to its parent's."""

    LOOSER = "looser"  # 低于上级要求
    EQUAL = "equal"  # 一致
    STRICTER = "stricter"  # 严于上级要求
    MISSING = "missing"  # 上级有、本级无
    EXTRA = "extra"  # 本级自定
    NOT_COMPARABLE = "not_comparable"  # 不可比


class Reason(StrEnum):
    """What decides the verdict, or what stands in the way of one."""

    VALUE = "value"  # 数值
    WORDING = "wording"  # 力争、左右、基本
    NATURE = "nature"  # 约束性、预期性
    LATER = "later"  # 期限更晚
    EARLIER = "earlier"  # 期限更早
    OTHER_KIND = "other_kind"  # 承诺的类型不同（下降率与总量，累计与年均）
    OTHER_UNIT = "other_unit"  # 单位不同
    OTHER_BASE = "other_base"  # 基年不同
    OTHER_DENOMINATOR = "other_denominator"  # 分母不同
    OTHER_SCOPE = "other_scope"  # 范围不同
    OTHER_DEADLINE = "other_deadline"  # 期限不同
    OTHER_WHOLE = "other_whole"  # 上级数值属于更大的区域，未分解到本级
    UNKNOWN_DIRECTION = "unknown_direction"  # 指标的方向不明


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict with its reasons; ``difference`` is child less parent in the child's unit, None where there is none."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    difference: Decimal | None = None


def compare(child: Promise, parent: Promise, units: UnitTable) -> Comparison:
    """How a child's promise stands to the parent's on the same indicator."""
    hindrance = _hindrance(child, parent)
    if hindrance is not None:
        return Comparison(Verdict.NOT_COMPARABLE, (hindrance,))
    ratio = units.ratio(parent.unit, child.unit)
    if ratio is None:
        return Comparison(Verdict.NOT_COMPARABLE, (Reason.OTHER_UNIT,))
    asked = parent.value * ratio
    difference = child.value - asked
    less = parent.wants_less
    if difference and (less is None or less is not child.wants_less):
        return Comparison(Verdict.NOT_COMPARABLE, (Reason.UNKNOWN_DIRECTION,), difference)
    step = (asked > child.value) - (asked < child.value) if less else (child.value > asked) - (child.value < asked)
    if child.adds_up and not parent.is_assigned:
        return _within_whole(step, bool(less), difference)
    return _in_time(child, parent, _judged(child, parent, step, difference))


def _hindrance(child: Promise, parent: Promise) -> Reason | None:
    """What makes the two figures say different things."""
    if child.family is not parent.family or child.is_yearly is not parent.is_yearly:
        return Reason.OTHER_KIND
    if child.family is Family.POINTS and child.falls is not parent.falls:
        return Reason.OTHER_KIND
    if child.scope != parent.scope:
        return Reason.OTHER_SCOPE
    if child.denominator and parent.denominator and child.denominator != parent.denominator:
        return Reason.OTHER_DENOMINATOR
    if child.family in FROM_BASE and child.base_year and parent.base_year and child.base_year != parent.base_year:
        return Reason.OTHER_BASE
    return None


def _within_whole(step: int, less: bool, difference: Decimal) -> Comparison:
    """A part against an undivided whole.

    A part may never use more than the whole; more than the whole cannot be asked of it. In between nothing is known.
    """
    if less and step < 0:
        return Comparison(Verdict.LOOSER, (Reason.VALUE, Reason.OTHER_WHOLE), difference)
    if not less and step >= 0:
        return Comparison(Verdict.STRICTER if step else Verdict.EQUAL, (Reason.OTHER_WHOLE,), difference)
    return Comparison(Verdict.NOT_COMPARABLE, (Reason.OTHER_WHOLE,), difference)


def _judged(child: Promise, parent: Promise, step: int, difference: Decimal) -> Comparison:
    """Looser where anything is looser; else stricter where anything is stricter."""
    steps = {
        Reason.VALUE: step,
        Reason.WORDING: _firmness(child) - _firmness(parent),
        Reason.NATURE: _bindingness(child.nature, parent.nature),
    }
    looser = tuple(reason for reason, each in steps.items() if each < 0)
    stricter = tuple(reason for reason, each in steps.items() if each > 0)
    if looser:
        return Comparison(Verdict.LOOSER, looser, difference)
    return Comparison(Verdict.STRICTER if stricter else Verdict.EQUAL, stricter, difference)


def _in_time(child: Promise, parent: Promise, judged: Comparison) -> Comparison:
    """Puts the deadlines beside the values.

    Whoever promises no more and later promises less. What only gathers (projects, tonnes) and is there early, stays.
    Anything else at another day says nothing about the parent's day.
    """
    later = _later(child, parent)
    if later == 0:
        return judged
    if later > 0 and judged.verdict in (Verdict.EQUAL, Verdict.LOOSER):
        return Comparison(Verdict.LOOSER, (*judged.reasons, Reason.LATER), judged.difference)
    if later < 0 and child.family in GATHERED and judged.verdict is not Verdict.LOOSER:
        return Comparison(Verdict.STRICTER, (*judged.reasons, Reason.EARLIER), judged.difference)
    return Comparison(Verdict.NOT_COMPARABLE, (Reason.OTHER_DEADLINE,), judged.difference)


def _later(child: Promise, parent: Promise) -> int:
    """1, 0 or -1; what is measured once a year is due in a year, what is counted is due on a day."""
    ours, theirs = due_day(child.deadline), due_day(parent.deadline)
    if ours is None or theirs is None:
        return 0
    if child.family not in GATHERED:
        return (ours.year > theirs.year) - (ours.year < theirs.year)
    return (ours > theirs) - (ours < theirs)


def _firmness(promise: Promise) -> int:
    """3 where it is promised firmly and exactly; 力争 and 基本 take one or two away, 左右 one."""
    firm = {Strength.FIRM: 3, Strength.BASIC: 2, Strength.AMBITION: 1}[promise.strength]
    return firm - (promise.op is Op.ABOUT and firm > 1)


def _bindingness(child: Nature | None, parent: Nature | None) -> int:
    if child is None or parent is None or child is parent:
        return 0
    return 1 if child is Nature.BINDING else -1
