"""Counts what moves on a straight line: totals, increments, tonnages, shares, counts, levels."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.core.rounding import as_printed
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind
from shuangkong.targets.gauge import Explained, Reached
from shuangkong.targets.goal import Goal
from shuangkong.targets.told import Told

#: Kinds that count from nothing; every other begins at the level of the base year.
FROM_NOTHING = frozenset({Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.COUNT, Kind.POINT_GAIN})
#: Kinds that are the distance of a level from the base level.
DISTANCE = frozenset({Kind.CAP_INCREMENT, Kind.POINT_GAIN})


@dataclass(frozen=True)
class LineGauge:
    """Levels and amounts in the goal's own unit."""

    told: Told

    @property
    def goal(self) -> Goal:
        return self.told.goal

    @property
    def sign(self) -> int:
        """−1 for percentage points promised downwards, whose fall is what counts."""
        return -1 if self.goal.is_fall and self.goal.kind is Kind.POINT_GAIN else 1

    @property
    def begin(self) -> Decimal | None:
        return Decimal(0) if self.goal.kind in FROM_NOTHING else self.told.level(self.goal.base_year)

    def reached(self, year: int) -> Reached:
        level, base = self.told.level(year), self.told.level(self.goal.base_year)
        if self.goal.kind in DISTANCE and level is not None and base is not None:
            now, then = f"E({year})", f"E({self.goal.base_year})"
            formula = f"ΔE = {now} − {then}" if self.sign == 1 else f"ΔE = {then} − {now}"
            return self._reached(year, formula, ((now, level), (then, base)), self.sign * (level - base))
        if self.goal.kind not in DISTANCE and level is not None:
            return self._reached(year, f"E({year})", ((f"E({year})", level),), level)
        return self._sum(year)

    def _sum(self, year: int) -> Reached:
        """Amounts of every year since the base; one year missing leaves the sum unknown."""
        years = range(self.goal.base_year + 1, year + 1)
        amounts = [(f"ΔE({each})", self.told.figure(each, Measure.AMOUNT)) for each in years]
        told = tuple((name, amount) for name, amount in amounts if amount is not None)
        if self.goal.kind not in FROM_NOTHING or not told or len(told) < len(amounts):
            return Reached(None)
        formula = "Σ ΔE" if self.sign == 1 else "−Σ ΔE"
        return self._reached(year, formula, told, self.sign * sum((amount for _, amount in told), Decimal(0)))

    def _reached(self, year: int, formula: str, inputs: tuple[tuple[str, Decimal], ...], value: Decimal) -> Reached:
        name = Message(f"至 {year} 年实际", f"Actual by {year}")
        return Reached(value, (Step(name, formula, inputs, value, self.goal.unit),))

    def due(self, share: Decimal) -> Decimal | None:
        if share >= 1:
            return self.goal.value
        return None if self.begin is None else self.due_from(self.begin, share)

    def due_from(self, reached: Decimal, share_left: Decimal) -> Decimal:
        return reached + (self.goal.value - reached) * share_left

    def share_done(self, reached: Decimal) -> Decimal | None:
        begin = self.begin
        if begin is None or begin == self.goal.value:
            return None
        return (reached - begin) / (self.goal.value - begin)

    def annual_average(self) -> Decimal | None:
        return None if self.begin is None else (self.goal.value - self.begin) / Decimal(self.goal.years)

    def remaining_annual(self, reached: Decimal, years_left: int) -> Decimal | None:
        return (self.goal.value - reached) / Decimal(years_left) if years_left > 0 else None

    def explain_due(self, share: Decimal) -> Explained:
        begin = () if self.begin is None else (("E₀", self.begin),)
        return "Eₖ = E₀ + (Eₙ − E₀) × s", (*begin, ("Eₙ", self.goal.value), ("s", share))

    def explain_due_from(self, reached: Decimal, share_left: Decimal) -> Explained:
        ends = (("Eⱼ", reached), ("Eₙ", self.goal.value))
        return "Eₖ = Eⱼ + (Eₙ − Eⱼ) × t", (*ends, ("t", as_printed(share_left)))

    def explain_share(self, reached: Decimal) -> Explained:
        begin = () if self.begin is None else (("E₀", self.begin),)
        return "P = (E − E₀) ÷ (Eₙ − E₀)", (("E", reached), *begin, ("Eₙ", self.goal.value))
