"""监测的规定: all that policy lays down for monitoring in one place, as the rulebook hands it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from shuangkong.core.check import Check
from shuangkong.core.dated import DatedValue
from shuangkong.monitoring.air.book import air_index, air_rule, check_air
from shuangkong.monitoring.air.evaluation import AirRule
from shuangkong.monitoring.air.index import AirIndex
from shuangkong.monitoring.alarms.book import Thresholds, check_alarms, conditions, thresholds, timers
from shuangkong.monitoring.alarms.impossible import Condition
from shuangkong.monitoring.alarms.timers import Timer
from shuangkong.monitoring.boilers import FuelWords, fuel_words
from shuangkong.monitoring.ground import ROOM
from shuangkong.monitoring.limits.book import check_limits, limits
from shuangkong.monitoring.limits.limit import Limit
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.rates.book import Target, check_rates, duties, rate_rules, target
from shuangkong.monitoring.rates.coverage import Duty
from shuangkong.monitoring.rates.transmission import RateRules
from shuangkong.monitoring.rivers.book import check_rivers, river_classes
from shuangkong.monitoring.rivers.section import RiverClasses
from shuangkong.monitoring.sewage import influent_bod
from shuangkong.monitoring.substitution.book import bands, check_substitution
from shuangkong.monitoring.substitution.rule import Band
from shuangkong.monitoring.supplement import SupplementRule, supplement_rule
from shuangkong.monitoring.upkeep import Soon, soon
from shuangkong.monitoring.uploads.book import UploadRule, upload_rule
from shuangkong.monitoring.validity.book import check_validity, marking_rules, marks, validity_rules
from shuangkong.monitoring.validity.marking import MarkingRule
from shuangkong.monitoring.validity.rule import MediaRules, ValidityRules
from shuangkong.monitoring.validity.stations import AIR, NO_RULES, station_rules
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.whole import WholeCheck

#: What the room checks of the whole policy folder.
MONITORING_CHECKS: tuple[WholeCheck, ...] = (
    check_validity,
    check_limits,
    check_alarms,
    check_substitution,
    check_rates,
    check_air,
    check_rivers,
)


@dataclass(frozen=True, slots=True)
class MonitoringLaw:
    """Of a layer and those above it, of all days.

    Attributes:
        checks: code (``MON-001``) → how the finding is worded; see ``findings.finding``.
        marks: what each mark means; ``marking``: rules of marking; ``validity``: by medium.
        substitution: rows of all rules of substitution.
        limits: of standards; those of permits and of single outlets are in the registers.
        thresholds: day → what the plain alarm rules compare with; ``conditions``: impossible combinations;
            ``timers``: the table of escalation.
        rates: day → cut-offs of transmission rates; ``target``: (rate, day) → target in %; ``duties``: of coverage.
        air_index, air: index of a day, evaluation of a year; ``rivers``: classes of sections.
        supplement: day → how what lacks is asked for; ``upkeep``: (what, day) → days before it is due that it is told.
        uploads: how uploads of key energy users are received.
        fuels: words by which fuels of boilers are told apart.
        influent_bod: day → below which influent a sewage plant needs a plan of its own.
    """

    checks: Mapping[str, Check]
    marks: Marks
    marking: tuple[MarkingRule, ...]
    validity: MediaRules
    substitution: tuple[Band, ...]
    limits: tuple[Limit, ...]
    thresholds: Callable[[date], Thresholds]
    conditions: tuple[Condition, ...]
    timers: tuple[Timer, ...]
    rates: Callable[[date], RateRules]
    target: Callable[[Target, date], DatedValue]
    duties: tuple[Duty, ...]
    air_index: AirIndex
    air: AirRule
    rivers: RiverClasses
    supplement: Callable[[date], SupplementRule]
    upkeep: Callable[[Soon, date], DatedValue]
    uploads: UploadRule
    fuels: FuelWords
    influent_bod: Callable[[date], DatedValue]

    def validity_of(self, kind: str) -> ValidityRules:
        """Of outlets by medium, of air stations as they are evaluated; of others none are laid down."""
        if kind == AIR:
            return station_rules(self.air)
        return next((rules for media, rules in self.validity.items() if media == kind), NO_RULES)


def monitoring_law(folder: PolicyFolder, layer: str) -> MonitoringLaw:
    """Raises PolicyRefused where a file cannot be used."""
    return MonitoringLaw(
        checks={check.code: check for check in books.checks(folder, ROOM, layer)},
        marks=marks(folder, layer),
        marking=marking_rules(folder, layer),
        validity=validity_rules(folder, layer),
        substitution=bands(folder, layer),
        limits=limits(folder, layer),
        thresholds=cache(partial(thresholds, folder, layer)),
        conditions=conditions(folder, layer),
        timers=timers(folder, layer),
        rates=cache(partial(rate_rules, folder, layer)),
        target=cache(partial(target, folder, layer)),
        duties=duties(folder, layer),
        air_index=air_index(folder, layer),
        air=air_rule(folder, layer),
        rivers=river_classes(folder, layer),
        supplement=cache(partial(supplement_rule, folder, layer)),
        upkeep=cache(partial(soon, folder, layer)),
        uploads=upload_rule(folder, layer),
        fuels=fuel_words(folder, layer),
        influent_bod=cache(partial(influent_bod, folder, layer)),
    )
