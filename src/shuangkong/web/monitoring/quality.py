"""单位换算: from the unit in which readings are kept to that of a rule of quality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import codes

#: Factor → by what a kept figure becomes one of the rule; factors that cannot are left out.
type Conversions = Mapping[str, Decimal]


def air_conversions(law: MonitoringLaw) -> Conversions:
    """Of the pollutants of the air rule."""
    return _ratios((factor, each.unit) for factor, each in law.air.pollutants.items())


def river_conversions(law: MonitoringLaw) -> Conversions:
    """Of the factors of the classes of rivers."""
    return _ratios((factor, each.unit) for factor, each in law.rivers.factors.items())


def _ratios(wanted: Iterable[tuple[str, str]]) -> dict[str, Decimal]:
    book, known = open_rulebook(), codes().factors
    found = {}
    for factor, unit in wanted:
        ratio = ratio_of(known[factor].unit, unit, book) if factor in known else None
        if ratio is not None:
            found[factor] = ratio
    return found
