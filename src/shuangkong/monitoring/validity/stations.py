"""空气站和断面的有效性: valid days of a station by the rule that it is evaluated by; of a section none is laid down.

A day of ozone holds by its means of eight hours, not by its hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuangkong.monitoring.air.evaluation import AirRule, eight_hours_most
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import HOURS_A_DAY, Reading, Span
from shuangkong.monitoring.validity.rule import Of, ValidityRule, ValidityRules
from shuangkong.monitoring.validity.verdict import Tally, Verdict, Why, judged

AIR, SECTION = "air", "section"
#: A section has no rule of validity: its days are shown and not judged.
NO_RULES = ValidityRules(SECTION, ())
#: How a pollutant is averaged of which the greatest eight hours of a day count.
_EIGHT_HOURS = "eight_hours"
_FEBRUARY = 2


@dataclass(frozen=True, slots=True)
class StationRules(ValidityRules):
    """Those of air stations: a month of February needs fewer days."""

    short_month: ValidityRule

    def on(self, span: Span, day: date) -> ValidityRule | None:
        if span is Span.MONTH and day.month == _FEBRUARY:
            return self.short_month if self.short_month.ground.validity.holds_on(day) else None
        return ValidityRules.on(self, span, day)


def station_rules(air: AirRule) -> StationRules:
    """Hours of a valid day, days of a valid month and year, as the evaluation asks for."""

    def rule(span: Span, of: Of, least: int) -> ValidityRule:
        return ValidityRule(span, of, least, None, air.ground)

    rules = (
        rule(Span.DAY, Of.HOURS, air.day_hours),
        rule(Span.MONTH, Of.DAYS, air.month_days),
        rule(Span.YEAR, Of.DAYS, air.year_days),
    )
    return StationRules(AIR, rules, rule(Span.MONTH, Of.DAYS, air.short_month_days))


def is_by_eight_hours(kind: str, factor: str, air: AirRule) -> bool:
    """Whether a day of a factor holds by its means of eight hours: ozone at an air station."""
    of = air.pollutants.get(factor)
    return kind == AIR and of is not None and of.mean == _EIGHT_HOURS


def ozone_day(hours: Iterable[Reading], marks: Marks, air: AirRule) -> Callable[[date, Tally], Verdict]:
    """How a day of ozone is judged, as the evaluation takes it: enough valid means of eight hours, none below zero.

    A day that stood still or was registered in part is not judged, as of other pollutants.

    Args:
        hours: of the station's point; what is lost counts for nothing.
    """
    by = defaultdict[date, list[Decimal | None]](lambda: [None] * HOURS_A_DAY)
    for each in hours:
        if each.mark in marks.measured:
            by[each.at.date()][each.at.hour] = each.value
    rules = station_rules(air)

    def verdict(day: date, found: Tally) -> Verdict:
        counted = judged(Span.DAY, day, found, rules.on(Span.DAY, day))
        if counted.is_valid is None or counted.why is Why.NOTHING:
            return counted
        holds = eight_hours_most(by[day], air) is not None
        return replace(counted, is_valid=holds, why=None if holds else Why.WINDOWS)

    return verdict
