"""Corrections followed up from what stands: the same as from scratch, without a look at what lies below it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from actors import CLERK
from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine, Law
from shuangkong.indicators.engine.leaves import is_demo, maturity_of
from shuangkong.records.facts import store
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.indicators import gathering_near
from shuangkong.records.indicators.computing import compute
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.looking import results, standing, vintages
from shuangkong.records.indicators.models import ComputedFigure
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from trials import tries

pytestmark = pytest.mark.django_db

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
WORDS = {
    "consumption": ("能源消费总量", "万吨标准煤"),
    "product": ("gdp_constant", "亿元"),
    "intensity": ("energy_intensity", "吨标准煤/万元"),
    "electricity": ("electricity_consumption", "万千瓦时"),
}
PROVINCE = "990000"
CITIES = ("990100", "990200")
COUNTIES = ("990101", "990102", "990201", "990202")


@pytest.fixture
def province(db: None) -> None:
    rows = [RegionRow(PROVINCE, "虚省", "province", is_fictional=True)]
    rows += [RegionRow(code, f"虚市{code}", "city", PROVINCE, is_fictional=True) for code in CITIES]
    rows += [RegionRow(code, f"虚县{code}", "county", f"{code[:4]}00", is_fictional=True) for code in COUNTIES]
    registry.save_regions(rows)


def told(what: str, subject: str, period: str, value: str, status: str = "最终") -> list[str]:
    indicator, unit = WORDS[what]
    return [indicator, subject, period, value, unit, status]


def load(*rows: Sequence[str]) -> None:
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def content() -> dict[Cell, tuple[object, ...]]:
    """Results that stand, those that were found to be missing left aside."""
    rows = standing(ComputedFigure.objects.all())
    return {cell: row.content for cell, row in rows.items() if row.state is not State.MISSING}


def explained(figure: Figure) -> tuple[object, ...] | None:
    """What a result says of a cell, by its explanation; None where there is to be none."""
    settled = maturity_of(figure)
    if figure.fact is not None or figure.state is State.MISSING or settled is None:
        return None
    return figure.state, figure.value, settled, bool(figure.doubts), is_demo(figure)


PERIODS = ["2022", "2023", "2023-H1", "2023-Q3", "2023-Q4", "2021-2025"]
INDICATORS = ("total_consumption", "gdp_constant", "energy_intensity", "energy_intensity_growth")
TOLD = st.tuples(
    st.sampled_from([*WORDS]),
    st.sampled_from([*COUNTIES, *COUNTIES, *CITIES, PROVINCE]),
    st.sampled_from(PERIODS),
    st.sampled_from(["0", "1.5", "20", "缺报"]),
    st.sampled_from(["快报", "最终"]),
)


@pytest.mark.usefixtures("province")
@tries(5, 60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(TOLD, min_size=1, max_size=4), min_size=1, max_size=4))
def test_corrections_one_after_the_other_end_where_explanations_do(
    loads: list[list[tuple[str, str, str, str, str]]],
) -> None:
    load(*(told(what, code, when, "7") for what in ("consumption", "product") for code in COUNTIES for when in PERIODS))
    compute()
    for rows in loads:
        load(*{each[:3]: told(*each) for each in rows}.values())
        compute()
    found = content()
    everyone = [Subject("region", code) for code in (PROVINCE, *CITIES, *COUNTIES)]
    cells = {
        Cell(subject, indicator, Period.parse(period))
        for subject in everyone
        for indicator in INDICATORS
        for period in (*PERIODS, "2023-H2")
    } | found.keys()
    territory = Territory()
    explanations = engine_for(cells, territory, law_of(territory))
    assert {cell: found.get(cell) for cell in cells} == {cell: explained(explanations.figure(cell)) for cell in cells}
    assert compute(is_whole=True).changed == 0


@pytest.mark.usefixtures("province")
def test_years_do_not_add_up_to_the_figure_of_a_plan() -> None:
    """The cap, the reduction or the decline of five years is not the sum of the years."""
    years = [str(year) for year in range(2021, 2026)]
    load(*(told("consumption", code, year, "7") for code in COUNTIES for year in years))
    load(told("consumption", "990101", "2021-2025", "9"))
    compute()
    load(told("consumption", "990202", "2023", "8"))
    compute()
    assert not [cell for cell in content() if cell.period.is_plan]
    assert compute(is_whole=True).changed == 0


@pytest.mark.usefixtures("province")
def test_a_correction_does_not_look_below_what_did_not_move(monkeypatch: pytest.MonkeyPatch) -> None:
    load(*(told(what, code, "2023", "7") for what in ("consumption", "product") for code in COUNTIES))
    compute()
    asked: set[str] = set()

    def noted(cells: set[Cell]) -> dict[Cell, Fact]:
        asked.update(cell.subject.code for cell in cells)
        return facts_for(cells)

    monkeypatch.setattr(gathering_near, "facts_for", noted)
    monkeypatch.setattr(gathering_near, "engine_for", None)
    load(told("consumption", "990101", "2023", "9"))
    done = compute()
    assert asked == {PROVINCE, *CITIES, "990101", "990102"}
    assert done.changed == 5  # consumption and intensity of the city and of the province, intensity of the county
    total = results(["total_consumption"], [Subject("region", PROVINCE)])
    assert [row.value for row in total.values()] == [Decimal(300_000)]


@pytest.mark.usefixtures("province")
def test_what_went_missing_is_written_as_if_found_from_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its maturity is that of the least settled fact of all below, which what stands does not tell."""
    load(*(told("consumption", code, "2023", "7") for code in COUNTIES))
    compute()
    load(told("consumption", "990202", "2023", "6", "快报"))
    load(told("consumption", "990101", "2023", "缺报"))
    whole: list[int] = []

    def noted(cells: list[Cell], territory: Territory, law: Law) -> Engine:
        whole.append(len(cells))
        return engine_for(cells, territory, law)

    monkeypatch.setattr(gathering_near, "engine_for", noted)
    compute()
    assert whole
    last = vintages("total_consumption", Subject("region", PROVINCE))[-1]
    assert (last.state, last.value) == (State.MISSING, None)
    assert compute(is_whole=True).changed == 0
