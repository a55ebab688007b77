"""折标准煤: what one unit of an energy makes in coal equivalent, by a coefficient that says whence it comes.

GB/T 2589: ``E = Σ Ei × ki``; ki is the measured lower heating value over that of standard coal, else what the supplier
states, else the default of the annex. A default that the standard gives as a range stays one: nobody averages it.
Arithmetic is exact, in base units: tce of one t, m3, kwh or gj.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shuangkong.core.dated import Parameter
from shuangkong.core.unit import PrintedUnit
from shuangkong.policyfile.expression.given import exact
from shuangkong.policyfile.expression.units import UnitTable

STANDARD_COAL = "tce"


class Whence(StrEnum):
    """Where a coefficient comes from; the order is the order of preference."""

    MEASURED = "measured"
    SUPPLIED = "supplied"
    DEFAULT = "default"


class NotThisUnit(ValueError):
    """A coefficient or a heating value that is not of this energy."""


class IsARange(ValueError):
    """One number is asked for, and the standard gives a range: measure, or ask the supplier."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """``low`` to ``high`` tce of one base unit (``unit``) of the energy; equal where it is one number.

    ``source``, ``at``: the document of a default; empty for what was measured or stated.
    """

    low: Fraction
    high: Fraction
    unit: str
    whence: Whence
    source: str = ""
    at: str = ""
    is_verified: bool = True

    @property
    def is_range(self) -> bool:
        return self.low != self.high

    @property
    def number(self) -> Fraction:
        """Raises IsARange."""
        if self.is_range:
            raise IsARange(
                f"{float(self.low):g}–{float(self.high):g} tce/{self.unit}：标准给的是区间，请用实测值或供应单位的值。"
                " The standard gives a range: use a measured value or the supplier's."
            )
        return self.low


class Converter:
    """Makes coefficients; ``forms``: printed unit → unit; ``standard_heat``: heating value of standard coal."""

    def __init__(self, forms: Mapping[str, PrintedUnit], standard_heat: Parameter) -> None:
        self.table = UnitTable(forms)
        self.standard_heat = standard_heat

    def measured(self, heating_value: Decimal, heating_unit: str, unit: str, day: date) -> Coefficient:
        """From a measured lower heating value in ``heating_unit`` (kJ/kg, MJ/t).

        Raises:
            NotThisUnit: it is no heat per ``unit``.
            NotInForce: the policy has no heating value of standard coal on the day.
        """
        found, whole = self.table.dimension(heating_unit), self.table.dimension(self.standard_heat.unit)
        if found.powers != self.table.dimension(f"gj/{unit}").powers:
            raise NotThisUnit(f"{heating_unit}: expected heat per {unit}")
        standard = exact(self.standard_heat.on(day).number) * whole.scale
        number = exact(heating_value) * found.scale / standard
        return Coefficient(number, number, unit, Whence.MEASURED)

    def stated(self, value: Decimal, coefficient_unit: str, unit: str, whence: Whence) -> Coefficient:
        """A coefficient that the supplier states, or a generation coal rate of the year; raises NotThisUnit."""
        number = exact(value) * self._scale(coefficient_unit, unit)
        return Coefficient(number, number, unit, whence)

    def default(self, parameter: Parameter, unit: str, day: date) -> Coefficient:
        """What the policy has on the day: one number, or the ends of a range.

        Raises:
            NotThisUnit: the parameter is no coal equivalent per ``unit``.
            NotInForce: it has no value on the day.
        """
        value, scale = parameter.on(day), self._scale(parameter.unit, unit)
        numbers = [exact(number) * scale for number in value.numbers]
        return Coefficient(min(numbers), max(numbers), unit, Whence.DEFAULT, value.source, value.at, value.is_verified)

    def _scale(self, coefficient_unit: str, unit: str) -> Fraction:
        found = self.table.dimension(coefficient_unit)
        if found.powers != self.table.dimension(f"{STANDARD_COAL}/{unit}").powers:
            raise NotThisUnit(f"{coefficient_unit}: expected {STANDARD_COAL} per {unit}")
        return found.scale
