"""规划: what is to be minimised and within which bounds, as a solver takes it: floating point, scaled to about one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf

from shuangkong.core.fact import Subject
from shuangkong.targets.decomposition.filling import Limits
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Group


class NoSolution(ValueError):
    """The bounds of receivers and groups allow no division of the total."""


@dataclass(frozen=True, slots=True)
class Row:
    """What some receivers may come to together."""

    members: frozenset[int]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Programme:
    """``min Σ C(x)`` over ``rows`` and the bounds of each receiver; all amounts are divided by ``scale``."""

    costs: tuple[CostSteps | CostCurve | None, ...]
    bounds: tuple[tuple[float, float], ...]
    rows: tuple[Row, ...]
    scale: float
    total: Decimal

    @classmethod
    def of(
        cls,
        costs: Sequence[CostSteps | CostCurve | None],
        lowest: Limits,
        highest: Limits,
        total: Decimal,
        groups: Iterable[Group],
        subjects: Sequence[Subject],
    ) -> Programme:
        """Every receiver has a lowest amount; without a highest it may take all that the others leave."""
        scale = float(abs(total)) or 1.0
        lows = [_low(low, scale) for low in lowest]
        most = float(total) / scale - sum(low for low in lows if low > -inf)
        highs = [min(_high(high, scale), low + max(most, 0.0)) for low, high in zip(lows, highest, strict=True)]
        rows = [Row(frozenset(range(len(costs))), float(total) / scale, float(total) / scale)]
        for group in groups:
            members = frozenset(at for at, each in enumerate(subjects) if each in group.members)
            rows.append(Row(members, _low(group.floor, scale), _high(group.ceiling, scale)))
        return cls(tuple(costs), tuple(zip(lows, highs, strict=True)), tuple(rows), scale, total)


def _low(value: Decimal | None, scale: float) -> float:
    return -inf if value is None else float(value) / scale


def _high(value: Decimal | None, scale: float) -> float:
    return inf if value is None else float(value) / scale
