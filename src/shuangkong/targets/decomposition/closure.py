"""衔接: what the receivers' values come to under the target's own arithmetic, reckoned anew from the printed values.

A decline of intensity: ``D = 1 − [Σ E₀(1+g)(1−D) ÷ Σ E₀] ÷ [Σ Y₀(1+g) ÷ Σ Y₀]``. Growth shifts the structure, so the
whole may decline less, or more, than its parts: what the parts do themselves (``Σ E₀(1+g)·D ÷ Σ E₀(1+g)``) and what the
structure does are shown apart. Sums are on fractions: nothing is lost between the values and the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.policyfile.expression.given import exact, written
from shuangkong.targets.decomposition.balance import known, weight
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.task import Receiver, Task

HUNDRED = 100
_NAME = Message("各承担单位合计", "What the receivers come to")
_OWN = Message("其中：各单位自身", "Of which: of their own")
_STRUCTURE = Message("其中：结构变化", "Of which: by structure")
FORMULAS = {
    Law.ADDED: "V = Σ v",
    Law.BASE_WEIGHTED: "V = Σ E₀·v ÷ Σ E₀",
    Law.GROWTH_WEIGHTED: "D = 1 − [Σ E₀(1 + g)(1 − D) ÷ Σ E₀] ÷ [Σ Y₀(1 + g) ÷ Σ Y₀]",
    Law.DENOMINATOR_WEIGHTED: "V = Σ N·v ÷ Σ N",
}


@dataclass(frozen=True, slots=True)
class Closure:
    """The proof.

    Attributes:
        reproduced: what the values come to, in the target's unit; None where one of them is not known.
        wanted: the target with its reserve: what they must come to.
        over: how much stricter (positive) or laxer (negative) they are together than that.
        own, structure: of a decline of intensity, in percentage points; they add up to ``reproduced``.
    """

    law: Law
    reproduced: Decimal | None
    wanted: Decimal
    over: Decimal | None
    own: Decimal | None = None
    structure: Decimal | None = None
    steps: tuple[Step, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the receivers together do what is asked."""
        return self.over is not None and self.over >= 0

    @property
    def is_exact(self) -> bool:
        return self.over == 0


def closure(task: Task, law: Law, values: Sequence[Decimal | None]) -> Closure:
    """Reckons anew; ``values`` in the order of the receivers. Under EACH the laxest of the values must be enough."""
    target = task.target
    wanted = target.value - target.reserve if target.wants_less else target.value + target.reserve
    told = [value for value in values if value is not None]
    if len(told) < len(values):
        return Closure(law, None, wanted, None)
    own = structure = None
    if law is Law.EACH:
        reproduced = max(told) if target.wants_less else min(told)
        steps: tuple[Step, ...] = ()
    else:
        fractions = [exact(value) for value in told]
        whole = _whole(law, task.receivers, fractions)
        if law is Law.GROWTH_WEIGHTED:
            mean = _mean([exact(weight(law, each)) for each in task.receivers], fractions)
            own, structure = written(mean), written(whole - mean)
        reproduced = written(whole)
        steps = _steps(law, target.unit, reproduced, own, structure)
    over = wanted - reproduced if target.wants_less else reproduced - wanted
    return Closure(law, reproduced, wanted, over, own, structure, steps)


def _whole(law: Law, receivers: Sequence[Receiver], values: Sequence[Fraction]) -> Fraction:
    if law is Law.ADDED:
        return _total(values)
    if law is not Law.GROWTH_WEIGHTED:
        return _mean([exact(weight(law, each)) for each in receivers], values)
    energy = [exact(known(each.base)) for each in receivers]
    output = [exact(known(each.activity)) for each in receivers]
    growth = [1 + exact(known(each.growth)) for each in receivers]
    after = _total(e * g * (HUNDRED - d) for e, g, d in zip(energy, growth, values, strict=True))
    grown = _total(y * g for y, g in zip(output, growth, strict=True)) / _total(output)
    return HUNDRED - after / _total(energy) / grown


def _mean(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    return _total(w * v for w, v in zip(weights, values, strict=True)) / _total(weights)


def _total(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _steps(
    law: Law, unit: str, reproduced: Decimal, own: Decimal | None, structure: Decimal | None
) -> tuple[Step, ...]:
    first = Step(_NAME, FORMULAS[law], (), reproduced, unit)
    if own is None or structure is None:
        return (first,)
    inside = Step(_OWN, "D′ = Σ E₀(1 + g)·D ÷ Σ E₀(1 + g)", (), own, "points")
    return (first, inside, Step(_STRUCTURE, "S = D − D′", (("D", reproduced), ("D′", own)), structure, "points"))
