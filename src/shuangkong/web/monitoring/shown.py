"""看数的单位: pages show what a rule evaluates in the unit of that rule, whatever the code table keeps it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shuangkong.monitoring.validity.stations import AIR, SECTION
from shuangkong.records.monitoring.models import Outlet
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import factor_unit, shown_unit
from shuangkong.web.monitoring.data import Value
from shuangkong.web.monitoring.quality import air_conversions, river_conversions


@dataclass(frozen=True, slots=True)
class ShownUnits:
    """``by``: (outlet, factor) → by what a kept figure becomes the shown one, and the printed unit."""

    by: Mapping[tuple[int, str], tuple[Decimal, str]]

    def unit(self, outlet: int, factor: str) -> str:
        """As pages print it."""
        found = self.by.get((outlet, factor))
        return factor_unit(factor) if found is None else found[1]

    def value(self, outlet: int, factor: str, value: Decimal | None) -> Decimal | None:
        found = self.by.get((outlet, factor))
        if found is None or value is None:
            return value
        made = value * found[0]
        # A ratio of thousandths brings zeros with it that nobody told.
        return made.quantize(Decimal(1)) if made == made.to_integral_value() else made.normalize()

    def brought(self, outlet: int, points: Mapping[int, str], told: Sequence[Value]) -> tuple[Value, ...]:
        """Readings of an outlet with their values as they are shown; amounts stay as they are."""
        return tuple(
            each if each.stat == "cou" else replace(each, value=self.value(outlet, points[each.point], each.value))
            for each in told
        )


def shown_units(outlets: Iterable[Outlet]) -> ShownUnits:
    """Of air stations and river sections; all others are shown as they are kept. 1 query where there is a station."""
    law, told = open_rulebook().monitoring(), tuple(outlets)
    stations = [each.pk for each in told if each.kind == AIR]
    ratios = air_conversions(law, stations) if stations else {}
    by = {key: (ratio, shown_unit(law.air.pollutants[key[1]].unit)) for key, ratio in ratios.items()}
    rivers = river_conversions(law) if any(each.kind == SECTION for each in told) else {}
    for each in told:
        if each.kind == SECTION:
            for factor, ratio in rivers.items():
                unit = law.rivers.factors[factor].unit
                by[each.pk, factor] = (ratio, "" if unit == "-" else shown_unit(unit))
    return ShownUnits(by)
