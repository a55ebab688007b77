"""A rate measured by levels: the figures' own printed unit counts; a scoped indicator keeps its path."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shuangkong.core.span import Span
from shuangkong.records.facts.rows import Maturity, ObservationRow, State
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.goal import Sort
from shuangkong.web.targets.course import course


def target(indicator: str = "energy_intensity") -> TargetRow:
    nothing = dict.fromkeys(("measure", "base_value", "reserve", "table"))
    words = dict.fromkeys(("item_no", "base_unit", "scope", "denominator", "nature", "excluded"), "")
    return TargetRow(
        **nothing,  # type: ignore[arg-type]
        **words,  # type: ignore[arg-type]
        id=1,
        plan=1,
        plan_title="虚构方案",
        version=1,
        entry=1,
        ordinal=1,
        is_headline=True,
        subject_kind="region",
        subject_code="999901",
        subject_name="虚构县",
        indicator=indicator,
        indicator_name="单位地区生产总值能耗下降率",
        indicator_printed="单位地区生产总值能耗",
        kind="reduction_rate",
        op="=",
        value=Decimal(15),
        unit="%",
        base_year=2015,
        deadline="2020",
        start_year=2016,
        end_year=2020,
        plan_base_year=2015,
        strength="firm",
        in_words=False,
        span=Span(0, 1),
        value_span=Span(0, 1),
        is_demo=True,
        is_fictional=True,
    )


def level(year: int, value: str, unit: str = "吨标准煤/万元") -> ObservationRow:
    return ObservationRow(
        id=year,
        indicator="energy_intensity",
        subject_kind="region",
        subject_code="999901",
        subject_name="虚构县",
        period=str(year),
        measure=Sort.LEVEL,
        state=State.VALUE,
        value=Decimal(value),
        unit=unit,
        maturity=Maturity.FINAL,
        source="虚构",
        note="",
        is_demo=True,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_by="admin",
        supersedes=None,
    )


@pytest.mark.parametrize("indicator", ["energy_intensity", "energy_intensity@全县"])
def test_levels_are_compared_in_the_unit_they_are_printed_in(indicator: str) -> None:
    told = [level(2015, "0.5434"), level(2016, "0.5200"), level(2017, "0.5000")]
    found = course(target(indicator), told, open_rulebook()).progress
    assert found is not None
    points = {point.year: point for point in found.points}
    # 1 - 0.5000 / 0.5434 = 7.9868 %, and by the logarithmic rule ln(0.920133) / ln(0.85) = 51.22 %.
    point = points[2017]
    assert point.reached is not None
    assert point.share_done is not None
    assert round(point.reached, 4) == Decimal("7.9868")
    assert round(point.share_done, 4) == Decimal("0.5122")


def test_a_level_of_another_sort_is_shown_as_unfit() -> None:
    told = [level(2015, "0.5434"), level(2016, "52", "万吨标准煤")]
    assert [row.period for row in course(target(), told, open_rulebook()).unfit] == ["2016"]


def test_the_maturity_shown_is_that_of_the_year_judged() -> None:
    told = [level(2015, "0.5434"), level(2016, "0.5200"), level(2017, "0.5000")]
    told[2] = replace(told[2], maturity=Maturity.PRELIMINARY)
    told.append(replace(level(2018, "1"), state=State.MISSING, value=None, maturity=Maturity.FLASH))
    newest = course(target(), told, open_rulebook()).newest
    assert newest is not None
    assert (newest.period, newest.maturity) == ("2017", Maturity.PRELIMINARY)
