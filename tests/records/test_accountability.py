"""问责: what follows from an announced result is listed, decided, carried out, lifted; what is barred meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shuangkong.assessment.consequence import ActKind
from shuangkong.assessment.enforcement import EventKind, State
from shuangkong.assessment.year import EventKind as Step
from shuangkong.core.period import Period
from shuangkong.core.restriction import Approval, Project, ScopeKind, Verdict
from shuangkong.records.assessment.accountability import store
from shuangkong.records.assessment.accountability.acts import act, acts_allowed, proposed_due
from shuangkong.records.assessment.accountability.exempting import WantedExemption, end_exemption, exempt
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.accountability.models import Consequence
from shuangkong.records.assessment.accountability.restricting import laid_down, may_be_approved_here
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, Minutes, Said
from shuangkong.records.assessment.years.acts import act as step
from shuangkong.records.assessment.years.drawing import Round, draw_for_check
from shuangkong.records.assessment.years.launching import launch
from shuangkong.records.assessment.years.marking import give
from shuangkong.records.assessment.years.models import AssessmentSheet
from shuangkong.records.assessment.years.rows import Given, Side, Wanted
from shuangkong.records.assessment.years.rows import Said as Told
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db
COUNTY, FIRST, SECOND = "999901", "999901001", "999901002"
TODAY = timezone.localdate()
YEAR = Period(2024)
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))
LEADER = Acting("leader", Role.LEADING_GROUP, region=COUNTY, paths=("/999901/",))
TOWN = Acting("town", Role.REGION, region=FIRST, paths=(f"/999901/{FIRST}/",))


@pytest.fixture
def announced(regions: None) -> int:
    """A town that was vetoed for fraud, announced today."""
    back = TODAY - timedelta(days=30)
    wanted = Wanted(region=COUNTY, duty="town_target", period=YEAR, until=TODAY, subjects=(FIRST,), on=back)
    [number] = launch(wanted, OFFICE)
    step(number, TOWN, Step.SUBMIT, Told(on=back))
    given = Given(code="fraud_cases", marks=Decimal(2), title="处罚决定", number="虚罚〔测〕1号")
    give(number, Side.REVIEW, [given], OFFICE)
    step(number, OFFICE, Step.REVIEW, Told(on=back))
    draw_for_check(Round(COUNTY, "town_target", YEAR), 0, "种子", OFFICE, back)
    step(number, OFFICE, Step.PROPOSE, Told(on=back, until=back))
    step(number, LEADER, Step.APPROVE)
    with pytest.raises(Refused, match="ASM-502"):
        list_up(number, OFFICE)
    step(number, OFFICE, Step.ANNOUNCE, Told(number="虚府办〔测〕9号"))
    return number


def listed(number: int) -> dict[ActKind, ConsequenceRow]:
    found = [store.consequence(each) for each in list_up(number, OFFICE).numbers]
    return {row.act.kind: row for row in found if row is not None}


def project(place: str, *classes: str) -> Project:
    at = {ScopeKind.REGION: frozenset({place, COUNTY}), ScopeKind.PROJECT_CLASS: frozenset(classes)}
    rest = dict.fromkeys((ScopeKind.SECTOR, ScopeKind.FUEL, ScopeKind.ZONE, ScopeKind.PRODUCT), frozenset[str]())
    return Project("项目", {**rest, **at}, equipment=())


def test_what_follows_is_listed_once_with_its_ground(announced: int) -> None:
    with pytest.raises(Forbidden):
        list_up(announced, TOWN)
    found = listed(announced)
    assert {row.rule.id for row in found.values()} == {"data_fraud", "region_target_missed"}
    assert set(found) == {ActKind.DEEMED_FAILED, ActKind.CRITICISM_NOTICE, ActKind.ACCOUNTABILITY, ActKind.SUSPENSION}
    assert found[ActKind.CRITICISM_NOTICE].inputs == ("查实的数据造假起数：2",)
    assert list_up(announced, OFFICE).numbers == ()
    row = found[ActKind.SUSPENSION]
    assert journal.of_subject(f"consequence/{row.id}")[-1].document == "虚府办〔测〕9号"


def test_a_suspension_binds_from_its_day_until_it_is_lifted(announced: int) -> None:
    row = listed(announced)[ActKind.SUSPENSION]
    here = project(FIRST, "two_highs")

    def verdict(of: Project, day: date = TODAY) -> Verdict:
        return may_be_approved_here(Approval.EIA, of, FIRST, day).verdict

    assert verdict(here) is Verdict.MAY  # proposed only
    with pytest.raises(Forbidden):
        act(row.id, OFFICE, EventKind.DECIDE, Said("虚府〔测〕1号"))
    with pytest.raises(Refused, match="ASM-513"):
        act(row.id, LEADER, EventKind.DECIDE)
    act(row.id, LEADER, EventKind.DECIDE, Said("虚府〔测〕1号"))
    assert verdict(here) is Verdict.MAY
    act(row.id, OFFICE, EventKind.CARRY_OUT, Said("虚环函〔测〕1号"))
    assert verdict(here) is Verdict.MAY_NOT
    assert verdict(here, TODAY - timedelta(days=1)) is Verdict.MAY
    assert verdict(project(SECOND, "two_highs")) is Verdict.MAY
    assert verdict(project(FIRST)) is Verdict.MAY
    told_nothing = Project("p", {ScopeKind.REGION: frozenset({FIRST})}, equipment=())
    assert verdict(told_nothing) is Verdict.UNDECIDED
    hit = may_be_approved_here(Approval.EIA, here, FIRST, TODAY).hits[0]
    assert "未完成年度目标" in hit.clause.words.zh
    with pytest.raises(Refused, match="ASM-515"):
        act(row.id, OFFICE, EventKind.CLOSE, Said("办结"))
    with pytest.raises(Refused, match="ASM-514"):
        act(row.id, LEADER, EventKind.LIFT, Said("虚府〔测〕2号"))
    act(row.id, LEADER, EventKind.LIFT, Said("虚府〔测〕2号", "整改验收合格"))
    assert verdict(here) is Verdict.MAY
    assert [each.lifting.document for each in laid_down() if each.lifting] == ["虚府〔测〕2号"]
    assert laid_down(TODAY - timedelta(days=1)) == ()
    kept = store.consequence(row.id)
    assert kept is not None
    assert kept.standing.state is State.LIFTED


def test_who_is_offered_what(announced: int) -> None:
    row = listed(announced)[ActKind.CRITICISM_NOTICE]
    assert acts_allowed(row, LEADER) == [EventKind.DECIDE, EventKind.WAIVE]
    assert acts_allowed(row, OFFICE) == []
    assert acts_allowed(row, TOWN) == []
    assert store.may_read(TOWN, row)
    elsewhere = Acting("s", Role.REGION, region=SECOND, paths=(f"/999901/{SECOND}/",))
    assert not store.may_read(elsewhere, row)
    assert len(store.consequences(store.readable(TOWN))) == 4
    assert store.consequences(store.readable(elsewhere)) == ()
    act(row.id, LEADER, EventKind.DECIDE, Said("决定"))
    decided = store.consequence(row.id)
    assert decided is not None
    assert acts_allowed(decided, TOWN) == []  # a criticism is not answered: it is made known, and done
    act(row.id, OFFICE, EventKind.CARRY_OUT, Said("通报文件"))
    act(row.id, OFFICE, EventKind.CLOSE, Said("归档"))
    assert [each.kind for each in store.events(row.id)] == [EventKind.DECIDE, EventKind.CARRY_OUT, EventKind.CLOSE]


def interview(announced: int) -> int:
    """An interview that the leader decided on, written down by itself: no table of towns leads to one."""
    sheet = AssessmentSheet.objects.filter(assessment=announced).latest("pk")
    made = Consequence.objects.create(
        assessment_id=announced, sheet=sheet, path="/999901/", subject_path=f"/999901/{FIRST}/",
        rule="total_missed_incentive", ordinal=1, act=ActKind.INTERVIEW, on=TODAY, proposed_by="office",
        proposed_at=timezone.now(),
    )  # fmt: skip
    act(made.pk, LEADER, EventKind.DECIDE, Said("虚府〔测〕3号"))
    return made.pk


def row_of(number: int) -> ConsequenceRow:
    found = store.consequence(number)
    assert found is not None
    return found


def test_an_interview_keeps_its_minutes_and_the_rectification_is_followed_to_its_end(announced: int) -> None:
    number = interview(announced)
    assert EventKind.ANSWER not in acts_allowed(row_of(number), TOWN)
    minutes = Minutes("县政府会议室", "分管副县长", ("镇长", "县发展改革局"), "总量超出目标", "年内关停两条线")
    with pytest.raises(Refused, match="ASM-517"):
        act(number, OFFICE, EventKind.CARRY_OUT, Said("约谈纪要1号", minutes=replace(minutes, measures="")))
    due = proposed_due(row_of(number), TODAY)
    assert due == TODAY + timedelta(days=30)  # policy: assessment_rectification_days
    with pytest.raises(Refused, match="ASM-516"):
        act(number, OFFICE, EventKind.CARRY_OUT, Said("1号", due=TODAY - timedelta(days=1), minutes=minutes))
    act(number, OFFICE, EventKind.CARRY_OUT, Said("约谈纪要1号", due=due, minutes=minutes))
    assert store.events(number)[-1].minutes == minutes
    assert row_of(number).standing.due == due
    with pytest.raises(Refused, match="ASM-519"):
        act(number, OFFICE, EventKind.CLOSE, Said("办结"))
    act(number, TOWN, EventKind.ANSWER, Said("整改方案1号"))
    act(number, OFFICE, EventKind.REJECT, Said("退回1号", "措施不实", due=due))
    act(number, TOWN, EventKind.ANSWER, Said("整改方案2号"))
    act(number, OFFICE, EventKind.ACCEPT, Said("验收1号"))
    assert row_of(number).standing.state is State.CLOSED


def test_an_exemption_lets_one_project_through_and_is_ended(announced: int) -> None:
    row = listed(announced)[ActKind.SUSPENSION]
    for by, kind in ((LEADER, EventKind.DECIDE), (OFFICE, EventKind.CARRY_OUT)):
        act(row.id, by, kind, Said("虚府〔测〕1号"))
    [restriction] = laid_down()
    wanted = WantedExemption(COUNTY, restriction.id, "供热管网", "虚府〔测〕4号", "民生工程", TODAY)

    def verdict(of: str) -> Verdict:
        asked = replace(project(FIRST, "two_highs"), id=of)
        return may_be_approved_here(Approval.EIA, asked, FIRST, TODAY).verdict

    with pytest.raises(Forbidden):
        exempt(wanted, OFFICE)
    for changed, code in (
        ({"restriction": "no_such"}, 521), ({"restriction": "fuel_ban_zone"}, 522), ({"reason": " "}, 523),
        ({"starts": TODAY + timedelta(days=1)}, 524), ({"until": TODAY - timedelta(days=1)}, 524),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"ASM-{code}"):
            exempt(replace(wanted, **changed), LEADER)
    made = exempt(wanted, LEADER)
    assert (verdict("供热管网"), verdict("水泥熟料线")) == (Verdict.MAY, Verdict.MAY_NOT)
    hit = may_be_approved_here(Approval.EIA, replace(project(FIRST, "two_highs"), id="供热管网"), FIRST, TODAY).hits[0]
    assert hit.by is not None
    assert hit.by.document == "虚府〔测〕4号"
    with pytest.raises(Refused, match="ASM-525"):
        exempt(wanted, LEADER)
    assert journal.of_subject(f"region/{COUNTY}")[-1].act == "exemption.record"
    end_exemption(made, LEADER, "虚府〔测〕5号", "项目变更")
    assert verdict("供热管网") is Verdict.MAY_NOT
    with pytest.raises(Refused, match="ASM-526"):
        end_exemption(made, LEADER, "虚府〔测〕6号", "重复")


def test_a_past_day_sees_what_was_known_then(announced: int, on: Callable[[date], None]) -> None:
    row = listed(announced)[ActKind.ACCOUNTABILITY]
    on(TODAY + timedelta(days=1))
    act(row.id, LEADER, EventKind.WAIVE, Said(text="已另案处理"))
    then, now = store.consequence(row.id, TODAY), store.consequence(row.id)
    assert then is not None
    assert now is not None
    assert (then.standing.state, now.standing.state) == (State.PROPOSED, State.WAIVED)
