"""问责: every condition of the plans and of the law, kept apart, and what follows is enforceable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from scoring_ground import checks, law, weekdays

from shuangkong.assessment.consequence import ActKind, Following, GroundKind, following
from shuangkong.assessment.enforcement import (
    ENDINGS,
    TRANSITIONS,
    CannotHappen,
    Event,
    EventKind,
    Hindrance,
    Standing,
    State,
    after,
    hindrance,
    standing,
)
from shuangkong.core.fact import Subject
from shuangkong.core.restriction import Approval, Project, ScopeKind, Verdict, may_be_approved
from shuangkong.policyfile.expression.given import Told

CITY = Subject("region", "510100")
DAY = date(2019, 6, 30)
#: Nothing happened: every result of regions, told and harmless.
QUIET: dict[str, Told] = dict.fromkeys(
    (
        "intensity_missed", "total_missed", "quality_missed", "reduction_missed", "over_cap", "target_missed",
        "unfulfilled", "over_fulfilled", "fraud_cases", "reduction_failed", "unqualified", "missed_count",
        "province_level_one", "intensity_not_fallen", "incentive_reached",
    ),
    Decimal(0),
)  # fmt: skip


def follow(subject: Subject = CITY, on: date = DAY, missed: str = "cod", **results: int) -> Following:
    told = QUIET | {name: Decimal(value) for name, value in results.items()}
    return following(law().rules, subject, told, on, checks(), weekdays, frozenset(missed.split()))


def rules_of(found: Following) -> set[str]:
    return {each.rule.id for each in found.consequences}


def acts_of(found: Following) -> set[ActKind]:
    return {each.act.kind for each in found.consequences}


def test_nothing_follows_from_nothing() -> None:
    assert follow() == Following((), ())


def test_intensity_and_total_have_consequences_of_their_own() -> None:
    """强度未完成 → 问责; 总量未完成 → 通报批评和约谈, 缓批限批: neither brings the other's."""
    assert rules_of(follow(intensity_missed=1)) == {"intensity_missed"}
    assert acts_of(follow(intensity_missed=1)) == {ActKind.ACCOUNTABILITY, ActKind.CADRE_RECORD, ActKind.NO_AWARD}
    total = follow(total_missed=1)
    assert acts_of(total) == {ActKind.CRITICISM_NOTICE, ActKind.INTERVIEW, ActKind.SUSPENSION}
    assert [each.act.is_published for each in total.consequences] == [True, False, False]


def test_who_reached_the_incentive_target_does_not_answer_for_the_total() -> None:
    """Since the 14th plan; before it there was no such exemption, and since its end there is no such rule."""
    before, during, since = (date(year, 6, 30) for year in (2019, 2022, 2026))
    assert rules_of(follow(on=before, total_missed=1, incentive_reached=1)) == {"total_missed"}
    assert rules_of(follow(on=during, total_missed=1)) == {"total_missed_incentive"}
    assert rules_of(follow(on=during, total_missed=1, incentive_reached=1)) == set()
    assert rules_of(follow(on=since, total_missed=1)) == set()


def test_the_law_says_or_and_the_plan_says_and() -> None:
    statutes = {"environment_statute", "air_statute", "water_statute"}
    assert rules_of(follow(over_cap=1)) == statutes
    assert rules_of(follow(quality_missed=1)) == statutes, "one alone is enough for the law, not for the plan"
    assert rules_of(follow(reduction_missed=1)) == set()
    both = follow(quality_missed=1, reduction_missed=1)
    assert rules_of(both) == {*statutes, "quality_reduction_missed"}
    grounds = {each.rule.ground for each in both.consequences if each.restriction}
    assert grounds == {GroundKind.STATUTE, GroundKind.PLAN}


def test_lifting_the_plans_restriction_leaves_the_laws() -> None:
    found = follow(quality_missed=1, reduction_missed=1)
    restrictions = [each.restriction for each in found.consequences if each.restriction]
    here = Project("p", {ScopeKind.REGION: frozenset({"510104", "510100"}), ScopeKind.POLLUTANT: frozenset({"cod"})})
    assert may_be_approved(restrictions, Approval.EIA, here, DAY).verdict is Verdict.MAY_NOT
    of_law = [each for each in restrictions if "statute" in each.id]
    answer = may_be_approved(of_law, Approval.EIA, here, DAY)
    assert (answer.verdict, len(answer.hits)) == (Verdict.MAY_NOT, 3)
    other = Project("q", {ScopeKind.REGION: frozenset({"510100"}), ScopeKind.POLLUTANT: frozenset({"nox"})})
    assert may_be_approved(restrictions, Approval.EIA, other, DAY).verdict is Verdict.MAY


def test_a_law_holds_from_its_day() -> None:
    by_year = {year: rules_of(follow(on=date(year, 6, 30), over_cap=1)) for year in (2014, 2015, 2016, 2018)}
    assert by_year == {
        2014: set(), 2015: {"environment_statute"}, 2016: {"environment_statute", "air_statute"},
        2018: {"environment_statute", "air_statute", "water_statute"},
    }  # fmt: skip


def test_a_key_unit_that_missed_its_target() -> None:
    unit = Subject("unit", "91510100")
    found = follow(unit, target_missed=1)
    assert acts_of(found) == {ActKind.SUSPENSION, ActKind.CRITICISM_NOTICE, ActKind.CREDIT_RECORD}
    restriction = next(each.restriction for each in found.consequences if each.restriction)
    classes = {ScopeKind.UNIT: frozenset({"91510100"}), ScopeKind.PROJECT_CLASS: frozenset({"high_energy"})}
    assert may_be_approved([restriction], Approval.ENERGY_REVIEW, Project("p", classes), DAY).verdict is Verdict.MAY_NOT
    light = classes | {ScopeKind.PROJECT_CLASS: frozenset()}
    assert may_be_approved([restriction], Approval.ENERGY_REVIEW, Project("p", light), DAY).verdict is Verdict.MAY
    assert "region_target_missed" in rules_of(follow(target_missed=1))


def test_the_unfulfilled_region_owes_a_plan_within_its_days() -> None:
    found = follow(unfulfilled=1)
    due = {each.act.kind: each.due for each in found.consequences}
    assert due[ActKind.RECTIFICATION] == date(2019, 7, 30)
    assert due[ActKind.SUSPENSION] is None
    assert {ActKind.NO_AWARD, ActKind.CADRE_RECORD} <= acts_of(found)
    assert acts_of(follow(over_fulfilled=1)) == {ActKind.COMMENDATION}


def test_working_days_are_counted_as_such() -> None:
    found = follow(Subject("region", "510000"), date(2027, 6, 1), unqualified=1)
    report = next(each for each in found.consequences if each.act.kind is ActKind.WORK_REPORT)
    assert report.due == date(2027, 7, 13), "30 working days after a Tuesday are six weeks"
    reminded = follow(Subject("region", "510000"), date(2027, 6, 1), missed_count=2)
    assert acts_of(reminded) == {ActKind.REMINDER}
    assert acts_of(follow(Subject("region", "510000"), date(2027, 6, 1), unqualified=1, missed_count=2)) == {
        ActKind.WORK_REPORT, ActKind.INTERVIEW, ActKind.CADRE_RECORD,
    }  # fmt: skip


def test_the_barometer_stops_prefectures_that_did_not_fall_and_no_others() -> None:
    day = date(2021, 9, 1)
    assert rules_of(follow(on=day, province_level_one=1)) == set()
    found = follow(on=day, province_level_one=1, intensity_not_fallen=1)
    restriction = next(each.restriction for each in found.consequences if each.restriction)
    at = {ScopeKind.PREFECTURE: frozenset({"510100"}), ScopeKind.PROJECT_CLASS: frozenset({"two_highs"})}
    stopped = may_be_approved([restriction], Approval.ENERGY_REVIEW, Project("p", at), day)
    assert stopped.verdict is Verdict.MAY_NOT
    major = at | {ScopeKind.PROJECT_CLASS: frozenset({"two_highs", "national_planning"})}
    elsewhere = at | {ScopeKind.PREFECTURE: frozenset({"510300"})}
    for other in (major, elsewhere):
        assert may_be_approved([restriction], Approval.ENERGY_REVIEW, Project("p", other), day).verdict is Verdict.MAY
    after = may_be_approved([restriction], Approval.ENERGY_REVIEW, Project("p", at), date(2022, 1, 1))
    assert after.verdict is Verdict.MAY
    assert rules_of(follow(on=date(2022, 1, 1), province_level_one=1, intensity_not_fallen=1)) == set()


def test_fraud_is_deemed_failed() -> None:
    assert ActKind.DEEMED_FAILED in acts_of(follow(fraud_cases=1))


def test_what_is_missing_is_a_finding_and_no_pardon() -> None:
    told = {name: value for name, value in QUIET.items() if name != "quality_missed"}
    found = following(law().rules, CITY, told, DAY, checks(), weekdays)
    assert found.consequences == ()
    assert [finding.code for finding in found.findings] == ["ASM-009"] * 3
    assert "未完成环境质量目标" in found.findings[0].message.zh
    decided = following(law().rules, CITY, told | {"over_cap": Decimal(1)}, DAY, checks(), weekdays, frozenset({"cod"}))
    assert decided.findings == ()


def test_a_suspension_of_what_was_missed_names_it() -> None:
    with pytest.raises(ValueError, match="what was missed"):
        follow(missed="", over_cap=1)


def test_every_rule_tells_on_what_it_rests_and_has_executors_and_evidence() -> None:
    for rule in law().rules:
        assert rule.source
        assert all(act.executors and act.evidence for act in rule.acts)
        assert not rule.clause.is_verified


DECIDED = Event(EventKind.DECIDE, DAY, "决定1号")
DONE = Event(EventKind.CARRY_OUT, DAY, "通知1号")


def test_each_act_is_followed_to_its_own_end() -> None:
    for act in ActKind:
        now = standing(act, (DECIDED, DONE))
        for kind in (EventKind.CLOSE, EventKind.LIFT):
            found = hindrance(now, Event(kind, DAY, "文1号", "办妥"))
            assert (found is None) is (kind in ENDINGS[act]), (act, kind)


def test_no_act_can_be_led_where_it_has_no_end() -> None:
    """From wherever an act can come to, some event leads on, and some way of events leads to an end."""
    for act in ActKind:
        reached, todo = set(), [Standing(act), Standing(act, due=DAY)]
        while todo:
            now = todo.pop()
            if (now.state, now.due) in reached:
                continue
            reached.add((now.state, now.due))
            events = [Event(kind, DAY, "文1号", "因故", date(2019, 9, 30)) for kind in EventKind]
            after_it = [after(now, event) for event in events if hindrance(now, event) is None]
            assert after_it or now.is_ended, (act, now.state)
            assert now.state is State.PROPOSED or now.is_ended or _ends_well(now), (act, now.state)
            todo += after_it


def _ends_well(now: Standing, most: int = 3) -> bool:
    """Whether a few events lead to an end that is neither waived nor revoked."""
    if now.is_ended or not most:
        return now.state in (State.CLOSED, State.LIFTED)
    events = [Event(kind, DAY, "文1号", "因故") for kind in EventKind]
    return any(_ends_well(after(now, each), most - 1) for each in events if hindrance(now, each) is None)


def test_an_interview_ends_with_the_rectification_that_it_set_a_day_for() -> None:
    held = Event(EventKind.CARRY_OUT, DAY, "纪要1号", due=date(2019, 7, 30))
    answer, accept = Event(EventKind.ANSWER, DAY, "整改1号"), Event(EventKind.ACCEPT, DAY, "验收1号")
    assert hindrance(standing(ActKind.INTERVIEW, (DECIDED,)), answer) is Hindrance.NOT_HELD
    now = standing(ActKind.INTERVIEW, (DECIDED, held))
    assert now.due == date(2019, 7, 30)
    assert now.is_overdue(date(2019, 7, 31))
    assert hindrance(now, Event(EventKind.CLOSE, DAY, "文1号")) is Hindrance.STILL_OWED
    assert standing(ActKind.INTERVIEW, (DECIDED, held, answer, accept)).state is State.CLOSED
    assert standing(ActKind.INTERVIEW, (DECIDED, DONE, Event(EventKind.CLOSE, DAY, "文1号"))).state is State.CLOSED
    credit = standing(ActKind.CREDIT_RECORD, (DECIDED, DONE))
    assert hindrance(credit, answer) is Hindrance.NOT_THIS_ACT  # it would wait for ever


def test_a_rectification_comes_back_until_it_is_accepted() -> None:
    answer = Event(EventKind.ANSWER, DAY, "整改1号")
    rejected = Event(EventKind.REJECT, DAY, "退回1号", "措施不实", date(2019, 9, 30))
    now = standing(ActKind.RECTIFICATION, (DECIDED, DONE, answer, rejected), date(2019, 7, 30))
    assert (now.state, now.due, now.rejections) == (State.IN_FORCE, date(2019, 9, 30), 1)
    assert (now.is_overdue(date(2019, 9, 30)), now.is_overdue(date(2019, 10, 1))) == (False, True)
    end = standing(
        ActKind.RECTIFICATION, (DECIDED, DONE, answer, rejected, answer, Event(EventKind.ACCEPT, DAY, "验收1号"))
    )
    assert (end.state, end.is_ended) == (State.CLOSED, True)
    assert end.documents[-1] == "验收1号"


def test_nothing_is_done_without_a_document_nor_undone_without_a_reason() -> None:
    assert hindrance(Standing(ActKind.INTERVIEW), Event(EventKind.DECIDE, DAY)) is Hindrance.NO_DOCUMENT
    assert hindrance(Standing(ActKind.INTERVIEW), Event(EventKind.WAIVE, DAY)) is Hindrance.NO_REASON
    live = standing(ActKind.SUSPENSION, (DECIDED, DONE))
    assert hindrance(live, Event(EventKind.LIFT, DAY, "文1号")) is Hindrance.NO_REASON
    assert standing(ActKind.SUSPENSION, (DECIDED, DONE, Event(EventKind.LIFT, DAY, "文1号", "验收合格"))).is_ended


def test_every_pair_that_the_table_lacks_is_refused() -> None:
    for state in State:
        for kind in EventKind:
            found = hindrance(Standing(ActKind.RECTIFICATION, state), Event(kind, DAY, "文1号", "因故"))
            assert (found is Hindrance.STATE) is ((state, kind) not in TRANSITIONS), (state, kind)
    with pytest.raises(CannotHappen, match="state"):
        standing(ActKind.INTERVIEW, (DONE,))
