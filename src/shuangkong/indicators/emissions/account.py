"""台账推算: emission by year from base, increments and reductions; what key projects did against what was assigned."""

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

    ``emission_t = before_t + increment_t - reduction_t``, unless somebody told it: then ``is_told``;
    ``reported_emission_t`` is the same with what was reported.
    """

    year: int
    before_t: Decimal | None
    increment_t: Decimal | None
    reduction_t: Decimal | None
    reported_t: Decimal | None
    emission_t: Decimal | None
    reported_emission_t: Decimal | None
    decline_pct: Decimal | None
    is_told: bool = False


def roll(
    base_year: int,
    base_t: Decimal | None,
    years: int,
    increments: Mapping[int, Decimal],
    recognised: Mapping[int, Decimal],
    reported: Mapping[int, Decimal],
    told: Mapping[int, Decimal] | None = None,
) -> tuple[YearAccount, ...]:
    """The accounts of ``years`` years after a base year, each resting on the one before.

    Args:
        told: emissions that were told for a year: they count before what is put together, as in the engine.
    """
    found: list[YearAccount] = []
    before = base_t
    for year in range(base_year + 1, base_year + years + 1):
        added, reduced, said = increments.get(year), recognised.get(year), reported.get(year)
        is_told = year in (told or {})
        now = told[year] if told and is_told else moved(before, added, reduced)
        by_report, fallen = moved(before, added, said), decline(base_t, now)
        found.append(YearAccount(year, before, added, reduced, said, now, by_report, fallen, is_told))
        before = now
    return tuple(found)


def moved(before: Decimal | None, increment: Decimal | None, reduction: Decimal | None) -> Decimal | None:
    """E_t = E_(t-1) + N_t - R_t; None where one of them is missing."""
    if before is None or increment is None or reduction is None:
        return None
    return written(exact(before) + exact(increment) - exact(reduction))


def decline(base: Decimal | None, now: Decimal | None) -> Decimal | None:
    """Per cent by which it has fallen since the base, positive where it fell; None without a base above zero."""
    if base is None or now is None or base <= 0:
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
