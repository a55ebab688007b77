"""归档: months that are no longer asked for go into Parquet files, exact with every version, and come back from them.

A month goes only when its roll-ups are made; they stay. Late data of a month that is away keep its hours waiting
(``rolling.Rolled.waiting``) until it is brought back: what would be rolled without the rest would be wrong. Archive
months for which late data are no longer taken; what comes in the very moment of archiving is in the evidence log only.
"""

from __future__ import annotations

import calendar
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shuangkong.readings import rows
from shuangkong.readings.asking import during
from shuangkong.readings.columns import KINDS, READINGS, Kind
from shuangkong.readings.store import Store
from shuangkong.readings.tables.shape import ARCHIVES, DATABASE, table_of
from shuangkong.readings.wire.native import Column

#: Statement that takes a part of a table away: ``tables.embedded`` or ``tables.cluster``.
Drop = Callable[[str, str], str]
_DAY = timedelta(days=1)
#: Columns of a version of a reading, in the order of a file.
_ORDER = ("point", "at", "stat", "version", "value", "flag")
_BASES = frozenset({Kind.MINUTE, Kind.HOUR})


class NotArchived(RuntimeError):
    """A month stays where it is: its roll-ups are not made yet, or its file does not hold what the store holds."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of UTC, as the parts of the tables are."""

    year: int
    number: int

    @property
    def part(self) -> int:
        return self.year * 100 + self.number

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=calendar.monthrange(self.year, self.number)[1])

    def before(self, months: int) -> Month:
        """So many months earlier."""
        whole = self.year * 12 + self.number - 1 - months
        return Month(whole // 12, whole % 12 + 1)


def path_of(folder: Path, kind: Kind, month: Month) -> Path:
    """Where a month of a kind is kept."""
    return folder / kind / f"{month.part}.parquet"


def months_here(store: Store, kind: Kind) -> list[Month]:
    """Months that the store has readings of."""
    told = store.client.rows(f"SELECT DISTINCT toYYYYMM(at) AS month FROM {DATABASE}.{table_of(kind)} ORDER BY month")
    return [Month(int(part) // 100, int(part) % 100) for (part,) in told]


def expired(store: Store, kept: Mapping[Kind, int], today: date) -> list[tuple[Kind, Month]]:
    """What is older than so many full months; kinds that are not named stay for good."""
    this = Month(today.year, today.month)
    return [
        (kind, month)
        for kind, count in kept.items()
        for month in months_here(store, kind)
        if month < this.before(count)
    ]


def archive(store: Store, kind: Kind, month: Month, folder: Path, drop: Drop) -> Path:
    """Writes a month into its file, holds this against the store, then takes it out of the store.

    Where the month has a file already (it came back, or something came late), what that holds stays in it.

    Raises:
        NotArchived: see there; the store holds it as before.
    """
    client, table = store.client, f"{DATABASE}.{table_of(kind)}"
    if kind in _BASES and _touched(store, kind, month):
        raise NotArchived(f"{kind} {month.part}: roll-ups of this month are not made yet; archive it afterwards")
    path = path_of(folder, kind, month)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".writing")
    only_filed = 0
    with pq.ParquetWriter(fresh, READINGS, compression="zstd") as writer:
        for day, part in zip(_starts(month), _days(store, kind, month), strict=True):
            whole = _with_filed(part, path, kind, day)
            only_filed += whole.num_rows - part.num_rows
            if whole.num_rows:
                writer.write_table(whole)
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    count = int(client.rows(f"SELECT count() FROM (SELECT DISTINCT * FROM {table} WHERE {_of(month)})")[0][0])
    written = pq.read_metadata(fresh).num_rows
    if written != count + only_filed:
        told = written - only_filed
        raise NotArchived(f"{kind} {month.part}: the file holds {told} readings, the store {count}; try again")
    fresh.replace(path)
    _note(store, kind, month, written, is_away=True)
    client.do(drop(table_of(kind), str(month.part)))
    return path


def restore(store: Store, kind: Kind, month: Month, folder: Path) -> int:
    """Brings a month back; the next roll makes its hours anew. Returns how many readings it holds.

    Raises:
        FileNotFoundError: it was never archived here.
    """
    count = 0
    with pq.ParquetFile(path_of(folder, kind, month)) as file:
        for batch in file.iter_batches():
            count += store.append(pa.Table.from_batches([batch]))
    _note(store, kind, month, count, is_away=False)
    return count


def _starts(month: Month) -> Iterator[datetime]:
    """Its days."""
    day = month.start
    while day < month.end:
        yield day
        day += _DAY


def _days(store: Store, kind: Kind, month: Month) -> Iterator[pa.Table]:
    """Every version that was told, a table for each day: memory holds no month of a nation."""
    for day in _starts(month):
        found = store.client.table(
            f"SELECT DISTINCT point, at, stat, value, flag, version FROM {DATABASE}.{table_of(kind)}"
            f" WHERE {during('at', day, day + _DAY)} ORDER BY point, at, stat, version"
        )
        yield rows.readings_of(found, kind) if found else READINGS.empty_table()


def _with_filed(part: pa.Table, path: Path, kind: Kind, day: datetime) -> pa.Table:
    """Readings of a day with those that a month's file holds of it, each version once, in the order of ``_days``."""
    if not path.is_file():
        return part
    filed = pq.read_table(path, schema=READINGS, filters=[("at", ">=", day), ("at", "<", day + _DAY)])
    if not filed.num_rows or not part.num_rows:
        return filed if filed.num_rows else part
    both = [rows.by_kind(each)[kind] for each in (part, filed)]
    columns = {name: np.concatenate([each[name] for each in both]) for name in _ORDER}
    order = np.lexsort([columns[name] for name in reversed(_ORDER)])
    columns = {name: column[order] for name, column in columns.items()}
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = np.any([column[1:] != column[:-1] for column in columns.values()], axis=0)
    return rows.readings_of({name: column[is_new] for name, column in columns.items()}, kind)


def _touched(store: Store, kind: Kind, month: Month) -> int:
    found = store.client.rows(
        f"SELECT count() FROM (SELECT sum(token) AS balance FROM {DATABASE}.touched WHERE base = '{kind}'"
        f" AND {during('hour', month.start, month.end)} GROUP BY point, hour HAVING balance != 0)"
    )
    return int(found[0][0])


def _of(month: Month) -> str:
    return during("at", month.start, month.end)


def _note(store: Store, kind: Kind, month: Month, count: int, *, is_away: bool) -> None:
    last = store.client.rows(f"SELECT max(version) FROM {DATABASE}.archives")
    columns: dict[str, Column] = {
        "kind": np.array([KINDS[kind]], dtype=np.int8),
        "month": np.array([month.part], dtype=np.uint32),
        "readings": np.array([count], dtype=np.uint64),
        "is_away": np.array([is_away], dtype=np.uint8),
        "version": np.array([int(last[0][0]) + 1], dtype=np.uint64),
    }
    store.client.insert(f"{DATABASE}.archives", ARCHIVES, columns)
