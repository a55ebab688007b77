"""Validity and dated values: both ends count, nothing outside, no value is said and not guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.dated import DatedValue, NotInForce, Parameter, Validity

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
VALIDITIES = st.builds(
    lambda starts, length: Validity(starts, None if length is None else starts + timedelta(days=length)),
    DAYS,
    st.none() | st.integers(0, 4000),
)


def value(number: str, starts: date, until: date | None) -> DatedValue:
    return DatedValue((Decimal(number),), Validity(starts, until), "invented", "", False, "policy/x.yaml:1")


def test_both_ends_count() -> None:
    validity = Validity(date(2011, 1, 1), date(2015, 12, 31))
    assert validity.holds_on(date(2011, 1, 1))
    assert validity.holds_on(date(2015, 12, 31))
    assert not validity.holds_on(date(2010, 12, 31))
    assert not validity.holds_on(date(2016, 1, 1))


def test_one_day_is_an_interval_and_reversed_is_not() -> None:
    assert Validity(date(2011, 1, 1), date(2011, 1, 1)).holds_on(date(2011, 1, 1))
    with pytest.raises(ValueError, match="ends before it starts"):
        Validity(date(2011, 1, 2), date(2011, 1, 1))


@given(VALIDITIES, VALIDITIES, DAYS)
def test_overlap_is_mutual_and_follows_from_a_shared_day(one: Validity, other: Validity, day: date) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    if one.holds_on(day) and other.holds_on(day):
        assert one.overlaps(other)


@given(VALIDITIES, VALIDITIES)
def test_overlap_shows_a_shared_day(one: Validity, other: Validity) -> None:
    latest_start = max(one.starts, other.starts)
    assert one.overlaps(other) == (one.holds_on(latest_start) and other.holds_on(latest_start))


def test_parameter_takes_the_value_of_the_day() -> None:
    old, new = value("20", date(2011, 1, 1), date(2015, 12, 31)), value("10.5", date(2017, 1, 1), None)
    parameter = Parameter("targets/limit", "pct", (old, new))
    assert parameter.on(date(2015, 12, 31)) is old
    assert parameter.on(date(2030, 1, 1)).number == Decimal("10.5")
    with pytest.raises(NotInForce, match="targets/limit：2016-06-01"):
        parameter.on(date(2016, 6, 1))


def test_a_row_of_numbers_is_not_one_number() -> None:
    row = DatedValue((Decimal(20), Decimal(40)), Validity(date(2011, 1, 1)), "invented", "", False, "policy/x.yaml:1")
    with pytest.raises(ValueError, match="expected one number, found 2"):
        _ = row.number
