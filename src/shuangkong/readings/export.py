"""导出: tables of readings as CSV, Parquet or an Arrow stream; a part at a time, so that no export is too large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import IO

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from shuangkong.readings.columns import Kind
from shuangkong.readings.store import Points, Store

#: What one question of a long export covers.
STRETCH = timedelta(days=7)


class Form(StrEnum):
    """Forms of a file."""

    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


def series_in_parts(
    store: Store, point: Points, kind: Kind, stat: str | Iterable[str] | None, start: datetime, end: datetime
) -> Iterator[pa.Table]:
    """``Store.series``, a week at a time; at least one table, that may be empty."""
    asked = None if stat is None else [stat] if isinstance(stat, str) else list(stat)
    while True:
        until = min(start + STRETCH, end)
        yield store.series(point, kind, asked, start, until)
        if until >= end:
            return
        start = until


def write(tables: Iterable[pa.Table], form: Form, sink: IO[bytes]) -> int:
    """Writes tables of one schema into ``sink``, which stays open; returns how many rows."""
    writer: pv.CSVWriter | pq.ParquetWriter | pa.RecordBatchStreamWriter | None = None
    count = 0
    # An Arrow stream keeps the dictionary of its first batch unless each brings its own.
    options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=False)
    try:
        for table in tables:
            told = _plain(table) if form is Form.CSV else table
            if writer is None:
                match form:
                    case Form.CSV:
                        writer = pv.CSVWriter(sink, told.schema)
                    case Form.PARQUET:
                        writer = pq.ParquetWriter(sink, told.schema, compression="zstd")
                    case Form.ARROW:
                        writer = pa.ipc.new_stream(sink, told.schema, options=options)
            writer.write_table(told)
            count += told.num_rows
    finally:
        if writer is not None:
            writer.close()
    return count


def _plain(table: pa.Table) -> pa.Table:
    """Words in full: a CSV has no dictionaries."""
    return pa.table(
        {
            name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )
