"""预警的规定: all that policy lays down for the outlook in one place, as the rulebook hands it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from shuangkong.outlook.barometer.cases import check_rule_cases
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.outlook.barometer.rule_book import BAROMETER, TRIGGERS, check_rules, rules
from shuangkong.outlook.forecast.limit_book import limits
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.history.published_book import check_history
from shuangkong.outlook.projects.family import Family, families
from shuangkong.outlook.response.duties import ResponsePlan, plans_for
from shuangkong.outlook.response.plan_book import check_response_plans, response_plans
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.whole import WholeCheck

#: What the room checks of the whole policy folder.
OUTLOOK_CHECKS: tuple[WholeCheck, ...] = (check_rules, check_rule_cases, check_history, check_response_plans)


@dataclass(frozen=True, slots=True)
class OutlookLaw:
    """Of a layer and those above it, of all days: ``barometer`` and ``triggers`` by id, ``plans`` by id.

    ``families`` of key projects by id, those of one field together.
    ``limits``: day → what a forecast must have and how it is tried; raises NotInForce where one is not laid down.
    What was published (history.published_book) is the same everywhere, and read by itself.
    """

    barometer: Mapping[str, Rule]
    triggers: Mapping[str, Rule]
    plans: Mapping[str, ResponsePlan]
    limits: Callable[[date], Limits]
    families: Mapping[str, Family]

    def started_by(self, rule: str, day: date) -> tuple[ResponsePlan, ...]:
        """The response plans that a rule's levels start on a day."""
        return plans_for(self.plans.values(), rule, day)


def outlook_law(folder: PolicyFolder, layer: str) -> OutlookLaw:
    """Raises PolicyRefused where a file cannot be used."""
    return OutlookLaw(
        barometer=rules(folder, layer, BAROMETER),
        triggers=rules(folder, layer, TRIGGERS),
        plans=response_plans(folder, layer),
        limits=partial(limits, folder, layer),
        families=families(folder, layer),
    )
