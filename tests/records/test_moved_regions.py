"""A region that the register moves to another whole: the results of both wholes follow, and nothing else is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actors import CLERK
from shuangkong.core.fact import Subject
from shuangkong.records.facts import store
from shuangkong.records.indicators.computing import FEW_FIGURES, compute
from shuangkong.records.indicators.looking import results
from shuangkong.records.indicators.models import ComputedFigure
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.usefixtures("regions")
COUNTY, NEIGHBOUR, FAR = (Subject("region", code) for code in ("999901", "999902", "999903"))
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
TOTAL, INTENSITY = "total_consumption", "energy_intensity"


def place(code: str, parent: str | None, level: str = "town", ends_on: date | None = None) -> RegionRow:
    return RegionRow(code, f"虚构{code}", level, parent, ends_on=ends_on, is_fictional=True)


@pytest.fixture
def told(regions: None) -> None:
    """Two counties of two towns each, of which all is told, and a third that tells of itself."""
    counties = [place(each.code, None, "county") for each in (COUNTY, NEIGHBOUR, FAR)]
    registry.save_regions(
        [*counties, *(place(f"{county}00{town}", county) for county in ("999901", "999902") for town in "89")]
    )
    towns = {"999901008": "10", "999901009": "20", "999902008": "40", "999902009": "80", FAR.code: "7"}
    load({**dict.fromkeys(registry_towns(), "0"), **towns})


def registry_towns() -> list[str]:
    return [each.code for each in registry.children(COUNTY.code)]


def load(figures: dict[str, str]) -> None:
    rows = [
        [TOTAL, code, year, value, "万吨标准煤", "最终"] for code, value in figures.items() for year in ("2023", "2024")
    ]
    rows += [["gdp_constant", code, "2024", "10", "亿元", "最终"] for code in figures]
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def total(subject: Subject) -> Decimal | None:
    found = {row.cell.period.year: row.value for row in results([TOTAL], [subject]).values()}
    assert found.get(2023) == found.get(2024)
    value = found.get(2024)
    return None if value is None else value / 10_000


@pytest.mark.parametrize("few", [FEW_FIGURES, 0])
def test_the_wholes_that_it_left_and_joined_are_computed_anew_and_nothing_else(told: None, few: int) -> None:
    compute(few=few)
    assert (total(COUNTY), total(NEIGHBOUR)) == (30, 120)
    assert compute(few=few).computed_at is None
    before = ComputedFigure.objects.order_by("pk").last()
    assert before is not None
    registry.save_regions([place("999901009", NEIGHBOUR.code)])
    done = compute(few=few)
    assert done.is_whole is False
    assert (total(COUNTY), total(NEIGHBOUR)) == (10, 140)
    fresh = ComputedFigure.objects.filter(pk__gt=before.pk).values_list("subject__code", flat=True)
    assert set(fresh) == {COUNTY.code, NEIGHBOUR.code}
    assert done.changed == len(fresh)
    assert compute(few=few).computed_at is None
    assert compute(is_whole=True).changed == compute(is_whole=True, few=0).changed == 0


@pytest.mark.parametrize("few", [FEW_FIGURES, 0])
def test_one_that_is_new_or_ends_counts_from_then_on(told: None, few: int) -> None:
    compute(few=few)
    registry.save_regions([place("999902007", NEIGHBOUR.code)])
    compute(few=few)
    assert total(NEIGHBOUR) is None  # what the new town uses is not told
    registry.save_regions([place("999902007", NEIGHBOUR.code, ends_on=date(2020, 1, 1))])
    compute(few=few)
    assert total(NEIGHBOUR) == 120
    assert compute(is_whole=True).changed == 0


def test_another_name_moves_nothing(told: None) -> None:
    compute()
    registry.save_regions([RegionRow("999901009", "改名镇", "town", COUNTY.code, is_fictional=True)])
    assert compute().computed_at is None
