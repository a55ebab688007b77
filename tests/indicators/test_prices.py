"""Figures across base years: what looks back takes older years at the prices of the year computed, or is missing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telling import BOOK, PLACE, engine, published, told

from shuangkong.core.fact import Cell, Fact, State
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Asked, Engine
from shuangkong.indicators.engine.reach import needed, reached
from shuangkong.indicators.graph import Graph
from shuangkong.indicators.prices import at_prices, is_at_prices, plain_id, priced_ids

TCE, MONEY = "万吨标准煤", "亿元"
GDP, TOTAL = "gdp_constant", "total_consumption"
#: 2020: 100 at the prices of 2015, 110 at its own; 2021: 115.5 at those of 2020.
LINK = told("gdp_constant@2020", 2020, "110", MONEY)
ACROSS = [
    told(GDP, 2020, "100", MONEY), told(GDP, 2021, "115.5", MONEY),
    told(TOTAL, 2020, "50", TCE), told(TOTAL, 2021, "51", TCE),
]  # fmt: skip


def cell(indicator: str, period: str) -> Cell:
    return Cell(PLACE, indicator, Period.parse(period))


def below(figure: Figure) -> Iterator[Figure]:
    yield figure
    for _, each in figure.inputs:
        yield from below(each)


def test_intensity_change_across_the_base_year_compares_like_prices() -> None:
    """(51 ÷ 115.5) ÷ (50 ÷ 110) − 1 = −2.86 %; of intensities kept to four decimals 0.4416 ÷ 0.4545 − 1 = −2.84 %."""
    found = engine([*ACROSS, LINK])
    assert published(found, "energy_intensity_growth", 2021) == Decimal("-2.84")
    assert published(found, "energy_intensity_cumulative_decline", 2021) == Decimal("2.84")
    facts = [
        *ACROSS,
        LINK,
        told("feedstock_consumption", 2021, "0", TCE),
        told("feedstock_consumption", 2020, "0", TCE),
    ]
    assert published(engine(facts), "assessed_energy_intensity_decline", 2021) == Decimal("2.86")


def test_the_figure_of_its_own_year_stays_at_its_own_prices() -> None:
    found = engine([*ACROSS, LINK])
    assert published(found, "energy_intensity", 2020) == Decimal("0.5")
    assert found.figure(cell("energy_intensity@2020", "2020")).value == Decimal("0.4545") / 10000


@pytest.mark.parametrize("indicator", ["energy_intensity_growth", "energy_intensity_cumulative_decline"])
def test_without_a_link_there_is_no_figure_and_the_reason_is_told(indicator: str) -> None:
    figure = engine(ACROSS).figure(cell(indicator, "2021"))
    assert figure.state is State.MISSING
    assert any("gdp_constant@2020" in doubt.zh and "没有录入2020年" in doubt.zh for doubt in figure.doubts)


def test_within_a_plan_no_link_is_needed() -> None:
    facts = [
        told(GDP, 2021, "100", MONEY),
        told(GDP, 2022, "110", MONEY),
        told(TOTAL, 2021, "50", TCE),
        told(TOTAL, 2022, "51", TCE),
    ]
    figure = engine(facts).figure(cell("energy_intensity_growth", "2022"))
    assert figure.value is not None
    assert not any(is_at_prices(each.cell.indicator) for each in below(figure))


def test_parts_of_a_year_are_linked_by_the_whole_base_year() -> None:
    parts = [("2020-Q1", "20", "10"), ("2021-Q1", "23.1", "10.5")]
    facts = [LINK, told(GDP, 2020, "100", MONEY)]
    facts += [told(GDP, period, gdp, MONEY) for period, gdp, _ in parts] + [
        told(TOTAL, period, used, TCE) for period, _, used in parts
    ]
    figure = engine(facts).figure(cell("energy_intensity_growth", "2021-Q1"))
    assert figure.value == (Decimal("0.4545") / Decimal("0.4545") - 1) * 100  # 10 ÷ (20 × 1.1) and 10.5 ÷ 23.1
    (linked,) = [each for each in below(figure) if each.cell == cell("gdp_constant@2020", "2020-Q1")]
    assert [name for name, _ in linked.inputs] == ["amount", "after", "before"]
    assert "按2020年价格" in linked.steps[0].clause.words.zh  # type: ignore[union-attr]


def test_two_base_years_back() -> None:
    """2014 at prices of 2020: 100 × (132 ÷ 110) × (220 ÷ 200) = 132."""
    facts = [
        told(GDP, 2014, "100", MONEY), told(GDP, 2015, "110", MONEY), told("gdp_constant@2015", 2015, "132", MONEY),
        told(GDP, 2020, "200", MONEY), told("gdp_constant@2020", 2020, "220", MONEY),
    ]  # fmt: skip
    found = engine(facts)
    assert found.figure(cell("gdp_constant@2020", "2014")).value == Decimal(132) * 10**8
    facts = [each for each in facts if each.cell.indicator != "gdp_constant@2015"]
    assert engine(facts).figure(cell("gdp_constant@2020", "2014")).state is State.MISSING


@pytest.mark.parametrize(
    ("growth", "intensity", "money", "amount", "unit"),
    [
        ("industry_energy_intensity_growth", "industry_energy_intensity", "above_designated_industry_value_added",
         "above_designated_energy_consumption", TCE),
        ("water_per_gdp_decline", "water_per_gdp", GDP, "water_total", "万立方米"),
        ("water_per_industry_decline", "water_per_industry", "industry_value_added", "industrial_water", "万立方米"),
        ("electricity_intensity_growth", "electricity_intensity", GDP, "electricity_consumption", "亿千瓦时"),
        ("carbon_intensity_growth", "carbon_intensity", GDP, "carbon_total", "万吨"),
    ],
)  # fmt: skip
def test_every_intensity_is_linked(growth: str, intensity: str, money: str, amount: str, unit: str) -> None:
    formula = BOOK.indicator_rules()[intensity].formulas[0]
    amount = next(each.indicator for each in formula.inputs.values() if each.indicator != money)
    facts = [
        told(money, 2020, "100", MONEY), told(at_prices(money, 2020), 2020, "200", MONEY),
        told(money, 2021, "200", MONEY),
        told(amount, 2020, "50000", unit), told(amount, 2021, "50000", unit),
    ]  # fmt: skip
    assert engine(facts).figure(cell(growth, "2021")).value == 0
    assert engine([each for each in facts if "@" not in each.cell.indicator]).figure(cell(growth, "2021")).value is None


def test_a_corrected_link_moves_what_rests_on_it() -> None:
    law = engine([]).law
    periods = [Period(year) for year in (2019, 2020, 2021, 2022)]
    link = cell("gdp_constant@2020", "2020")
    moved = Graph(law.indicators).descendants([link], periods, law.subjects, law.base_year)
    columns = reached([Asked(link.indicator, link.period)], periods, law)
    for each in ("energy_intensity_growth", "energy_intensity_cumulative_decline"):
        assert cell(each, "2021") in moved
        assert Asked(each, Period(2021)) in columns
    assert cell("energy_intensity_growth", "2020") not in moved
    assert cell("energy_intensity_growth", "2022") not in moved
    told_columns = [Asked(fact.cell.indicator, fact.cell.period) for fact in [*ACROSS, LINK]]
    assert needed([Asked("energy_intensity_growth", Period(2021))], told_columns, law) == set(told_columns)


def test_what_is_priced_is_told_in_money_and_made_of_what_is_at_constant_prices() -> None:
    priced = priced_ids(BOOK.indicator_rules())
    assert {GDP, "industry_value_added", "energy_intensity", "carbon_intensity", "water_per_gdp"} <= priced
    assert not {TOTAL, "gdp_current", "energy_intensity_growth", "annual_energy_saving"} & priced
    assert plain_id("gdp_constant@2020") == GDP
    assert (plain_id("energy@six"), is_at_prices("energy@six")) == ("energy@six", False)


AMOUNT = st.decimals(1, 10**6, places=2)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_growth_is_that_of_the_plan_that_told_it_at_any_prices(data: st.DataObject) -> None:
    """Chained by hand, exact: every year at every later base is its own figure times the links between."""
    bases = (2010, 2015, 2020)
    plain = {year: Fraction(data.draw(AMOUNT)) for year in range(2011, 2021)}
    links = {base: Fraction(data.draw(AMOUNT)) for base in bases[1:]}
    facts: list[Fact] = [
        told(GDP, year, str(Decimal(amount.numerator) / amount.denominator), MONEY) for year, amount in plain.items()
    ]
    facts += [
        told(at_prices(GDP, base), base, str(Decimal(link.numerator) / link.denominator), MONEY)
        for base, link in links.items()
    ]
    found = engine(facts)
    for year in plain:
        if year != 2020:
            expected = plain[year] * links[2020] / plain[2020]
            expected *= links[2015] / plain[2015] if year < 2015 else 1
            if year == 2015:
                expected = links[2015] * links[2020] / plain[2020]
            assert _close(found, year, expected)


def _close(found: Engine, year: int, expected: Fraction) -> bool:
    """Quotients are written with 34 digits."""
    value = found.figure(cell("gdp_constant@2020", str(year))).value
    return value is not None and abs(Fraction(value) / 10**8 / expected - 1) < Fraction(1, 10**25)
