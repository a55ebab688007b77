"""人工给定: the values that somebody decided, as they are; whether they close is for the proof to say."""

from __future__ import annotations

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.targets.decomposition.balance import ZERO, Balance, known
from shuangkong.targets.decomposition.methods.allotment import Allotment
from shuangkong.targets.decomposition.rule import Rule

_GIVEN = Message("人工给定", "Decided by hand")


def by_hand(balance: Balance, rule: Rule) -> Allotment:
    """``xᵢ = wᵢ·vᵢ``. The gap is what the values leave of the whole (negative: more than the whole)."""
    values = [known(each.given if each.lock is None else each.lock) for each in balance.task.receivers]
    amounts = tuple(weight * value for weight, value in zip(balance.weights, values, strict=True))
    unit = balance.task.target.unit
    steps = tuple((Step(_GIVEN, "v", (("v", value),), value, unit, rule.clause),) for value in values)
    return Allotment(amounts, steps, balance.total - sum(amounts, ZERO))


def needs(_: Balance, __: Rule) -> tuple[str, ...]:
    return ("given",)
