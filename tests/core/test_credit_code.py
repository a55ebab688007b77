"""Codes with a check sign: a sound one passes, every single slip and every swap of neighbours is told."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shuangkong.core.credit_code import (
    LENGTH,
    SIGNS,
    CreditCodeFault,
    check_sign,
    credit_code_fault,
    plain_credit_code,
)
from shuangkong.core.source_code import number_of, source_code

#: Codes that documentation of other checkers uses; published, of public organisations.
KNOWN = ("91350100M000100Y43", "91110000600037341L")

codes = st.builds(
    lambda head, division, own: head + division + own + check_sign(head + division + own),
    st.text(SIGNS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(SIGNS, min_size=9, max_size=9),
)


@pytest.mark.parametrize("code", KNOWN)
def test_known_codes_are_sound(code: str) -> None:
    assert credit_code_fault(code) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", CreditCodeFault.LENGTH),
        ("9135010", CreditCodeFault.LENGTH),
        ("91350100M000100Y4I", CreditCodeFault.SIGN),
        ("91350100m000100Y43", CreditCodeFault.SIGN),
        ("９1350100M000100Y43", CreditCodeFault.SIGN),
        ("913501A0M000100Y43", CreditCodeFault.DIVISION),
        ("91350100M000100Y34", CreditCodeFault.CHECK),
    ],
)
def test_a_fault_is_told_apart(code: str, fault: CreditCodeFault) -> None:
    assert credit_code_fault(code) is fault


def test_blanks_and_small_letters_are_no_fault() -> None:
    assert plain_credit_code(" 91350100 m000100y43\n") == KNOWN[0]


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(SIGNS))
def test_every_slip_is_told(code: str, place: int, sign: str) -> None:
    assert credit_code_fault(code) is None
    assume(code[place] != sign)
    assert credit_code_fault(code[:place] + sign + code[place + 1 :]) is not None


@given(codes, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_told(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert credit_code_fault(swapped) is not None


@given(st.integers(1, 10**9 - 1))
def test_a_source_code_leads_back_to_its_number(number: int) -> None:
    assert number_of(source_code(number)) == number
    assert number_of(f" {source_code(number).lower()} ") == number


@given(st.integers(1, 10**9 - 1), st.integers(1, 9), st.integers(1, 9))
def test_a_slip_in_a_source_code_is_told(number: int, place: int, more: int) -> None:
    code = source_code(number)
    wrong = code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]
    assert number_of(wrong) is None
