"""A gauge turns told figures into what a goal counts: a decline, a level, an increment, a sum of amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from shuangkong.core.trace import Step

#: A formula, and its symbols with their values.
type Explained = tuple[str, tuple[tuple[str, Decimal], ...]]


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached by the end of a year; None where the told figures do not allow it. ``steps`` show how."""

    value: Decimal | None
    steps: tuple[Step, ...] = ()


class Gauge(Protocol):
    """One way of counting. Values are in the goal's unit (% for reductions and growth)."""

    def reached(self, year: int) -> Reached:
        """What was reached by the end of ``year``, counted from the base year."""

    def due(self, share: Decimal) -> Decimal | None:
        """What a share of the promise comes to; None where no base is known and the share is not the whole."""

    def due_from(self, reached: Decimal, share_left: Decimal) -> Decimal:
        """What is due where a plan begins in mid-period at ``reached`` and ``share_left`` of the rest is asked."""

    def share_done(self, reached: Decimal) -> Decimal | None:
        """Share of the promise that ``reached`` is."""

    def annual_average(self) -> Decimal | None:
        """The equal yearly step of the whole promise."""

    def remaining_annual(self, reached: Decimal, years_left: int) -> Decimal | None:
        """The equal yearly step of the years left."""

    def explain_due(self, share: Decimal) -> Explained:
        """How a person would write ``due``."""

    def explain_due_from(self, reached: Decimal, share_left: Decimal) -> Explained:
        """How a person would write ``due_from``."""

    def explain_share(self, reached: Decimal) -> Explained:
        """How a person would write ``share_done``."""
