"""A meter's counter: energy since it was set up, growing with a plant's load, turning over, taken out, set back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shuangkong.monitoring.simulated.noise import Floats, Integers, one, seed_of, smooth
from shuangkong.monitoring.simulated.process import epoch_s
from shuangkong.monitoring.simulated.site import Site
from shuangkong.monitoring.simulated.troubles import DAY_S, is_silent

_HOUR = 3600
_WANDER_H = 0.18
"""Hours of full power that the counter wanders; so small that it never runs back."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A meter taken out at a second of the station's clock: its last figure, and the first of the next."""

    at: int
    last_kwh: float
    first_kwh: float


def energy_kwh(site: Site, at: Integers) -> Floats:
    """Energy since the beginning of the station's calendar, in kWh; grows always."""
    hours = at / _HOUR
    day, week = 2 * np.pi / 24, 2 * np.pi / 168
    shape = hours - 0.3 / day * np.cos(day * (hours - 6)) - 0.1 / week * np.cos(week * hours)
    wander = _WANDER_H * smooth(seed_of(site.seed, "energy"), at, 2 * _HOUR)
    grown: Floats = site.power_kw * (shape + wander)
    return grown


def swaps_of(site: Site, first: date, last: date) -> tuple[Swap, ...]:
    """Meters taken out between two days (both included) of a troubled site."""
    found = list[Swap]()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if site.is_troubled and one(site.seed, day, "swap") < 0.004:
            at = epoch_s(day) + 10 * _HOUR
            # What the one that goes shows then: it may have come itself in the place of another.
            last_kwh = float(shown_kwh(site, np.array([at], np.int64), tuple(found))[0])
            found.append(Swap(at, last_kwh, round(50 * one(site.seed, day, "first"), 2)))
    return tuple(found)


def shown_kwh(site: Site, at: Integers, swaps: tuple[Swap, ...] = ()) -> Floats:
    """What the counter shows: energy below its scale, beginning anew at each swap (``swaps`` in order of time)."""
    energy = energy_kwh(site, at)
    shown = energy % site.scale_kwh
    for swap in swaps:
        since = energy - energy_kwh(site, np.array([swap.at], np.int64))[0] + swap.first_kwh
        shown = np.where(at >= swap.at, since % site.scale_kwh, shown)
    rounded: Floats = np.round(shown, 2)
    return rounded


def hourly_kwh(site: Site, day: date) -> list[tuple[int, float]]:
    """Energy of each hour of a day, by the hour's number; hours that a silence swallows are not here."""
    at = epoch_s(day) + np.arange(0, DAY_S + 1, _HOUR, dtype=np.int64)
    used = np.round(np.diff(energy_kwh(site, at)), 2).tolist()
    return [(hour, figure) for hour, figure in enumerate(used) if not is_silent(site, day, hour * _HOUR)]


def daily_kwh(site: Site, day: date) -> float:
    """Energy of one day."""
    at = np.array([epoch_s(day), epoch_s(day) + DAY_S], np.int64)
    before, after = energy_kwh(site, at).tolist()
    return float(round(after - before, 2))
