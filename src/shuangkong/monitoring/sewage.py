"""污水处理厂: plants whose influent is so thin that a plan for each of them is asked for (一厂一策)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import DatedValue
from shuangkong.monitoring.ground import ROOM
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

SEWAGE, INFLUENT_BOD = "sewage", "influent_bod"


@dataclass(frozen=True, slots=True)
class ThinInfluent:
    """Of one plant.

    Attributes:
        months: months whose mean lies below the least, in order; ``unknown``: months without a mean.
        lowest: the least mean; None where no month has one.
        running: how many of the last months in a row lie below, unknown ones breaking the row.
    """

    months: tuple[date, ...]
    unknown: tuple[date, ...]
    lowest: Decimal | None
    running: int

    @property
    def needs_plan(self) -> bool:
        return bool(self.months)


def thin_influent(means: Mapping[date, Decimal | None], least: Decimal) -> ThinInfluent:
    """Judges monthly means of influent BOD (mg/l, by the first day of each month); what equals the least is enough."""
    below = tuple(month for month, value in sorted(means.items()) if value is not None and value < least)
    running = 0
    for month in sorted(means, reverse=True):
        if month not in below:
            break
        running += 1
    told = [value for value in means.values() if value is not None]
    unknown = tuple(sorted(month for month, value in means.items() if value is None))
    return ThinInfluent(below, unknown, min(told, default=None), running)


def influent_bod(folder: PolicyFolder, layer: str, day: date) -> DatedValue:
    """The least on a day; raises NotInForce where none is laid down."""
    names = names_in_force(folder, chain(folder, layer), f"{ROOM}/{SEWAGE}")
    return books.parameter(folder, names[INFLUENT_BOD]).on(day)
