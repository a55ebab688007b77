"""The cases beside the checks of the balance: each trips what it says and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.indicators.balance import Balance, in_standard_coal
from shuangkong.indicators.balance.checks import BalanceAudit
from shuangkong.indicators.conversion import Coefficient, Converter, Whence
from shuangkong.indicators.reconciliation import Among, Line, findings, reconciled
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.node import Listing, Mapping
from shuangkong.rulebook import open_rulebook

BOOK = open_rulebook()
TABLE = BOOK.tables()["energy_balance"]
CHECKS = {check.code: check for check in BOOK.checks("indicators/balance")}
CONVERTER = Converter(BOOK.units(), BOOK.parameter_over_time("indicators/heating_values/standard_coal"))
WHOSE = Message("清溪县 2020（虚构）", "Qingxi 2020 (invented)")
CASES = BOOK.folder.require("national/indicators/balance/checks.cases.yaml")
assert isinstance(CASES, Listing)


def figures(case: Mapping, key: str) -> dict[str, Told]:
    told = case.mapping(key) if key in case else None
    return {name: told.number(name) for name in told.entries} if told else {}


def cells(case: Mapping, key: str) -> dict[tuple[str, str], Told]:
    """(row, column) → figure."""
    return {(name.split(".")[0], name.split(".")[1]): told for name, told in figures(case, key).items()}


def default(case: Mapping, column: str) -> Coefficient:
    day = case.day("day")
    assert day is not None
    unit = next(each.unit for each in TABLE.columns if each.id == column)
    return CONVERTER.default(BOOK.parameter_over_time(f"indicators/coefficients/{column}"), unit, day)


def audited(case: Mapping) -> Iterator[Finding]:
    day, told = case.day("day"), cells(case, "told")
    assert day is not None
    every: dict[tuple[str, str], Told] = {
        (row.id, column.id): State.NOT_APPLICABLE for row in TABLE.rows for column in TABLE.columns
    }
    balance = Balance(TABLE, every | told)
    audit = BalanceAudit(balance, CHECKS, day, WHOSE, figures(case, "totals"))
    yield from audit.findings()
    coefficients = {column: default(case, column) for _, column in told}
    computed = in_standard_coal(balance, coefficients)
    yield from audit.of_unconverted(computed)
    yield from audit.of_standard(cells(case, "standard"), computed)
    if "consumption" in case:
        yield from audit.of_consumption(case.number("consumption"), computed)
    yield from audit.of_coefficients(dict(stated(case)), CONVERTER)


def stated(case: Mapping) -> Iterator[tuple[str, Coefficient]]:
    told = case.mapping("stated") if "stated" in case else None
    for column in told.entries if told else ():
        assert told is not None
        number, unit = told.text(column).split()
        of = next(each.unit for each in TABLE.columns if each.id == column)
        yield column, CONVERTER.stated(Decimal(number), unit, of, Whence.SUPPLIED)


def held(case: Mapping) -> Iterator[Finding]:
    """A total against its parts."""
    day, whole = case.day("day"), Cell(Subject("region", "990000"), "total_consumption", Period(2020))
    assert day is not None
    parts = [Decimal(str(item.value)) for item in case.listing("parts").items]  # type: ignore[attr-defined]
    told: dict[Cell, Told] = {
        Cell(Subject("region", f"99{number:02d}00"), whole.indicator, whole.period): part
        for number, part in enumerate(parts, 1)
    }
    line = Line("t", WHOSE, whole.indicator, whole.indicator, Among.REGIONS, Message("统计局", "statistics"))
    row = reconciled(line, whole, case.number("whole"), told)
    yield from (finding for _, finding in findings((row,), CHECKS, WHOSE, day))


@pytest.mark.parametrize("case", tuple(CASES.mappings()), ids=lambda case: case.text("name"))
def test_a_case_trips_what_it_says(case: Mapping) -> None:
    found = held(case) if "parts" in case else audited(case)
    expected = case.listing("trips").texts() if "trips" in case else ()
    assert sorted(each.code for each in found) == sorted(expected)


def test_a_coefficient_of_the_rules_is_the_one_that_converts() -> None:
    case = next(iter(CASES.mappings()))
    assert default(case, "raw_coal").number == Fraction("0.7143")
