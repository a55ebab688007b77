"""Modbus registers: every coding and order, against struct; reads that fetch all and no more than may be asked."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.modbus import Coded, Order, Register, Span, answered, read, spans
from shuangkong.protocols.modbus.registers import MOST
from trials import tries


def test_a_float_reads_as_the_device_shows_it() -> None:
    high, low = struct.unpack(">HH", struct.pack(">f", 220.1))
    assert read(Register("u", 10, Coded.FLOAT32, "V"), {10: high, 11: low}) == Decimal("220.1")
    assert read(Register("u", 10, Coded.FLOAT32, "V", Order.CDAB), {10: low, 11: high}) == Decimal("220.1")


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Order.ABCD, (0x0102, 0x0304)),
        (Order.CDAB, (0x0304, 0x0102)),
        (Order.BADC, (0x0201, 0x0403)),
        (Order.DCBA, (0x0403, 0x0201)),
    ],
)
def test_orders_of_bytes(order: Order, words: tuple[int, int]) -> None:
    assert read(Register("e", 0, Coded.UINT32, "kWh", order), dict(enumerate(words))) == 0x01020304


def test_what_is_no_number_is_none() -> None:
    nan = struct.unpack(">HH", struct.pack(">f", float("nan")))
    assert read(Register("u", 0, Coded.FLOAT32, "V"), dict(enumerate(nan))) is None
    assert read(Register("e", 0, Coded.BCD32, "kWh"), {0: 0x12A4, 1: 0}) is None
    assert read(Register("e", 0, Coded.UINT32, "kWh"), {0: 1}) is None


def test_factor_and_sign() -> None:
    assert read(Register("t", 3, Coded.INT16, "℃", factor=Decimal("0.1")), {3: 0xFFF6}) == Decimal("-1.0")
    assert read(Register("e", 3, Coded.BCD32, "kWh", factor=Decimal("0.01")), {3: 0x0012, 4: 0x3456}) == Decimal(
        "1234.56"
    )


@given(
    st.lists(
        st.builds(
            Register, st.just("x"), st.integers(0, 3000), st.sampled_from(Coded), st.just("1"), is_input=st.booleans()
        )
    )
)
def test_reads_cover_every_register(registers: list[Register]) -> None:
    asked = spans(registers)
    assert all(0 < each.count <= MOST for each in asked)
    for each in registers:
        assert any(
            span.is_input == each.is_input
            and span.address <= each.address
            and each.address + each.words <= span.address + span.count
            for span in asked
        )


def test_only_an_answer_to_what_was_asked_is_taken() -> None:
    holding, inputs = Span(False, 100, 2), Span(True, 100, 2)
    assert answered(holding, 3, [1, 2]) == {100: 1, 101: 2}
    assert answered(inputs, 4, [1, 2]) == {100: 1, 101: 2}
    assert answered(holding, 4, [1, 2]) is answered(inputs, 3, [1, 2]) is None, "of the other registers"
    assert answered(holding, 3, [1]) is answered(holding, 3, [1, 2, 3]) is answered(holding, 6, []) is None


@tries(200, 100_000)
@given(
    st.lists(
        st.builds(
            Register, st.just("x"), st.integers(0, 40), st.sampled_from(Coded), st.just("1"), st.sampled_from(Order),
            st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=6),
            is_input=st.booleans(),
        ),
        min_size=1,
    ),
    st.lists(st.tuples(st.integers(0, 7), st.lists(st.integers(0, 0xFFFF), max_size=60)), max_size=12),
)  # fmt: skip
def test_whatever_is_answered_a_value_is_a_number_or_none(
    registers: list[Register], told: list[tuple[int, list[int]]]
) -> None:
    words: dict[bool, dict[int, int]] = {True: {}, False: {}}
    for span, (function, came) in zip(spans(registers), told, strict=False):
        words[span.is_input] |= answered(span, function, came) or {}
        words[span.is_input] |= answered(span, span.function, came[: span.count]) or {}
    for each in registers:
        value = read(each, words[each.is_input])
        assert value is None or value.is_finite()
        has_all = all(each.address + at in words[each.is_input] for at in range(each.words))
        assert has_all or value is None, "a value of words that never came"


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_float_comes_back(number: float) -> None:
    words = struct.unpack(">HH", struct.pack(">f", number))
    told = read(Register("x", 0, Coded.FLOAT32, "1"), dict(enumerate(words)))
    assert told is not None
    assert struct.pack(">f", float(told)) == struct.pack(">f", number) or number == 0
