"""Arithmetic of declines: changes on the year before, cumulative decline, progress, what is due and what is left to do.

Declines are ratios (0.15 for 下降15%), positive is good. What compounds is computed by indicators.methods.compounding,
as the indicators of the same name are; here progress may be linear as well (docs/methods/compounding.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.rounding import rounded
from shuangkong.indicators.methods.compounding import decline_by, left_after, share_done
from shuangkong.policyfile.expression.given import exact, written
from shuangkong.targets.goal import Path

ONE = Decimal(1)
#: A figure with fewer significant digits would carry its rounding into the per cents that are judged.
_FEWEST_DIGITS = 3


def compared(current: Decimal, before: Decimal, places: int | None) -> tuple[Decimal, Decimal]:
    """Two intensities as they are compared: rounded to ``places``, unless too little would be left of either."""
    if places is None:
        return current, before
    kept = rounded(current, places), rounded(before, places)
    is_enough = all(len(each.as_tuple().digits) >= _FEWEST_DIGITS for each in kept)
    return kept if is_enough else (current, before)


def annual_change(current: Decimal, before: Decimal, places: int | None) -> Decimal | None:
    """``I_t / I_(t-1) − 1`` of two intensities as they are compared. None where the earlier one is zero."""
    now, earlier = compared(current, before, places)
    return now / earlier - ONE if earlier else None


def cumulative_decline(changes: Iterable[Decimal]) -> Decimal:
    """``D = 1 − Π(1 + r)``, changes as signed ratios."""
    return written(1 - left_after(map(exact, changes)))


def progress(decline: Decimal, promised: Decimal, path: Path) -> Decimal | None:
    """Share of the promise that is done: ``ln(1−D)/ln(1−D_n)``, or ``D/D_n`` where progress is linear.

    None where the promise is zero, or a decline of 100 % leaves no logarithm.
    """
    if promised == 0:
        return None
    if path is Path.LINEAR:
        return decline / promised
    if decline >= 1 or promised >= 1:
        return None
    return +share_done(1 - exact(decline), 1 - exact(promised))


def due_decline(promised: Decimal, share: Decimal, path: Path) -> Decimal:
    """Cumulative decline that corresponds to a share of the promise: ``1 − (1−D_n)^s``, or ``D_n · s``."""
    if path is Path.LINEAR or promised >= 1:
        return promised * share
    return +decline_by(1 - exact(promised), exact(share))


def annual_average(promised: Decimal, years: int, path: Path) -> Decimal:
    """The equal yearly decline that fulfils the promise: ``1 − (1−D_n)^(1/n)``, or ``D_n / n``."""
    return due_decline(promised, ONE / Decimal(years), path)


def remaining_annual(promised: Decimal, decline: Decimal, years_left: int, path: Path) -> Decimal | None:
    """The equal yearly decline from here on: ``1 − ((1−D_n)/(1−D))^(1/years left)``; None when no year is left.

    Negative: it may rise.
    """
    if years_left <= 0:
        return None
    if path is Path.LINEAR:
        return (promised - decline) / Decimal(years_left)
    if decline >= 1 or promised >= 1:
        return None
    return +decline_by((1 - exact(promised)) / (1 - exact(decline)), Fraction(1, years_left))


def due_from(reached: Decimal, promised: Decimal, share_left: Decimal, path: Path) -> Decimal:
    """Cumulative decline due where a plan begins in mid-period at ``reached``.

    ``share_left`` of the rest of the promise is added.
    """
    if path is Path.LINEAR or promised >= 1 or reached >= 1:
        return reached + (promised - reached) * share_left
    further = decline_by((1 - exact(promised)) / (1 - exact(reached)), exact(share_left))
    return ONE - (ONE - reached) * (ONE - further)
