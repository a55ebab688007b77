"""分解办法: a method of decomposition with its weights, as a file of the policy states it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.placing import Residual


class Aspect(StrEnum):
    """能力、责任、潜力、质量: why a criterion lays more on somebody."""

    CAPABILITY = "capability"
    RESPONSIBILITY = "responsibility"
    POTENTIAL = "potential"
    QUALITY = "quality"


class Weighting(StrEnum):
    """Whether the weights of the criteria are stated, or follow from how much the figures differ (熵权)."""

    STATED = "stated"
    ENTROPY = "entropy"


@dataclass(frozen=True, slots=True)
class Criterion:
    """``more``: whether a larger figure carries more of the burden. ``weight``: where weights are stated."""

    id: str
    name: Message
    aspect: Aspect
    more: bool
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way of sharing out.

    Attributes:
        method: a name in METHODS.
        criteria: of a score, in file order.
        spread: how far a score moves a share off the equal one: at 1 the worst may carry twice it, the best nothing.
        quantile: which of the receivers is the benchmark where none is given (0.25: a quarter are at least as good).
        added, weighed: where rounding puts its difference, for values that add up and for rates.
        source, at: the document; ``place``: file and line.
    """

    id: str
    name: Message
    method: str
    validity: Validity
    criteria: tuple[Criterion, ...] = ()
    weighting: Weighting = Weighting.STATED
    spread: Decimal = Decimal(0)
    quantile: Decimal | None = None
    added: Residual = Residual.LARGEST_REMAINDER
    weighed: Residual = Residual.LARGEST_REMAINDER
    source: str = ""
    at: str = ""
    is_verified: bool = False
    place: str = ""

    @property
    def clause(self) -> Clause:
        return Clause(self.name, self.is_verified)

    def residual(self, law: Law) -> Residual:
        return self.added if law is Law.ADDED else self.weighed
