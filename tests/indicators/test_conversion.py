"""Coal equivalent: ranges, both vintages, measured values, and the way back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.dated import NotInForce
from shuangkong.indicators.balance import Balance, in_standard_coal
from shuangkong.indicators.conversion import (
    Coefficient,
    Converter,
    IsARange,
    NotThisUnit,
    Whence,
)
from shuangkong.rulebook import open_rulebook

BOOK = open_rulebook()
OLD, NEW = date(2020, 12, 31), date(2021, 12, 31)
CONVERTER = Converter(BOOK.units(), BOOK.parameter_over_time("indicators/heating_values/standard_coal"))


def default(name: str, unit: str, day: date = NEW, folder: str = "coefficients") -> Coefficient:
    return CONVERTER.default(BOOK.parameter_over_time(f"indicators/{folder}/{name}"), unit, day)


def one(text: str, unit: str = "t") -> Coefficient:
    return Coefficient(Fraction(text), Fraction(text), unit, Whence.DEFAULT)


@pytest.mark.parametrize(
    ("name", "unit", "folder", "expected"),
    [
        ("raw_coal", "t", "coefficients", "0.7143"),
        ("electricity", "kwh", "coefficients", "0.0001229"),
        ("electricity", "kwh", "equivalent_coefficients", "0.000404"),
        ("heat", "gj", "coefficients", "0.03412"),
        ("coke_oven_gas", "m3", "form_coefficients", "0.0006143"),
        ("fresh_water", "t", "media_coefficients", "0.0002571"),
    ],
)
def test_a_default_is_in_base_units(name: str, unit: str, folder: str, expected: str) -> None:
    found = default(name, unit, folder=folder)
    assert (found.number, found.whence, found.is_verified) == (Fraction(expected), Whence.DEFAULT, False)


def test_the_vintages_are_two() -> None:
    assert default("oil_field_gas", "m3", OLD).number == Fraction("0.00133")
    with pytest.raises(NotInForce):
        default("oil_field_gas", "m3", NEW)
    with pytest.raises(NotInForce):
        default("natural_gas", "m3", OLD)
    coal = BOOK.parameter_over_time("indicators/heating_values/raw_coal")
    assert (coal.on(OLD).number, coal.on(NEW).number) == (Decimal(20908), Decimal(20934))


def test_a_default_factor_is_never_that_of_the_default_heating_value() -> None:
    """20 908 / 29 307.6 = 0.7134, while the table prints 0.7143: both are kept as printed."""
    derived = CONVERTER.measured(Decimal(20908), "kJ/kg", "t", OLD)
    assert round(derived.number, 4) == Fraction("0.7134")
    assert default("raw_coal", "t", OLD).number == Fraction("0.7143")


def test_a_range_stays_a_range() -> None:
    gas = default("natural_gas", "m3")
    assert (gas.low, gas.high) == (Fraction("0.0011"), Fraction("0.00133"))
    with pytest.raises(IsARange, match="实测"):
        _ = gas.number


def test_a_measured_coefficient_is_the_heat_over_that_of_standard_coal() -> None:
    measured = CONVERTER.measured(Decimal("21000"), "kJ/kg", "t", NEW)
    assert (measured.number, measured.whence) == (Fraction(21000) / Fraction("29307.6"), Whence.MEASURED)


def test_steam_and_gas_are_measured_in_their_own_units() -> None:
    assert round(CONVERTER.measured(Decimal(3763), "MJ/t", "t", NEW).number, 4) == Fraction("0.1284")
    assert CONVERTER.measured(Decimal("29307.6"), "kJ/m3", "m3", NEW).number == Fraction("0.001")


@pytest.mark.parametrize(("heating", "unit"), [("kJ/m3", "t"), ("kgce/kg", "t"), ("kJ/kg", "m3")])
def test_a_heating_value_of_something_else_is_refused(heating: str, unit: str) -> None:
    with pytest.raises(NotThisUnit, match=heating):
        CONVERTER.measured(Decimal(1), heating, unit, NEW)


def test_a_coefficient_of_something_else_is_refused() -> None:
    with pytest.raises(NotThisUnit, match="kgce/kg"):
        default("raw_coal", "kwh")
    with pytest.raises(NotThisUnit, match="kgce/kwh"):
        CONVERTER.stated(Decimal("0.3"), "kgce/kwh", "t", Whence.SUPPLIED)


AMOUNTS = st.decimals(-(10**12), 10**12, places=4)
FACTORS = st.decimals("0.0001", 10, places=4).map(str)


@given(AMOUNTS, FACTORS)
def test_the_way_back_is_exact(amount: Decimal, factor: str) -> None:
    standard = converted(amount, factor)
    assert standard / one(factor).number == Fraction(amount)


@given(AMOUNTS, AMOUNTS, FACTORS)
def test_the_order_of_adding_and_converting_does_not_matter(first: Decimal, second: Decimal, factor: str) -> None:
    together = (Fraction(first) + Fraction(second)) * Fraction(factor)
    assert converted(first, factor) + converted(second, factor) == together


def converted(amount: Decimal, factor: str) -> Fraction:
    """What a balance makes of an amount of raw coal in coal equivalent."""
    balance = Balance(BOOK.tables()["energy_balance"], {("industry", "raw_coal"): amount})
    found = in_standard_coal(balance, {"raw_coal": one(factor)}).figure("industry", "raw_coal")
    assert isinstance(found, Decimal)
    return Fraction(found)


def test_every_coefficient_of_the_policy_can_be_used() -> None:
    """Each on each day on which it holds, with the unit of what it converts."""
    units = {"kgce/kg": "t", "kgce/t": "t", "kgce/m3": "m3", "kgce/kwh": "kwh", "kgce/MJ": "gj"}
    seen = 0
    for folder in ("coefficients", "equivalent_coefficients", "form_coefficients", "media_coefficients"):
        for name in BOOK.folder.names_in("national", f"indicators/{folder}"):
            parameter = BOOK.parameter_over_time(name.removeprefix("national/").removesuffix(".yaml"))
            for value in parameter.values:
                found = CONVERTER.default(parameter, units[parameter.unit], value.validity.starts)
                assert 0 < found.low <= found.high
                assert not found.is_verified
                seen += 1
    assert seen > 80
