"""弹性总量逐年: how much may be used each year, by the growth planned and adjusted, the decline, and what was reached.

``Eₜ = Eₜ₋₁·(1+gₜ)·(1−rₜ)``: the total of a year follows the growth target of that year and the decline of intensity
(trajectory.elastic_total). A growth target that is adjusted moves the total from its own year on, and the total by the
growth first planned is kept beside it; an actual takes the place of a total for the years after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shuangkong.core.trace import Clause
from shuangkong.targets.trajectory import Season, Yearly, elastic_total, implied_growth

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Given:
    """What is told of one year; ratios and amounts. ``adjusted`` takes the place of ``growth`` where it was set anew.

    Attributes:
        excluded: what is not counted (feedstock, renewables beyond the plan) and may be used on top.
        actual: what was used, with what is not counted.
    """

    year: int
    growth: Decimal
    decline: Decimal
    adjusted: Decimal | None = None
    excluded: Decimal = ZERO
    actual: Decimal | None = None

    @property
    def growth_now(self) -> Decimal:
        return self.growth if self.adjusted is None else self.adjusted


@dataclass(frozen=True, slots=True)
class Elastic:
    """``planned``: the total by the growth first planned, all else alike; ``room``: what the actual leaves of it."""

    total: Yearly
    planned: Decimal
    room: Decimal | None

    @property
    def moved(self) -> Decimal:
        """How much the adjusted growth targets move the total of the year."""
        return self.total.due - self.planned


def elastic_years(
    base: Decimal, given: Sequence[Given], unit: str, clause: Clause | None = None
) -> tuple[Elastic, ...]:
    """Year after year.

    Args:
        base: what counted of the year before the first.
        given: the years in order, without gaps.
    """
    now = _totals(base, given, unit, clause)
    first = _totals(base, [replace(each, adjusted=None) for each in given], unit, clause)
    return tuple(
        Elastic(total, planned.due, None if each.actual is None else total.due - each.actual)
        for each, total, planned in zip(given, now, first, strict=True)
    )


def binding_growth(base: Decimal, given: Sequence[Given], total: Decimal) -> Decimal | None:
    """The yearly growth that uses up ``total`` at the declines given, a ratio: faster, the total is broken first.

    None where nothing is left to use, or nothing is used at all.
    """
    left = ONE
    for each in given:
        left *= ONE - each.decline
    return implied_growth(base, total, ONE - left, len(given)) if left > 0 and total > 0 and given else None


def _totals(base: Decimal, given: Sequence[Given], unit: str, clause: Clause | None) -> list[Yearly]:
    found: list[Yearly] = []
    level = base
    for each in given:
        season = Season(each.year, each.growth_now, each.decline)
        [total] = elastic_total(level, [season], unit, {each.year: each.excluded}, clause)
        found.append(total)
        level = (total.due if each.actual is None else each.actual) - each.excluded
    return found
