"""The energy balance: what its parts come to, its table in coal equivalent, and what trips each of its checks.

The region and its figures are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Finding, Message
from shuangkong.indicators.balance.checks import BalanceAudit, agrees
from shuangkong.indicators.balance.figures import Balance, in_standard_coal, summed
from shuangkong.indicators.conversion import Coefficient, Converter, Whence
from shuangkong.indicators.table_words import ALL, GROUP, Sum
from shuangkong.indicators.tables import Table
from shuangkong.policyfile.expression.given import Told
from shuangkong.rulebook import open_rulebook

BOOK = open_rulebook()
TABLE: Table = BOOK.tables()["energy_balance"]
CHECKS = {check.code: check for check in BOOK.checks("indicators/balance")}
DAY = date(2020, 12, 31)
NONE = State.NOT_APPLICABLE
WHOSE = Message("清溪县 2020（虚构）", "Qingxi 2020 (invented)")

#: Raw coal comes in, half of it makes power; power also comes from water.
TOLD: Mapping[tuple[str, str], str] = {
    ("opening_stock", "raw_coal"): "10",
    ("primary_production", "raw_coal"): "100",
    ("inflow", "raw_coal"): "50",
    ("closing_stock", "raw_coal"): "20",
    ("thermal_power", "raw_coal"): "-70",
    ("industry", "raw_coal"): "60",
    ("industry_material", "raw_coal"): "5",
    ("households", "raw_coal"): "10",
    ("inflow", "coke"): "12",
    ("industry", "coke"): "12",
    ("primary_production", "electricity"): "40000",
    ("thermal_power", "electricity"): "160000",
    ("loss", "electricity"): "10000",
    ("transmission_loss", "electricity"): "10000",
    ("industry", "electricity"): "150000",
    ("households", "electricity"): "40000",
}
COEFFICIENTS = {"raw_coal": ("0.7143", "t"), "coke": ("0.9714", "t"), "electricity": ("0.0001229", "kwh")}


def balance(**changed: Told) -> Balance:
    """The balance above, all other cells not applicable; ``row__column`` changes one."""
    figures: dict[tuple[str, str], Told] = {(row.id, column.id): NONE for row in TABLE.rows for column in TABLE.columns}
    figures |= {place: Decimal(text) for place, text in TOLD.items()}
    for name, told in changed.items():
        row, column = name.split("__")
        figures[row, column] = told
    return Balance(TABLE, figures)


def coefficients() -> dict[str, Coefficient | None]:
    return {
        name: Coefficient(Fraction(number), Fraction(number), unit, Whence.DEFAULT)
        for name, (number, unit) in COEFFICIENTS.items()
    }


def audit(of: Balance, **totals: Told) -> BalanceAudit:
    return BalanceAudit(of, CHECKS, DAY, WHOSE, totals)


def test_the_parts_come_to_the_whole() -> None:
    found = balance()
    assert [found.supply("raw_coal"), found.conversion("raw_coal"), found.terminal("raw_coal")] == [140, -70, 70]
    assert [found.total("raw_coal"), found.difference("raw_coal")] == [140, 0]
    assert [found.total("electricity"), found.difference("electricity")] == [40000, 0]
    assert found.difference("naphtha") is NONE
    assert list(audit(found).findings()) == []


def test_a_missing_cell_leaves_no_sum_and_is_not_zero() -> None:
    found = balance(industry__raw_coal=State.MISSING)
    assert found.terminal("raw_coal") is State.MISSING
    assert found.difference("raw_coal") is State.MISSING
    assert Balance(TABLE, {}).supply("raw_coal") is State.MISSING


def test_total_consumption_is_terminal_and_what_was_lost() -> None:
    standard = in_standard_coal(balance(), coefficients())
    terminal = Decimal("70") * Decimal("0.7143") + 12 * Decimal("0.9714") + 190000 * Decimal("0.0001229")
    lost = 70 * Decimal("0.7143") - 160000 * Decimal("0.0001229")
    assert standard.line(Sum.TERMINAL, ALL) == terminal
    assert standard.line(Sum.CONVERSION, ALL) == -lost
    assert standard.consumption() == terminal + lost + 10000 * Decimal("0.0001229")
    assert standard.line(Sum.TOTAL, f"{GROUP}coal") == 140 * Decimal("0.7143") + 12 * Decimal("0.9714")
    groups = [standard.line(Sum.TOTAL, f"{GROUP}{group}") for group in ("coal", "electricity")]
    assert summed((each, 1) for each in groups) == standard.consumption()


def test_a_column_without_one_coefficient_leaves_no_total() -> None:
    gas = balance(industry__natural_gas=Decimal(1000), inflow__natural_gas=Decimal(1000))
    standard = in_standard_coal(
        gas, coefficients() | {"natural_gas": Coefficient(Fraction(1), Fraction(2), "m3", Whence.DEFAULT)}
    )
    assert (standard.unconverted, standard.consumption()) == (("natural_gas",), State.MISSING)
    assert [each.code for each in audit(gas).of_unconverted(standard)] == ["IND-010"]


def codes(found: Balance, **totals: Told) -> list[str]:
    return [finding.code for finding in audit(found, **totals).findings()]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"closing_stock__raw_coal": Decimal("18.5")}, ["IND-002"]),  # 1.5 of 140
        ({"closing_stock__raw_coal": Decimal("18.9")}, ["IND-003"]),  # 1.1 of 140
        ({"inflow__coke": Decimal(11)}, ["IND-002", "IND-005"]),
        ({"urban_households__raw_coal": Decimal("10.01")}, ["IND-007"]),
        ({"primary_production__coke": Decimal("0.01")}, ["IND-008"]),
        ({"exports__raw_coal": Decimal("-0.1")}, ["IND-009"]),
    ],
)
def test_each_check_trips(changed: dict[str, Told], expected: list[str]) -> None:
    assert codes(balance(**changed)) == expected


def test_at_the_limit_nothing_is_said() -> None:
    assert codes(balance(closing_stock__raw_coal=Decimal("19.3"))) == []  # 0.7 of 140: half a per cent


def test_a_told_total_that_the_rows_do_not_make() -> None:
    assert codes(balance(), raw_coal=Decimal("140.1")) == ["IND-004"]
    assert codes(balance(), raw_coal=Decimal("140")) == []


def of_standard(change: Callable[[Decimal], Decimal]) -> list[Finding]:
    computed = in_standard_coal(balance(), coefficients())
    told: dict[tuple[str, str], Told] = dict(computed.figures)
    told["industry", "raw_coal"] = change(Decimal("60") * Decimal("0.7143"))
    return list(audit(balance()).of_standard(told, computed))


def test_the_table_in_coal_equivalent_is_the_physical_one() -> None:
    assert of_standard(lambda exact: exact) == []
    assert of_standard(lambda exact: round(exact, 2)) == []
    (finding,) = of_standard(lambda exact: exact + 1)
    assert (finding.code, finding.place) == ("IND-006", "清溪县 2020（虚构），工业，原煤")


@pytest.mark.parametrize(
    ("line", "column", "place"),
    [
        ("total", "raw_coal", "消费量合计，原煤"),
        ("total", "all", "消费量合计，合计"),
        ("terminal", "all", "终端消费量，合计"),
        ("total", "group_coal", "消费量合计，coal"),
    ],
)
def test_a_told_sum_in_coal_equivalent_is_held_against_the_rows(line: str, column: str, place: str) -> None:
    computed = in_standard_coal(balance(), coefficients())
    expected = computed.line(line, column)
    assert isinstance(expected, Decimal)
    assert list(audit(balance()).of_standard({(line, column): expected}, computed)) == []
    (finding,) = audit(balance()).of_standard({(line, column): expected + 2}, computed)
    assert (finding.code, finding.place) == ("IND-006", f"清溪县 2020（虚构），{place}")


def test_the_total_of_the_balance_is_that_of_the_region() -> None:
    computed = in_standard_coal(balance(), coefficients())
    total = computed.consumption()
    assert isinstance(total, Decimal)
    assert list(audit(balance()).of_consumption(round(total, 2), computed)) == []
    (finding,) = audit(balance()).of_consumption(total + 3, computed)
    assert finding.code == "IND-011"
    assert "相差3" in finding.message.zh


@pytest.mark.parametrize(
    ("unit", "stated", "column", "tripped"),
    [
        ("kgce/kwh", "0.31", "electricity", False),
        ("kgce/kwh", "0.0999", "electricity", True),
        ("kgce/kwh", "1.01", "electricity", True),
        ("kgce/MJ", "0.0341", "heat", False),
        ("kgce/MJ", "34.1", "heat", True),
        ("kgce/kg", "9", "raw_coal", False),  # no limit is known
    ],
)
def test_a_coefficient_that_cannot_be_is_asked_about(unit: str, stated: str, column: str, tripped: bool) -> None:
    converter = Converter(BOOK.units(), BOOK.parameter_over_time("indicators/heating_values/standard_coal"))
    of = next(each.unit for each in TABLE.columns if each.id == column)
    told = {column: converter.stated(Decimal(stated), unit, of, Whence.SUPPLIED)}
    found = list(audit(balance()).of_coefficients(told, converter))
    assert [each.code for each in found] == (["IND-012"] if tripped else [])
    if tripped and column == "heat":
        assert "折34,100千克标准煤，通常在10至50之间" in found[0].message.zh


def test_a_figure_agrees_to_its_last_printed_digit() -> None:
    assert agrees(Decimal("507"), Decimal("507.4"))
    assert not agrees(Decimal("507.1"), Decimal("507.4"))
    assert agrees(Decimal(5_070_000), Decimal(5_074_999), Decimal(10_000))
    assert not agrees(Decimal(5_070_000), Decimal(5_075_001), Decimal(10_000))
    assert not agrees(Decimal(5_000_000), Decimal(5_075_001), Decimal(10_000))


def test_every_check_of_the_catalogue_is_tried_here() -> None:
    assert sorted(CHECKS) == [f"IND-{number:03}" for number in range(2, 15)]
    assert all(check.message.zh and check.message.en for check in CHECKS.values())


def test_ids_of_cells_are_those_that_formulas_name() -> None:
    assert TABLE.cells["energy_balance.inflow.raw_coal"] == "t"
    assert TABLE.figures["energy_balance_calorific.inflow.raw_coal"] == "tce"


@given(st.lists(st.tuples(st.decimals(-(10**9), 10**9, places=4), st.sampled_from((1, -1))), max_size=8))
def test_the_order_of_a_sum_does_not_matter(parts: list[tuple[Decimal, int]]) -> None:
    expected = sum((Fraction(told) * sign for told, sign in parts), Fraction(0))
    assert summed(reversed(parts)) == summed(parts)
    assert summed(parts) == (expected if parts else NONE)
