"""份额: what a method gives back: the amount of every receiver with the steps that explain it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind
from shuangkong.targets.decomposition.balance import ZERO, Balance, known
from shuangkong.targets.decomposition.filling import filled
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.task import Receiver

_SHARED = Message("按比例分得", "Share in proportion")
_LOCKED = Message("事先锁定", "Fixed beforehand")


@dataclass(frozen=True, slots=True)
class Allotment:
    """``amounts`` (``wᵢ·vᵢ``) and ``steps`` in the order of the receivers; ``gap``: of the total, what has no place."""

    amounts: tuple[Decimal, ...]
    steps: tuple[tuple[Step, ...], ...]
    gap: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Method:
    """One way of sharing out.

    Attributes:
        suits: kinds of target it can share out; None: all that add up or are weighted.
        needs: names of the figures that a receiver must have (task.Receiver), unless it is locked.
    """

    allot: Callable[[Balance, Rule], Allotment]
    needs: Callable[[Balance, Rule], tuple[str, ...]]
    suits: frozenset[Kind] | None = None


def size(balance: Balance, position: int, receiver: Receiver) -> Decimal:
    """How much a receiver weighs: its base where values add up, else what its value counts in the whole."""
    return known(receiver.base) if balance.law is Law.ADDED else balance.weights[position]


def in_proportion(
    balance: Balance, claims: Sequence[Decimal | None], reasons: Sequence[tuple[Step, ...]] | None = None
) -> Allotment:
    """Shares out by claims, bounds kept; a locked receiver has none (None) and gets its lock.

    ``reasons``: the steps that led to each claim.
    """
    lowest, highest = balance.limits()
    found = filled([claim or ZERO for claim in claims], lowest, highest, balance.total)
    level = found.level or ZERO
    before = reasons or ((),) * len(claims)
    unit = balance.unit
    steps = tuple(
        (Step(_LOCKED, "v", (("v", known(each.lock)),), known(each.lock), balance.task.target.unit),)
        if claim is None
        else (*reason, Step(_SHARED, "x = λ·s", (("λ", level), ("s", claim)), amount, unit))
        for each, claim, amount, reason in zip(balance.task.receivers, claims, found.amounts, before, strict=True)
    )
    return Allotment(found.amounts, steps, found.gap)
