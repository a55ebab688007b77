"""What was told of a goal, by year and sort: the figures that every gauge counts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Measure
from shuangkong.targets.goal import Actual, Goal


@dataclass(frozen=True, slots=True)
class Told:
    """``figures`` by year and sort, in the units of Actual. A year that nobody told of is absent."""

    goal: Goal
    figures: Mapping[tuple[int, Measure], Decimal]

    @classmethod
    def of(cls, goal: Goal, actuals: Sequence[Actual]) -> Told:
        return cls(goal, {(actual.year, actual.sort): actual.value for actual in actuals})

    def figure(self, year: int, sort: Measure) -> Decimal | None:
        return self.figures.get((year, sort))

    def level(self, year: int) -> Decimal | None:
        """The level of a year; that of the base year may stand in the document alone."""
        level = self.figure(year, Measure.LEVEL)
        return self.goal.base_value if level is None and year == self.goal.base_year else level
