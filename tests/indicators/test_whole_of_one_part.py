"""A whole of one part equals the part: every figure that adds up over places, by the rules of the policy."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from telling import BOOK, engine

from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Aggregation
from shuangkong.indicators.table_words import is_table_id

CITY, COUNTY = Subject("region", "990100"), Subject("region", "990101")
YEARS = tuple(range(2020, 2026))
SUMS = sorted(
    name
    for name, rule in BOOK.every_rule().items()
    if rule.in_space is Aggregation.SUM and not is_table_id(name)
)  # fmt: skip


def told_of_the_part(chance: Random) -> list[Fact]:
    """Whatever no formula yields, and every other cell that it might be told instead, in each year."""
    return [
        Fact(
            cell=Cell(COUNTY, name, Period(year)), state=State.VALUE, value=Decimal(chance.randint(1, 10**6)) / 100,
            unit=rule.unit, maturity=Maturity.FINAL, origin=Origin.REPORTED, evidence=Evidence.STATISTICAL,
            source="s", recorded_on=Period(2025).last_day,
        )
        for name, rule in BOOK.every_rule().items() if not rule.formulas
        for year in YEARS
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_of_one_part_is_that_part(seed: int) -> None:
    found = engine(told_of_the_part(Random(seed)), {CITY: (COUNTY,)})
    differing, figures = {}, 0
    for name in SUMS:
        for year in YEARS[-2:]:
            part, whole = (found.figure(Cell(each, name, Period(year))) for each in (COUNTY, CITY))
            figures += part.value is not None
            if (part.state, part.value) != (whole.state, whole.value):
                differing[name, year] = (part.value, whole.value)
    assert not differing
    assert figures > len(SUMS)
