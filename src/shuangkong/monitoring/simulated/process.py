"""The plant behind a site: what its instruments show at each instant of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from shuangkong.monitoring.simulated.noise import Floats, Integers, jitter, seed_of, smooth
from shuangkong.monitoring.simulated.site import Factor, Kind, Site
from shuangkong.monitoring.simulated.troubles import DAY_S, Spell, Trouble, spells_of

type Flags = npt.NDArray[np.str_]

SO2, NOX, DUST, OXYGEN = "a21026", "a21002", "a34013", "a19001"
GAS_FLOW, VELOCITY, HEAT, PRESSURE, MOISTURE = "a00000", "a01011", "a01012", "a01013", "a01014"
WATER_FLOW, PH = "w00000", "w01001"
AIR_OXYGEN_PCT = 20.9
_AIR_KPA, _KELVIN = 101.325, 273.0
_HOUR = 3600
_FIRST_DAY = date(1_970, 1, 1)


@dataclass(frozen=True, slots=True)
class Played:
    """Instants of one day: n of them, in units of the code table, rounded as the logger prints.

    Attributes:
        seconds: (n,) of the day.
        values: code → (n,).
        flags: code → (n,) one letter.
        load: (n,) of the plant, 0–1.
    """

    seconds: Integers
    values: dict[str, Floats]
    flags: dict[str, Flags]
    load: Floats


def epoch_s(day: date) -> int:
    """Seconds from the first day of the calendar's count to ``day``, on the station's own clock."""
    return (day - _FIRST_DAY).days * DAY_S


def played_day(site: Site, day: date, step_s: int | None = None) -> Played:
    """Returns what the instruments of an outlet show on ``day``, each ``step_s`` seconds (its own interval)."""
    step = step_s or site.realtime_s
    seconds = np.arange(0, DAY_S, step, dtype=np.int64)
    at = seconds + epoch_s(day)
    spells = spells_of(site, day)
    load = _load(site, at, seconds, spells)
    values = _gas(site, at, load) if site.kind is Kind.GAS else _water(site, at, load)
    flags = {each.code: np.full(len(seconds), "N", dtype="<U1") for each in site.factors}
    _checks(site, day, seconds, flags)
    for spell in spells:
        _befall(site, spell, seconds, values, flags)
    for each in site.factors:
        values[each.code] = np.round(values[each.code], each.digits) + 0.0
    return Played(seconds, values, flags, load)


def _load(site: Site, at: Integers, seconds: Integers, spells: tuple[Spell, ...]) -> Floats:
    """By day more than by night, on Sundays less, and never quite even; nothing while it is stopped."""
    by_day = np.sin(2 * np.pi * (at % DAY_S - 6 * _HOUR) / DAY_S)
    is_sunday = (at // DAY_S + 4) % 7 == 0
    wander = 0.12 * smooth(seed_of(site.seed, "load"), at, 6 * _HOUR) + 0.03 * smooth(site.seed, at, 1200)
    load: Floats = np.clip(0.78 + 0.10 * by_day - 0.12 * is_sunday + wander, 0.3, 1.0)
    for spell in spells:
        if spell.trouble is Trouble.STOP:
            load[_within(spell, seconds)] = 0.0
    return load


def _wander(site: Site, factor: Factor, at: Integers) -> Floats:
    seed = seed_of(site.seed, factor.code)
    slow, quick = smooth(seed, at, 4 * _HOUR), smooth(seed + 7, at, 900)
    return 1 + factor.spread * (0.7 * slow + 0.2 * quick + 0.1 * jitter(seed, at))


def _gas(site: Site, at: Integers, load: Floats) -> dict[str, Floats]:
    runs = load > 0
    values = {
        each.code: np.maximum(each.base * _wander(site, each, at) * (0.75 + 0.25 * load), 0.0) * np.where(runs, 1, 0.01)
        for each in site.factors
    }
    flow = np.where(runs, site_base(site, GAS_FLOW) * (0.35 + 0.65 * load) * _around(site, GAS_FLOW, at), 0.0)
    heat = np.where(runs, site_base(site, HEAT) * (0.9 + 0.1 * load) * _around(site, HEAT, at), 25.0)
    moisture = np.where(runs, site_base(site, MOISTURE) * _around(site, MOISTURE, at), 2.0)
    static = np.where(runs, site_base(site, PRESSURE) * _around(site, PRESSURE, at), 0.0)
    # The less it burns, the more air there is in it, measured against what the reference leaves below that of air.
    left = 21 - site.reference_o2_pct
    excess = 0.06 + 0.3 * (1 - load) + 0.03 * smooth(seed_of(site.seed, OXYGEN), at, 1800)
    oxygen = site.reference_o2_pct + left * excess
    values |= {GAS_FLOW: flow, HEAT: heat, MOISTURE: moisture, PRESSURE: static}
    values[OXYGEN] = np.where(runs, np.minimum(oxygen, 18.0), AIR_OXYGEN_PCT)
    # The velocity is what the dry flow at standard state comes of: whoever reckons it back finds the flow again.
    wet = flow * (heat + _KELVIN) / _KELVIN * _AIR_KPA / (_AIR_KPA + static) / (1 - moisture / 100)
    values[VELOCITY] = wet / site.area_m2
    return {each.code: values[each.code] for each in site.factors}


def site_base(site: Site, code: str) -> float:
    """Its usual figure of a factor; 0 where it has none such."""
    factor = site.factor(code)
    return factor.base if factor is not None else 0.0


def _around(site: Site, code: str, at: Integers) -> Floats:
    factor = site.factor(code)
    return _wander(site, factor, at) if factor is not None else np.ones(len(at))


def _water(site: Site, at: Integers, load: Floats) -> dict[str, Floats]:
    values = {}
    for each in site.factors:
        # An analyser digests for an hour and shows its last result meanwhile; flow and pH are continuous.
        shown = at - at % _HOUR if each.is_pollutant else at
        values[each.code] = np.maximum(each.base * _wander(site, each, shown), 0.0)
    if WATER_FLOW in values:
        values[WATER_FLOW] *= np.where(load > 0, 0.4 + 0.6 * load, 0.0)
    return values


def _checks(site: Site, day: date, seconds: Integers, flags: dict[str, Flags]) -> None:
    """The daily check against a standard: an hour of waste-water analysers, a quarter of an hour of gas analysers."""
    lasts = _HOUR if site.kind is Kind.WATER else 900
    starts = seed_of(site.seed, "check") % 5 * _HOUR
    within = (seconds >= starts) & (seconds < starts + lasts)
    for each in site.factors:
        if each.is_pollutant:
            flags[each.code][within] = "C"


def _within(spell: Spell, seconds: Integers) -> npt.NDArray[np.bool_]:
    return (seconds >= spell.starts) & (seconds < spell.ends)


def _befall(site: Site, spell: Spell, seconds: Integers, values: dict[str, Floats], flags: dict[str, Flags]) -> None:
    """Changes what the instruments show while a trouble lasts."""
    within = _within(spell, seconds)
    if not within.any():
        return
    factor = site.factor(spell.factor)
    flow = GAS_FLOW if site.kind is Kind.GAS else WATER_FLOW
    match spell.trouble:
        case Trouble.EXCEEDANCE if factor is not None and factor.limit is not None:
            values[factor.code][within] *= factor.limit * (1.15 + spell.strength) / factor.base
        case Trouble.STUCK if factor is not None:
            values[factor.code][within] = values[factor.code][within][0]
        case Trouble.JUMP if factor is not None:
            values[factor.code][within] *= 6 + 10 * spell.strength
        case Trouble.AIR_OXYGEN:
            values[OXYGEN][within] = AIR_OXYGEN_PCT
        case Trouble.NO_FLOW:
            for code in (flow, VELOCITY):
                if code in values:
                    values[code][within] = 0.0
        case Trouble.STOP:
            _mark(flags, within, "F")
        case Trouble.FAULT if factor is not None:
            values[factor.code][within] = 0.0
            flags[factor.code][within] = "D"
        case Trouble.MAINTENANCE:
            _mark(flags, within, "M")


def _mark(flags: dict[str, Flags], within: npt.NDArray[np.bool_], flag: str) -> None:
    for each in flags.values():
        each[within] = flag
