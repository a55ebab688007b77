"""政策文件 → 补数的规定: how often what lacks is asked for, and when; the gateway asks by it, the desk tells by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shuangkong.core.dated import DatedValue
from shuangkong.monitoring.ground import ROOM
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

EVIDENCE = "evidence"
_HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """On one day.

    Attributes:
        reach: how far back is asked for.
        tries: how often one period is asked for.
        wait: between two tries.
        grace: after its end during which a minute or an hour may still come by itself; ``day_grace``: a day.
        is_verified: all of it was compared with a document.
    """

    reach: timedelta
    tries: int
    wait: timedelta
    grace: timedelta
    day_grace: timedelta
    is_verified: bool


def supplement_rule(folder: PolicyFolder, layer: str, day: date) -> SupplementRule:
    """Raises NotInForce where a part is not laid down on the day."""
    names = names_in_force(folder, chain(folder, layer), f"{ROOM}/{EVIDENCE}")

    def told(key: str) -> DatedValue:
        return books.parameter(folder, names[f"supplement_{key}"]).on(day)

    days, tries, wait, grace, day_grace = map(told, ("days", "tries", "wait", "grace", "day_grace"))
    return SupplementRule(
        reach=timedelta(days=int(days.number)),
        tries=int(tries.number),
        wait=_hours(wait.number),
        grace=_hours(grace.number),
        day_grace=_hours(day_grace.number),
        is_verified=all(each.is_verified for each in (days, tries, wait, grace, day_grace)),
    )


def _hours(told: Decimal) -> timedelta:
    return timedelta(seconds=int(told * _HOUR_SECONDS))
