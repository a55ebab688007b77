"""What is due each year: geometric, linear, given, from actuals, elastic; increments wait for their base."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from targets_ground import CHECKS

from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind, Op
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.target import Extent, Revision, Settled, Target, Tier
from shuangkong.targets.trajectory import Course, Season, Start, Trajectory, elastic_total, implied_growth, trajectory

REMARKS = Remarks(CHECKS)


def target(kind: Kind, value: str, extent: Extent = Extent.AMOUNT, **more: object) -> Target:
    return Target(
        subject=Subject("region", "990000"),
        indicator="total_consumption",
        kind=kind,
        extent=extent,
        value=Decimal(value),
        unit="t",
        op=Op.LE if kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT) else Op.GE,
        base_year=2015,
        end_year=2020,
        **more,  # type: ignore[arg-type]
    )


def dues(found: Trajectory, places: int = 4) -> list[Decimal]:
    return [round(year.due, places) for year in found.years]


def test_a_published_city_falls_by_the_same_per_cent_every_year() -> None:
    """−19.5 % over five years is 4.25 % a year; 0.513 × 0.805 = 0.413 tce (published by a city of the 12th plan)."""
    found = dues(trajectory(target(Kind.REDUCTION_RATE, "19.5", Extent.RATIO), Course.GEOMETRIC, REMARKS), 2)
    assert (found[0], found[-1]) == (Decimal("4.25"), Decimal("19.50"))
    level = replace(target(Kind.LEVEL_CAP, "0.413", Extent.RATIO), base=Decimal("0.513"))
    assert dues(trajectory(level, Course.GEOMETRIC, REMARKS), 3)[-1] == Decimal("0.413")


def test_an_increment_becomes_totals_only_once_a_base_is_supplied() -> None:
    bare = target(Kind.CAP_INCREMENT, "10.3")
    found = trajectory(bare, Course.LINEAR, REMARKS)
    assert found.years == ()
    assert [finding.code for finding in found.findings] == ["TGT-011"]
    known = trajectory(replace(bare, base=Decimal("100")), Course.LINEAR, REMARKS)
    assert dues(known, 2) == [Decimal(each) for each in ("102.06", "104.12", "106.18", "108.24", "110.30")]


def test_a_plan_of_mid_period_begins_where_things_stand() -> None:
    late = replace(target(Kind.CAP_TOTAL, "507"), base=Decimal(442), start_year=2017)
    found = trajectory(late, Course.LINEAR, REMARKS, Start(2016, Decimal(467)))
    assert [year.year for year in found.years] == [2017, 2018, 2019, 2020]
    assert dues(found, 0) == [477, 487, 497, 507]
    rate = target(Kind.REDUCTION_RATE, "15", Extent.RATIO)
    risen = trajectory(rate, Course.GEOMETRIC, REMARKS, Start(2018, Decimal("3")))
    # 1 − 0.97 × (0.85 ÷ 0.97)^½
    assert dues(risen, 3) == [Decimal("9.198"), Decimal("15.000")]


def test_given_years_must_lead_to_the_promise() -> None:
    cap = replace(target(Kind.CAP_TOTAL, "507"), base=Decimal(442))
    years = {2019: Decimal(500), 2020: Decimal(507)}
    assert trajectory(cap, Course.GIVEN, REMARKS, given=years).findings == ()
    short = trajectory(cap, Course.GIVEN, REMARKS, given=years | {2020: Decimal(510)})
    assert [finding.code for finding in short.findings] == ["TGT-012"]
    none = trajectory(cap, Course.GIVEN, REMARKS, given={2019: Decimal(500)})
    assert [finding.code for finding in none.findings] == ["TGT-012"]


def test_an_elastic_total_follows_growth_and_is_reckoned_anew() -> None:
    plan = [Season(2021, Decimal("0.06"), Decimal("0.03")), Season(2022, Decimal("0.06"), Decimal("0.03"))]
    first = elastic_total(Decimal(1000), plan, "t", {})
    assert [year.due for year in first] == [Decimal("1028.2000"), Decimal("1057.19524000")]
    faster = elastic_total(Decimal(1000), [plan[0], replace(plan[1], growth=Decimal("0.08"))], "t", {2022: Decimal(9)})
    assert faster[0] == first[0]
    # 1028.2 × 1.08 × 0.97, and what is not counted on top
    assert faster[1].due == Decimal("1077.14232") + 9


@settings(max_examples=60, deadline=None)
@given(
    st.decimals("0.01", "0.3", places=3),
    st.decimals("100", "9000", places=1),
    st.decimals("0.5", "2", places=2),
)
def test_growth_that_meets_both_makes_the_elastic_total_the_cap(
    decline: Decimal, base: Decimal, times: Decimal
) -> None:
    growth = implied_growth(base, base * times, decline, 5)
    yearly = 1 - (1 - decline) ** (Decimal(1) / 5)
    reached = elastic_total(base, [Season(year, growth, yearly) for year in range(2016, 2021)], "t", {})[-1].due
    assert abs(reached - base * times) < Decimal("1e-15")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(Course), st.decimals("1", "60", places=1), st.integers(2015, 2019), st.decimals("0", "20", places=1)
)
def test_every_course_ends_at_the_promise_as_printed(course: Course, value: Decimal, year: int, now: Decimal) -> None:
    rate = target(Kind.REDUCTION_RATE, str(value), Extent.RATIO)
    found = trajectory(rate, course, REMARKS, Start(year, now), {2020: value})
    assert found.years[-1].due == value
    if course is not Course.GIVEN:
        falls = [each.due for each in found.years]
        assert falls == sorted(falls, reverse=now > value)


def test_what_is_met_which_tier_and_what_was_in_force() -> None:
    rate = target(Kind.REDUCTION_RATE, "13", Extent.RATIO, incentive=Decimal("14.5"))
    assert [rate.tier(Decimal(each)) for each in ("12.99", "13", "14.4", "14.5")] == [
        Tier.NONE, Tier.BASE, Tier.BASE, Tier.INCENTIVE,
    ]  # fmt: skip
    cap = target(Kind.CAP_TOTAL, "507", incentive=Decimal("500"))
    assert [cap.tier(Decimal(each)) for each in ("508", "507", "500")] == [Tier.NONE, Tier.BASE, Tier.INCENTIVE]
    changes = (
        Revision(date(2021, 3, 1), Decimal(13), Settled.PROVISIONAL, "甲"),
        Revision(date(2022, 6, 1), Decimal("13.5"), Settled.ADJUSTED, "乙"),
    )
    revised = replace(rate, revisions=changes)
    told = [revised.revision_on(day) for day in (date(2021, 1, 1), date(2021, 12, 31), date(2023, 1, 1))]
    assert [each and each.value for each in told] == [None, 13, Decimal("13.5")]


def test_a_target_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="reserve"):
        target(Kind.CAP_TOTAL, "1", reserve=Decimal(-1))
    with pytest.raises(ValueError, match="base year"):
        replace(target(Kind.CAP_TOTAL, "1"), end_year=2015)
