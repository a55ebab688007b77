"""Flue gas and waste water: figures worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.flue_gas import point as gas
from shuangkong.monitoring.flue_gas.hour import GasHour, gas_hour
from shuangkong.monitoring.waste_water import point as water

D = Decimal


def test_conversion_to_reference_oxygen() -> None:
    """100 mg/m³ at 11 % against 6 %: 100 × 15 / 10 = 150; by coefficients 100 × (21/10) / (21/15) likewise."""
    assert gas.converted(D(100), D(11), D(6)) == 150
    assert gas.converted(D(100), D(11), None) == 100


@pytest.mark.parametrize("oxygen", ["21", "21.1", "25"])
def test_no_conversion_of_air(oxygen: str) -> None:
    assert gas.converted(D(5), D(oxygen), D(6)) is None
    found = gas_hour(GasHour(value=D(5), o2_pct=D(oxygen), reference_o2_pct=D(6), flow_m3_h=D(1000)))
    assert found.is_oxygen_of_air
    assert found.converted_mg_m3 is None
    assert found.amount_kg == D("0.005"), "the amount goes by the measured concentration, not by the converted one"


def test_ppm_and_nox_as_no2() -> None:
    """100 ppm SO2: 64 / 22.4 × 100 = 285.714…; NO 30 and NO2 4 mg/m³: 30 × 46/30 + 4 = 50."""
    found = gas.mass_concentration(D(100), D(64))
    assert found is not None
    assert rounded(found, 3) == D("285.714")
    assert gas.nox_as_no2(D(30), D(4)) == 50
    assert gas.nox_as_no2(D(30), None) is None


def test_an_hour_from_the_duct_to_kilograms() -> None:
    """F 10 m², 12 m/s, 136.5 °C, −1.325 kPa at 101.325 kPa, 10 % water.

    Qsh = 3600 × 10 × 12 = 432000; × 273/409.5 = 288000; × 100/101.325; × 0.9 = 255810.51 m³/h.
    Wet 50 mg/m³ at standard state is 55.5… dry, at 8 % O2 against 6 %: × 15/13.
    """
    given = GasHour(
        value=D(50),
        is_dry=False,
        o2_pct=D(8),
        temperature_c=D("136.5"),
        ambient_kpa=D("101.325"),
        static_kpa=D("-1.325"),
        moisture_pct=D(10),
        velocity_m_s=D(12),
        area_m2=D(10),
        reference_o2_pct=D(6),
    )
    found = gas_hour(given)
    assert found.flow_m3_h is not None
    assert rounded(found.flow_m3_h, 2) == D("255810.51")
    assert found.dry_mg_m3 is not None
    assert rounded(found.dry_mg_m3, 4) == D("55.5556")
    assert found.converted_mg_m3 is not None
    assert rounded(found.converted_mg_m3, 4) == D("64.1026")
    assert found.amount_kg is not None
    assert rounded(found.amount_kg, 4) == D("14.2117")
    assert [step.name.zh for step in found.steps] == [
        "干基浓度",
        "折算浓度",
        "断面平均流速",
        "湿烟气流量",
        "标干流量",
        "小时排放量",
    ]
    assert found.steps[-1].value == found.amount_kg


def test_duct_concentration_to_standard_state() -> None:
    """20 mg/m³ in the duct at 136.5 °C and standard pressure: × 409.5 / 273 = 30."""
    assert gas.at_standard_state(D(20), D("136.5"), D("101.325"), D(0)) == 30
    assert gas.at_standard_state(D(20), D(-273), D("101.325"), D(0)) is None


def test_missing_is_never_zero() -> None:
    assert gas.mean([None, D(4), D(2)]) == 3
    assert gas_hour(GasHour(value=None, flow_m3_h=D(5))).amount_kg is None
    assert water.amount(D(0), None) == 0
    assert water.amount(D(1), None) is None


def test_ten_minutes_of_slices() -> None:
    """120 slices of 5 s at 10 l/s and 50 mg/l: 6 m³, 0.3 kg, mean flow 6 / 0.6 = 10 l/s."""
    slices = [water.Slice(D(10), D(5), D(50))] * 120
    found = water.of_slices(slices)
    assert found is not None
    assert (found.volume_m3, found.amount_kg, found.mean) == (6, D("0.3"), 50)
    assert water.mean_flow(found.volume_m3, water.MINUTES_10_S) == 10
    assert water.of_slices(slices[:119]) is None
    assert water.of_slices([*slices[:119], water.Slice(D(10), D(6), D(50))]) is None, "a slice is 5 s at most"


def test_means_go_by_flow_or_not() -> None:
    """90 m³ at 40 and 10 m³ at 140 mg/l: 50 by flow, 90 by arithmetic."""
    parts = [water.Discharge(D(90), D("3.6"), D(40)), water.Discharge(D(10), D("1.4"), D(140))]
    assert water.together(parts).mean == 50
    assert water.together(parts, water.Weighing.ARITHMETIC).mean == 90
    assert water.together([*parts, water.Discharge(None, None, None)]).amount_kg is None
    hour, steps = water.water_hour(D(10), D(50))
    assert (hour.volume_m3, hour.amount_kg) == (36, D("1.8"))
    assert [step.value for step in steps] == [36, D("1.8")]
    assert water.mean_flow(D(864), water.DAY_S) == 10


@given(some.lists(some.tuples(some.integers(0, 900), some.integers(0, 900)), min_size=1, max_size=24))
def test_a_flow_weighted_mean_lies_between_its_hours(rows: list[tuple[int, int]]) -> None:
    parts = [water.Discharge(D(q), water.amount(D(q), D(c)), D(c)) for q, c in rows]
    found = water.together(parts)
    flowing = [c for q, c in rows if q]
    if flowing:
        assert found.mean is not None
        assert min(flowing) <= round(found.mean, 12) <= max(flowing)
    else:
        assert found.mean is None
