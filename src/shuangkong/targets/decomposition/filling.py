"""注水: amounts that rise together from their bounds until they come to the whole; exact, without iteration.

``xᵢ = clamp(pᵢ + sᵢ·λ, lowᵢ, highᵢ)`` with ``Σ xᵢ = W``: the sum never falls as λ rises, and is straight between the
values of λ at which some xᵢ meets a bound. So λ is found by walking through these in order. With p = 0 it shares out in
proportion to s (capped proportional division); with p = −a/b, s = 1/b it is the cheapest division where the marginal
cost is a + b·x (Karush–Kuhn–Tucker: λ is the common marginal cost).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
type Limits = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Filled:
    """``level`` is λ, None where bounds alone decide; ``gap`` is what of W the bounds leave unplaced (W − Σ x)."""

    amounts: tuple[Decimal, ...]
    level: Decimal | None
    gap: Decimal


def filled(
    slopes: Sequence[Decimal], lowest: Limits, highest: Limits, total: Decimal, offsets: Sequence[Decimal] | None = None
) -> Filled:
    """Shares out ``total``.

    Args:
        slopes: not below zero; where it is zero, the amount is its offset within its bounds.

    Amounts stay at their bounds, and ``gap`` is not zero, where the bounds allow no such division.
    """
    starts = tuple(offsets) if offsets is not None else (ZERO,) * len(slopes)
    level = _level(starts, slopes, lowest, highest, total)
    if level is None:
        amounts = _at_bounds(starts, slopes, lowest, highest, total)
    else:
        rows = zip(starts, slopes, lowest, highest, strict=True)
        amounts = tuple(_clamped(start + slope * level, low, high) for start, slope, low, high in rows)
    gap = total - sum(amounts, ZERO)
    # What 50 digits leave over where λ was found is no gap: it goes where rounding goes.
    return Filled(amounts, level, ZERO if level is not None else gap)


def _level(
    starts: Sequence[Decimal], slopes: Sequence[Decimal], lowest: Limits, highest: Limits, total: Decimal
) -> Decimal | None:
    """λ, or None where no λ makes the sum ``total``."""
    constant, slope, rising = ZERO, ZERO, 0
    meets: list[tuple[Decimal, Decimal, Decimal, int]] = []  # λ; change of the constant, of the slope, of who rises
    for start, rise, low, high in zip(starts, slopes, lowest, highest, strict=True):
        if rise == 0:
            constant += _clamped(start, low, high)
            continue
        if low is None:
            constant, slope, rising = constant + start, slope + rise, rising + 1
        else:
            constant += low
            meets.append(((low - start) / rise, start - low, rise, 1))
        if high is not None:
            meets.append(((high - start) / rise, high - start, -rise, -1))
    if rising == 0 and constant > total:
        return None
    meets.sort(key=lambda each: each[0])
    for at, shift, change, more in meets:
        if rising > 0 and (total - constant) / slope <= at:
            return (total - constant) / slope
        if rising == 0 and constant == total:
            return at
        # Who rises is counted: the digits that adding and taking away leave in the slope are no slope.
        constant, slope, rising = constant + shift, slope + change, rising + more
    return (total - constant) / slope if rising > 0 else None


def _at_bounds(
    starts: Sequence[Decimal], slopes: Sequence[Decimal], lowest: Limits, highest: Limits, total: Decimal
) -> tuple[Decimal, ...]:
    """All at the bound that lies towards ``total``: the lowest where even these come to more, else the highest."""
    for ends in (lowest, highest):
        rows = zip(starts, slopes, lowest, highest, ends, strict=True)
        amounts = tuple(
            end if slope > 0 and end is not None else _clamped(start, low, high)
            for start, slope, low, high, end in rows
        )
        if ends is highest or (sum(amounts, ZERO) > total and None not in lowest):
            break
    return amounts


def _clamped(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value
