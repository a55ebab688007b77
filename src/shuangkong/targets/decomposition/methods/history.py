"""历史法: everybody as in past years (grandfathering): in proportion to the mean of what it had or did."""

from __future__ import annotations

from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.targets.decomposition.balance import ZERO, Balance
from shuangkong.targets.decomposition.methods.allotment import Allotment, in_proportion
from shuangkong.targets.decomposition.rule import Rule

_NAME = Message("历年平均", "Mean of past years")


def by_history(balance: Balance, rule: Rule) -> Allotment:
    """``sᵢ = Σ hᵢ ÷ n`` over the years told, in the target's amounts; a negative mean (it rose) claims nothing."""
    claims: list[Decimal | None] = []
    reasons: list[tuple[Step, ...]] = []
    for each in balance.task.receivers:
        if each.lock is not None:
            claims.append(None)
            reasons.append(())
            continue
        mean = sum(each.history, ZERO) / len(each.history)
        shown = tuple((f"h{year}", told) for year, told in enumerate(each.history, 1))
        claims.append(max(mean, ZERO))
        reasons.append((Step(_NAME, "s = max(Σ h ÷ n, 0)", shown, max(mean, ZERO), "", rule.clause),))
    return in_proportion(balance, claims, reasons)


def needs(_: Balance, __: Rule) -> tuple[str, ...]:
    return ("history",)
