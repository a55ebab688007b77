"""即期测算: total consumption before it is told, from electricity and large industry; and how far off past ones were.

Large industry reports its own energy; what is left of the year before moves with the electricity that large industry
did not use:

    E = Ei + (E0 − Ei0) · (W − Wi) / (W0 − Wi0)

It is an estimate until the superior feeds back the recognised figure, and says so wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.indicators.methods.given import lack_in
from shuangkong.policyfile.expression.given import STATES, Told, exact, written

_NAME = Message("能源消费总量即期测算", "Nowcast of total energy consumption")
_FORMULA = "E = Ei + (E0 - Ei0) * (W - Wi) / (W0 - Wi0)"


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one period: energy in tce, electricity in kWh; of the whole and of large industry."""

    electricity: Told
    industry_energy: Told
    industry_electricity: Told
    total: Told = State.MISSING


@dataclass(frozen=True, slots=True)
class Nowcast:
    """``value``: in tce, of 34 digits, or why there is none; ``low``, ``high``: as far off as the worst past one."""

    value: Told
    step: Step
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One past estimate beside the figure that was recognised later, both in tce."""

    period: str
    estimate: Decimal
    recognised: Decimal

    @property
    def error_pct(self) -> Decimal | None:
        """How much too high the estimate was, in per cent of what was recognised."""
        if not self.recognised:
            return None
        return written(100 * (exact(self.estimate) / exact(self.recognised) - 1))


@dataclass(frozen=True, slots=True)
class Track:
    """Past estimates against recognised figures. Per cents; None where nothing was recognised yet."""

    past: tuple[Past, ...]

    @property
    def errors(self) -> tuple[Decimal, ...]:
        return tuple(error for each in self.past if (error := each.error_pct) is not None)

    @property
    def mean_error_pct(self) -> Decimal | None:
        """The bias: above zero, estimates are too high as a rule."""
        return _mean(self.errors)

    @property
    def mean_distance_pct(self) -> Decimal | None:
        return _mean(tuple(abs(error) for error in self.errors))


def nowcast(now: Signs, before: Signs, track: Track = Track(())) -> Nowcast:
    """The estimate for the period of ``now``, of which the total is not told; ``before``: the same of the year before.

    Missing where a figure is, and where large industry used all the electricity of the year before.
    """
    told = {
        "Ei": now.industry_energy,
        "E0": before.total,
        "Ei0": before.industry_energy,
        "W": now.electricity,
        "Wi": now.industry_electricity,
        "W0": before.electricity,
        "Wi0": before.industry_electricity,
    }
    inputs = tuple((name, figure) for name, figure in told.items() if isinstance(figure, Decimal))
    lack = lack_in(told.values())
    if lack is not None:
        return Nowcast(STATES[lack], Step(_NAME, _FORMULA, inputs, None, "tce"))
    figures = {name: exact(figure) for name, figure in inputs}
    rest = figures["W0"] - figures["Wi0"]
    if rest <= 0:
        return Nowcast(State.MISSING, Step(_NAME, _FORMULA, inputs, None, "tce"))
    grown = (figures["W"] - figures["Wi"]) / rest
    value = figures["Ei"] + (figures["E0"] - figures["Ei0"]) * grown
    step = Step(_NAME, _FORMULA, inputs, written(value), "tce")
    return Nowcast(written(value), step, *_band(value, track))


def _band(value: Fraction, track: Track) -> tuple[Decimal | None, Decimal | None]:
    """What would be recognised if this estimate were as far off as the worst past one, to either side."""
    errors = [exact(error) / 100 for error in track.errors]
    if not errors:
        return None, None
    widest = max(abs(error) for error in errors)
    return written(value * (1 - widest)), written(value * (1 + widest))


def _mean(figures: Iterable[Decimal]) -> Decimal | None:
    exactly = [exact(figure) for figure in figures]
    return written(sum(exactly, Fraction(0)) / len(exactly)) if exactly else None
