"""计入和结转: for which months a reduction counts, and what of it counts in which year.

A measure that starts in a month counts from that month on for twelve: what the year of its start does not hold is
carried into the next (结转). Months are counted from January of the year 0, as core.period does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.indicators.emissions.formulas import Months
from shuangkong.policyfile.expression.given import exact, plain, written
from shuangkong.policyfile.expression.grid import Grid

MONTHS_A_YEAR = 12
#: The part of the first year comes to rest on whole grams; the carried part is the rest of the amount.
_GRAMS = Grid(6)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a project counts for.

    Attributes:
        project: its number.
        starts: the month from which it counts; what counts a whole year at once starts in January.
        amount_t: tonnes of the twelve months.
    """

    project: int
    starts: int
    months: Months
    amount_t: Decimal

    @property
    def first_month(self) -> int:
        """The month from which it counts."""
        year_first = self.starts - self.starts % MONTHS_A_YEAR
        return year_first if self.months is Months.WHOLE_YEAR else self.starts


def by_year(credit: Credit) -> Mapping[int, Decimal]:
    """Year → tonnes that count in it; the carried part is the rest, so that both add up to the whole."""
    year, month = divmod(credit.first_month, MONTHS_A_YEAR)
    if month == 0:
        return {year: credit.amount_t}
    first = _GRAMS.rounded(exact(credit.amount_t) * (MONTHS_A_YEAR - month) / MONTHS_A_YEAR)
    return {year: first, year + 1: plain(exact(credit.amount_t) - exact(first))}


def carried(credit: Credit) -> Decimal:
    """What is carried into the year after that of the start."""
    return by_year(credit).get(credit.first_month // MONTHS_A_YEAR + 1, Decimal(0))


def counted(credits_: Iterable[Credit], year: int) -> Decimal:
    """Tonnes that all of them together count in a year; zero where there are none."""
    return written(sum((exact(by_year(each).get(year, Decimal(0))) for each in credits_), Fraction(0)))
