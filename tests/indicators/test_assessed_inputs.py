"""What an assessed figure takes away is counted as the total counts it; fuels burnt come from the balance."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.indicators.telling import BOOK, PLACE, engine, told

from shuangkong.core.fact import Cell, State
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine
from shuangkong.indicators.exclusions import is_exempt_from_total

YEAR = 2024
TEN_THOUSAND = Decimal(10_000)


def knowing(*facts: tuple[str, int | str, str, str]) -> Engine:
    """An engine that knows facts and the rules of tables' cells."""
    plain = engine([told(indicator, period, figure, unit) for indicator, period, figure, unit in facts])
    return Engine(replace(plain.law, indicators=BOOK.every_rule()), plain.told)


def of(found: Engine, indicator: str) -> Figure:
    return found.figure(Cell(PLACE, indicator, Period(YEAR)))


RATE = ("generation_coal_rate", YEAR, "299", "克标准煤/千瓦时")
POWER = ("certificate_power", YEAR, "1485.1", "万千瓦时")


def test_certificates_are_taken_away_at_the_rate_at_which_the_balance_counts_electricity() -> None:
    found = knowing(POWER, RATE, ("energy_balance.households.electricity", YEAR, "1485.1", "万千瓦时"))
    counted = of(found, "energy_balance_equivalent.households.electricity").value
    assert of(found, "certificate_consumption").value == counted == Decimal("4440.449")


def test_renewables_in_excess_are_taken_away_at_the_same_rate() -> None:
    found = knowing(
        ("electricity_consumption", YEAR, "100", "亿千瓦时"),
        ("renewable_power_share", YEAR, "22", "%"),
        ("renewable_minimum_weight", YEAR, "18", "%"),
        ("renewable_incentive_weight", YEAR, "19.8", "%"),
        RATE,
    )
    assert of(found, "renewable_excess_consumption").value == Decimal("11.96") * TEN_THOUSAND


def test_the_frozen_rate_stands_in_where_no_year_tells_one_and_is_marked() -> None:
    figure = of(knowing(POWER), "certificate_consumption")
    assert figure.value == Decimal("5999.804")
    assert any("冻结值" in each.zh for each in figure.doubts)


def test_the_rate_of_the_year_before_comes_before_the_frozen_one() -> None:
    before = ("generation_coal_rate", YEAR - 1, "301", "克标准煤/千瓦时")
    assert of(knowing(POWER, before), "certificate_consumption").value == Decimal("4470.151")


def test_the_saving_needed_rests_on_the_target_and_not_on_a_typed_figure() -> None:
    figures = (
        ("total_consumption", 2020, "98.5", "万吨标准煤"),
        ("gdp_constant@2020", 2020, "153.403", "亿元"),  # at the prices of the year computed
        ("gdp_constant", YEAR, "205.747", "亿元"),
    )
    target = ("energy_intensity_target", "2021-2025", "14", "%")
    need = of(knowing(*figures, target), "saving_need").value
    assert need is not None
    assert need.quantize(Decimal("0.01")) == Decimal("184954.08")
    assert of(knowing(*figures), "saving_need").state is State.MISSING


@pytest.mark.parametrize(("beyond", "is_exempt"), [("0.01", True), ("0", True), ("-0.01", False)])
def test_who_reaches_the_incentive_target_need_not_answer_for_the_total(beyond: str, is_exempt: bool) -> None:
    assert is_exempt_from_total(Decimal(beyond)) is is_exempt


@pytest.mark.parametrize("lack", [State.MISSING, State.NOT_APPLICABLE])
def test_without_an_incentive_target_nobody_is_said_to_be_exempt(lack: State) -> None:
    assert is_exempt_from_total(lack) is None


def test_the_incentive_target_is_held_against_the_decline_as_assessed() -> None:
    found = knowing(
        ("assessed_energy_intensity_decline", YEAR, "14.62", "%"),
        ("energy_intensity_incentive_target", "2021-2025", "14.5", "%"),
    )
    assert of(found, "incentive_target_margin").value == Decimal("0.12")


def test_what_is_burnt_is_the_balance_less_feedstock() -> None:
    every = {
        f"energy_balance.{row}.{column.id}": "not_applicable"
        for column in BOOK.tables()["energy_balance"].columns
        for row in (each.id for each in BOOK.tables()["energy_balance"].rows)
        if column.group == "coal"
    }
    said = every | {
        "energy_balance.industry.raw_coal": "30",
        "energy_balance.industry_material.raw_coal": "2.4",
        "energy_balance.thermal_power.raw_coal": "-31",
    }
    units = {column.id: column.unit for column in BOOK.tables()["energy_balance"].columns}
    printed = {"t": "万吨", "m3": "万立方米"}
    facts = [(key, YEAR, figure, printed[units[key.split(".")[2]]]) for key, figure in said.items()]
    burnt = of(knowing(*facts), "coal_fuel_consumption").value
    assert burnt == (61 - Decimal("2.4")) * Decimal("0.7143") * TEN_THOUSAND
