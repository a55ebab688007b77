"""Computed figures: each with its tree, brought up to date by what changed, the same as if computed from scratch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from actors import CLERK
from shuangkong.core.fact import Cell, Maturity, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.leaves import is_demo, maturity_of
from shuangkong.records.facts import store
from shuangkong.records.facts.models import Load
from shuangkong.records.indicators.computing import compute
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.looking import ComputedRow, standing, vintages
from shuangkong.records.indicators.models import ComputedFigure, ComputedLoad, ComputedRegion, ToldColumn
from shuangkong.records.indicators.territory import Territory
from trials import tries

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
COUNTY, TOWN = Subject("region", "999901"), Subject("region", "999901003")
INTENSITY = Cell(TOWN, "energy_intensity", Period(2023))

pytestmark = pytest.mark.usefixtures("regions")


def consumption(value: str, subject: str = "青石镇", period: str = "2023", status: str = "最终") -> list[str]:
    return ["能源消费总量", subject, period, value, "万吨标准煤", status]


def product(value: str, subject: str = "青石镇", period: str = "2023", status: str = "最终") -> list[str]:
    return ["gdp_constant", subject, period, value, "亿元", status]


def load(*rows: Sequence[str], days_ago: int = 0) -> None:
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts
    Load.objects.filter(pk=report.load).update(loaded_at=timezone.now() - timedelta(days=days_ago))


def leaves(figure: Figure) -> list[str]:
    own = [figure.fact.source] if figure.fact else []
    return own + [source for _, each in figure.inputs for source in leaves(each)]


def test_a_figure_tells_formula_inputs_versions_and_sources() -> None:
    load(consumption("5.0"), product("10.3"))
    found = explain(INTENSITY)
    assert found.value == Decimal("0.4854") / 10000  # 50,000 tce over 1,030 million yuan, four decimals of tce/万元
    assert [name for name, _ in found.inputs] == ["consumption", "gdp"]
    assert leaves(found) == ["年报", "年报"]
    assert next(step.formula for step in found.steps) == "consumption / gdp"
    assert found.steps[0].clause is not None
    assert any("尚未与文件原文核对" in doubt.zh for doubt in found.doubts)


def test_a_missing_input_makes_it_missing_and_the_tree_says_which() -> None:
    load(consumption("5.0"))
    found = explain(INTENSITY)
    assert found.state is State.MISSING
    assert [name for name, each in found.inputs if each.state is State.MISSING] == ["gdp"]


def test_a_past_day_is_explained_as_it_was_known() -> None:
    load(consumption("5.0"), product("10"), days_ago=9)
    load(consumption("6.0"))
    today = timezone.localdate()
    found = [explain(INTENSITY, today - timedelta(days=days)).value for days in (10, 5, 0)]
    assert found == [None, Decimal("0.00005"), Decimal("0.00006")]


def test_a_whole_is_put_together_from_all_its_parts_or_not_at_all() -> None:
    towns = ("澄湖镇", "柳溪镇", "青石镇", "北坡乡", "芦洲乡")
    load(*(consumption(str(number), town) for number, town in enumerate(towns, 1)))
    cell = Cell(COUNTY, "total_consumption", Period(2023))
    assert explain(cell).state is State.MISSING
    load(consumption("6", "湖滨工业园"))
    assert explain(cell).value == 210_000
    load(consumption("22", "澄湖县"))
    assert explain(cell).value == 220_000


def test_a_year_is_put_together_from_quarters_and_a_half() -> None:
    load(consumption("1", period="2023-Q1"), consumption("2", period="2023-Q2"), consumption("4", period="2023-H2"))
    assert explain(Cell(TOWN, "total_consumption", Period(2023))).value == 70_000


def test_what_was_computed_once_is_not_written_twice() -> None:
    load(consumption("5.0"), product("10"))
    assert compute().changed == 1
    assert compute().computed_at is None
    assert compute(is_whole=True).changed == 0
    assert ComputedFigure.objects.count() == 1


def test_a_correction_computes_what_rests_on_it_and_nothing_else() -> None:
    load(consumption("5.0"), product("10"), consumption("7", "柳溪镇"), product("10", "柳溪镇"))
    compute()
    load(consumption("5.5"))
    done = compute()
    assert not done.is_whole
    assert done.changed == 1
    history = vintages("energy_intensity", TOWN)
    assert [row.value for row in history] == [Decimal("0.00005"), Decimal("0.000055")]


def test_a_recognised_figure_takes_the_place_of_the_computed_one() -> None:
    load(consumption("5.0"), product("10"))
    compute()
    load(["energy_intensity", "青石镇", "2023", "0.51", "吨标准煤/万元", "核定"])
    compute()
    assert [row.state for row in vintages("energy_intensity", TOWN)] == [State.VALUE, State.MISSING]
    assert explain(INTENSITY).value == Decimal("0.000051")


def test_a_result_is_no_more_settled_than_the_least_settled_fact_below_it() -> None:
    load(consumption("5.0", status="快报"), product("10", status="核定"))
    compute()
    assert [row.maturity for row in vintages("energy_intensity", TOWN)] == [Maturity.FLASH]


def content() -> dict[Cell, tuple[object, ...]]:
    """Results that stand, those that were found to be missing left aside."""
    rows: dict[Cell, ComputedRow] = standing(ComputedFigure.objects.all())
    return {cell: row.content for cell, row in rows.items() if row.state is not State.MISSING}


def explained(figure: Figure) -> tuple[object, ...] | None:
    """What a result says of a cell, by its explanation; None where there is to be none."""
    settled = maturity_of(figure)
    if figure.fact is not None or figure.state is State.MISSING or settled is None:
        return None
    return figure.state, figure.value, settled, bool(figure.doubts), is_demo(figure)


PERIODS = ["2020", "2022", "2023", "2023-H1", "2023-H2", "2023-Q3", "2023-Q4"]
TOLD = st.tuples(
    st.sampled_from(["consumption", "product"]),
    st.sampled_from(["澄湖县", "澄湖镇", "柳溪镇", "青石镇", "北坡乡", "芦洲乡", "湖滨工业园"]),
    st.sampled_from(PERIODS).filter(lambda period: period != "2023-H2"),
    st.sampled_from(["0", "1.5", "20", "缺"]),
)
INDICATORS = (
    "total_consumption",
    "gdp_constant",
    "energy_intensity",
    "energy_intensity_growth",
    "consumption_increment",
)
EVERYONE = (COUNTY, *(Subject("region", f"99990100{number}") for number in range(1, 7)))


@tries(4, 40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(TOLD, min_size=1, max_size=9), st.sampled_from([0, 100])), min_size=1, max_size=4))
def test_bit_by_bit_in_rows_or_columns_ends_where_explanations_do(
    loads: list[tuple[list[tuple[str, str, str, str]], int]],
) -> None:
    forms = {"consumption": consumption, "product": product}
    for told, few in loads:
        rows = {each[:3]: each for each in told}
        load(*(forms[what](value.replace("缺", "缺报"), whom, when) for what, whom, when, value in rows.values()))
        compute(few=few)
    found = content()
    cells = {
        Cell(subject, indicator, Period.parse(period))
        for subject in EVERYONE
        for indicator in INDICATORS
        for period in PERIODS
    } | found.keys()
    territory = Territory()
    explanations = engine_for(cells, territory, law_of(territory))
    assert {cell: found.get(cell) for cell in cells} == {cell: explained(explanations.figure(cell)) for cell in cells}
    assert compute(is_whole=True).changed == 0


@pytest.mark.parametrize("few", [0, 100])
def test_a_correction_is_followed_up_in_rows_or_columns(few: int) -> None:
    load(consumption("5.0"), product("10"), consumption("7", "柳溪镇"), product("10", "柳溪镇"))
    compute(few=few)
    load(consumption("5.5"))
    assert compute(few=few).changed == 1
    load(["energy_intensity", "青石镇", "2023", "0.51", "吨标准煤/万元", "核定"])
    assert compute(few=few).changed == 1
    assert [row.state for row in vintages("energy_intensity", TOWN)] == [State.VALUE, State.VALUE, State.MISSING]


@pytest.mark.parametrize("few", [0, 100])
def test_what_does_not_matter_to_a_result_leaves_it_as_it_was(few: int) -> None:
    """How far one had to come by a year rests on the promise and the count of years, not on what they brought."""
    load(["energy_intensity_target", "青石镇", "2021-2025", "14.5", "%", "最终"])
    load(*(["energy_intensity_growth", "青石镇", str(year), "-2.5", "%", "快报"] for year in (2021, 2022, 2023)))
    compute(few=few)
    due = vintages("energy_intensity_due_decline", TOWN)
    load(["energy_intensity_growth", "青石镇", "2022", "-2.9", "%", "最终"])
    load(["energy_intensity_growth", "青石镇", "2023", "-1.1", "%", "最终"])
    assert compute(few=few).changed > 0
    assert len(due) > 0
    assert vintages("energy_intensity_due_decline", TOWN) == due
    assert compute(is_whole=True).changed == 0


def test_a_region_of_which_nothing_was_told_has_results() -> None:
    towns = ("澄湖镇", "柳溪镇", "青石镇", "北坡乡", "芦洲乡", "湖滨工业园")
    load(*(consumption(str(number), town) for number, town in enumerate(towns, 1)))
    compute(few=0)
    assert [row.value for row in vintages("total_consumption", COUNTY)] == [210_000]


@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", [ComputedFigure, ComputedLoad, ComputedRegion, ToldColumn])
def test_the_database_refuses_to_change_what_was_computed(act: str, table: type[Model]) -> None:
    load(consumption("5.0"), product("10"))
    compute()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table._meta.db_table))
