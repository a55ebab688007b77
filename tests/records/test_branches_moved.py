"""What moved a region: each branch that is told by its own value added, households apart, all else in the rest."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from actors import ADMIN, CLERK
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.indicators.situation import Line
from shuangkong.records.facts import store
from shuangkong.records.indicators.moved import Movements
from shuangkong.records.indicators.moving import movements
from shuangkong.records.indicators.readable import Readable

pytestmark = pytest.mark.usefixtures("regions")
COUNTY = Subject("region", "999901")
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
YEARS = ("2023", "2024")
#: 万吨标准煤 and 亿元 of two years.
ENERGY = {
    "agriculture": (5, 6),
    "industry": (60, 66),
    "construction": (2, 3),
    "transport": (9, 8),
    "households": (10, 12),
}
ADDED = {"agriculture": (20, 22), "industry": (40, 50), "transport": (8, 9)}
WHOLE: Mapping[str, tuple[int, int]] = {"total_consumption": (100, 110), "gdp_constant": (100, 115)}


def load(energy: Mapping[str, tuple[int, int]], added: Mapping[str, tuple[int, int]]) -> None:
    told = {f"energy_balance_equivalent.{row}.all": each for row, each in energy.items()}
    told |= {f"{row}_value_added": each for row, each in added.items()} | WHOLE
    rows = [
        [name, COUNTY.code, year, str(value), "万吨标准煤" if "energy" in name or "total" in name else "亿元", "最终"]
        for name, values in told.items()
        for year, value in zip(YEARS, values, strict=True)
    ]
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def moved() -> Movements:
    before, now = map(Period.parse, YEARS)
    total = Decimal(1_100_000)
    return movements(COUNTY, "/999901/", (before, now), total, Readable(ADMIN, "/999901/"))


def by_code(lines: tuple[Line, ...]) -> dict[str, Decimal]:
    return {line.code or line.kind.value: line.change / 10_000 for line in lines}


def test_each_branch_that_is_told_counts_for_itself_and_the_rest_takes_what_is_not() -> None:
    """Of construction the value added is not told, of trade nothing: both stay in the rest, 100 − 84 and 110 − 92."""
    load(ENERGY, ADDED)
    found = moved()
    assert by_code(found.total.lines) == {
        "agriculture": 1, "industry": 6, "transport": -1, "households": 2, "others": 2, "whole": 10,
    }  # fmt: skip
    lines = {line.code or line.kind.value: line for line in found.total.lines}
    assert lines["others"].energy == (160_000, 180_000)
    assert not lines["households"].is_attributed
    assert lines["agriculture"].is_attributed
    assert abs(sum(line.effects.total for line in found.total.lines[:-1]) - 100_000) < Decimal("1e-15")
    assert {code: name.zh for code, name in found.total.names.items()} == {
        "agriculture": "农、林、牧、渔业",
        "industry": "工业",
        "transport": "交通运输、仓储和邮政业",
        "households": "居民生活",
    }
    assert found.total.cells["agriculture"][0].indicator == "energy_balance_equivalent.agriculture.all"
    assert [line.code for line in found.intensity.lines] == [line.code for line in found.total.lines]


def test_branches_that_come_to_more_than_the_whole_give_way_to_large_industry() -> None:
    large = {"above_designated_energy_consumption": (50, 55), "above_designated_industry_value_added": (30, 33)}
    load(ENERGY | {"agriculture": (50, 60)}, ADDED)
    assert not moved().total.lines
    rows = [
        [name, COUNTY.code, year, str(value), "万吨标准煤" if "energy" in name else "亿元", "最终"]
        for name, values in large.items()
        for year, value in zip(YEARS, values, strict=True)
    ]
    assert store.load_rows([HEAD, *rows], name="u.csv", digest="", source="年报", by=CLERK, is_dry_run=False).is_written
    assert by_code(moved().total.lines) == {"above_designated": 5, "others": 5, "whole": 10}
