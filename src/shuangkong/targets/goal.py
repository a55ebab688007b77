"""What is promised and what was told: the inputs of progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.fact import Measure
from shuangkong.core.trace import Clause
from shuangkong.plans.reading import Kind, Op


class Path(StrEnum):
    """How progress is measured."""

    LOGARITHMIC = "logarithmic"  # compounding intensities: energy, carbon, industry
    LINEAR = "linear"  # totals, increments, tonnages, shares, counts


@dataclass(frozen=True, slots=True)
class Goal:
    """One target as arithmetic sees it.

    ``value`` and ``base_value`` share one unit. ``start_year`` is the first year that the promise covers: the year
    after the base, or later where a plan begins in mid-period. ``end_year`` is the year by whose figure it is judged.
    ``is_lower_better`` is the indicator's own direction, which decides where the document prints a bare number.
    ``is_fall`` says that percentage points are promised downwards (降低3个百分点): they are counted as positive.
    ``given``: year → what is due by its end, where somebody laid it down year by year.
    """

    kind: Kind
    op: Op
    value: Decimal
    unit: str
    path: Path
    base_year: int
    end_year: int
    start_year: int | None = None
    base_value: Decimal | None = None
    is_lower_better: bool = False
    is_fall: bool = False
    given: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def years(self) -> int:
        return self.end_year - self.base_year

    @property
    def wants_less(self) -> bool:
        """Whether a smaller figure fulfils it. A reduction is counted as a decline, of which more is better."""
        if self.kind in (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.POINT_GAIN):
            return False
        if self.op in (Op.LE, Op.LT) or self.kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP):
            return True
        return self.is_lower_better and self.op in (Op.EQ, Op.ABOUT) and self.kind is not Kind.GROWTH


@dataclass(frozen=True, slots=True)
class Actual:
    """One told figure of one year, in the goal's unit (or in % for changes).

    Years without a figure are simply absent.
    """

    year: int
    sort: Measure
    value: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a document fixes about the path; comes from the policy files.

    Attributes:
        shares: cumulative share of the whole promise due at the end of each year, in 0..1; empty: equal steps.
        due_clause: the rule that fixes ``shares``.
        intensity_places: decimals kept of an intensity before two of them are compared; None: as told.
        rounding_clause: the rule that fixes ``intensity_places``.
    """

    shares: tuple[Decimal, ...] = ()
    due_clause: Clause | None = None
    intensity_places: int | None = None
    rounding_clause: Clause | None = None

    def due_share(self, year_no: int, years: int) -> tuple[Decimal, Clause | None]:
        """Share due after ``year_no`` of ``years``, and the rule that says so.

        A schedule of another length than the promise is not used: the steps are equal then, and rest on no rule.
        """
        if len(self.shares) == years and 0 < year_no <= years:
            return self.shares[year_no - 1], self.due_clause
        return min(max(Decimal(year_no) / Decimal(years), Decimal(0)), Decimal(1)), None
