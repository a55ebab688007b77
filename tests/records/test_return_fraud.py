"""Fraud that verification established counts in the assessment of the place, and its consequences follow."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shuangkong.assessment.year import EventKind as Step
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.records.assessment.accountability import store
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.years.acts import act as step
from shuangkong.records.assessment.years.drawing import Round, draw_for_check
from shuangkong.records.assessment.years.launching import launch
from shuangkong.records.assessment.years.marking import give
from shuangkong.records.assessment.years.rows import Given, Side, Wanted
from shuangkong.records.assessment.years.rows import Said as Told
from shuangkong.records.paths import below
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting.models import Reporter, Return, Window
from shuangkong.records.reporting.verification.cases import act_on_case, open_case
from shuangkong.records.reporting.verification.fraud import count_frauds, established, fraud_records
from shuangkong.reporting.verification.standing import Event, EventKind

pytestmark = pytest.mark.django_db
COUNTY, FIRST, SECOND = "999901", "999901001", "999901002"
TODAY, YEAR = timezone.localdate(), Period(2024)
OFFICE = Acting("office", Role.PLAN_OFFICE, body_name="发展改革和统计局", region=COUNTY, paths=("/999901/",))
LEADER = Acting("leader", Role.LEADING_GROUP, region=COUNTY, paths=("/999901/",))
TOWN = Acting("town", Role.REGION, region=FIRST, paths=(f"/999901/{FIRST}/",))


def convicted(place: str, period: str = "2024-09") -> int:
    """A case on a return of a unit of a place, from its opening to the finding of fraud."""
    region, now = Region.objects.get(pk=place), timezone.now()
    who = Reporter.objects.create(kind="unit", code=f"U{place}{period}", name="测", region=region, path=region.path)
    month = Period.parse(period).first_month
    window, _ = Window.objects.get_or_create(
        form="energy_purchase", period=period, region=region,
        defaults={
            "first_month": month, "path": region.path, "due": TODAY, "opened_by": "t", "opened_at": now, "journal": 0
        },
    )  # fmt: skip
    row = Return.objects.create(
        window=window, reporter=who, form="energy_purchase", period=period, first_month=month, path=region.path,
        state="submitted", version=1, versions=1, changed_at=now,
    )  # fmt: skip
    case = open_case(row.pk, OFFICE, "疑点")
    for kind in (EventKind.VISIT, EventKind.CONVICT):
        act_on_case(case, OFFICE, Event(kind, TODAY, "两本账", "统执2", people=("王", "李")))
    return case


def proposed(fraud: Decimal | None) -> int:
    back = TODAY - timedelta(days=30)
    wanted = Wanted(region=COUNTY, duty="town_target", period=YEAR, until=TODAY, subjects=(FIRST,), on=back)
    [number] = launch(wanted, OFFICE)
    step(number, TOWN, Step.SUBMIT, Told(on=back))
    if fraud is not None:
        give(number, Side.REVIEW, [Given(code="fraud_cases", marks=fraud, title="处理决定", number="统执2")], OFFICE)
    step(number, OFFICE, Step.REVIEW, Told(on=back))
    draw_for_check(Round(COUNTY, "town_target", YEAR), 0, "种子", OFFICE, back)
    step(number, OFFICE, Step.PROPOSE, Told(on=back, until=back))
    return number


def test_a_result_that_leaves_out_established_fraud_is_not_proposed(regions: None) -> None:
    case = convicted(FIRST)
    with pytest.raises(Refused, match=f"造假 1 起（案件 {case}（U"):
        proposed(Decimal(0))


def test_fraud_counts_where_and_when_the_figures_were_false(regions: None) -> None:
    case = convicted(FIRST)
    convicted(SECOND)
    convicted(FIRST, "2023-12")
    found = established(Subject("region", FIRST), f"/999901/{FIRST}/", 2024)
    assert [(each.case, each.document) for each in found] == [(case, "统执2")]
    assert len(established(Subject("region", COUNTY), "/999901/", 2024)) == 2
    assert [each.case for each in established(Subject("unit", f"U{FIRST}2024-09"), "", 2024)] == [case]
    assert established(Subject("department", "x"), "/999901/", 2024) == ()


def test_the_consequences_of_fraud_follow_the_announcement(regions: None) -> None:
    convicted(FIRST)
    number = proposed(Decimal(1))
    step(number, LEADER, Step.APPROVE)
    step(number, OFFICE, Step.ANNOUNCE, Told(number="虚府办〔测〕9号"))
    rows = [store.consequence(each) for each in list_up(number, OFFICE).numbers]
    assert "data_fraud" in {row.rule.id for row in rows if row is not None}


def test_without_a_case_nothing_is_asked(regions: None) -> None:
    with pytest.raises(
        Refused, match="ASM-425"
    ):  # the other figures of the table are not told; fraud is not in the way
        proposed(Decimal(0))


def test_what_the_register_of_credit_needs_is_told_of_each_fraud(regions: None) -> None:
    case, other = convicted(FIRST), convicted(SECOND)
    act_on_case(case, OFFICE, Event(EventKind.HAND_OVER, TODAY, "移送", "统移3", people=("县统计局", "县检察院")))
    act_on_case(case, OFFICE, Event(EventKind.OUTCOME, TODAY, "警告并罚款", "统罚4"))
    (newest, told), following = fraud_records(below("/999901/", "path"))
    assert (following, count_frauds(below("/999901/", "path"))) == (None, (2, 1))
    first, following = fraud_records(below("/999901/", "path"), most=1)
    assert (first, following) == ((newest,), other)
    assert fraud_records(below("/999901/", "path"), other, most=1) == ((told,), None)
    assert (newest.case, newest.handed, newest.outcomes) == (other, (), ())
    assert (told.case, told.unit, told.document, told.period) == (case, f"U{FIRST}2024-09", "统执2", "2024-09")
    [handing], [outcome] = told.handed, told.outcomes
    assert (handing.to, handing.document) == (("县统计局", "县检察院"), "统移3")
    assert (outcome.told, outcome.document) == ("警告并罚款", "统罚4")
    assert fraud_records(below(f"/999901/{SECOND}/", "path"))[0] == (newest,)
    act_on_case(case, OFFICE, Event(EventKind.CLOSE, TODAY, "已处理"))
    assert fraud_records(below(f"/999901/{FIRST}/", "path"))[0][0].outcomes == (outcome,), "closing leaves the record"
    act_on_case(case, OFFICE, Event(EventKind.OUTCOME, TODAY, "法院维持", "行终5"))
    assert [each.document for each in fraud_records(below(f"/999901/{FIRST}/", "path"))[0][0].outcomes] == [
        "统罚4",
        "行终5",
    ]
