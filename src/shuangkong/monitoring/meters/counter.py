"""一块表: hourly amounts of one meter from the showings of its cumulative counter.

Between two showings the counter gained, and what it gained is spread evenly over the time between: an hour's amount is
the gain between its bounds. The sum over hours is the whole gain, to the last digit: bounds are rounded, not hours.

* A **swap** in between is told by the register: the old one's last and the new one's first showing. The gain is what
  the old one and the new one gained.
* A counter that shows less has **rolled over** if it has a known number of digits and the gain past its end is one that
  the meter can have used; else it was **reset**, and gained at least what it shows since, if that can be; else it
  **fell**, for no known reason, and gained nothing that is known. Hours with a reset or a fall are not valid.
* A gain that the meter cannot have used is a **jump**: told, not valid.
* Hours whose bounds lie between showings further apart than usual are **estimated**; those that a longer silence holds
  whole or in part are **missing**, and what was gained meanwhile is told beside (``Normalised.unplaced``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import IntFlag
from fractions import Fraction

HOUR_SECONDS = 3600
#: Digits behind the point that amounts keep.
PLACES = 6
_QUANTUM = Decimal(1).scaleb(-PLACES)


class Step(IntFlag):
    """What happened between two showings; an hour bears what happened in any of its steps."""

    GREW = 0
    SWAP = 1
    ROLLOVER = 2
    RESET = 4
    FELL = 8
    JUMP = 16
    LONG = 32
    SILENT = 64


#: With these an hour's amount is not what was used.
NOT_VALID = Step.RESET | Step.FELL | Step.JUMP


@dataclass(frozen=True, slots=True)
class Meter:
    """What the register says of a meter.

    Attributes:
        most: what it can use in an hour at most, in units of the counter; None: nobody said.
        modulus: the showing that its digits cannot hold, where it begins again at zero; None: not known.
    """

    most: Decimal | None = None
    modulus: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the counter showed at an instant (aware)."""

    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Swap:
    """A meter taken away with its last showing, and another put in its place with its first."""

    at: datetime
    last: Decimal
    first: Decimal


@dataclass(frozen=True, slots=True)
class Rules:
    """How far showings may lie apart.

    Attributes:
        usual: up to here an hour's bounds count as shown.
        longest: beyond this nothing is said of the hours in between.
    """

    usual: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class HourAmount:
    """Of one hour: ``amount`` None is missing. ``steps``: what happened in it."""

    starts: datetime
    amount: Decimal | None
    steps: Step

    @property
    def is_valid(self) -> bool:
        return self.amount is not None and not self.steps & NOT_VALID

    @property
    def is_estimated(self) -> bool:
        return self.amount is not None and bool(self.steps & Step.LONG)


@dataclass(frozen=True, slots=True)
class Normalised:
    """Hours between the first full hour and the last; ``unplaced``: what was gained in missing ones."""

    hours: tuple[HourAmount, ...]
    unplaced: Decimal


def normalised(shown: Sequence[Shown], swaps: Sequence[Swap], meter: Meter, rules: Rules) -> Normalised:
    """The hours of a meter; ``shown`` in order of time, each instant once. A swap at its instant came before."""
    if not shown:
        return Normalised((), Decimal(0))
    seconds = [int(each.at.timestamp()) for each in shown]
    total, totals, steps = Decimal(0), [Decimal(0)], []
    for number in range(1, len(shown)):
        before, after = shown[number - 1], shown[number]
        between = [swap for swap in swaps if before.at < swap.at <= after.at]
        gain, step = gained(before, after, between, meter)
        span = timedelta(seconds=seconds[number] - seconds[number - 1])
        step |= Step.LONG if span > rules.usual else Step.GREW
        steps.append(step | (Step.SILENT if span > rules.longest else Step.GREW))
        total += gain
        totals.append(total)
    hours, unplaced = [], Decimal(0)
    for bound in range(-(-seconds[0] // HOUR_SECONDS) * HOUR_SECONDS, seconds[-1] - HOUR_SECONDS + 1, HOUR_SECONDS):
        amount = _at(bound + HOUR_SECONDS, seconds, totals) - _at(bound, seconds, totals)
        seen = Step.GREW
        for step in steps[bisect_right(seconds, bound) - 1 : bisect_left(seconds, bound + HOUR_SECONDS)]:
            seen |= step
        missing = bool(seen & Step.SILENT)
        unplaced += amount if missing else 0
        hours.append(HourAmount(datetime.fromtimestamp(bound, UTC), None if missing else amount, seen))
    return Normalised(tuple(hours), unplaced)


def gained(before: Shown, after: Shown, swaps: Sequence[Swap], meter: Meter) -> tuple[Decimal, Step]:
    """What a meter gained between two showings, and how that is known."""
    gain = after.value - before.value + sum((swap.last - swap.first for swap in swaps), Decimal(0))
    seconds = int(after.at.timestamp()) - int(before.at.timestamp())
    step = Step.SWAP if swaps else Step.GREW
    if gain >= 0:
        return gain, step if _can_be(gain, seconds, meter) else step | Step.JUMP
    if swaps:
        return Decimal(0), step | Step.FELL
    if meter.modulus is not None and after.value < meter.modulus:
        over = gain + meter.modulus
        if over >= 0 and meter.most is not None and _can_be(over, seconds, meter):
            return over, Step.ROLLOVER
    if after.value >= 0 and meter.most is not None and _can_be(after.value, seconds, meter):
        return after.value, Step.RESET
    return Decimal(0), Step.FELL


def _can_be(gain: Decimal, seconds: int, meter: Meter) -> bool:
    return meter.most is None or gain * HOUR_SECONDS <= meter.most * seconds


def _at(bound: int, seconds: Sequence[int], totals: Sequence[Decimal]) -> Decimal:
    """The whole gain up to a bound, which lies between the first showing and the last; rounded half up."""
    number = bisect_left(seconds, bound)
    if bound == seconds[number]:
        return totals[number]
    span, into = seconds[number] - seconds[number - 1], bound - seconds[number - 1]
    part = Fraction(totals[number] - totals[number - 1]) * into / span
    scaled = part * 10**PLACES
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return totals[number - 1] + Decimal(whole).scaleb(-PLACES)


def multiplied(amount: Decimal, multiplier: Decimal) -> Decimal:
    """An amount in units of the counter as an amount used: times current and voltage transformers' ratios."""
    return (amount * multiplier).quantize(_QUANTUM, ROUND_HALF_UP)
