"""政策检查: what the outlook checks of the whole policy folder; one more is one row here."""

from __future__ import annotations

from shuangkong.outlook.barometer.cases import check_rule_cases
from shuangkong.outlook.barometer.rule_book import check_rules
from shuangkong.outlook.history.published_book import check_history
from shuangkong.outlook.response.plan_book import check_response_plans
from shuangkong.policyfile.whole import WholeCheck

OUTLOOK_CHECKS: tuple[WholeCheck, ...] = (check_rules, check_rule_cases, check_history, check_response_plans)
