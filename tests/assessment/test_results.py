"""结果: from a score sheet to what follows and what may be approved, in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scoring_ground import REGION, answers, checks, law, sheet, table, weekdays

from shuangkong.assessment.answers import Answers
from shuangkong.assessment.consequence import following
from shuangkong.assessment.results import TARGET_MISSED, named_by, results_of
from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.core.restriction import Approval, Project, ScopeKind, Verdict, may_be_approved

DUAL = {
    "intensity_done": "3.2", "intensity_due": "3.2", "progress_done": "40", "progress_due": "40", "increment": "100",
    "increment_cap": "100", "increment_total": "200", "increment_total_cap": "200", "fraud_cases": "0",
}  # fmt: skip
YEAR, DAY = 2017, date(2018, 6, 30)


def results(**told: str) -> dict[str, object]:
    of = table("dual_control_region")
    return dict(results_of(sheet(of, answers(of, DUAL | told, Period(YEAR), whole="all"), YEAR)))


def test_a_sheet_says_what_was_missed() -> None:
    assert results() == {
        "over_fulfilled": 1, "fulfilled": 0, "basically_fulfilled": 0, "unfulfilled": 0, "intensity_missed": 0,
        "total_missed": 0, "fraud_cases": 0, "missed_count": 0,
    }  # fmt: skip
    total = results(increment="101")
    assert (total["total_missed"], total["intensity_missed"], total["fulfilled"]) == (1, 0, 1)
    either = results(progress_done="39")
    assert (either["intensity_missed"], either["unfulfilled"], either["total_missed"]) == (1, 1, 0)


def test_what_cannot_be_told_is_missing_and_not_no() -> None:
    of = table("dual_control_region")
    told = {name: value for name, value in DUAL.items() if name != "progress_done"}
    found = results_of(sheet(of, answers(of, told, Period(YEAR), whole="all"), YEAR))
    assert found["intensity_missed"] is State.MISSING
    assert found["unfulfilled"] is State.MISSING
    assert found["missed_count"] is State.MISSING
    assert found["total_missed"] == 0
    missed = told | {"intensity_done": "3"}
    found = results_of(sheet(of, answers(of, missed, Period(YEAR), whole="all"), YEAR))
    assert (found["intensity_missed"], found["unfulfilled"]) == (1, 1), "one veto is enough, whatever the other is"
    assert results_of(sheet(of, Answers(), YEAR)).get("fraud_cases") is None


@pytest.mark.parametrize(
    ("word", "told", "year", "result"),
    [
        ("pollutant_reduction_region", {"cod_done": "1", "cod_due": "2"}, 2013, "reduction_failed"),
        ("pollutant_reduction_region", {"cod_done": "1", "cod_due": "2"}, 2013, "reduction_missed"),
        ("target_completion", {"annual_done": "1", "annual_due": "2", "cumulative_done": "9", "cumulative_due": "2"},
         2022, "target_missed"),
        ("ten_thousand_enterprise", {"progress_done": "1", "progress_due": "2"}, 2013, "target_missed"),
        ("key_energy_unit", {"unit_done": "1", "unit_due": "2", "unit_progress": "1", "unit_progress_due": "2"}, 2022,
         "target_missed"),
        ("energy_saving_government", {"intensity_done": "1", "intensity_due": "2"}, 2007, "intensity_missed"),
        ("carbon_evaluation", {"coal": "3", "coal_due": "2"}, 2026, "unqualified"),
    ],
)  # fmt: skip
def test_tables_call_their_results_as_the_rules_do(word: str, told: dict[str, str], year: int, result: str) -> None:
    of = table(word)
    assert results_of(sheet(of, answers(of, told, Period(year)), year))[result] == Decimal(1)
    assert any(result in rule.results for rule in law().rules)


def test_from_the_sheet_to_the_refused_project() -> None:
    """总量未完成 → 缓批限批: a high-energy project in a county of the region may not be approved, a light one may."""
    of = table("dual_control_region")
    given = answers(of, DUAL | {"increment": "150"}, Period(YEAR), whole="all")
    told = results_of(sheet(of, given, YEAR))
    found = following(law().rules, REGION, told, DAY, checks(), weekdays)
    restrictions = [each.restriction for each in found.consequences if each.restriction]
    at = {
        ScopeKind.REGION: frozenset({"510104", "510100", "510000"}),
        ScopeKind.PROJECT_CLASS: frozenset({"high_energy"}),
    }
    heavy = Project("p", at)
    answer = may_be_approved(restrictions, Approval.ENERGY_REVIEW, heavy, DAY)
    assert (answer.verdict, len(answer.hits)) == (Verdict.MAY_NOT, 1)
    assert answer.hits[0].clause.words.zh.startswith("能耗总量目标未完成")
    light = replace(heavy, at=at | {ScopeKind.PROJECT_CLASS: frozenset()})
    assert may_be_approved(restrictions, Approval.ENERGY_REVIEW, light, DAY).verdict is Verdict.MAY


def test_a_missed_target_is_called_by_its_indicator_only_where_the_rule_knows_it() -> None:
    rules = {rule.id: rule for rule in law().rules}
    missed = {TARGET_MISSED: Decimal(1)}
    assert named_by(missed, "energy_intensity", rules["intensity_missed"])["intensity_missed"] == 1
    assert named_by(missed, "total_consumption", rules["total_missed_incentive"])["total_missed"] == 1
    assert named_by(missed, "cod_total", rules["quality_reduction_missed"])["reduction_missed"] == 1
    assert named_by(missed, "pm25_level", rules["quality_reduction_missed"])["quality_missed"] == 1
    assert named_by(missed, "pm25_level", rules["air_statute"]) == missed  # a county's own target is not the statute's
    assert named_by(missed, "total_consumption", rules["intensity_missed"]) == missed
    told = {TARGET_MISSED: Decimal(1), "total_missed": Decimal(0)}
    assert named_by(told, "total_consumption", rules["total_missed"])["total_missed"] == 0  # the table says it itself
