"""公平性: how unevenly a burden lies, and whether it follows what receivers can bear.

Gini (Variabilità e mutabilità, 1912) and Theil (Economics and Information Theory, 1967), weighted by size as is
usual for burdens by head or by output; Pearson's and Spearman's coefficients of correlation (Spearman 1904), ties by
their mean rank. These describe and judge nobody: they are floating point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log, sqrt


@dataclass(frozen=True, slots=True)
class Fairness:
    """None: not defined (all burdens zero, a negative burden, no differences to correlate).

    Attributes:
        gini: 0 where all bear alike, towards 1 where one bears all.
        theil: 0 where all bear alike, ``ln`` of the number of receivers where one of equal ones bears all.
        follows: Pearson's correlation of the burden with the capability; above zero: who can, bears more.
        ranks: Spearman's, of the ranks alone.
    """

    gini: float | None
    theil: float | None
    follows: float | None
    ranks: float | None
    least: Decimal
    most: Decimal


def fairness(burdens: Sequence[Decimal], sizes: Sequence[Decimal], capability: Sequence[Decimal] | None) -> Fairness:
    """Of burdens per unit of size (a rate, tonnes by head), with the sizes that they weigh by."""
    loads, weights = [float(each) for each in burdens], [float(each) for each in sizes]
    able = None if capability is None else [float(each) for each in capability]
    return Fairness(
        gini=gini(loads, weights),
        theil=theil(loads, weights),
        follows=None if able is None else correlation(loads, able),
        ranks=None if able is None else correlation(_ranks(loads), _ranks(able)),
        least=min(burdens),
        most=max(burdens),
    )


def gini(loads: Sequence[float], weights: Sequence[float]) -> float | None:
    """``ΣΣ wᵢwⱼ|xᵢ − xⱼ| ÷ (2·μ·W²)``, by one pass over the sorted loads."""
    total, whole = _mass(loads, weights)
    if min(loads) < 0 or whole == 0:
        return None
    below = covered = 0.0
    for load, weight in sorted(zip(loads, weights, strict=True)):
        covered += weight * (2 * below + weight * load)
        below += weight * load
    return max(1 - covered / (total * whole), 0.0)


def theil(loads: Sequence[float], weights: Sequence[float]) -> float | None:
    """``Σ (wᵢ ÷ W)·(xᵢ ÷ μ)·ln(xᵢ ÷ μ)``; a load of zero adds nothing."""
    total, whole = _mass(loads, weights)
    if min(loads) < 0 or whole == 0:
        return None
    mean = whole / total
    parts = (w / total * x / mean * log(x / mean) for x, w in zip(loads, weights, strict=True) if x > 0)
    return max(sum(parts), 0.0)


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's; None where one of them does not vary."""
    count = len(first)
    mean, other = sum(first) / count, sum(second) / count
    spread = sum((each - mean) ** 2 for each in first)
    spread_other = sum((each - other) ** 2 for each in second)
    if spread == 0 or spread_other == 0:
        return None
    both = sum((a - mean) * (b - other) for a, b in zip(first, second, strict=True))
    return both / sqrt(spread * spread_other)


def _mass(loads: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    return sum(weights), sum(w * x for x, w in zip(loads, weights, strict=True))


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            ranks[at] = (start + end) / 2 + 1
        start = end + 1
    return ranks
