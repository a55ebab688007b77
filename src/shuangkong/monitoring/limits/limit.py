"""限值: one bound of one factor over one span, of a standard or a permit, while it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.reading import Span

#: The oxygen of air in %: conversion compares what is left below it.
AIR_O2_PCT = Decimal(21)


class Rank(StrEnum):
    """Who set it. None outranks another: the strictest counts."""

    NATIONAL = "national"
    LOCAL = "local"
    SPECIAL = "special"  # 特别排放限值
    BASIN = "basin"
    PERMIT = "permit"


class Basis(StrEnum):
    """Which concentration is held against it: as measured (dry, standard state), or converted to reference oxygen."""

    MEASURED = "measured"
    CONVERTED = "converted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One bound; ``most``, ``least`` or both (pH).

    Attributes:
        standard: id of the policy file; of a permit or a local rule of the registers, the document's name.
        group: id of the group of sources within it; empty where there is none.
        name: how it is cited to people (standard and group).
        unit: as the code table writes the factor's unit (``mg/m3``, ``mg/L``, ``-``).
        reference_o2_pct: what CONVERTED refers to; None where the rule names none, see ``choice.reference_on``.
        industries, places: whom and where alone it holds; empty: everybody, everywhere.
    """

    factor: str
    span: Span
    most: Decimal | None
    least: Decimal | None
    unit: str
    basis: Basis
    rank: Rank
    standard: str
    group: str
    name: Message
    ground: Ground
    reference_o2_pct: Decimal | None = None
    industries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def strictness(self) -> Decimal:
        """The smaller the stricter: ``most``, of a converted limit per percent of oxygen below that of air.

        Limits at unlike reference oxygen are then in order; one without is held beside none that has any. Of one that
        bounds from below only, ``least`` turned round.
        """
        if self.most is None:
            return -(self.least or Decimal(0))
        if self.basis is Basis.CONVERTED and self.reference_o2_pct is not None:
            return self.most / (AIR_O2_PCT - self.reference_o2_pct)
        return self.most

    def is_exceeded_by(self, value: Decimal) -> bool:
        """Whether a value lies outside; what equals the limit complies."""
        return (self.most is not None and value > self.most) or (self.least is not None and value < self.least)

    def multiple(self, value: Decimal) -> Decimal | None:
        """超标倍数: how far above, in multiples of the limit (61 against 50: 0.22).

        None where it does not exceed from above, or the limit is zero: no ratio tells how far below a pH is.
        """
        if self.most is None or self.most <= 0 or value <= self.most:
            return None
        return value / self.most - 1


@dataclass(frozen=True, slots=True)
class Discharge:
    """What must be known of an outlet to choose its limits.

    Attributes:
        industry: code of GB/T 4754 of its unit; empty where unknown.
        places: codes of the regions that it lies in, nearest first (``Rulebook.upwards``), and of basins and areas.
        groups: ``standard/group`` that it was assigned to (``thermal_power/coal_boiler``).
        reference_o2_pct: the oxygen that its register names; None where it names none.
    """

    industry: str = ""
    places: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    reference_o2_pct: Decimal | None = None


def holds_for(limit: Limit, discharge: Discharge, day: date) -> bool:
    """Whether a limit holds for an outlet on a day. Of a standard with groups only those it was assigned to do."""
    digits = discharge.industry.lstrip("ABCDEFGHIJKLMNOPQRST")
    return (
        limit.ground.validity.holds_on(day)
        and (not limit.group or f"{limit.standard}/{limit.group}" in discharge.groups)
        and (not limit.industries or any(digits.startswith(code) for code in limit.industries))
        and (not limit.places or not set(limit.places).isdisjoint(discharge.places))
    )
