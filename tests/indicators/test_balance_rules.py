"""The engine on a table: every figure of a balance has its rule, and says what the plain sums of the balance say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.balance import Balance, in_standard_coal
from shuangkong.indicators.balance.rules import balance_rules
from shuangkong.indicators.conversion import Coefficient, Whence
from shuangkong.indicators.engine import Engine, Law
from shuangkong.indicators.graph import Graph, Subjects
from shuangkong.indicators.table_words import Basis, Sum
from shuangkong.indicators.tables import Part
from shuangkong.policyfile.expression.given import Told, exact
from shuangkong.rulebook import open_rulebook

BOOK = open_rulebook()
TABLE = BOOK.tables()["energy_balance"]
RULES = BOOK.every_rule()
COUNTY, YEAR = Subject("region", "990100"), Period(2023)

#: An invented county: coal makes power and heat, gas and oil come from elsewhere, water makes some power.
TOLD: Mapping[str, Told] = {
    "opening_stock.raw_coal": Decimal(30_000),
    "inflow.raw_coal": Decimal(900_000),
    "closing_stock.raw_coal": Decimal(10_000),
    "thermal_power.raw_coal": Decimal(-500_000),
    "heat_supply.raw_coal": Decimal(-100_000),
    "industry.raw_coal": Decimal(300_000),
    "industry_material.raw_coal": Decimal(40_000),
    "households.raw_coal": Decimal(20_000),
    "inflow.coke": Decimal(50_000),
    "industry.coke": Decimal(50_000),
    "inflow.diesel": Decimal(20_000),
    "transport.diesel": Decimal(20_000),
    "inflow.natural_gas": Decimal(60_000_000),
    "loss.natural_gas": Decimal(1_000_000),
    "industry.natural_gas": Decimal(44_000_000),
    "households.natural_gas": Decimal(15_000_000),
    "heating_value.natural_gas": Decimal(35_544),
    "heat_supply.heat": Decimal(1_700_000),
    "industry.heat": Decimal(1_200_000),
    "households.heat": Decimal(500_000),
    "primary_production.electricity": Decimal(200_000_000),
    "inflow.electricity": Decimal(500_000_000),
    "thermal_power.electricity": Decimal(1_250_000_000),
    "loss.electricity": Decimal(90_000_000),
    "industry.electricity": Decimal(1_400_000_000),
    "households.electricity": Decimal(460_000_000),
}


def engine(told: Mapping[str, Told], **others: str) -> Engine:
    """Cells not in ``told`` do not apply; ``others``: indicator → value in its base unit."""
    full: dict[str, Told] = {
        f"{row.id}.{column.id}": State.NOT_APPLICABLE for row in TABLE.rows for column in TABLE.columns
    }
    facts = {f"{TABLE.id}.{place}": each for place, each in (full | dict(told)).items()}
    facts |= {name: Decimal(value) for name, value in others.items()}
    law = Law(
        indicators=RULES,
        forms=BOOK.units(),
        parameter=BOOK.parameter,
        sources=BOOK.sources(),
        base_year=lambda _year: 2020,
        subjects=Subjects(lambda _subject: None, lambda _subject: ()),
    )
    return Engine(law, {Cell(COUNTY, name, YEAR): fact(name, each) for name, each in facts.items()})


def fact(name: str, told: Told) -> Fact:
    value, state = (told, State.VALUE) if isinstance(told, Decimal) else (None, told)
    return Fact(
        cell=Cell(COUNTY, name, YEAR), state=state, value=value, unit=RULES[name].unit, maturity=Maturity.FINAL,
        origin=Origin.REPORTED, evidence=Evidence.STATISTICAL, source="虚构", recorded_on=date(2024, 5, 1),
    )  # fmt: skip


def figure(of: Engine, name: str) -> Figure:
    return of.figure(Cell(COUNTY, name, YEAR))


def value(of: Engine, name: str) -> Told:
    found = figure(of, name)
    return found.state if found.value is None else found.value


def leaves(of: Figure) -> set[str]:
    return {of.cell.indicator} | {name for _, each in of.inputs for name in leaves(each)}


def test_every_figure_has_one_rule_in_its_unit() -> None:
    made = balance_rules(TABLE, BOOK.units(), BOOK.parameter_over_time)
    assert {key: rule.unit for key, rule in made.items()} == dict(TABLE.figures)
    # Rules at other years' prices are linked by dates, each with the next: they come to an end and are left aside.
    assert Graph({key: rule for key, rule in RULES.items() if "@" not in key}).circle() == ()


def test_total_consumption_comes_from_the_cells_and_leads_back_to_them() -> None:
    county = engine(TOLD, generation_coal_rate="0.300", gdp_constant="20000000000")
    coal = 900_000 + 20_000
    expected = (
        coal * Decimal("0.7143")
        + 50_000 * Decimal("0.9714")
        + 20_000 * Decimal("1.4571")
        + (200_000_000 + 500_000_000) * Decimal("0.300") / 1000
    )
    expected += 60_000_000 * Decimal(35_544) / Decimal("29307.6") / 1000
    total = value(county, "total_consumption")
    assert isinstance(total, Decimal)
    assert abs(total - expected) < Decimal("1e-20")
    assert value(county, "energy_intensity") == round(expected / 2_000_000, 4) / 10_000
    found = leaves(figure(county, "energy_intensity"))
    supply = {row.id for row in TABLE.of(Part.SUPPLY)}
    used = {f"energy_balance.{place}" for place in TOLD if place.partition(".")[0] not in supply}
    assert used - found == {"energy_balance.industry_material.raw_coal"}  # 其中项不重复相加


def test_the_two_bases_differ_by_what_it_took_to_make_power() -> None:
    county = engine(TOLD, generation_coal_rate="0.300")
    equivalent, calorific = (value(county, name) for name in ("total_consumption", "total_consumption_calorific"))
    assert isinstance(equivalent, Decimal)
    assert isinstance(calorific, Decimal)
    assert abs(equivalent - calorific - 700_000_000 * (Decimal("0.300") - Decimal("0.1229")) / 1000) < Decimal("1e-20")


def test_what_is_measured_counts_before_what_is_stated_and_that_before_the_default() -> None:
    def coefficient(**memo: str) -> Told:
        told = dict(TOLD) | {f"{row}.raw_coal": Decimal(number) for row, number in memo.items()}
        return value(engine(told), "energy_balance.coefficient.raw_coal")

    measured = coefficient(heating_value="21980.7", stated_coefficient="0.7")
    assert measured == Decimal("0.75")
    assert coefficient(stated_coefficient="0.7") == Decimal("0.7")
    assert coefficient() == Decimal("0.7143")


def test_what_is_doubtful_about_a_candidate_that_is_not_taken_is_no_doubt_of_the_choice() -> None:
    """Of the default, the rule by which a measured value would be converted; of a measured one, the default."""

    def doubts(of: Engine, *lines: str) -> list[set[Message]]:
        return [set(figure(of, f"energy_balance.{line}.raw_coal").doubts) for line in lines]

    lines = ("total", "measured_coefficient", "default_coefficient", "coefficient", "equivalent")
    for memo, own, other in (({}, 1, 0), ({"heating_value.raw_coal": Decimal("21980.7")}, 0, 1)):
        table, *candidates, chosen, equivalent = doubts(engine(dict(TOLD) | memo), *lines)
        apart = candidates[other] - candidates[own] - table
        assert apart, "the other candidate has a doubt of its own"
        assert candidates[own] <= chosen <= equivalent
        assert not apart & equivalent


def test_a_range_is_no_default_and_leaves_no_total() -> None:
    bare = {place: told for place, told in TOLD.items() if not place.startswith("heating_value")}
    county = engine(bare)
    assert value(county, "energy_balance.coefficient.natural_gas") is State.MISSING
    assert value(county, "total_consumption") is State.MISSING
    assert value(county, "coal_total_standard") == 920_000 * Decimal("0.7143") + 50_000 * Decimal("0.9714")


def test_the_coal_rate_of_the_year_counts_before_the_frozen_one() -> None:
    assert value(engine(TOLD), "energy_balance.equivalent.electricity") == Decimal("0.404")
    assert value(engine(TOLD, generation_coal_rate="0.300"), "energy_balance.equivalent.electricity") == Decimal("0.3")
    own = dict(TOLD) | {"stated_equivalent.electricity": Decimal("0.31")}
    assert value(engine(own, generation_coal_rate="0.300"), "energy_balance.equivalent.electricity") == Decimal("0.31")


def test_heat_has_an_equivalent_value_where_somebody_states_it() -> None:
    assert value(engine(TOLD), "energy_balance.equivalent.heat") == Decimal("0.03412")
    own = dict(TOLD) | {"stated_equivalent.heat": Decimal("0.04")}
    assert value(engine(own), "energy_balance.equivalent.heat") == Decimal("0.04")
    assert value(engine(own), "energy_balance_equivalent.industry.heat") == 1_200_000 * Decimal("0.04")
    assert value(engine(own), "energy_balance_calorific.industry.heat") == 1_200_000 * Decimal("0.03412")


def test_the_coal_total_counts_no_coal_twice() -> None:
    """In tonnes: raw coal with what was made of it here, and the coke that came from elsewhere."""
    coking = {"coking.raw_coal": Decimal(-100_000), "coking.coke": Decimal(70_000)}
    made_here = coking | {"industry.raw_coal": Decimal(200_000)}
    assert value(engine(dict(TOLD) | made_here), "coal_total") == Decimal(970_000)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("coal_total", Decimal(970_000)),
        ("power_coal_consumption", Decimal(500_000)),
        ("oil_total", Decimal(20_000)),
        ("gas_total", Decimal(60_000_000)),
        ("total_conversion_output", 1_700_000 * Decimal("0.03412") + 1_250_000_000 * Decimal("0.1229") / 1000),
        ("total_conversion_input", 600_000 * Decimal("0.7143")),
    ],
)
def test_indicators_of_the_balance(name: str, expected: Decimal) -> None:
    assert value(engine(TOLD), name) == expected


def test_shares_add_up_to_the_whole() -> None:
    county = engine(TOLD, generation_coal_rate="0.300")
    names = ("coal_share", "oil_share", "gas_share", "primary_electricity_share")
    shares = [exact(each) for name in names if isinstance(each := value(county, name), Decimal)]
    assert len(shares) == len(names)
    assert abs(sum(shares) - 100) < Decimal("1e-20")


def test_a_region_without_a_balance_is_asked_for_none_of_its_cells() -> None:
    county = engine(TOLD)
    found = county.figure(Cell(Subject("region", "990101"), "total_consumption", YEAR))
    assert found.state is State.MISSING
    assert leaves(found) == {"total_consumption", "energy_balance_equivalent.total.all"}


def test_a_coefficient_is_there_without_any_cell() -> None:
    county = engine(TOLD)
    elsewhere = Cell(Subject("region", "990101"), "energy_balance.coefficient.raw_coal", YEAR)
    assert county.figure(elsewhere).value == Decimal("0.7143")


def test_a_missing_cell_leaves_no_total_and_the_tree_says_which() -> None:
    county = engine(dict(TOLD) | {"industry.diesel": State.MISSING})
    assert value(county, "total_consumption") is State.MISSING
    assert value(county, "energy_balance.total.raw_coal") == 920_000


amounts = st.dictionaries(
    st.sampled_from(sorted(place for place in TOLD if not place.startswith("heating_value"))),
    st.decimals(-(10**9), 10**9, places=3),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(amounts)
def test_engine_and_plain_sums_agree_on_every_line(changed: dict[str, Decimal]) -> None:
    """The engine, cell by cell, and the arithmetic of the page, table by table, are one."""
    told = dict(TOLD) | changed
    county = engine(told, generation_coal_rate="0.300")
    figures = {(row.id, column.id): told.get(f"{row.id}.{column.id}", State.NOT_APPLICABLE)
               for row in TABLE.rows for column in TABLE.columns}  # fmt: skip
    physical = Balance(TABLE, figures)
    for basis, factor in ((Basis.CALORIFIC, "coefficient"), (Basis.EQUIVALENT, "equivalent")):
        used = {}
        for column in TABLE.columns:
            found = value(county, f"energy_balance.{factor}.{column.id}") if column.factors else State.MISSING
            unit = {"t": 1, "m3": 1000, "kwh": 1000, "gj": 1}.get(column.unit, 1)
            number = exact(found) / unit if isinstance(found, Decimal) else None
            used[column.id] = None if number is None else Coefficient(number, number, column.unit, Whence.DEFAULT)
        standard = in_standard_coal(physical, used)
        close(standard.consumption(), value(county, f"energy_balance_{basis}.{Sum.TOTAL}.all"))
        close(standard.line(Sum.CONVERSION, "all"), value(county, f"energy_balance_{basis}.{Sum.CONVERSION}.all"))
        for row, column_id in (("industry", "raw_coal"), ("thermal_power", "electricity"), ("industry", "natural_gas")):
            close(standard.figure(row, column_id), value(county, f"energy_balance_{basis}.{row}.{column_id}"))


def close(first: Told, second: Told) -> None:
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        assert abs(first - second) <= Decimal("1e-15")
    else:
        assert first is second
