"""Arrow 消息头: what the head of a message of an Arrow stream says of its batch, read before the batch is.

The head is a FlatBuffer (Arrow's Message.fbs). Its tables begin with the distance back to their list of fields; a field
that is not in the list has no value.
"""

from __future__ import annotations

from struct import Struct, error
from typing import Any, NamedTuple

import pyarrow as pa

_U16, _I32, _U32, _I64 = (Struct(each) for each in ("<H", "<i", "<I", "<q"))
#: Kinds of head, by their numbers in the format; fields by their places.
_DICTIONARY, _RECORDS = 2, 3
_KIND, _HEAD, _DATA, _ROWS, _COMPRESSION = 1, 2, 1, 0, 3


class BatchShape(NamedTuple):
    """How many rows a message brings, and whether its buffers are compressed; 0 and False for what is no batch."""

    rows: int
    is_compressed: bool


def batch_shape(metadata: Any) -> BatchShape:
    """Reads the head of a message. Raises pa.ArrowInvalid where it is no head."""
    data = memoryview(metadata)
    try:
        message = _U32.unpack_from(data)[0]
        if (kind := _field(data, message, _KIND)) is None or (head := _table(data, message, _HEAD)) is None:
            return BatchShape(0, is_compressed=False)
        if data[kind] == _DICTIONARY:
            head = _table(data, head, _DATA)
        elif data[kind] != _RECORDS:
            return BatchShape(0, is_compressed=False)
        if head is None:
            return BatchShape(0, is_compressed=False)
        rows = _field(data, head, _ROWS)
        count = 0 if rows is None else _I64.unpack_from(data, rows)[0]
        return BatchShape(count, _field(data, head, _COMPRESSION) is not None)
    except (error, IndexError) as fault:
        raise pa.ArrowInvalid(f"the head of a message: {fault}") from fault


def _field(data: memoryview, table: int, place: int) -> int | None:
    """Where a field of a table lies; None where it has none."""
    fields = table - _I32.unpack_from(data, table)[0]
    if fields < 0:
        raise IndexError("a table without fields")
    size = _U16.unpack_from(data, fields)[0]
    at = 4 + 2 * place
    if at + 2 > size:
        return None
    offset = _U16.unpack_from(data, fields + at)[0]
    return table + offset if offset else None


def _table(data: memoryview, table: int, place: int) -> int | None:
    """Where the table lies that a field points to."""
    found = _field(data, table, place)
    return None if found is None else found + int(_U32.unpack_from(data, found)[0])
