"""What goes wrong with a site on a day, and what that does to its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from shuangkong.monitoring.simulated.noise import one
from shuangkong.monitoring.simulated.site import Kind, Site

DAY_S = 86_400


class Trouble(StrEnum):
    """One way in which things go wrong."""

    EXCEEDANCE = "exceedance"
    SILENCE = "silence"
    OUTAGE = "outage"
    STUCK = "stuck"
    JUMP = "jump"
    CLOCK = "clock"
    AIR_OXYGEN = "air_oxygen"
    NO_FLOW = "no_flow"
    STOP = "stop"
    FAULT = "fault"
    MAINTENANCE = "maintenance"


#: Chance of each on a day of a troubled site, for which kinds, and hours that it lasts at least and at most.
CHANCES: dict[Trouble, tuple[float, frozenset[Kind], tuple[float, float]]] = {
    Trouble.EXCEEDANCE: (0.10, frozenset((Kind.GAS, Kind.WATER)), (1, 8)),
    # Nothing comes and nothing is kept; after an outage the line is back and what was kept is sent.
    Trouble.SILENCE: (0.04, frozenset(Kind), (2, 12)),
    Trouble.OUTAGE: (0.05, frozenset(Kind), (1, 10)),
    Trouble.STUCK: (0.05, frozenset((Kind.GAS, Kind.WATER)), (6, 20)),
    Trouble.JUMP: (0.06, frozenset((Kind.GAS, Kind.WATER)), (0.02, 0.1)),
    Trouble.CLOCK: (0.03, frozenset(Kind), (24, 24)),
    Trouble.AIR_OXYGEN: (0.03, frozenset((Kind.GAS,)), (2, 6)),
    Trouble.NO_FLOW: (0.04, frozenset((Kind.GAS, Kind.WATER)), (2, 8)),
    Trouble.STOP: (0.03, frozenset((Kind.GAS, Kind.WATER, Kind.METER)), (6, 20)),
    Trouble.FAULT: (0.04, frozenset((Kind.GAS, Kind.WATER)), (1, 10)),
    Trouble.MAINTENANCE: (0.06, frozenset((Kind.GAS, Kind.WATER)), (0.5, 3)),
}


@dataclass(frozen=True, slots=True)
class Spell:
    """One trouble on one day.

    Attributes:
        starts, ends: seconds of the day, the last not included.
        factor: code of the factor that it concerns; empty: the whole site.
        strength: in [0, 1): how bad it is.
    """

    trouble: Trouble
    starts: int
    ends: int
    factor: str
    strength: float


@lru_cache(maxsize=8192)
def spells_of(site: Site, day: date) -> tuple[Spell, ...]:
    """What goes wrong on ``day``, in the order of the table; nothing with a site that is not troubled."""
    if not site.is_troubled:
        return ()
    found = []
    for trouble, (chance, kinds, (least, most)) in CHANCES.items():
        if site.kind not in kinds or one(site.seed, day, trouble) >= chance:
            continue
        lasts = int(3600 * (least + (most - least) * one(site.seed, day, trouble, "lasts")))
        starts = int((DAY_S - lasts) * one(site.seed, day, trouble, "starts"))
        found.append(
            Spell(trouble, starts, starts + lasts, _factor(site, trouble, day), one(site.seed, day, trouble, "s"))
        )
    return tuple(found)


def _factor(site: Site, trouble: Trouble, day: date) -> str:
    if trouble not in (Trouble.EXCEEDANCE, Trouble.STUCK, Trouble.JUMP, Trouble.FAULT):
        return ""
    codes = [each.code for each in site.factors if each.is_pollutant]
    return codes[int(one(site.seed, day, trouble, "factor") * len(codes))] if codes else ""


def is_silent(site: Site, day: date, second: int) -> bool:
    """Whether nothing is sent at a second of the day and nothing is kept for later."""
    return any(
        spell.trouble is Trouble.SILENCE and spell.starts <= second < spell.ends for spell in spells_of(site, day)
    )


def outage_until(site: Site, day: date, second: int) -> int | None:
    """Second of the day at which the line is back; None while there is no outage."""
    return next(
        (
            spell.ends
            for spell in spells_of(site, day)
            if spell.trouble is Trouble.OUTAGE and spell.starts <= second < spell.ends
        ),
        None,
    )


def clock_error_s(site: Site, day: date) -> int:
    """How far the logger's clock is wrong on a day, in seconds; ahead is positive."""
    for spell in spells_of(site, day):
        if spell.trouble is Trouble.CLOCK:
            return int((spell.strength - 0.3) * 3600)
    return 0
