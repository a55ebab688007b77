"""等比例: everybody the same rate; of amounts, everybody in proportion to its base."""

from __future__ import annotations

from shuangkong.targets.decomposition.balance import Balance
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.methods.allotment import Allotment, in_proportion, size
from shuangkong.targets.decomposition.rule import Rule


def equal_rate(balance: Balance, _: Rule) -> Allotment:
    """``v`` alike for all whose bounds allow it, ``Σ wᵢ·v = W``; of amounts ``xᵢ = W·E₀ᵢ ÷ Σ E₀``."""
    receivers = enumerate(balance.task.receivers)
    return in_proportion(
        balance, [None if each.lock is not None else size(balance, at, each) for at, each in receivers]
    )


def needs(balance: Balance, _: Rule) -> tuple[str, ...]:
    return ("base",) if balance.law is Law.ADDED else ()
