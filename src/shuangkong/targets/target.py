"""目标 (typed): what is promised, of whom, on which base, how firmly, and what does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind, Nature, Op
from shuangkong.targets.goal import Goal, Path


class Extent(StrEnum):
    """What the indicator is by nature. Amounts of parts add up; ratios of parts never do."""

    AMOUNT = "amount"  # energy, coal, tonnes of a pollutant, a number of things
    RATIO = "ratio"  # an intensity, a share, a level


class Settled(StrEnum):
    """暂定、下达、调整: how settled a target's figure is."""

    PROVISIONAL = "provisional"
    ASSIGNED = "assigned"
    ADJUSTED = "adjusted"


class Tier(StrEnum):
    """基本目标 or 激励目标, or neither of the two: which promise a figure fulfils."""

    NONE = "none"
    BASE = "base"
    INCENTIVE = "incentive"


@dataclass(frozen=True, slots=True)
class Revision:
    """One figure of a target, from the day it was assigned on; ``ground``: the document that says so."""

    day: date
    value: Decimal
    settled: Settled
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One promise of one subject.

    Attributes:
        kind: its arithmetic. A class or stage (STAGE) is passed or failed: ``value`` 1 is passed.
        value: in ``unit``; a reduction is positive, in % where ``kind`` is a rate.
        base: the level of the base year in the same unit; None where the document gives none (increment-only caps).
        start_year: the first year that the promise covers where a plan is issued in mid-period.
        incentive: the further promise whose fulfilment is rewarded, in the same unit.
        reserve: what the promiser keeps when it is shared out, in ``unit``; not below zero.
        exclusions: what the indicator does not count, by names of the policy (indicators.exclusions).
        revisions: earlier and later figures, where it was adjusted.
    """

    subject: Subject
    indicator: str
    kind: Kind
    extent: Extent
    value: Decimal
    unit: str
    op: Op
    base_year: int
    end_year: int
    start_year: int | None = None
    base: Decimal | None = None
    nature: Nature | None = None
    incentive: Decimal | None = None
    reserve: Decimal = Decimal(0)
    exclusions: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()
    is_lower_better: bool = False
    is_fall: bool = False

    def __post_init__(self) -> None:
        if self.reserve < 0:
            raise ValueError(f"{self.indicator}: reserve {self.reserve}: expected zero or more")
        if self.end_year <= self.base_year:
            raise ValueError(f"{self.indicator}: ends in {self.end_year}, not after its base year {self.base_year}")

    @property
    def goal(self) -> Goal:
        """The same promise as progress arithmetic takes it: ratios that fall compound, all else is linear."""
        compounds = self.extent is Extent.RATIO and self.kind in (Kind.REDUCTION_RATE, Kind.GROWTH)
        return Goal(
            kind=self.kind,
            op=self.op,
            value=self.value,
            unit=self.unit,
            path=Path.LOGARITHMIC if compounds else Path.LINEAR,
            base_year=self.base_year,
            end_year=self.end_year,
            start_year=self.start_year,
            base_value=self.base,
            is_lower_better=self.is_lower_better,
            is_fall=self.is_fall,
        )

    @property
    def wants_less(self) -> bool:
        """Whether a smaller figure is the stricter one (caps); of a reduction more is stricter."""
        return self.goal.wants_less

    def is_met(self, reached: Decimal) -> bool:
        """Whether a figure fulfils the promise itself; nothing is rounded."""
        return _is_met(reached, self.value, self.wants_less)

    def tier(self, reached: Decimal) -> Tier:
        """Which of the two promises a figure fulfils."""
        if self.incentive is not None and _is_met(reached, self.incentive, self.wants_less):
            return Tier.INCENTIVE
        return Tier.BASE if self.is_met(reached) else Tier.NONE

    def revision_on(self, day: date) -> Revision | None:
        """The figure in force on a day; None before the first. An adjusted figure holds from its own day on."""
        known = [each for each in self.revisions if each.day <= day]
        return max(known, key=lambda each: each.day) if known else None


def _is_met(reached: Decimal, promised: Decimal, wants_less: bool) -> bool:
    return reached <= promised if wants_less else reached >= promised
