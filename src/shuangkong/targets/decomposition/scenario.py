"""方案比选: several ways of sharing out one target side by side, each with its proof, fairness and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind
from shuangkong.targets.decomposition.balance import HUNDRED, ONE, ZERO, weight
from shuangkong.targets.decomposition.fairness import Fairness, fairness
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.sharing import Decomposition, decompose
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Task


@dataclass(frozen=True, slots=True)
class Scenario:
    """``fairness`` and ``cost`` are None where values are lacking, or no cost is known of somebody.

    ``moved``: by receiver, how much its value differs from that of the first scenario.
    """

    made: Decomposition
    fairness: Fairness | None
    cost: Decimal | None
    moved: Mapping[Subject, Decimal]


def compared(
    task: Task, rules: Sequence[Rule], places: int, checks: Mapping[str, Check], capability: str = ""
) -> tuple[Scenario, ...]:
    """Every rule's scenario, in the order given.

    Args:
        capability: the criterion that burdens are correlated with, such as GDP per head; empty: none.
    """
    made = [decompose(task, rule, places, checks) for rule in rules]
    return tuple(Scenario(each, _fairness(each, capability), _cost(each), _moved(made[0], each)) for each in made)


def _fairness(made: Decomposition, capability: str) -> Fairness | None:
    """Burdens by unit of size: a rate as it is, an amount by its base."""
    task, law = made.task, made.law
    values = [value for value in made.values if value is not None]
    if law is None or len(values) < len(made.values):
        return None
    if law is Law.ADDED:
        sizes = [each.base or ZERO for each in task.receivers]
        if min(sizes) <= 0:
            return None
        burdens = [value / size for value, size in zip(values, sizes, strict=True)]
    else:
        sizes = [ONE if law is Law.EACH else weight(law, each) for each in task.receivers]
        burdens = values
    able = [each.criteria[capability] for each in task.receivers if capability in each.criteria]
    return fairness(burdens, sizes, able if len(able) == len(burdens) else None)


def _cost(made: Decomposition) -> Decimal | None:
    kind = made.task.target.kind
    if kind not in (Kind.REDUCTION_AMOUNT, Kind.REDUCTION_RATE) or made.law is None:
        return None
    total = ZERO
    scale = HUNDRED if kind is Kind.REDUCTION_RATE else ONE
    for share in made.shares:
        if share.value is None or share.receiver.cost is None:
            return None
        paid = cost_of(share.receiver.cost, share.value * weight(made.law, share.receiver) / scale)
        if paid is None:
            return None
        total += paid
    return total


def cost_of(cost: CostSteps | CostCurve, amount: Decimal) -> Decimal | None:
    """What a reduction costs; None where it is more than all known steps bring."""
    if isinstance(cost, CostCurve):
        return cost.linear * amount + cost.rising * amount * amount / 2
    paid, left = ZERO, max(amount, ZERO)
    for size, each in cost.steps:
        taken = min(size, left)
        paid, left = paid + taken * each, left - taken
    return None if left > 0 else paid


def _moved(first: Decomposition, other: Decomposition) -> dict[Subject, Decimal]:
    pairs = zip(first.shares, other.shares, strict=True)
    return {
        now.receiver.subject: now.value - then.value
        for then, now in pairs
        if now.value is not None and then.value is not None
    }
