"""What a plan makes due, over any days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.monitoring.rates.publication import Counted, Frequency, publishing, publishing_of_quarters, results_due

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("frequency", "due"),
    [("hour", 8760), ("two_hours", 4380), ("day", 365), ("week", 52), ("month", 12), ("quarter", 4), ("half_year", 2),
     ("year", 1)],
)  # fmt: skip
def test_of_a_year(frequency: str, due: int) -> None:
    assert results_due(Frequency(frequency), date(2025, 1, 1), date(2025, 12, 31)) == due


@given(st.sampled_from(list(Frequency)), DAYS, st.integers(0, 400), st.integers(0, 400))
def test_parts_add_up_to_the_whole(frequency: Frequency, first: date, one: int, other: int) -> None:
    middle, last = first + timedelta(days=one), first + timedelta(days=one + other)
    parts = results_due(frequency, first, middle) + results_due(frequency, middle + timedelta(days=1), last)
    assert parts == results_due(frequency, first, last)


@given(DAYS, st.integers(0, 60))
def test_weeks_end_on_sundays(first: date, length: int) -> None:
    days = [first + timedelta(days=number) for number in range(length + 1)]
    assert results_due(Frequency.WEEK, first, days[-1]) == sum(day.isoweekday() == 7 for day in days)


def test_typing_fewer_or_publishing_more_does_not_help() -> None:
    """A plan of 30: 20 of 20 typed is no whole; 40 of 40 typed counts 40."""
    found = publishing([Counted(1, 20, 30, 20), Counted(2, 40, 30, 40), Counted(3, None, 5, 0), Counted(4, 0, None, 0)])
    assert (found.results.part, found.results.whole) == (60, 75)
    assert (found.units.part, found.units.whole) == (1, 3)
    assert (found.by_plan, found.by_hand, found.silent) == (2, 1, 1)


def test_a_year_by_quarters() -> None:
    quarters = [[Counted(1, 1, None, 1), Counted(2, 1, None, 1)] for _ in range(3)] + [[Counted(1, 1, None, 1)]]
    found = publishing_of_quarters([Counted(1, 4, None, 4), Counted(2, 3, None, 3)], quarters)
    assert (found.units.part, found.units.whole, found.apart) == (1, 1, 1)
