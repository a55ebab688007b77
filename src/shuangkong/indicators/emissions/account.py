"""台账的算术: what may be left after a decline, what key projects did against what was assigned.

What is emitted in a year is no arithmetic of this room: it is a figure of the engine, by the formula of its indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.policyfile.expression.given import exact, written

_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class YearAccount:
    """One year of one pollutant at a place, in tonnes; None where a figure is missing: it is never taken as zero.

    Attributes:
        before_t, increment_t, reduction_t: what the emission rests on: the year before, added, recognised as reduced.
        reported_emission_t: the same with ``reported_t``, what was reported as reduced.
        decline_pct: below the base that counts; ``is_rate``: the indicator of the rate says the same, which holds where
            that base is of the base year of a plan.
        is_told: somebody told the emission: it was not put together.
        doubted: indicators of figures above that rest on what nobody has compared with its document.
    """

    year: int
    before_t: Decimal | None
    increment_t: Decimal | None
    reduction_t: Decimal | None
    reported_t: Decimal | None
    emission_t: Decimal | None
    reported_emission_t: Decimal | None
    decline_pct: Decimal | None
    is_rate: bool = False
    is_told: bool = False
    doubted: frozenset[str] = frozenset()


def decline(base: Decimal, now: Decimal | None) -> Decimal | None:
    """Per cent by which it has fallen since the base, positive where it fell; None without a base above zero."""
    if now is None or base <= 0:
        return None
    return written((exact(base) - exact(now)) / exact(base) * _PER_CENT)


def left(base: Decimal, decline_pct: Decimal) -> Decimal:
    """What a base may still be after a decline: ``base · (1 - decline)``."""
    return written(exact(base) * (1 - exact(decline_pct) / _PER_CENT))


def completion(recognised: Decimal, assigned: Decimal | None) -> Decimal | None:
    """完成率 in per cent; None where nothing was assigned."""
    if assigned is None or assigned <= 0:
        return None
    return written(exact(recognised) / exact(assigned) * _PER_CENT)


def total(amounts: Mapping[str, Decimal]) -> Decimal:
    """The sum of amounts, exact."""
    return written(sum(map(exact, amounts.values()), Fraction(0)))
