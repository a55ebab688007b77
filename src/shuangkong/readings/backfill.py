"""补录: readings that come in bulk, from files or another system, and roll-ups that are made anew for a stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from shuangkong.readings.asking import during
from shuangkong.readings.columns import BASES, Base, ColumnsRefused, Kind
from shuangkong.readings.store import Store
from shuangkong.readings.tables.shape import DATABASE, table_of, word

#: Readings of one part of a file.
PART = 500_000


def tables_in(path: Path) -> Iterator[pa.Table]:
    """Tables of a Parquet, Arrow stream or CSV file with the columns of ``columns.READINGS``, a part at a time.

    Raises:
        ColumnsRefused: its name ends in something else, or it cannot be read.
    """
    try:
        match path.suffix:
            case ".parquet":
                with pq.ParquetFile(path) as file:
                    for batch in file.iter_batches(PART):
                        yield pa.Table.from_batches([batch])
            case ".arrow" | ".arrows":
                with path.open("rb") as source, pa.ipc.open_stream(source) as reader:
                    for batch in reader:
                        yield pa.Table.from_batches([batch])
            case ".csv":
                types = {"flag": pa.string(), "value": pa.float64(), "at": pa.timestamp("us", "UTC")}
                with pv.open_csv(path, convert_options=pv.ConvertOptions(column_types=types)) as lines:
                    for batch in lines:
                        yield pa.Table.from_batches([batch])
            case other:
                raise ColumnsRefused(f"{path.name}: expected .parquet, .arrow or .csv, not {other or 'none'}")
    except pa.ArrowInvalid as fault:
        raise ColumnsRefused(f"{path.name}: {str(fault).splitlines()[0]}") from fault


def backfill(store: Store, tables: Iterable[pa.Table], told: Callable[[int], None] = lambda _: None) -> int:
    """Keeps tables one after the other; broken off, it is begun again from the first. ``told`` hears the sum so far.

    Raises as ``Store.append``; what came before the fault is kept.
    """
    count = 0
    for table in tables:
        count += store.append(table)
        told(count)
    return count


def touch(store: Store, base: Base, start: datetime, end: datetime) -> None:
    """Has the roll-ups of a stretch made anew by the next roll: after a rule of validity changed, or to be sure."""
    store.client.do(
        f"INSERT INTO {DATABASE}.touched (base, point, hour, token) SELECT {word(base, BASES)}, point,"
        f" toStartOfHour(at) AS hour, sum(rand64()) FROM {DATABASE}.{table_of(Kind(base))}"
        f" WHERE {during('at', start, end)} GROUP BY point, hour"
    )
