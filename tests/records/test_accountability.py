"""问责: what follows from an announced result is listed, decided, carried out, lifted; what is barred meanwhile."""

from __future__ import annotations

from collections.abc import Callable
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
from shuangkong.records.assessment.accountability.acts import act, acts_allowed
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.accountability.restricting import laid_down, may_be_approved_here
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, Said
from shuangkong.records.assessment.years.acts import act as step
from shuangkong.records.assessment.years.drawing import Round, draw_for_check
from shuangkong.records.assessment.years.launching import launch
from shuangkong.records.assessment.years.marking import give
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
    rest = dict.fromkeys((ScopeKind.SECTOR, ScopeKind.FUEL, ScopeKind.ZONE), frozenset[str]())
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
    assert EventKind.ANSWER in acts_allowed(decided, TOWN)
    act(row.id, OFFICE, EventKind.CARRY_OUT, Said("通报文件"))
    act(row.id, OFFICE, EventKind.CLOSE, Said("归档"))
    assert [each.kind for each in store.events(row.id)] == [EventKind.DECIDE, EventKind.CARRY_OUT, EventKind.CLOSE]


def test_a_past_day_sees_what_was_known_then(announced: int, on: Callable[[date], None]) -> None:
    row = listed(announced)[ActKind.ACCOUNTABILITY]
    on(TODAY + timedelta(days=1))
    act(row.id, LEADER, EventKind.WAIVE, Said(text="已另案处理"))
    then, now = store.consequence(row.id, TODAY), store.consequence(row.id)
    assert then is not None
    assert now is not None
    assert (then.standing.state, now.standing.state) == (State.PROPOSED, State.WAIVED)
