"""Plans side by side: target by target, measure by measure, as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from cascade_plans import (
    CITY_PLAN,
    COUNTY_OFFICE,
    COUNTY_PLAN,
    adopted,
    proposed,
)
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.strictness import Reason, Verdict
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.promises import promises_for
from shuangkong.records.plans.cascade.rows import EntryKind, LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as target_store

pytestmark = pytest.mark.django_db

FOLLOWS = Relation.FOLLOWS
CONFIRMED = LinkVerdict.CONFIRMED


def verdicts(link: int) -> dict[str, tuple[Verdict, tuple[Reason, ...]]]:
    return {
        (line.parent or line.child).indicator + "/" + (line.parent or line.child).kind: (line.verdict, line.reasons)  # type: ignore[union-attr]
        for line in store.comparison(link).targets
    }


def test_target_by_target(linked: int) -> None:
    found = verdicts(linked)
    assert found["energy_intensity/reduction_rate"] == (Verdict.LOOSER, (Reason.VALUE,))
    assert found["non_fossil_share/share"][0] is Verdict.STRICTER
    assert found["consumption_increment/cap_increment"] == (Verdict.NOT_COMPARABLE, (Reason.OTHER_WHOLE,))
    assert {key: each for key, (each, _) in found.items() if each is Verdict.MISSING} == {
        "cod_project_reduction/reduction_amount": Verdict.MISSING,
        "industry_energy_intensity/reduction_rate": Verdict.MISSING,
        "green_factory_count/count": Verdict.MISSING,
    }  # fmt: skip


def test_main_targets_are_told_apart(linked: int) -> None:
    main = {line.parent.indicator for line in store.comparison(linked).targets if line.is_main and line.parent}
    assert main == {"energy_intensity", "consumption_increment", "non_fossil_share", "cod_project_reduction"}


def test_what_the_citys_annex_gives_to_the_county_is_what_counts(places: None) -> None:
    annexed = (
        CITY_PLAN
        + """
附件1

“十四五”各地能耗增量控制目标

地区	“十四五”能耗增量控制目标（万吨标准煤）
澄湖县	17
柳川县	30
"""
    )
    city, county = adopted(annexed, "999900"), adopted(COUNTY_PLAN, "999901")
    link = store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    (line,) = [each for each in store.comparison(link).targets if each.parent and each.parent.kind == "cap_increment"]
    assert (line.verdict, line.is_assigned, line.difference) == (Verdict.LOOSER, True, Decimal(1))


def test_measure_by_measure(linked: int) -> None:
    found = [
        (line.parent.no if line.parent else "", line.child.no if line.child else "", line.match, line.is_gap)
        for line in store.comparison(linked).measures
    ]
    assert found == [
        ("（一）", "（一）", Match.SURE, False),
        ("（二）", "（三）", Match.SURE, False),
        ("（三）", "（二）", Match.SURE, False),
        ("（四）", "", Match.MISSING, True),
        ("", "（四）", Match.EXTRA, False),
    ]


def test_a_comparison_asks_as_often_however_long_the_plans_are(linked: int, county: PlanRow) -> None:
    with CaptureQueriesContext(connection) as told:
        store.comparison(linked)
    assert len(told) == 19


def test_a_row_of_the_annex_is_found_by_its_name_where_the_register_did_not_know_its_region(places: None) -> None:
    """The city was read in before the county was in the register: its annex knows the county by name only."""
    city, county = adopted(CITY_PLAN, "999900"), adopted(COUNTY_PLAN, "999901")
    rows = target_store.targets(city.id)
    cap = next(row for row in rows if row.kind == "cap_increment")
    for code, is_assigned in (("澄州市/澄湖县", True), ("澄湖县", True), ("澄州市/柳川县", False), ("999902", False)):
        named = replace(
            cap, id=10**6, subject_kind="region", subject_code=code, subject_name="澄湖县", value=Decimal(17)
        )
        found = [each for each in promises_for(city, county, (*rows, named)) if each.kind == "cap_increment"]
        assert [(each.value, each.is_assigned) for each in found] == (
            [(Decimal(17), True)] if is_assigned else [(Decimal(120), False)]
        ), code


def test_a_parent_that_is_not_read_in_cannot_be_compared(county: PlanRow) -> None:
    link = store.decide_link(
        county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", title="某省方案", doc_no="某政发1号"
    )
    with pytest.raises(Refused, match="CAS-202"):
        store.comparison(link)


def test_what_is_awaited_from_above_is_no_gap(linked: int, county: PlanRow) -> None:
    made = store.register(county.id, proposed(county, EntryKind.AWAITED)[0], COUNTY_OFFICE, "第（三）条")
    (line,) = [each for each in store.comparison(linked).targets if each.awaited is not None]
    assert line.parent is not None
    assert (line.parent.indicator, line.verdict, line.is_gap) == (
        "industry_energy_intensity", Verdict.MISSING, False,
    )  # fmt: skip
    assert line.awaited == made
    store.withdraw(made, COUNTY_OFFICE, "误登")
    assert all(each.awaited is None for each in store.comparison(linked).targets)


def test_a_plan_that_was_not_adopted_then_cannot_be_compared(linked: int) -> None:
    assert store.comparison(linked, until=timezone.localdate()) == store.comparison(linked)
    with pytest.raises(Refused, match="CAS-204"):
        store.comparison(linked, until=timezone.localdate() - timedelta(days=1))
