"""Figures to date become a course: told of itself, or the difference of two; a gap stays a gap."""

from __future__ import annotations

import numpy as np
import pytest

from shuangkong.core.period import Period
from shuangkong.outlook.forecast.cutting import cut, finest, row, to_date
from shuangkong.outlook.forecast.panel import Frequency

JANUARY = 2024 * 12
TO_DATE = {
    Period(2024, "Q1"): 10.0,
    Period(2024, "H1"): 22.0,
    Period(2024, "C09"): 36.0,
    Period(2024): 52.0,
}


def test_quarters_are_differences_of_figures_to_date() -> None:
    assert cut(TO_DATE, Frequency.QUARTERLY) == {JANUARY: 10, JANUARY + 3: 12, JANUARY + 6: 14, JANUARY + 9: 16}
    assert cut(TO_DATE, Frequency.YEARLY) == {JANUARY: 52}


def test_a_figure_of_the_period_itself_outweighs_a_difference() -> None:
    told = TO_DATE | {Period(2024, "Q2"): 12.5}
    assert cut(told, Frequency.QUARTERLY)[JANUARY + 3] == 12.5


def test_what_was_not_told_is_absent_and_never_zero() -> None:
    told = {period: value for period, value in TO_DATE.items() if str(period) != "2024-H1"}
    found = cut(told, Frequency.QUARTERLY)
    assert JANUARY + 3 not in found
    assert JANUARY + 6 not in found, "without the half year the third quarter is not known"
    line = row(found, Frequency.QUARTERLY, JANUARY, JANUARY + 9)
    assert np.isnan(line[1:3]).all()
    assert line[[0, 3]] == pytest.approx([10, 16])


def test_february_to_date_says_nothing_of_january() -> None:
    assert cut({Period(2024, "C02"): 5.0}, Frequency.MONTHLY) == {}
    assert cut({Period(2024, "01"): 2.0, Period(2024, "C02"): 5.0}, Frequency.MONTHLY) == {JANUARY: 2, JANUARY + 1: 3}


def test_the_finest_frequency_with_enough_figures_is_taken() -> None:
    assert finest(TO_DATE, 4, 0.2)[0] is Frequency.QUARTERLY
    assert finest(TO_DATE, 5, 0.2)[0] is Frequency.YEARLY


def test_a_course_full_of_gaps_gives_way_to_a_coarser_one() -> None:
    """Months of two winters only: the quarters between them are not known either."""
    told = {Period(year, month): 1.0 for year in (2022, 2024) for month in ("01", "02", "03")}
    assert finest(told, 6, 0.2)[0] is Frequency.YEARLY
    assert finest(told, 6, 0.9)[0] is Frequency.MONTHLY


def test_quarters_that_reach_back_farther_outweigh_months() -> None:
    quarters = {Period(year, f"Q{each}"): 3.0 for year in range(2020, 2025) for each in range(1, 5)}
    months = {Period(2024, f"{month:02d}"): 1.0 for month in range(1, 13)}
    assert finest(quarters | months, 10, 0.2)[0] is Frequency.QUARTERLY
    assert finest(months, 10, 0.2)[0] is Frequency.MONTHLY


def test_a_year_to_date_is_told_by_itself() -> None:
    assert to_date(TO_DATE, 2024, JANUARY + 8) == 36
    assert np.isnan(to_date(TO_DATE, 2024, JANUARY + 9))


def test_a_five_year_plan_is_no_period_of_a_course() -> None:
    assert cut({Period.plan_from(2021): 9.0}, Frequency.YEARLY) == {}
