"""废水计算（逐点）: slices of seconds to ten minutes, hours and days, in exact decimals (HJ 212-2017 附录 D).

Flow Q in l/s, time in s, discharge in m³, concentrations in mg/l, amounts in kg. The standard prints 600, 3600 and
86400 as divisors of mean flows, which by dimension would give m³/s: 0.6, 3.6 and 86.4 give l/s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.trace import Step
from shuangkong.monitoring.worked import Working

_THOUSAND = Decimal(1000)
#: Fewest valid slices that make ten minutes; their greatest length in seconds.
LEAST_SLICES, LONGEST_SLICE_S = 120, 5
MINUTES_10_S, HOUR_S, DAY_S = Decimal(600), Decimal(3600), Decimal(86_400)

type Figure = Decimal | None


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of at most five seconds; ``value`` the concentration that held in it, None where none is known."""

    flow_l_s: Decimal
    seconds: Decimal
    value: Figure = None


class Weighing(StrEnum):
    """How means of concentrations are taken; the standard allows the arithmetic mean too."""

    FLOW = "flow"
    ARITHMETIC = "arithmetic"


@dataclass(frozen=True, slots=True)
class Discharge:
    """Of ten minutes, an hour or a day.

    Attributes:
        volume_m3: discharged; ``amount_kg``: of the pollutant, None where a concentration or flow is missing.
        mean: concentration, as weighed; None where nothing flowed and weighing goes by flow.
    """

    volume_m3: Figure
    amount_kg: Figure
    mean: Figure


def slice_volume(flow_l_s: Decimal, seconds: Decimal) -> Decimal:
    """D = Q · T · 10⁻³."""
    return flow_l_s * seconds / _THOUSAND


def amount(volume_m3: Figure, value: Figure) -> Figure:
    """G = D · C · 10⁻³, kg. Nothing discharged is an amount of zero, whatever the concentration."""
    if volume_m3 is None:
        return None
    if volume_m3 == 0:
        return Decimal(0)
    return None if value is None else volume_m3 * value / _THOUSAND


def mean_flow(volume_m3: Figure, seconds: Decimal) -> Figure:
    """Mean flow in l/s: D / 0.6, D / 3.6, D / 86.4."""
    return None if volume_m3 is None else volume_m3 * _THOUSAND / seconds


def weighted_mean(amount_kg: Figure, volume_m3: Figure) -> Figure:
    """C = G / D · 10³, mg/l; None where nothing was discharged."""
    return None if amount_kg is None or volume_m3 is None or volume_m3 <= 0 else amount_kg * _THOUSAND / volume_m3


def of_slices(slices: Iterable[Slice], weighing: Weighing = Weighing.FLOW) -> Discharge | None:
    """Ten minutes of slices; None where fewer than 120 of them are valid (of 5 s at most, flow not below zero)."""
    valid = [each for each in slices if 0 < each.seconds <= LONGEST_SLICE_S and each.flow_l_s >= 0]
    if len(valid) < LEAST_SLICES:
        return None
    parts = [
        Discharge(volume, amount(volume, each.value), each.value)
        for each in valid
        for volume in (slice_volume(each.flow_l_s, each.seconds),)
    ]
    return together(parts, weighing)


def together(parts: Iterable[Discharge], weighing: Weighing = Weighing.FLOW) -> Discharge:
    """Ten minutes to an hour, hours to a day: sums, and the mean as weighed; a missing part makes the sum missing."""
    told = list(parts)
    volume, mass = _sum(each.volume_m3 for each in told), _sum(each.amount_kg for each in told)
    if weighing is Weighing.FLOW:
        return Discharge(volume, mass, weighted_mean(mass, volume))
    means = [each.mean for each in told if each.mean is not None]
    return Discharge(volume, mass, sum(means, Decimal(0)) / len(means) if means else None)


def water_hour(flow_l_s: Figure, value: Figure, seconds: Decimal = HOUR_S) -> tuple[Discharge, tuple[Step, ...]]:
    """An hour from the means that a device tells of it, with the arithmetic."""
    work = Working()
    volume = work.done(
        ("排水量", "discharge"),
        "D = Q × T × 10⁻³",
        {"Q": flow_l_s, "T": seconds},
        None if flow_l_s is None else slice_volume(flow_l_s, seconds),
        "m3",
    )
    mass = work.done(("排放量", "amount"), "G = D × C × 10⁻³", {"D": volume, "C": value}, amount(volume, value), "kg")
    return Discharge(volume, mass, value), tuple(work.steps)


def _sum(values: Iterable[Figure]) -> Figure:
    told = list(values)
    return None if not told or any(each is None for each in told) else sum((each for each in told if each), Decimal(0))
