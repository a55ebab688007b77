"""行: readings of Arrow ⇄ columns as the store keeps them; whole columns at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shuangkong.readings.columns import (
    FLAGS,
    INSTANT,
    KINDS,
    MARKS,
    NO_VALUE,
    OTHER_FLAG,
    PLACES,
    READINGS,
    STATS,
    TOO_LARGE,
    ColumnsRefused,
    Kind,
)
from shuangkong.readings.marking import Decided
from shuangkong.readings.trace import OFFSET_BITS, OFFSETS, SEGMENTS
from shuangkong.readings.wire.native import WIDE, Column

_MILLION = 10**PLACES
#: Of a roll-up, in this order; ``points`` where several are rolled up together.
_COUNTS = ("points", "told", "valid", "stopped")
_NO_NUMBERS: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
_KIND_OF = {number: Kind(kind) for kind, number in KINDS.items()}


def by_kind(table: pa.Table) -> dict[Kind, dict[str, Column]]:
    """Columns of ``tables.shape.READINGS`` for each kind that stands in a table of ``columns.READINGS``.

    Raises:
        ColumnsRefused: what is wrong with which column.
    """
    kinds = _codes(table, "kind", KINDS)
    segment, offset = _numbers(table, "segment", np.uint64), _numbers(table, "offset", np.uint64)
    if len(segment) and (int(segment.max()) >= SEGMENTS or int(offset.max()) >= OFFSETS):
        raise ColumnsRefused(f"segment and offset: expected less than {SEGMENTS} and {OFFSETS}")
    columns: dict[str, Column] = {
        "point": _numbers(table, "point", np.uint32),
        "at": seconds(table, "at"),
        "stat": _codes(table, "stat", STATS),
        "value": _millionths(table),
        "flag": _codes(table, "flag", FLAGS, other=OTHER_FLAG),
        "version": segment << np.uint64(OFFSET_BITS) | offset,
    }
    if len(kinds) and kinds.min() == kinds.max():
        return {_KIND_OF[int(kinds[0])]: columns}
    return {
        _KIND_OF[int(number)]: {name: column[kinds == number] for name, column in columns.items()}
        for number in np.unique(kinds)
    }


def seconds(table: pa.Table, name: str) -> NDArray[np.uint32]:
    """A column of instants as seconds since the epoch; times without a zone are refused, fractions cut off."""
    column = _column(table, name)
    if not pa.types.is_timestamp(column.type) or column.type.tz is None:
        raise ColumnsRefused(f"{name}: expected instants with a zone, found {column.type}")
    whole = column.cast(pa.timestamp("s", "UTC"), safe=False)
    numbers = np.asarray(whole.cast(pa.int64()).to_numpy())
    if len(numbers) and not (numbers.min() >= 0 and numbers.max() < 1 << 32):
        raise ColumnsRefused(f"{name}: an instant that does not fit in 32 bits of seconds")
    return numbers.astype(np.uint32)


def instants(numbers: NDArray[np.generic]) -> pa.Array:
    """Seconds since the epoch as instants."""
    return pa.array(numbers.astype(np.int64)).cast(INSTANT)


def words(numbers: NDArray[np.generic], table: Mapping[str, int]) -> pa.DictionaryArray:
    """Numbers of words as words."""
    place = np.zeros(256, dtype=np.int8)
    for at, number in enumerate(table.values()):
        place[number] = at
    return pa.DictionaryArray.from_arrays(pa.array(place[numbers.astype(np.uint8)]), pa.array(map(str, table)))


def values(millionths: NDArray[np.generic], absent: NDArray[np.bool_] | None = None) -> pa.Array:
    """Millionths as the nearest numbers; null where there is no value or ``absent`` says so."""
    numbers = millionths.astype(np.int64)
    without = numbers == NO_VALUE
    return pa.array(numbers / _MILLION, mask=without if absent is None else without | absent)


def sums(wide: Column) -> pa.Array:
    """Sums as decimals of 38 digits: exact, whoever added in whatever order."""
    packed = np.ascontiguousarray(wide)
    return pa.Array.from_buffers(pa.decimal128(38, PLACES), len(packed), [None, pa.py_buffer(packed.tobytes())])


def marks(table: pa.Table) -> NDArray[np.int8]:
    """Numbers of the column ``mark``."""
    return _codes(table, "mark", MARKS)


def codes(table: pa.Table, name: str, words_: Mapping[str, int]) -> NDArray[np.int8]:
    """Numbers of a column of words.

    Raises:
        ColumnsRefused: a word that the table has not.
    """
    return _codes(table, name, words_)


def numbers(table: pa.Table, name: str, width: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """A column of whole numbers; nulls, fractions and what does not fit are refused."""
    return _numbers(table, name, width)


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        raise ColumnsRefused(f"{name}: expected a column of that name, found {', '.join(table.column_names)}")
    column = table[name]
    if name != "value" and name != "flag" and column.null_count:
        raise ColumnsRefused(f"{name}: {column.null_count} rows have none")
    return column


def _numbers(table: pa.Table, name: str, width: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    try:
        column = _column(table, name).cast(pa.from_numpy_dtype(np.dtype(width)))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise ColumnsRefused(f"{name}: {fault}") from fault
    return np.asarray(column.to_numpy())


def _codes(table: pa.Table, name: str, words_: Mapping[str, int], other: str | None = None) -> NDArray[np.int8]:
    column = _column(table, name)
    if column.null_count:
        column = pc.fill_null(column.cast(pa.string()), "")
    parts = [_codes_of(chunk, name, words_, other) for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int8)


def _codes_of(chunk: pa.Array, name: str, words_: Mapping[str, int], other: str | None) -> NDArray[np.int8]:
    told = chunk if pa.types.is_dictionary(chunk.type) else chunk.cast(pa.string()).dictionary_encode()
    named: Sequence[str] = told.dictionary.to_pylist()
    unknown = [word for word in named if word not in words_]
    if unknown and other is None:
        raise ColumnsRefused(f"{name}: expected one of {', '.join(words_)}, found {unknown[0]}")
    table = np.array([words_[word if word in words_ else str(other)] for word in named] or [0], dtype=np.int8)
    return np.asarray(table[told.indices.to_numpy(zero_copy_only=False)])


def _millionths(table: pa.Table) -> NDArray[np.int64]:
    column = _column(table, "value").cast(pa.float64())
    absent = np.asarray(column.is_null().to_numpy())
    told = np.asarray(pc.fill_null(column, 0.0).to_numpy())
    if len(told) and not (np.abs(told) < TOO_LARGE).all():
        raise ColumnsRefused(f"value: expected numbers below {TOO_LARGE}, found one that is none or larger")
    found = np.rint(told * _MILLION).astype(np.int64)
    return np.where(absent, NO_VALUE, found) if column.null_count else found


def series_of(columns: Mapping[str, Column], marked: Decided | None) -> pa.Table:
    """A series as it goes out; without ``marked`` nothing is said of marks."""
    version = columns["version"].astype(np.uint64)
    told = {
        "point": pa.array(columns["point"]),
        "at": instants(columns["at"]),
        "stat": words(columns["stat"], STATS),
        "value": values(columns["value"]),
        "flag": words(columns["flag"], FLAGS),
    }
    if marked is not None or not len(version):
        told["mark"] = words(marked.mark if marked else np.zeros(0), MARKS)
        told["by_person"] = pa.array(marked.by_person if marked else np.zeros(0, dtype=np.bool_))
    told["segment"] = pa.array((version >> np.uint64(OFFSET_BITS)).astype(np.uint32))
    told["offset"] = pa.array(version & np.uint64(OFFSETS - 1))
    return pa.table(told)


def readings_of(columns: Mapping[str, Column], kind: Kind) -> pa.Table:
    """Columns of the store as a table of ``READINGS``; ``by_kind`` of it gives them again."""
    version = columns["version"].astype(np.uint64)
    kinds = np.full(len(version), KINDS[kind], dtype=np.uint8)
    told = [
        pa.array(columns["point"]), words(kinds, KINDS), instants(columns["at"]), words(columns["stat"], STATS),
        values(columns["value"]), words(columns["flag"], FLAGS),
        pa.array((version >> np.uint64(OFFSET_BITS)).astype(np.uint32)), pa.array(version & np.uint64(OFFSETS - 1)),
    ]  # fmt: skip
    return pa.Table.from_arrays(told, schema=READINGS)


def rollups_of(columns: Mapping[str, Column], subject: str) -> pa.Table:
    """Roll-ups as they go out; ``subject``: whose they are, the name of the first column."""
    if not columns:
        shape = {name: np.zeros(0, dtype=np.int64) for name in _COUNTS if name != "points" or subject == "place"}
        columns = {subject: np.zeros(0, dtype=np.uint32), "at": _NO_NUMBERS, "stat": _NO_NUMBERS, **shape}
        columns |= {"sum": np.zeros(0, dtype=WIDE), "low": _NO_NUMBERS, "high": _NO_NUMBERS}
    absent = columns["valid"] == 0
    total = sums(columns["sum"])
    counts = {name: pa.array(columns[name].astype(np.int64)) for name in _COUNTS if name in columns}
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.asarray(total.cast(pa.float64()).to_numpy(zero_copy_only=False)) / columns["valid"]
    return pa.table(
        {
            subject: pa.array(columns[subject]),
            "at": instants(columns["at"]),
            "stat": words(columns["stat"], STATS),
            **counts,
            "sum": total,
            "mean": pa.array(mean, mask=absent),
            "low": values(columns["low"], absent),
            "high": values(columns["high"], absent),
        }
    )
