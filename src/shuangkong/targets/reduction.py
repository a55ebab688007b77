"""Counts a decline since the base year, in % (下降率), or a growth as its mirror image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.plans.reading import Kind
from shuangkong.targets import decline
from shuangkong.targets.gauge import Explained, Reached
from shuangkong.targets.goal import Actual, Goal, Path, Schedule, Sort
from shuangkong.targets.trace import Step, as_printed

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ReductionGauge:
    """``sign`` is +1 for a decline, −1 for a growth: the arithmetic of both is one."""

    goal: Goal
    told: dict[tuple[int, Sort], Decimal]
    schedule: Schedule

    @classmethod
    def of(cls, goal: Goal, actuals: Sequence[Actual], schedule: Schedule) -> ReductionGauge:
        return cls(goal, {(actual.year, actual.sort): actual.value for actual in actuals}, schedule)

    @property
    def sign(self) -> int:
        return -1 if self.goal.kind is Kind.GROWTH else 1

    @property
    def promised(self) -> Decimal:
        return self.sign * self.goal.value / HUNDRED

    def _shown(self, ratio: Decimal | None) -> Decimal | None:
        return None if ratio is None else self.sign * ratio * HUNDRED

    def _change(self, year: int) -> Reached:
        """The signed change of one year: as published, else from two levels."""
        published = self.told.get((year, Sort.YOY_CHANGE_PCT))
        if published is not None:
            return Reached(published / HUNDRED)
        now, before = self._level(year), self._level(year - 1)
        if now is None or before is None:
            return Reached(None)
        change = decline.annual_change(now, before, self.schedule.intensity_places)
        step = Step(
            Message(f"{year} 年变化", f"Change in {year}"),
            f"r = I({year}) ÷ I({year - 1}) − 1",
            ((f"I({year})", now), (f"I({year - 1})", before)),
            None if change is None else change * HUNDRED,
            "%",
            self.schedule.clause,
        )
        return Reached(change, (step,))

    def _level(self, year: int) -> Decimal | None:
        level = self.told.get((year, Sort.LEVEL))
        return self.goal.base_value if level is None and year == self.goal.base_year else level

    def reached(self, year: int) -> Reached:
        """Published cumulative change; else the product of the yearly changes.

        Else the level against the base level.
        """
        total = Message(f"{self.goal.base_year} 年以来累计", f"Cumulative since {self.goal.base_year}")
        published = self.told.get((year, Sort.CUMULATIVE_CHANGE_PCT))
        if published is not None:
            value = -self.sign * published
            return Reached(value, (Step(total, "D = −R", (("R", published),), value, "%", self.schedule.clause),))
        years = range(self.goal.base_year + 1, year + 1)
        changes = [self._change(each) for each in years]
        told = [change.value for change in changes if change.value is not None]
        if len(told) == len(changes):
            found = decline.cumulative_decline(told)
            inputs = tuple((f"r({each})", as_printed(value * HUNDRED)) for each, value in zip(years, told, strict=True))
            formula = "D = 1 − Π(1 + r)" if self.sign == 1 else "G = Π(1 + r) − 1"
            step = Step(total, formula, inputs, self._shown(found), "%", self.schedule.clause)
            return Reached(self._shown(found), (*(s for change in changes for s in change.steps), step))
        now, base = self._level(year), self._level(self.goal.base_year)
        change = (
            None if now is None or base is None else decline.annual_change(now, base, self.schedule.intensity_places)
        )
        if now is None or base is None or change is None:
            return Reached(None)
        ends = ((f"I({year})", now), (f"I({self.goal.base_year})", base))
        formula = f"D = 1 − I({year}) ÷ I({self.goal.base_year})"
        return Reached(
            self._shown(-change), (Step(total, formula, ends, self._shown(-change), "%", self.schedule.clause),)
        )

    def due(self, share: Decimal) -> Decimal | None:
        return self._shown(decline.due_decline(self.promised, share, self.goal.path))

    def due_from(self, reached: Decimal, share_left: Decimal) -> Decimal:
        start = self.sign * reached / HUNDRED
        return self.sign * HUNDRED * decline.due_from(start, self.promised, share_left, self.goal.path)

    def share_done(self, reached: Decimal) -> Decimal | None:
        return decline.progress(self.sign * reached / HUNDRED, self.promised, self.goal.path)

    def annual_average(self) -> Decimal | None:
        return self._shown(decline.annual_average(self.promised, self.goal.years, self.goal.path))

    def remaining_annual(self, reached: Decimal, years_left: int) -> Decimal | None:
        done = self.sign * reached / HUNDRED
        return self._shown(decline.remaining_annual(self.promised, done, years_left, self.goal.path))

    def explain_due(self, share: Decimal) -> Explained:
        formula = "Dₖ = Dₙ × s" if self.goal.path is Path.LINEAR else "Dₖ = 1 − (1 − Dₙ)^s"
        return formula, (("Dₙ", self._decline(self.goal.value)), ("s", share))

    def explain_due_from(self, reached: Decimal, share_left: Decimal) -> Explained:
        curve = "Dₖ = 1 − (1 − Dⱼ) × ((1 − Dₙ) ÷ (1 − Dⱼ))^t"
        formula = "Dₖ = Dⱼ + (Dₙ − Dⱼ) × t" if self.goal.path is Path.LINEAR else curve
        ends = (("Dⱼ", self._decline(reached)), ("Dₙ", self._decline(self.goal.value)))
        return formula, (*ends, ("t", as_printed(share_left)))

    def explain_share(self, reached: Decimal) -> Explained:
        formula = "P = D ÷ Dₙ" if self.goal.path is Path.LINEAR else "P = ln(1 − D) ÷ ln(1 − Dₙ)"
        return formula, (("D", self._decline(reached)), ("Dₙ", self._decline(self.goal.value)))

    def _decline(self, value: Decimal) -> Decimal:
        """What is counted, as the decline that the formulas speak of: a growth is a negative one."""
        return as_printed(self.sign * value)
