"""列块: blocks of columns as ClickHouse's format "Native" writes them since its first versions: no row is ever built.

A block is: number of columns and of rows (varints), then for each column its name, its type (texts, their length before
them) and its values one after the other, little-endian. The types here are of fixed width: numbers, times, words
(``Enum8``) and decimals; a decimal is its number of smallest parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
#: A decimal of up to 38 digits: lower half, upper half.
WIDE = np.dtype([("low", "<u8"), ("high", "<i8")])
_NUMBER = re.compile(r"(U?Int|Float)(8|16|32|64)$")
_DECIMAL = re.compile(r"Decimal\((\d+),\s*(\d+)\)$")
_MOST_DIGITS_OF: dict[int, np.dtype[Any]] = {9: np.dtype("<i4"), 18: np.dtype("<i8"), 38: WIDE}


class NotNative(ValueError):
    """Bytes that are no block, or a type that has no fixed width."""


@cache
def width_of(type_name: str) -> np.dtype[Any]:
    """How a type's values lie in memory.

    Raises:
        NotNative: a type without a fixed width.
    """
    if found := _NUMBER.match(type_name):
        letter = {"UInt": "u", "Int": "i", "Float": "f"}[found[1]]
        return np.dtype(f"<{letter}{int(found[2]) // 8}")
    if type_name.startswith("Enum8("):
        return np.dtype("i1")
    if type_name == "DateTime" or type_name.startswith("DateTime("):
        return np.dtype("<u4")
    if found := _DECIMAL.match(type_name):
        return next(width for digits, width in _MOST_DIGITS_OF.items() if int(found[1]) <= digits)
    raise NotNative(f"no fixed width: {type_name}")


def write(types: Mapping[str, str], columns: Mapping[str, Column]) -> Iterator[bytes | memoryview]:
    """One block, in parts; ``columns`` are all of one length and of their type's width or can be cast to it."""
    count = len(next(iter(columns.values())))
    yield _varint(len(types)) + _varint(count)
    for name, type_name in types.items():
        yield _text(name) + _text(type_name)
        yield memoryview(np.ascontiguousarray(columns[name], dtype=width_of(type_name))).cast("B")


def read(data: bytes) -> dict[str, Column]:
    """The columns of all blocks, joined; of an empty answer none.

    Raises:
        NotNative: the bytes are something else, or end too early.
    """
    parts: dict[str, list[Column]] = {}
    view, at = memoryview(data), 0
    try:
        while at < len(data):
            at = _read_block(view, at, parts)
    except (IndexError, UnicodeDecodeError) as fault:
        raise NotNative("the block ends too early") from fault
    return {name: _joined(found) for name, found in parts.items()}


def _read_block(view: memoryview, at: int, parts: dict[str, list[Column]]) -> int:
    columns, at = _read_varint(view, at)
    rows, at = _read_varint(view, at)
    for _ in range(columns):
        name, at = _read_text(view, at)
        type_name, at = _read_text(view, at)
        width = width_of(type_name)
        end = at + rows * width.itemsize
        if end > len(view):
            raise NotNative(f"column {name} ends too early")
        parts.setdefault(name, []).append(np.frombuffer(view[at:end], dtype=width))
        at = end
    return at


def _joined(parts: Sequence[Column]) -> Column:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_varint(view: memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = view[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at


def _text(text: str) -> bytes:
    told = text.encode()
    return _varint(len(told)) + told


def _read_text(view: memoryview, at: int) -> tuple[str, int]:
    length, at = _read_varint(view, at)
    if at + length > len(view):
        raise NotNative("a text ends too early")
    return bytes(view[at : at + length]).decode(), at + length
