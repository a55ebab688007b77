"""Counts a decline since the base year, in % (下降率), or a growth as its mirror image."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.core.rounding import as_printed
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind
from shuangkong.targets import decline
from shuangkong.targets.gauge import Explained, Reached
from shuangkong.targets.goal import Goal, Path, Schedule
from shuangkong.targets.told import Told

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ReductionGauge:
    """``sign`` is +1 for a decline, −1 for a growth: the arithmetic of both is one."""

    told: Told
    schedule: Schedule

    @property
    def goal(self) -> Goal:
        return self.told.goal

    @property
    def sign(self) -> int:
        return -1 if self.goal.kind is Kind.GROWTH else 1

    @property
    def promised(self) -> Decimal:
        return self.sign * self.goal.value / HUNDRED

    def _shown(self, ratio: Decimal | None) -> Decimal | None:
        return None if ratio is None else self.sign * ratio * HUNDRED

    def _change(self, year: int) -> Reached:
        """The signed change of one year, a ratio: as published, else from two levels."""
        published = self.told.figure(year, Measure.YOY_CHANGE_PCT)
        if published is not None:
            return Reached(published / HUNDRED)
        return self._between(year, year - 1)

    def _between(self, year: int, before: int) -> Reached:
        """The signed change between two levels, a ratio."""
        now, earlier = self.told.level(year), self.told.level(before)
        if now is None or earlier is None:
            return Reached(None)
        places = self.schedule.intensity_places
        change = decline.annual_change(now, earlier, places)
        ends = decline.compared(now, earlier, places)
        is_rounded = ends != (now, earlier)
        step = Step(
            Message(f"{year} 年比 {before} 年变化", f"Change from {before} to {year}"),
            f"r = I({year}) ÷ I({before}) − 1",
            ((f"I({year})", ends[0]), (f"I({before})", ends[1])),
            None if change is None else change * HUNDRED,
            "%",
            self.schedule.rounding_clause if is_rounded else None,
        )
        return Reached(change, (step,))

    def reached(self, year: int) -> Reached:
        """Published cumulative change; else the product of the yearly changes; else the level against the base's."""
        published = self.told.figure(year, Measure.CUMULATIVE_CHANGE_PCT)
        if published is not None:
            return self._total("D = −R" if self.sign == 1 else "G = R", (("R", published),), -published / HUNDRED)
        years = range(self.goal.base_year + 1, year + 1)
        changes = [self._change(each) for each in years]
        told = [change.value for change in changes if change.value is not None]
        if len(told) == len(changes):
            inputs = tuple((f"r({each})", as_printed(value * HUNDRED)) for each, value in zip(years, told, strict=True))
            formula = "D = 1 − Π(1 + r)" if self.sign == 1 else "G = Π(1 + r) − 1"
            before = tuple(step for change in changes for step in change.steps)
            return self._total(formula, inputs, decline.cumulative_decline(told), before)
        change = self._between(year, self.goal.base_year)
        if change.value is None:
            return Reached(None)
        inputs = (("r", as_printed(change.value * HUNDRED)),)
        return self._total("D = −r" if self.sign == 1 else "G = r", inputs, -change.value, change.steps)

    def _total(
        self, formula: str, inputs: tuple[tuple[str, Decimal], ...], found: Decimal, before: tuple[Step, ...] = ()
    ) -> Reached:
        """``found`` is the decline since the base year, a ratio; ``before`` the steps that led to it."""
        name = Message(f"{self.goal.base_year} 年以来累计", f"Cumulative since {self.goal.base_year}")
        value = self._shown(found)
        return Reached(value, (*before, Step(name, formula, inputs, value, "%")))

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
