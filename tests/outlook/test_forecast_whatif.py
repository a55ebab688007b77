"""What changes of a forecast do to each target, worked by hand, with the trace of every step."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.forecast.whatif import (
    FactorChanged,
    GrowthHigher,
    ProjectAdded,
    Prospect,
    TaskLate,
    effect,
    effects,
)
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.plans.reading import Kind, Op
from shuangkong.targets.target import Extent, Target

COUNTY = Subject("region", "999901")


def target(indicator: str, kind: Kind, value: str, extent: Extent = Extent.AMOUNT) -> Target:
    return Target(
        subject=COUNTY,
        indicator=indicator,
        kind=kind,
        extent=extent,
        value=Decimal(value),
        unit="tce",
        op=Op.LE if kind is Kind.CAP_TOTAL else Op.GE,
        base_year=2020,
        end_year=2025,
    )


TOTAL = Prospect(cell=Cell(COUNTY, "total_consumption", Period(2025)), amount=Decimal(1_000), unit="tce")
INTENSITY = Prospect(
    cell=Cell(COUNTY, "total_consumption", Period(2025)),
    amount=Decimal(1_000),
    unit="tce",
    per="tce/CNY",
    product=Decimal(2_000),
    base=Decimal("0.58"),
)
CAP = target("total_consumption", Kind.CAP_TOTAL, "1030")
DECLINE = target("total_consumption", Kind.REDUCTION_RATE, "13.5", Extent.RATIO)
PROJECT = Commitment(project="works", amount=Decimal(120), starts=Period(2025, "07"), released=Decimal(20))
WORKS = ProjectAdded("total_consumption", PROJECT, 2024)
LATE = TaskLate(
    indicator="total_consumption",
    task="boilers",
    reduction=Decimal(60),
    due=Period(2024, "10"),
    comes=Period(2025, "04"),
)
FASTER = GrowthHigher(growth_pct=Decimal(5), points=Decimal("2.1"), elasticity=Decimal("0.5"))
FACTOR = FactorChanged("total_consumption", "electricity", Decimal(400), Decimal("0.30"), Decimal("0.27"))


def test_a_project_adds_what_it_takes_in_the_months_it_runs() -> None:
    found = effect(TOTAL, CAP, [WORKS])
    assert (found.before.value, found.after.value, found.difference) == (1_000, 1_050, 50)
    assert (found.was_met, found.is_met) == (True, False)
    step = found.after.steps[-1]
    assert step.name.zh == "新增项目 works"
    assert dict(step.inputs) == {"E": 1_000, "全年量": 120, "腾出量": 20, "当年运行份额": Decimal("0.5"), "已含份额": 0}
    assert step.value == 1_050


def test_a_late_task_loses_the_months_of_the_year_in_which_it_does_not_work() -> None:
    assert effect(TOTAL, CAP, [LATE]).difference == 15
    assert effect(TOTAL, CAP, [replace(LATE, comes=Period(2027, "01"))]).difference == 60
    assert effect(TOTAL, CAP, [replace(LATE, due=Period(2025, "11"), comes=Period(2026, "05"))]).difference == 10
    assert effect(TOTAL, CAP, [replace(LATE, due=Period(2026, "01"), comes=Period(2026, "05"))]).difference == 0


def test_higher_growth_moves_product_and_amount() -> None:
    """7.1 % instead of 5 %: product × 1.071 ÷ 1.05 = 1.02; the amount grows by half of that."""
    found = effect(INTENSITY, DECLINE, [FASTER])
    assert found.before.value == pytest.approx(100 * (1 - Decimal("0.5") / Decimal("0.58")))
    assert found.after.value == pytest.approx(100 * (1 - Decimal(1_010) / 2_040 / Decimal("0.58")))
    assert [step.value for step in found.after.steps[:3]] == [1_000, 2_040, 1_010]
    assert found.after.unit == "%"
    assert (found.was_met, found.is_met) == (True, True)
    assert effect(TOTAL, CAP, [replace(FASTER, elasticity=Decimal(0))]).difference == 0


def test_a_changed_factor_moves_what_was_reckoned_by_it() -> None:
    assert effect(TOTAL, CAP, [FACTOR]).difference == -40


def test_changes_come_on_top_of_each_other_and_touch_their_indicator_only() -> None:
    found = effects(
        {"cap": TOTAL, "decline": INTENSITY, "other": replace(TOTAL, cell=Cell(COUNTY, "coal", Period(2025)))},
        {"cap": CAP, "decline": DECLINE, "other": CAP},
        [WORKS, LATE, FACTOR],
    )
    assert found["cap"].difference == 25
    assert [step.value for step in found["cap"].after.steps] == [1_000, 1_050, 1_065, 1_025]
    assert found["other"].difference == 0
    assert found["decline"].is_met is False
    assert found["decline"].was_met is True


def test_without_a_forecast_the_answer_stays_open() -> None:
    nothing = effect(replace(TOTAL, amount=None), CAP, [WORKS])
    assert (nothing.after.state, nothing.difference, nothing.is_met) == (State.MISSING, None, None)
    assert "没有预测" in nothing.after.doubts[0].zh
    no_product = effect(replace(INTENSITY, product=None), DECLINE, [FASTER])
    assert (no_product.before.value, no_product.is_met) == (None, None)
    assert "产出" in no_product.after.doubts[0].zh


def test_changes_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="later second"):
        replace(LATE, comes=Period(2024, "09"))
    with pytest.raises(ValueError, match="full year"):
        replace(LATE, reduction=Decimal(-1))
    with pytest.raises(ValueError, match="former factor"):
        FactorChanged("total_consumption", "electricity", Decimal(400), Decimal(0), Decimal("0.27"))
    with pytest.raises(ValueError, match="above −100"):
        replace(FASTER, points=Decimal(-105))
    with pytest.raises(ValueError, match="expected a year"):
        replace(TOTAL, cell=Cell(COUNTY, "total_consumption", Period(2025, "07")))
    with pytest.raises(ValueError, match="zero or less"):
        replace(INTENSITY, product=Decimal(0))
