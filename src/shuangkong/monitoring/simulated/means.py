"""Minutes of instants, hours of minutes, days of hours: each from the figures as they were printed one step below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from shuangkong.monitoring.simulated.noise import Floats, Integers
from shuangkong.monitoring.simulated.process import (
    AIR_OXYGEN_PCT,
    GAS_FLOW,
    OXYGEN,
    WATER_FLOW,
    Flags,
    Played,
    played_day,
)
from shuangkong.monitoring.simulated.site import Factor, Kind, Site
from shuangkong.monitoring.simulated.troubles import DAY_S

#: Share of normal parts that makes a period of gas normal; in water one that is not spoils it (annex C).
NORMAL_SHARE = 0.75
AMOUNT_DIGITS = 4
_OXYGEN_PCT = 21.0


@dataclass(frozen=True, slots=True)
class Means:
    """Periods of one length of one day: p of them.

    Attributes:
        seconds: (p,) start of each, of the day.
        figures: (code, field) → (p,), rounded as printed; field as on the wire (Avg, Min, Max, Cou, ZsAvg, …). NaN:
            there is none (no conversion from air), and it is not sent.
        flags: code → (p,).
    """

    seconds: Integers
    figures: dict[tuple[str, str], Floats]
    flags: dict[str, Flags]


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that the logger of an outlet tells of one day."""

    instants: Played
    converted: dict[str, Floats]
    minutes: Means
    hours: Means
    day: Means


def told_day(site: Site, day: date) -> Day:
    """Returns the day of an outlet; a pure function of both."""
    per = site.minute_min * 60
    # Means follow from the instants that are sent, where so many of them make a period evenly.
    step = site.realtime_s if per % site.realtime_s == 0 else 60
    instants = played_day(site, day, step)
    minutes = _minutes(site, instants, step, per)
    hours = _gathered(site, minutes, 3600)
    whole = _gathered(site, hours, DAY_S)
    told = instants if step == site.realtime_s else played_day(site, day)
    converted = {each.code: _zs(site, each, told.values) for each in _converted(site)}
    return Day(told, converted, minutes, hours, whole)


def _converted(site: Site) -> tuple[Factor, ...]:
    return tuple(each for each in site.factors if each.is_pollutant) if site.kind is Kind.GAS else ()


def _zs(site: Site, factor: Factor, values: dict[str, Floats]) -> Floats:
    """Converted to the reference oxygen."""
    return converted(site, factor, values[factor.code], values[OXYGEN])


def converted(site: Site, factor: Factor, value: Floats, oxygen: Floats) -> Floats:
    """``value`` at the site's reference oxygen (annex D), rounded as printed; NaN of air, which converts to nothing."""
    left = np.where(oxygen < AIR_OXYGEN_PCT, _OXYGEN_PCT - oxygen, np.nan)
    return np.round(value * (_OXYGEN_PCT - site.reference_o2_pct) / left, factor.digits) + 0.0


def _minutes(site: Site, instants: Played, step: int, per: int) -> Means:
    count = DAY_S // per
    figures: dict[tuple[str, str], Floats] = {}
    flags: dict[str, Flags] = {}
    flow = instants.values.get(GAS_FLOW if site.kind is Kind.GAS else WATER_FLOW)
    for each in site.factors:
        values = instants.values[each.code].reshape(count, -1)
        marks = instants.flags[each.code].reshape(count, -1)
        flags[each.code] = _flag(site, marks)
        figures |= _levels(each, values, values, values, marks == "N", None)
        if flow is not None and (each.is_pollutant or each.code in (GAS_FLOW, WATER_FLOW)):
            figures[each.code, "Cou"] = _amount(site, each, values, flow.reshape(count, -1) * step)
        if site.kind is Kind.GAS and each.is_pollutant:
            at_reference = _zs(site, each, instants.values).reshape(count, -1)
            figures[each.code, "ZsMin"], figures[each.code, "ZsMax"] = _edges(at_reference, at_reference)
    _convert_means(site, figures)
    return Means(np.arange(count, dtype=np.int64) * per, figures, flags)


def _amount(site: Site, factor: Factor, values: Floats, volume: Floats) -> Floats:
    """Cubic metres of the flow itself, kilograms of a pollutant (annex D); ``volume`` in m³ of gas, litres of water."""
    if factor.code == GAS_FLOW:
        return np.round(volume.sum(axis=1), 2)
    if factor.code == WATER_FLOW:
        return np.round(volume.sum(axis=1) / 1000, 2)
    # mg/m³ × m³ and mg/L × L are milligrams both.
    return np.round((values * volume).sum(axis=1) / 1e6, AMOUNT_DIGITS)


def _gathered(site: Site, parts: Means, per: int) -> Means:
    """Longer periods of shorter ones."""
    count = DAY_S // per
    figures: dict[tuple[str, str], Floats] = {}
    flags: dict[str, Flags] = {}

    def of(code: str, field: str) -> Floats:
        return parts.figures[code, field].reshape(count, -1)

    for each in site.factors:
        marks = parts.flags[each.code].reshape(count, -1)
        flags[each.code] = _flag(site, marks)
        weights = of(WATER_FLOW, "Cou") if site.kind is Kind.WATER and each.is_pollutant else None
        figures |= _levels(
            each, of(each.code, "Avg"), of(each.code, "Min"), of(each.code, "Max"), marks == "N", weights
        )
        if (each.code, "Cou") in parts.figures:
            digits = AMOUNT_DIGITS if each.is_pollutant else 2
            figures[each.code, "Cou"] = np.round(of(each.code, "Cou").sum(axis=1), digits)
        if (each.code, "ZsMin") in parts.figures:
            low, high = of(each.code, "ZsMin"), of(each.code, "ZsMax")
            figures[each.code, "ZsMin"], figures[each.code, "ZsMax"] = _edges(low, high)
            if per == DAY_S:
                mean = _mean_of_told(of(each.code, "ZsAvg"), marks == "N")
                figures[each.code, "ZsAvg"] = np.round(mean, each.digits) + 0.0
    if per < DAY_S:
        _convert_means(site, figures)
    return Means(np.arange(count, dtype=np.int64) * per, figures, flags)


def _levels(
    factor: Factor, mean: Floats, low: Floats, high: Floats, is_normal: npt.NDArray[np.bool_], weights: Floats | None
) -> dict[tuple[str, str], Floats]:
    return {
        (factor.code, "Avg"): np.round(_mean(mean, is_normal, weights), factor.digits) + 0.0,
        (factor.code, "Min"): low.min(axis=1),
        (factor.code, "Max"): high.max(axis=1),
    }


def _mean(values: Floats, is_normal: npt.NDArray[np.bool_], weights: Floats | None) -> Floats:
    """Mean of the normal parts, of all where none is normal; weighted by flow where there is one."""
    counts = np.where(is_normal.any(axis=1, keepdims=True), is_normal, True).astype(np.float64)
    if weights is not None:
        weighted = counts * weights
        counts = np.where(weighted.sum(axis=1, keepdims=True) > 0, weighted, counts)
    mean: Floats = (values * counts).sum(axis=1) / counts.sum(axis=1)
    return mean


def _edges(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest of what is there."""
    return np.fmin.reduce(low, axis=1), np.fmax.reduce(high, axis=1)


def _mean_of_told(values: Floats, is_normal: npt.NDArray[np.bool_]) -> Floats:
    """Mean of the normal parts that are there, of all that are there where none is normal; NaN of none."""
    is_told = ~np.isnan(values)
    counts = np.where((is_normal & is_told).any(axis=1, keepdims=True), is_normal & is_told, is_told)
    number = counts.sum(axis=1)
    total = np.where(counts, values, 0.0).sum(axis=1)
    mean: Floats = np.where(number > 0, total / np.maximum(number, 1), np.nan)
    return mean


def _convert_means(site: Site, figures: dict[tuple[str, str], Floats]) -> None:
    for each in _converted(site):
        figures[each.code, "ZsAvg"] = converted(site, each, figures[each.code, "Avg"], figures[OXYGEN, "Avg"])


def _flag(site: Site, marks: Flags) -> Flags:
    """N where enough parts are normal; else the mark that most of the others bear."""
    is_normal = marks == "N"
    enough = is_normal.mean(axis=1) >= NORMAL_SHARE if site.kind is Kind.GAS else is_normal.all(axis=1)
    flags = np.full(len(marks), "N", dtype="<U1")
    for row in np.flatnonzero(~enough):
        letters, counts = np.unique(marks[row][~is_normal[row]], return_counts=True)
        flags[row] = letters[counts.argmax()]
    return flags
