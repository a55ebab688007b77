"""成本最小: who reduces more cheaply reduces more, until the last unit costs the same everywhere or a bound is met.

One constraint over the whole has a closed form: steps are taken in the order of their cost (merit order), curves up to
one marginal cost (filling). Where groups have bounds of their own (a basin, a sector), it is a programme for the
solver, linear for steps and quadratic for curves. Both are held against each other in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind
from shuangkong.targets.decomposition.balance import HUNDRED, ONE, ZERO, Balance, known
from shuangkong.targets.decomposition.filling import Limits, filled
from shuangkong.targets.decomposition.methods.allotment import Allotment
from shuangkong.targets.decomposition.methods.programme import Programme
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.task import CostCurve, CostSteps

SUITS = frozenset({Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT})
_NAME = Message("成本最小的减排量", "Reduction at the least cost")


@dataclass(frozen=True, slots=True)
class Cheapest:
    """Reductions in the unit of amounts; ``marginal``: what the last unit costs, None where the solver found them."""

    amounts: tuple[Decimal, ...]
    marginal: Decimal | None
    gap: Decimal


def least_cost(balance: Balance, rule: Rule) -> Allotment:
    """``min Σ C(xᵢ)`` with ``Σ xᵢ = W`` and all bounds kept."""
    # A rate in per cent times a weight is a hundred times the amount that costs are told in.
    scale = HUNDRED if balance.task.target.kind is Kind.REDUCTION_RATE else ONE
    lowest, highest = (tuple(None if end is None else end / scale for end in ends) for ends in balance.limits())
    lowest = tuple(ZERO if end is None else end for end in lowest)
    costs = [each.cost if each.lock is None else None for each in balance.task.receivers]
    total = balance.total / scale
    groups = balance.task.groups
    if groups:
        subjects = [each.subject for each in balance.task.receivers]
        found = _by_solver(Programme.of(costs, lowest, highest, total, groups, subjects))
    elif any(isinstance(cost, CostCurve) for cost in costs):
        found = cheapest_curves(costs, lowest, highest, total)
    else:
        found = cheapest_steps(costs, lowest, highest, total)
    unit = balance.task.target.unit
    shown = () if found.marginal is None else (("λ", found.marginal),)
    formula = "min Σ C(x)" if found.marginal is None else "C′(x) = λ"
    steps = tuple((Step(_NAME, formula, shown, amount, unit, rule.clause),) for amount in found.amounts)
    return Allotment(tuple(amount * scale for amount in found.amounts), steps, found.gap * scale)


def needs(_: Balance, __: Rule) -> tuple[str, ...]:
    return ("cost",)


def cheapest_steps(
    costs: Sequence[CostSteps | CostCurve | None], lowest: Limits, highest: Limits, total: Decimal
) -> Cheapest:
    """Merit order: what bounds demand first, then the cheapest steps of all. None among the costs: a lock."""
    amounts = [known(low) for low in lowest]
    offers: list[tuple[Decimal, int, Decimal]] = []  # (cost, receiver, amount)
    for at, cost in enumerate(costs):
        room = known(highest[at]) - amounts[at] if highest[at] is not None else None
        if not isinstance(cost, CostSteps):
            continue
        used = amounts[at]
        for amount, each in cost.steps:
            free = max(amount - max(used, ZERO), ZERO)
            used = max(used - amount, ZERO)
            free = free if room is None else min(free, room)
            room = None if room is None else room - free
            if free > 0:
                offers.append((each, at, free))
    rest, marginal = total - sum(amounts, ZERO), ZERO
    for each, at, free in sorted(offers, key=lambda offer: offer[0]):
        if rest <= 0:
            break
        taken = min(free, rest)
        amounts[at], rest, marginal = amounts[at] + taken, rest - taken, each
    return Cheapest(tuple(amounts), marginal, rest)


def cheapest_curves(
    costs: Sequence[CostSteps | CostCurve | None], lowest: Limits, highest: Limits, total: Decimal
) -> Cheapest:
    """``a + b·x = λ`` for all that no bound holds: ``x = (λ − a) ÷ b``."""
    curves = [cost if isinstance(cost, CostCurve) else None for cost in costs]
    slopes = [ZERO if each is None else ONE / each.rising for each in curves]
    offsets = [ZERO if each is None else -each.linear / each.rising for each in curves]
    found = filled(slopes, lowest, highest, total, offsets)
    return Cheapest(found.amounts, found.level, found.gap)


def _by_solver(programme: Programme) -> Cheapest:
    # Loaded when first needed: it takes half a second, and every command opens the rulebook.
    from shuangkong.targets.decomposition.methods.solver import solved

    amounts = solved(programme)
    return Cheapest(amounts, None, programme.total - sum(amounts, ZERO))
