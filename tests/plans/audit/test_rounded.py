"""Printed digits are the tolerance: whatever stood behind two printings, their arithmetic must be allowed for."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.plans.audit.rounded import Rounded, figure, percent, same_commitment

TRUE = st.decimals("0.05", "99999", places=6, allow_nan=False, allow_infinity=False)
PLACES = st.integers(0, 4)


def printed(true: Decimal, places: int) -> Decimal:
    return true.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


@given(TRUE, PLACES, TRUE, PLACES)
def test_the_true_result_is_always_within_the_range(one: Decimal, p: int, other: Decimal, q: int) -> None:
    seen = [printed(one, p), printed(other, q)]
    if 0 in seen:
        return
    left, right = (Rounded.printed(value) for value in seen)
    results = [(left + right, one + other), (left - right, one - other), (left * right, one * other)]
    if right.low > 0:
        results.append((left / right, one / other))
    for found, true in results:
        assert found.low <= found.value <= found.high
        assert found.low - Decimal("1e-18") <= true <= found.high + Decimal("1e-18")


@given(st.lists(st.tuples(TRUE, PLACES), min_size=2, max_size=8), PLACES)
def test_parts_and_total_rounded_apart_always_agree(parts: list[tuple[Decimal, int]], places: int) -> None:
    total = sum((true for true, _ in parts), Decimal(0))
    seen = [printed(true, place) for true, place in parts]
    if 0 in (*seen, printed(total, places)):
        return
    assert Rounded.total(map(Rounded.printed, seen)).agrees(Rounded.printed(printed(total, places)))


@given(TRUE, st.decimals("0.1", "60", places=3), PLACES, st.integers(1, 3))
def test_base_rate_and_cap_rounded_apart_always_agree(base: Decimal, rate: Decimal, p: int, q: int) -> None:
    cap = base * (1 - rate / 100)
    if 0 in (printed(base, p), printed(cap, p), printed(rate, q)):
        return
    implied = Rounded.printed(printed(cap, p)) / (Rounded.exact(1) - percent(printed(rate, q)))
    assert implied.agrees(Rounded.printed(printed(base, p)))


def test_a_difference_beyond_rounding_is_seen() -> None:
    total = Rounded.total(Rounded.printed(Decimal(each)) for each in ("237", "106", "99"))
    assert total.agrees(Rounded.printed(Decimal(442)))
    assert total.agrees(Rounded.printed(Decimal(444)))
    assert Rounded.printed(Decimal(445)).surely_above(total)
    assert not (Rounded.printed(Decimal("77.5")) / (Rounded.exact(1) - percent(Decimal(20)))).agrees(
        Rounded.printed(Decimal("87.18"))
    )


def test_a_bare_zero_is_nothing_and_a_printed_decimal_zero_is_small() -> None:
    assert Rounded.printed(Decimal(0)) == Rounded.exact(0)
    assert Rounded.printed(Decimal("0.0")).high == Decimal("0.05")


def test_dividing_by_what_may_be_zero_and_printing_what_is_no_number_are_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        Rounded.exact(1) / Rounded.printed(Decimal("0.0"))
    with pytest.raises(InvalidOperation):
        Rounded.printed(Decimal("NaN"))


@pytest.mark.parametrize(
    ("one", "other", "same"), [("11", "10", False), ("13.4", "13", True), ("14.5", "14", False), ("8.8", "8.80", True)]
)
def test_a_commitment_is_compared_in_the_coarser_print(one: str, other: str, same: bool) -> None:
    assert same_commitment(Decimal(one), Decimal(other)) is same
    assert same_commitment(Decimal(other), Decimal(one)) is same


@pytest.mark.parametrize(("value", "text"), [("273.000", "273"), ("-0.001", "0"), ("1E+3", "1000"), ("7.689", "7.69")])
def test_figures_are_written_for_people(value: str, text: str) -> None:
    assert figure(Decimal(value)) == text
