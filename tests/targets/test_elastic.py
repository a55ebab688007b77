"""弹性总量逐年: growth set anew, actuals, exclusions, and the growth that uses the total up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.targets.elastic import Given, binding_growth, elastic_years

SIX, THREE = Decimal("0.06"), Decimal("0.03")
YEARS = [Given(year, SIX, THREE) for year in (2021, 2022, 2023)]


def test_growth_set_anew_moves_its_own_year_and_those_after_it() -> None:
    slower = [YEARS[0], replace(YEARS[1], adjusted=Decimal("0.05")), YEARS[2]]
    first, second, third = elastic_years(Decimal(1000), slower, "t")
    assert (first.total.due, first.moved) == (Decimal("1028.2"), 0)
    assert (second.planned, second.total.due) == (Decimal("1057.19524"), Decimal("1047.2217"))
    assert third.moved < second.moved < 0
    # 1047.2217 × 1.06 × 0.97
    assert third.total.due == Decimal("1076.75335194")


def test_an_actual_takes_the_place_of_the_total_and_leaves_room_or_none() -> None:
    used = [replace(YEARS[0], actual=Decimal(1040), excluded=Decimal(20)), YEARS[1]]
    first, second = elastic_years(Decimal(1000), used, "t")
    assert first.room == Decimal("1048.2") - 1040
    assert second.total.due == 1020 * Decimal("1.06") * Decimal("0.97")  # what is not counted is not carried on
    [broken] = elastic_years(Decimal(1000), [replace(YEARS[0], actual=Decimal(1100))], "t")
    assert broken.room is not None
    assert broken.room < 0


@settings(max_examples=40, deadline=None)
@given(st.decimals("-0.02", "0.12", places=3), st.decimals("0", "0.06", places=3))
def test_the_growth_that_uses_the_total_up_is_the_planned_one_where_all_years_are_alike(
    growth: Decimal, decline: Decimal
) -> None:
    told = [replace(each, growth=growth, decline=decline) for each in YEARS]
    total = elastic_years(Decimal(1000), told, "t")[-1].total.due
    found = binding_growth(Decimal(1000), told, total)
    assert found is not None
    assert abs(found - growth) < Decimal("1e-15")
    assert binding_growth(Decimal(1000), [], total) is None
    assert binding_growth(Decimal(1000), [replace(YEARS[0], decline=Decimal(1))], total) is None
