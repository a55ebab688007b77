"""多大算数: how large and how fine an amount may be; what lies beyond is a slip, and no page can bear it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

#: A nation's energy in tce has ten digits before the point, its water in m³ twelve; base units take some places more.
WHOLE_DIGITS, PLACES = 15, 15


def is_sized(value: Decimal) -> bool:
    """Whether a number, of whichever sign, is finite and within the digits that an amount may have."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -PLACES and value.adjusted() < WHOLE_DIGITS


def is_amount(value: Decimal) -> bool:
    """Whether it is sized and not below zero."""
    return is_sized(value) and value >= 0


def number_told(text: str) -> Decimal:
    """A number as it was typed. Raises ValueError where it is none, or none of such a size."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation as fault:
        raise ValueError(text) from fault
    if not is_sized(value):
        raise ValueError(text)
    return value
