"""应急减排效果: what was emitted while an order held, beside the days before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.policyfile.expression.given import Told, exact, written

_PER_CENT = 100
_REDUCED = Message("应急期间日均减排", "Mean daily reduction")


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of it, a day.

    Attributes:
        before_t, during_t: means of the days that were told; None where none was.
        reduced_t, reduced_pct: below zero where more was emitted; None where a mean is lacking.
        untold: days without a figure, which the means pass over.
    """

    before_t: Decimal | None
    during_t: Decimal | None
    reduced_t: Decimal | None
    reduced_pct: Decimal | None
    untold: tuple[date, ...]
    step: Step


def effect(daily: Mapping[date, Told], before: Sequence[date], during: Sequence[date]) -> Effect:
    """The effect by daily tonnes of a unit or place.

    Args:
        daily: day → tonnes; a day that is not there was not told.
        before: the days to compare with, ordinary ones; during: the whole days on which the order held.

    Raises:
        ValueError: a day is in both.
    """
    shared = sorted(set(before) & set(during))
    if shared:
        raise ValueError(f"{shared[0]}: before and during the order; expected other days to compare with")
    was, now = _mean(daily, before), _mean(daily, during)
    reduced = None if was is None or now is None else was - now
    share = None if reduced is None or not was else _PER_CENT * reduced / was
    untold = tuple(day for day in (*before, *during) if not isinstance(daily.get(day), Decimal))
    shown = tuple((name, written(each)) for name, each in (("前", was), ("中", now)) if each is not None)
    value = _written(reduced)
    step = Step(_REDUCED, "应急前日均 − 应急中日均", shown, value, "t")
    return Effect(_written(was), _written(now), value, _written(share), untold, step)


def _mean(daily: Mapping[date, Told], days: Sequence[date]) -> Fraction | None:
    told = [exact(each) for day in days if isinstance(each := daily.get(day, State.MISSING), Decimal)]
    return sum(told, Fraction(0)) / len(told) if told else None


def _written(value: Fraction | None) -> Decimal | None:
    return None if value is None else written(value)
