"""已批未投: a project that was approved, what a full year of it takes, and from which month on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.period import Period
from shuangkong.policyfile.expression.given import exact, written

_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a project takes of one cap.

    Attributes:
        amount: of a full year, in the unit of the account; not below zero.
        released: what it sets free for good when it starts (等量、减量替代), of a full year; not below zero.
        starts: the month from which it runs.
        document: the approval, as a person would cite it.

    Raises:
        ValueError: an amount below zero, or a start that is no month.
    """

    project: str
    amount: Decimal
    starts: Period
    document: str = ""
    released: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.amount < 0 or self.released < 0:
            raise ValueError(f"{self.project}: {self.amount} less {self.released}: expected amounts of zero or more")
        if self.starts.months != 1:
            raise ValueError(f"{self.project}: starts {self.starts}: expected a month such as YYYY-07")

    @property
    def net(self) -> Decimal:
        """What a full year adds; below zero where more is set free than taken."""
        return self.amount - self.released

    def share(self, year: int) -> Fraction:
        """The part of a year in which it runs."""
        months = (year + 1) * _YEAR - self.starts.first_month
        return Fraction(min(max(months, 0), _YEAR), _YEAR)

    def added(self, year: int, since: int) -> Fraction:
        """What it adds in a year to the level of the year ``since``, in which it may have run in part."""
        return exact(self.net) * (self.share(year) - self.share(since))


def by_month(commitments: Iterable[Commitment], first: Period, months: int) -> tuple[Decimal, ...]:
    """What they add month by month, the first month being ``first``: a twelfth of the year from the start on.

    A forecast takes it on top of its own course. Raises ValueError where ``first`` is no month.
    """
    if first.months != 1:
        raise ValueError(f"{first}: expected a month such as YYYY-07")
    held = tuple(commitments)
    return tuple(
        written(sum((exact(each.net) for each in held if each.starts.first_month <= month), Fraction(0)) / _YEAR)
        for month in range(first.first_month, first.first_month + months)
    )
