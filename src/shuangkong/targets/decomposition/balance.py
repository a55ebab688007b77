"""衔接方程: the one linear equation ``Σ wᵢ·vᵢ = W`` that the values of the receivers must fulfil."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.task import Receiver, Task

ONE, HUNDRED, ZERO = Decimal(1), Decimal(100), Decimal(0)
_NAME = Message("应分解的量", "What is to be shared out")


@dataclass(frozen=True, slots=True)
class Balance:
    """``weights`` in the order of the receivers; amounts are ``wᵢ·vᵢ``. ``step`` says how ``total`` came about."""

    task: Task
    law: Law
    weights: tuple[Decimal, ...]
    total: Decimal
    step: Step

    @property
    def is_burden(self) -> bool:
        """Whether more is stricter (reductions, floors); of caps less is."""
        return not self.task.target.wants_less

    @property
    def unit(self) -> str:
        """Of the amounts: that of the target where values add up; a value times its weight has none with a name."""
        return self.task.target.unit if self.law is Law.ADDED else ""

    def limits(self) -> tuple[tuple[Decimal | None, ...], tuple[Decimal | None, ...]]:
        """Lowest and highest amount of each receiver; None: no bound."""
        pairs = zip(self.weights, self.task.receivers, strict=True)
        ends = [(_times(weight, each.lowest), _times(weight, each.highest)) for weight, each in pairs]
        return tuple(low for low, _ in ends), tuple(high for _, high in ends)


def balance(task: Task, law: Law) -> Balance:
    """The equation of a task; whoever calls has seen that nothing is lacking.

    A reserve makes the receivers' part stricter: it is kept from a cap, and laid on top of a reduction.
    """
    target = task.target
    wanted = target.value + (-target.reserve if target.wants_less else target.reserve)
    weights = tuple(weight(law, each) for each in task.receivers)
    shown: tuple[tuple[str, Decimal], ...] = (("V", target.value), ("R", target.reserve))
    sign = "−" if target.wants_less else "+"
    if law is Law.GROWTH_WEIGHTED:
        base, growth = _sum(each.base for each in task.receivers), grown(task.receivers)
        total = HUNDRED * _sum(weights) - (HUNDRED - wanted) * base * growth
        formula = "W = 100·Σ E₀(1 + g) − (100 − V − R)·Σ E₀·[Σ Y₀(1 + g) ÷ Σ Y₀]"
        shown = (*shown, ("Σ E₀(1 + g)", _sum(weights)), ("Σ E₀", base), ("Σ Y₀(1 + g) ÷ Σ Y₀", growth))
    elif law is Law.ADDED:
        total, formula = wanted, f"W = V {sign} R"
    else:
        total, formula = wanted * _sum(weights), f"W = (V {sign} R)·Σ w"
        shown = (*shown, ("Σ w", _sum(weights)))
    unit = target.unit if law is Law.ADDED else ""
    return Balance(task, law, weights, total, Step(_NAME, formula, shown, total, unit))


def weight(law: Law, receiver: Receiver) -> Decimal:
    """What one unit of the receiver's value counts in the whole."""
    if law is Law.BASE_WEIGHTED:
        return known(receiver.base)
    if law is Law.GROWTH_WEIGHTED:
        return known(receiver.base) * (ONE + known(receiver.growth))
    return known(receiver.denominator) if law is Law.DENOMINATOR_WEIGHTED else ONE


def grown(receivers: Sequence[Receiver]) -> Decimal:
    """``Σ Y₀(1+g) ÷ Σ Y₀``: how many times the activity of the whole grows."""
    after = _sum(known(each.activity) * (ONE + known(each.growth)) for each in receivers)
    return after / _sum(each.activity for each in receivers)


def known(value: Decimal | None) -> Decimal:
    """A figure that was seen to be there."""
    if value is None:
        raise TypeError("a figure that a method needs was not asked for beforehand")
    return value


def _times(weight: Decimal, value: Decimal | None) -> Decimal | None:
    return None if value is None else weight * value


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((known(value) for value in values), ZERO)
