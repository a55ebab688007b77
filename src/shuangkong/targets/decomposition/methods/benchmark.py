"""标杆法: who is further from the benchmark intensity reduces more; caps allow all what the benchmark would use."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind
from shuangkong.targets.decomposition.balance import ONE, ZERO, Balance, known
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.methods.allotment import Allotment, in_proportion, size
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.task import Receiver

#: Caps are allowances by output, reductions are gaps to the benchmark; other kinds have neither.
SUITS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT})
_GAP = Message("与标杆的差距", "Gap to the benchmark")
_ALLOWED = Message("按标杆允许的量", "What the benchmark allows")


def by_benchmark(balance: Balance, rule: Rule) -> Allotment:
    """Of reductions ``s = E·max(1 − b ÷ I, 0)``, of a total ``s = Y₀(1+g)·b``, of increments ``s = max(Y₀·g, 0)·b``."""
    common = _quantile(balance.task.receivers, rule.quantile)
    claims: list[Decimal | None] = []
    reasons: list[tuple[Step, ...]] = []
    for position, each in enumerate(balance.task.receivers):
        step = None if each.lock is not None else _claim(balance, position, each, common, rule)
        claims.append(None if step is None else step.value)
        reasons.append(() if step is None else (step,))
    return in_proportion(balance, claims, reasons)


def needs(balance: Balance, rule: Rule) -> tuple[str, ...]:
    growth = () if balance.is_burden else ("growth",)
    base = ("base",) if balance.is_burden or rule.quantile is not None else ()
    return ("activity", *growth, *base, *(() if rule.quantile is not None else ("benchmark",)))


def _claim(balance: Balance, position: int, each: Receiver, common: Decimal | None, rule: Rule) -> Step:
    goal = known(each.benchmark if each.benchmark is not None else common)
    output = known(each.activity)
    unit = balance.task.target.unit if balance.law is Law.ADDED else ""
    if not balance.is_burden:
        growth = known(each.growth)
        is_whole = balance.task.target.kind is Kind.CAP_TOTAL
        claim = output * (ONE + growth) * goal if is_whole else max(output * growth, ZERO) * goal
        formula = "s = Y₀·(1 + g)·b" if is_whole else "s = max(Y₀·g, 0)·b"
        return Step(_ALLOWED, formula, (("Y₀", output), ("g", growth), ("b", goal)), claim, unit, rule.clause)
    intensity, weighs = known(each.base) / output, size(balance, position, each)
    claim = weighs * max(ONE - goal / intensity, ZERO) if intensity else ZERO
    shown = (("E", weighs), ("b", goal), ("I", intensity))
    return Step(_GAP, "s = E·max(1 − b ÷ I, 0)", shown, claim, unit, rule.clause)


def _quantile(receivers: Sequence[Receiver], share: Decimal | None) -> Decimal | None:
    """The intensity that ``share`` of the free receivers are at or below (nearest rank)."""
    if share is None:
        return None
    free = [each for each in receivers if each.lock is None and each.activity]
    ordered = sorted(known(each.base) / known(each.activity) for each in free)
    rank = (share * len(ordered)).to_integral_value(rounding=ROUND_CEILING)
    return ordered[max(int(rank), 1) - 1] if ordered else None
