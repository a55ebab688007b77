"""What words of a Modbus device mean: coding, order of words and bytes, factor; and which reads fetch them all."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite

import numpy

#: Registers that one request may ask for (Modbus application protocol 6.3).
MOST = 125
#: Functions that read holding registers and input registers.
_HOLDING, _INPUT = 3, 4


class Coded(StrEnum):
    """How a value lies in its words."""

    UINT16 = "uint16"
    INT16 = "int16"
    UINT32 = "uint32"
    INT32 = "int32"
    UINT64 = "uint64"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    BCD32 = "bcd32"


class Order(StrEnum):
    """In which order bytes travel: ABCD as the protocol has it; CDAB words swapped; BADC bytes swapped; DCBA both."""

    ABCD = "ABCD"
    CDAB = "CDAB"
    BADC = "BADC"
    DCBA = "DCBA"


_FORMATS = {
    Coded.UINT16: ">H",
    Coded.INT16: ">h",
    Coded.UINT32: ">I",
    Coded.INT32: ">i",
    Coded.UINT64: ">Q",
    Coded.FLOAT32: ">f",
    Coded.FLOAT64: ">d",
    Coded.BCD32: ">I",
}


@dataclass(frozen=True, slots=True)
class Register:
    """One value of a device.

    Attributes:
        name: what the owner calls it.
        address: first word, counted from zero as it travels.
        coded: how the value lies in its words.
        order: order of bytes.
        factor: value = number in the words × factor.
        unit: id of the unit after the factor.
        is_input: read by function 4 (input registers), else by 3 (holding registers).
        is_cumulative: the value is a counter.
    """

    name: str
    address: int
    coded: Coded
    unit: str
    order: Order = Order.ABCD
    factor: Decimal = Decimal(1)
    is_input: bool = False
    is_cumulative: bool = False

    @property
    def words(self) -> int:
        """How many words the value takes."""
        return struct.calcsize(_FORMATS[self.coded]) // 2


@dataclass(frozen=True, slots=True)
class Span:
    """One read: ``count`` words from ``address``."""

    is_input: bool
    address: int
    count: int

    @property
    def function(self) -> int:
        """The function that reads it."""
        return _INPUT if self.is_input else _HOLDING


def answered(span: Span, function: int, words: Sequence[int]) -> dict[int, int] | None:
    """Address → word of an answer; None where it is none to this read: of another function, or not so many words.

    Which words those would be that are too few or too many nobody can tell: none of them is taken.
    """
    if function != span.function or len(words) != span.count:
        return None
    return dict(enumerate(words, span.address))


def spans(registers: Iterable[Register], gap: int = 8) -> list[Span]:
    """The fewest reads that fetch all: neighbours at most ``gap`` words apart share one, up to 125 words."""
    out: list[Span] = []
    for each in sorted(registers, key=lambda register: (register.is_input, register.address)):
        end = each.address + each.words
        if out and out[-1].is_input == each.is_input:
            last = out[-1]
            near = each.address <= last.address + last.count + gap
            if near and end - last.address <= MOST:
                out[-1] = Span(last.is_input, last.address, max(last.count, end - last.address))
                continue
        out.append(Span(each.is_input, each.address, each.words))
    return out


def read(register: Register, words: Mapping[int, int]) -> Decimal | None:
    """The value from ``words`` (address → 16-bit word); None where a word is missing or they hold no number.

    Floats are taken as the shortest decimal that gives the same float, so that a figure reads as the device shows it.
    """
    taken = [words.get(register.address + at) for at in range(register.words)]
    if any(word is None for word in taken):
        return None
    data = b"".join(struct.pack(">H", word) for word in taken if word is not None)
    (number,) = struct.unpack(_FORMATS[register.coded], _ordered(data, register.order))
    if register.coded is Coded.BCD32:
        told = f"{number:08X}"
        return Decimal(told) * register.factor if told.isdigit() else None
    if isinstance(number, int):
        return Decimal(number) * register.factor
    if not isfinite(number):
        return None
    return Decimal(_shortest(number, register.coded)) * register.factor


def _ordered(data: bytes, order: Order) -> bytes:
    if order in (Order.CDAB, Order.DCBA):
        data = b"".join(data[at : at + 2] for at in range(len(data) - 2, -1, -2))
    if order in (Order.BADC, Order.DCBA):
        data = b"".join(data[at : at + 2][::-1] for at in range(0, len(data), 2))
    return data


def _shortest(number: float, coded: Coded) -> str:
    """Digits enough to tell the float from its neighbours of the same width."""
    return str(numpy.float32(number)) if coded is Coded.FLOAT32 else repr(number)
