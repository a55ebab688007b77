"""计入和结转: for which months a reduction counts, what of it counts in which year, and what cannot count twice.

A measure that starts in a month counts from that month on for twelve: what the year of its start does not hold is
carried into the next (结转). Months are counted from January of the year 0, as core.period does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shuangkong.indicators.emissions.formulas import Months
from shuangkong.policyfile.expression.given import exact, plain, written
from shuangkong.policyfile.expression.grid import Grid

MONTHS_A_YEAR = 12
#: The part of the first year comes to rest on whole grams; the carried part is the rest of the amount.
_GRAMS = Grid(6)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a project claims: that a measure at a source reduced a pollutant by so much in twelve months.

    Attributes:
        project: its number.
        source: what tells a source from all others that are looked at together.
        outlet: code of its outlet; "" for the source as a whole.
        measure: sort of measure.
        starts: the month from which it counts; a claim of a whole year starts in January.
        amount_t: tonnes of the twelve months.
    """

    project: int
    source: str
    outlet: str
    pollutant: str
    measure: str
    starts: int
    months: Months
    amount_t: Decimal

    @property
    def first_month(self) -> int:
        """The month from which it counts."""
        year_first = self.starts - self.starts % MONTHS_A_YEAR
        return year_first if self.months is Months.WHOLE_YEAR else self.starts

    @property
    def is_of(self) -> tuple[str, str]:
        """The source and pollutant whose base it draws on."""
        return self.source, self.pollutant

    def meets(self, other: Claim) -> bool:
        """Whether both claim the same: source, pollutant and measure, an outlet of both, and a month of both."""
        if self.is_of != other.is_of or self.measure != other.measure:
            return False
        is_one_outlet = not self.outlet or not other.outlet or self.outlet == other.outlet
        return is_one_outlet and abs(self.first_month - other.first_month) < MONTHS_A_YEAR


class Objection(StrEnum):
    """Why a claim cannot be recognised."""

    TWICE = "twice"  # another project counts the same source, pollutant, measure and month
    NO_BASE = "no_base"  # the source is not in the base inventory
    ABOVE_BASE = "above_base"  # with what is recognised already it is more than the source emitted
    NOT_ABOVE_ZERO = "not_above_zero"


@dataclass(frozen=True, slots=True)
class Objected:
    """``by``: the project that counts already; ``room_t``: what the base of the source still holds."""

    objection: Objection
    by: int | None = None
    room_t: Decimal | None = None


def objection(
    wanted: Claim, recognised: Iterable[Claim], base_t: Decimal | None, *, needs_base: bool = True
) -> Objected | None:
    """Why a claim cannot be recognised beside those that are; None where it can.

    Args:
        base_t: what the source emitted by the inventory that counts; None where it is not in it.
        needs_base: whether it must be a source of the inventory. One that is in it is held to it anyhow.
    """
    others = [each for each in recognised if each.project != wanted.project]
    if wanted.amount_t <= 0:
        return Objected(Objection.NOT_ABOVE_ZERO)
    twice = next((each for each in others if each.meets(wanted)), None)
    if twice is not None:
        return Objected(Objection.TWICE, by=twice.project)
    if base_t is None:
        return Objected(Objection.NO_BASE) if needs_base else None
    room = exact(base_t) - sum((exact(each.amount_t) for each in others if each.is_of == wanted.is_of), Fraction(0))
    if needs_base and exact(wanted.amount_t) > room:
        return Objected(Objection.ABOVE_BASE, room_t=written(max(room, Fraction(0))))
    return None


def by_year(claim: Claim) -> Mapping[int, Decimal]:
    """Year → tonnes that count in it; the carried part is the rest, so that both add up to the whole."""
    year, month = divmod(claim.first_month, MONTHS_A_YEAR)
    if month == 0:
        return {year: claim.amount_t}
    first = _GRAMS.rounded(exact(claim.amount_t) * (MONTHS_A_YEAR - month) / MONTHS_A_YEAR)
    return {year: first, year + 1: plain(exact(claim.amount_t) - exact(first))}


def carried(claim: Claim) -> Decimal:
    """What is carried into the year after that of the start."""
    return by_year(claim).get(claim.first_month // MONTHS_A_YEAR + 1, Decimal(0))


def counted(claims: Iterable[Claim], year: int) -> Decimal:
    """Tonnes that all claims together count in a year; zero where there are none."""
    return written(sum((exact(by_year(claim).get(year, Decimal(0))) for claim in claims), Fraction(0)))
