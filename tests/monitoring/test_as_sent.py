"""Wet gas and gas as in the duct made dry gas at standard state: figures worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.flue_gas import as_sent
from shuangkong.monitoring.flue_gas.as_sent import GasState, Moisture, Quantity, SentAs, Surroundings
from shuangkong.rulebook import open_rulebook

D = Decimal
WET, DUCT = SentAs(Moisture.WET), SentAs(Moisture.DRY, GasState.DUCT)
BOTH = SentAs(Moisture.WET, GasState.DUCT)
#: 136.5 °C is 409.5 K, one and a half of 273; 100 kPa; a tenth of the gas is water.
GAS = Surroundings(D("136.5"), D("101.325"), D("-1.325"), D(10))


@pytest.mark.parametrize(
    ("quantity", "value", "sent", "expected"),
    [
        # 90 / 0.9; 20 × 101.325/100 × 1.5; both together.
        (Quantity.CONCENTRATION, "90", WET, "100.0000"),
        (Quantity.CONCENTRATION, "20", DUCT, "30.3975"),
        (Quantity.CONCENTRATION, "18", BOTH, "30.3975"),
        # Oxygen of wet gas: 7.2 / 0.9; the duct's heat changes no share.
        (Quantity.SHARE, "7.2", BOTH, "8.0000"),
        # 432000 / 1.5 × 100/101.325 × 0.9, as an hour of velocity is reckoned; wet at standard state × 0.9 alone.
        (Quantity.FLOW, "432000", BOTH, "255810.5107"),
        (Quantity.FLOW, "1000", WET, "900.0000"),
        (Quantity.CONCENTRATION, "5", SentAs(), "5.0000"),
    ],
)
def test_by_hand(quantity: Quantity, value: str, sent: SentAs, expected: str) -> None:
    found = as_sent.brought(quantity, D(value), sent, GAS)
    assert found is not None
    assert rounded(found, 4) == D(expected)


def test_what_lacks_is_named_and_nothing_is_reckoned() -> None:
    gas = Surroundings(temperature_c=D(100), static_kpa=D(0))
    assert as_sent.lacking(Quantity.CONCENTRATION, BOTH, gas) == (as_sent.AMBIENT, as_sent.MOISTURE)
    assert as_sent.lacking(Quantity.SHARE, BOTH, gas) == (as_sent.MOISTURE,)
    assert as_sent.brought(Quantity.CONCENTRATION, D(5), BOTH, gas) is None
    assert as_sent.brought(Quantity.CONCENTRATION, None, BOTH, GAS) is None
    all_water = Surroundings(D(100), D(101), D(0), D(100))
    assert as_sent.lacking(Quantity.SHARE, WET, all_water) == ()
    assert as_sent.brought(Quantity.SHARE, D(5), WET, all_water) is None


@given(some.decimals("0.1", "500", places=2), some.decimals("-20", "300", places=1), some.decimals("0", "40", places=1))
def test_concentration_and_flow_go_opposite_ways(value: Decimal, temperature: Decimal, water: Decimal) -> None:
    """What flows through is the same however its gas is told: C × Q does not change."""
    gas = Surroundings(temperature, D("98.3"), D("-0.4"), water)
    mass = as_sent.brought(Quantity.CONCENTRATION, value, BOTH, gas)
    flow = as_sent.brought(Quantity.FLOW, D(1000), BOTH, gas)
    assert mass is not None
    assert flow is not None
    assert abs(mass * flow - value * 1000) < D("1e-15")


@pytest.mark.parametrize(
    ("factor", "unit", "expected"),
    [
        ("a21026", "mg/m3", Quantity.CONCENTRATION), ("a34002", "ng/m3", Quantity.CONCENTRATION),
        ("a19001", "%", Quantity.SHARE), ("a00000", "m3/s", Quantity.FLOW), ("a01014", "%", None),
        ("a01012", "°C", None), ("w01018", "mg/L", None), ("a01011", "m/s", None),
    ],
)  # fmt: skip
def test_what_has_a_state(factor: str, unit: str, expected: Quantity | None) -> None:
    assert as_sent.quantity_of(factor, unit, open_rulebook().units()) is expected


def test_what_is_not_told_is_said_to_be_so() -> None:
    assert SentAs().words.zh == "干湿基未说明（按干基）、状态未说明（按标准状态）"
    assert BOTH.words.zh == "湿基、工况"
    assert SentAs(Moisture.DRY).is_plain
