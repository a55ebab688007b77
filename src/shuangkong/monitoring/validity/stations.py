"""空气站和断面的有效性: valid days of a station by the rule that it is evaluated by; of a section none is laid down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.monitoring.air.evaluation import AirRule
from shuangkong.monitoring.reading import Span
from shuangkong.monitoring.validity.rule import Of, ValidityRule, ValidityRules

AIR, SECTION = "air", "section"
#: A section has no rule of validity: its days are shown and not judged.
NO_RULES = ValidityRules(SECTION, ())
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
