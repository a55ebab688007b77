"""What the energy-intensive sectors of a place make together: a figure like any other, traced to its sectors."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actors import CLERK
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts import store
from shuangkong.records.indicators.computing import FEW_FIGURES, compute
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.indicators.looking import results

pytestmark = pytest.mark.usefixtures("regions")
COUNTY, TOWN = Subject("region", "999901"), Subject("region", "999901003")
ENERGY = "above_designated_energy_consumption"
TOGETHER, SHARE = "energy_intensive_consumption", "energy_intensive_share"
SIX = ("C25", "C26", "C30", "C31", "C32", "D44")
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]


def load(figures: dict[str, str], place: Subject = COUNTY, period: str = "2024") -> None:
    rows = [
        [ENERGY, f"{place.code}/{code}" if code else place.code, period, value, "吨标准煤", "最终"]
        for code, value in figures.items()
    ]
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def result(indicator: str, place: Subject = COUNTY) -> Decimal | None:
    cell = Cell(place, indicator, Period(2024))
    stands = next((row.value for row in results([indicator], [place]).values() if row.cell == cell), None)
    assert explain(cell).value == stands
    return stands


@pytest.mark.parametrize("few", [FEW_FIGURES, 0])
def test_it_is_the_sum_of_the_sectors_that_the_policy_lists(few: int) -> None:
    """However a sector's code is written; those not listed do not count; what does not apply adds nothing."""
    load({"": "400", "c25": "10", "26": "20", "C30": "30", "31": "40", "C32": "不适用", "D44": "60", "C13": "99"})
    compute(few=few)
    assert (result(TOGETHER), result(SHARE)) == (160, 40)
    figure = explain(Cell(COUNTY, TOGETHER, Period(2024)))
    assert {each.cell.subject.code for _, each in figure.inputs} == {f"{COUNTY.code}/{code}" for code in SIX}
    assert all(each.fact is not None for _, each in figure.inputs)
    load({"C31": "50"})
    compute(few=few)
    assert (result(TOGETHER), result(SHARE)) == (170, Decimal("42.5"))
    assert compute(is_whole=True).changed == 0
    assert compute(is_whole=True, few=0).changed == 0


def test_one_sector_that_nobody_told_leaves_none() -> None:
    load(dict.fromkeys(SIX[:5], "1"))
    compute()
    figure = explain(Cell(COUNTY, TOGETHER, Period(2024)))
    assert figure.state is State.MISSING
    assert [each.cell.subject.code for _, each in figure.inputs if each.state is State.MISSING] == ["999901/D44"]


@pytest.mark.parametrize("few", [FEW_FIGURES, 0])
def test_what_the_place_told_of_its_own_sectors_counts_before_the_places_below(few: int) -> None:
    load(dict.fromkeys(SIX, "1"), TOWN)
    compute(few=few)
    assert result(TOGETHER, TOWN) == 6
    load(dict.fromkeys(SIX, "7"))
    compute(few=few)
    assert (result(TOGETHER), result(TOGETHER, TOWN)) == (42, 6)
    assert compute(is_whole=True, few=0).changed == 0
