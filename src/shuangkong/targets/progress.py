"""进度: a goal, what was told, and the schedule → the path year by year, with the trace of every figure.

A missed target is missed: nothing is rounded between a figure and its judgement but the intensities that a rule tells
to round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause, Step
from shuangkong.plans.reading import Kind
from shuangkong.targets.gauge import Explained, Gauge
from shuangkong.targets.goal import Actual, Goal, Schedule
from shuangkong.targets.line import LineGauge
from shuangkong.targets.reduction import HUNDRED, ReductionGauge
from shuangkong.targets.status import Standing, standing
from shuangkong.targets.told import Told

DECLINING = frozenset({Kind.REDUCTION_RATE, Kind.GROWTH})


@dataclass(frozen=True, slots=True)
class Point:
    """One year on the path.

    ``due`` and ``reached`` are in the progress's unit, ``share_due`` and ``share_done`` shares of the promise (1 =
    whole), ``gap`` is how much better (positive) or worse than due, in the same unit (percentage points for
    reductions). None: not known.
    """

    year: int
    due: Decimal | None
    reached: Decimal | None
    share_due: Decimal
    share_done: Decimal | None
    gap: Decimal | None
    standing: Standing
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a goal stands.

    ``points`` run from the base year (or the year before a late start) to the end year. ``latest`` is the last one
    that the told figures allow to judge. ``annual_average`` is the equal yearly step of the whole promise,
    ``remaining_annual`` that of the years left.
    """

    standing: Standing
    unit: str
    points: tuple[Point, ...]
    latest: Point | None
    annual_average: Decimal | None
    remaining_annual: Decimal | None


def progress(goal: Goal, actuals: Sequence[Actual], schedule: Schedule, over: int | None = None) -> Progress | None:
    """Measures a goal.

    None where there is nothing to measure: a class or stage (国Ⅵ), or an end year that does not follow the base year.

    Args:
        over: the last year that is over: a promise of a later year is neither met nor missed yet, whatever was told of
            that year; None: every year is.
    """
    if goal.kind is Kind.STAGE or goal.years <= 0:
        return None
    declines = goal.kind in DECLINING
    told = Told.of(goal, actuals)
    gauge: Gauge = ReductionGauge(told, schedule) if declines else LineGauge(told)
    course = _Course(goal, gauge, schedule, over)
    points = tuple(course.point(year) for year in range(goal.base_year + 1, goal.end_year + 1))
    latest = next((point for point in reversed(points) if point.reached is not None), None)
    remaining = None
    if latest is not None and latest.reached is not None:
        remaining = gauge.remaining_annual(latest.reached, goal.end_year - latest.year)
    return Progress(
        standing=latest.standing if latest else Standing.NO_DATA,
        unit="%" if declines else goal.unit,
        points=points,
        latest=latest,
        annual_average=gauge.annual_average(),
        remaining_annual=remaining,
    )


@dataclass(frozen=True)
class _Course:
    goal: Goal
    gauge: Gauge
    schedule: Schedule
    over: int | None

    def _share_due(self, year: int) -> Decimal:
        return self._scheduled(year)[0]

    def _scheduled(self, year: int) -> tuple[Decimal, Clause | None]:
        return self.schedule.due_share(year - self.goal.base_year, self.goal.years)

    def _late_start(self, year: int) -> tuple[Decimal, Decimal] | None:
        """Where a plan begins in mid-period: what was reached when it began, and the share of the rest due by ``year``.

        None for a plan that begins with the period, or whose beginning nobody has told, and for a target that was due
        before the plan began: nothing of it is left to share out.
        """
        begun = self.goal.start_year
        if begun is None or begun <= self.goal.base_year + 1:
            return None
        reached = self.gauge.reached(begun - 1).value
        gone = self._share_due(begun - 1)
        if reached is None or gone >= 1:
            return None
        return reached, (self._share_due(year) - gone) / (1 - gone)

    def _due(self, year: int) -> Decimal | None:
        """From the base year, or from where a late plan began; before that nothing is due."""
        if year >= self.goal.end_year:
            return self.goal.value  # as printed: no power or root may shave a digit off what is judged
        if year in self.goal.given:
            return self.goal.given[year]
        late = self._late_start(year)
        if late is None:
            return self.gauge.due(self._share_due(year))
        return None if late[1] <= 0 else self.gauge.due_from(*late)

    def _is_done(self, reached: Decimal, due: Decimal) -> bool:
        return reached <= due if self.goal.wants_less else reached >= due

    def _standing(self, year: int, reached: Decimal | None, due: Decimal | None) -> Standing:
        """Without a path (no base known) only the whole promise can be compared.

        Before the last year that judges nobody.
        """
        if reached is None:
            return Standing.NO_DATA
        if due is None and not self._is_done(reached, self.goal.value):
            return Standing.UNJUDGED
        is_last = year >= self.goal.end_year and (self.over is None or year <= self.over)
        return standing(is_last, due is None or self._is_done(reached, due), self._leads(year, reached, due))

    def _leads(self, year: int, reached: Decimal, due: Decimal | None) -> bool:
        """Whether next year's demand is done already. A cap that rises asks less next year: nobody leads there."""
        following = None if year >= self.goal.end_year else self._due(year + 1)
        if following is None or due is None or self._is_done(due, following):
            return False
        return self._is_done(reached, following)

    def point(self, year: int) -> Point:
        due, share_due = self._due(year), self._share_due(year)
        counted = self.gauge.reached(year)
        reached = counted.value
        share_done = None if reached is None else self.gauge.share_done(reached)
        gap = None
        if reached is not None and due is not None:
            gap = due - reached if self.goal.wants_less else reached - due
        steps = (*counted.steps, *self._steps(year, due, share_due, reached, share_done))
        return Point(year, due, reached, share_due, share_done, gap, self._standing(year, reached, due), steps)

    def _steps(
        self, year: int, due: Decimal | None, share: Decimal, reached: Decimal | None, done: Decimal | None
    ) -> tuple[Step, ...]:
        unit = "%" if self.goal.kind in DECLINING else self.goal.unit
        clause, explained = self._explained(year, share)
        owed = Step(Message(f"{year} 年进度要求", f"Due by {year}"), *explained, due, unit, clause)
        if reached is None:
            return (owed,)
        done_pct = None if done is None else done * HUNDRED
        return (owed, Step(Message("完成进度", "Progress"), *self.gauge.explain_share(reached), done_pct, "%"))

    def _explained(self, year: int, share: Decimal) -> tuple[Clause | None, Explained]:
        """How what is due came about: laid down for the year, from where a late plan began, or by the schedule."""
        if year in self.goal.given and year < self.goal.end_year:
            return None, ("V", (("V", self.goal.given[year]),))
        late = self._late_start(year)
        explained = self.gauge.explain_due(share) if late is None else self.gauge.explain_due_from(*late)
        return self._scheduled(year)[1], explained
