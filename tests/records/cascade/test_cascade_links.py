"""Links between plans: proposed by the reader, decided by persons, never in a circle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cascade_plans import (
    CITY_OFFICE,
    COUNTY,
    COUNTY_OFFICE,
    COUNTY_PLAN,
    NEIGHBOUR,
    adopted,
    notice,
)
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db

FOLLOWS, SUPERSEDES = Relation.FOLLOWS, Relation.SUPERSEDES
CONFIRMED, REJECTED = LinkVerdict.CONFIRMED, LinkVerdict.REJECTED


def test_the_reader_proposes_and_a_person_confirms(county: PlanRow, city: PlanRow) -> None:
    (proposed,) = store.proposals(county.id)
    assert (proposed.doc_no, [plan.id for plan in proposed.candidates]) == ("澄州府发〔2022〕3号", [city.id])
    made = store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    assert store.proposals(county.id) == ()
    assert [(row.id, row.other) for row in store.links(county.id)] == [(made, city.id)]
    assert store.links(city.id) == store.links(county.id)
    row = journal.of_subject(f"plan/{county.id}/link/{made}")[-1]
    assert (row.act, row.place, row.sequence) == ("cascade.follows", COUNTY, store.links(county.id)[0].journal)


def test_what_is_rejected_is_not_proposed_again_and_may_be_decided_anew(county: PlanRow, city: PlanRow) -> None:
    store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    said = {"title": city.title, "doc_no": city.doc_no}
    store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, REJECTED, "引用有误", **said)
    assert (store.proposals(county.id), store.links(county.id), store.links(city.id)) == ((), (), ())
    assert [row.verdict for row in store.link_history(county.id)] == [CONFIRMED, REJECTED]
    assert store.links(county.id, until=timezone.localdate() - timedelta(days=1)) == ()


def test_another_place_decides_nothing(county: PlanRow, city: PlanRow) -> None:
    with pytest.raises(Forbidden):
        store.decide_link(county.id, NEIGHBOUR, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    with pytest.raises(Forbidden):  # to replace a plan is to decide on it
        store.decide_link(county.id, COUNTY_OFFICE, SUPERSEDES, CONFIRMED, "代替", other=city.id)
    assert store.link_history(county.id) == ()


def test_plans_do_not_follow_one_another_in_a_circle(county: PlanRow, city: PlanRow, linked: int) -> None:
    with pytest.raises(Refused, match="CAS-104"):
        store.decide_link(city.id, CITY_OFFICE, FOLLOWS, CONFIRMED, "误", other=county.id)
    with pytest.raises(Refused, match="CAS-104"):
        store.decide_link(city.id, CITY_OFFICE, FOLLOWS, CONFIRMED, "误", other=city.id)
    with pytest.raises(Refused, match="CAS-102"):
        store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, " ", other=city.id)


def test_a_superseded_plan_binds_no_longer_and_stays_readable(county: PlanRow) -> None:
    target = "一、主要目标\n\n（一）主要目标。到2025年，全县单位地区生产总值能耗比2020年下降15%。"
    newer = adopted(notice("澄湖县", "澄湖府发〔2024〕9号", "澄湖县节能减排综合工作方案（修订）", target), "999901")
    store.decide_link(
        newer.id, COUNTY_OFFICE, SUPERSEDES, CONFIRMED, "新方案第一条", other=county.id, on=date(2024, 5, 1)
    )
    assert store.force(county.id, date(2024, 4, 30)).is_in_force
    after = store.force(county.id, date(2024, 5, 1))
    assert after.superseded_by is not None
    assert after.superseded_by.plan == newer.id
    assert store.superseded(date(2024, 5, 1)) == {county.id}
    assert plans.measures(county.id)
    assert plans.plan_text(county.id) == COUNTY_PLAN
