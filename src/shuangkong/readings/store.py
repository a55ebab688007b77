"""读数库: readings in, series, roll-ups and regions out; the same on the embedded store and on a cluster.

Every answer is an Arrow table ordered by point (or place), time and word. Periods are told by their start in UTC; where
a day begins is the zone that roll-ups are made in (``rolling``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b

import numpy as np
import pyarrow as pa

from shuangkong.readings import rows
from shuangkong.readings.asking import among, during, named
from shuangkong.readings.columns import BYS, KINDS, STATS, Base, Kind, Span
from shuangkong.readings.marking import decided
from shuangkong.readings.tables.shape import DATABASE, MARKED, PLACED, READINGS, table_of
from shuangkong.readings.trace import OFFSET_BITS, OFFSETS, Place, place_of, version_of
from shuangkong.readings.wire.client import Client
from shuangkong.readings.wire.native import Column

#: Readings that one insert takes; a larger table goes in several.
BATCH = 1_000_000
Points = int | Collection[int] | None


class Store:
    """One store, asked through ``client``."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def append(self, table: pa.Table) -> int:
        """Keeps readings of ``columns.READINGS``; all of them when it returns, and once however often they come.

        Returns how many were given.

        Raises:
            ColumnsRefused: the table is not one of readings; nothing was kept.
            StoreDown, StoreRefused: an unknown part was kept, and may not be rolled up; give it again.
        """
        for kind, columns in rows.by_kind(table).items():
            for part in _cut(columns):
                self.client.insert(f"{DATABASE}.{table_of(kind)}", READINGS, part)
        return int(table.num_rows)

    def mark(self, table: pa.Table) -> int:
        """Keeps marks: ``point``, ``kind``, ``at``, ``by`` (rule or person), ``mark`` (empty: taken back), ``version``
        (a later one counts). A mark of an hour covers its minutes. Raises as ``append``.
        """
        columns: dict[str, Column] = {
            "point": rows.numbers(table, "point", np.uint32),
            "kind": rows.codes(table, "kind", KINDS),
            "at": rows.seconds(table, "at"),
            "by": rows.codes(table, "by", BYS),
            "mark": rows.marks(table),
            "version": rows.numbers(table, "version", np.uint64),
        }
        if table.num_rows:
            self.client.insert(f"{DATABASE}.marks", MARKED, columns)
        return int(table.num_rows)

    def series(
        self,
        point: Points,
        kind: Kind,
        stat: str | Iterable[str] | None,
        start: datetime,
        end: datetime,
        *,
        upto: tuple[int, int] | None = None,
    ) -> pa.Table:
        """The last version of each reading from ``start`` on, before ``end``, with its flag, mark and place.

        Args:
            point: one, several, or None for all.
            stat: one word, several, or None for all.
            upto: as it stood when the log ended at (segment, offset); None: as it stands. Marks are those of now.

        Returns:
            ``point``, ``at``, ``stat``, ``value`` (null: it came without one), ``flag``, ``mark`` (who decided last:
            a person, else a rule; empty: nobody), ``by_person``, ``segment``, ``offset``.
        """
        known = "" if upto is None else f" AND version <= {version_of(*upto)}"
        found = self.client.table(
            "SELECT point, at, stat, argMax(value, version) AS latest, argMax(flag, version) AS latest_flag,"
            f" max(version) AS latest_version FROM {DATABASE}.{table_of(kind)}"
            f" WHERE {among(point)} AND {named('stat', stat, STATS)} AND {during('at', start, end)}{known}"
            " GROUP BY point, at, stat ORDER BY point, at, stat"
        )
        return self._marked(found, kind, point, start, end)

    def latest(
        self, point: Points, kind: Kind, stat: str | Iterable[str] | None, start: datetime, end: datetime
    ) -> pa.Table:
        """Of each point the readings of its newest time from ``start`` on, before ``end``; as ``series``."""
        told = f"{DATABASE}.{table_of(kind)}"
        meant = f"{named('stat', stat, STATS)} AND {during('at', start, end)}"
        # The times are sought first: versions are then told apart of few readings, not of all.
        found = self.client.table(
            "SELECT point, at, stat, argMax(value, version) AS latest, argMax(flag, version) AS latest_flag,"
            f" max(version) AS latest_version FROM {told} WHERE {meant}"
            f" AND (point, at) GLOBAL IN (SELECT point, max(at) FROM {told} WHERE {among(point)} AND {meant}"
            " GROUP BY point)"
            " GROUP BY point, at, stat ORDER BY point, at, stat"
        )
        return self._marked(found, kind, point, start, end)

    def _marked(self, found: dict[str, Column], kind: Kind, point: Points, start: datetime, end: datetime) -> pa.Table:
        """Last versions as they go out, with the marks that were laid on them."""
        if not found:
            return rows.series_of(_none(READINGS), None)
        return rows.series_of(
            {
                "point": found["point"], "at": found["at"], "stat": found["stat"], "value": found["latest"],
                "flag": found["latest_flag"], "version": found["latest_version"],
            },
            decided(self.client, kind, among(point), start, end, found),
        )  # fmt: skip

    def versions(self, point: int, kind: Kind, stat: str, start: datetime, end: datetime) -> pa.Table:
        """Every version that was ever told, the first told first of each time: as ``series``, without marks."""
        found = self.client.table(
            f"SELECT DISTINCT point, at, stat, value, flag, version FROM {DATABASE}.{table_of(kind)}"
            f" WHERE {among(point)} AND {named('stat', stat, STATS)} AND {during('at', start, end)}"
            " ORDER BY point, at, stat, version"
        )
        return rows.series_of(found or _none(READINGS), None)

    def told_again(
        self, point: Points, kind: Kind, stat: str, start: datetime, end: datetime
    ) -> Mapping[tuple[int, datetime], tuple[Place, ...]]:
        """Of readings that were told more than once: point and time → where each version lies, the first first."""
        found = self.client.rows(
            "SELECT point, toUnixTimestamp(at),"
            " arrayStringConcat(arrayMap(x -> toString(x), arraySort(groupUniqArray(version))), ' ')"
            f" FROM {DATABASE}.{table_of(kind)}"
            f" WHERE {among(point)} AND {named('stat', stat, STATS)} AND {during('at', start, end)}"
            " GROUP BY point, at HAVING uniqExact(version) > 1"
        )
        return {
            (int(number), datetime.fromtimestamp(int(at), UTC)): tuple(place_of(int(each)) for each in told.split())
            for number, at, told in found
        }

    def rollup(
        self,
        point: Points,
        span: Span,
        stat: str | Iterable[str] | None,
        start: datetime,
        end: datetime,
        *,
        base: Base = Base.MINUTE,
    ) -> pa.Table:
        """Roll-ups of periods that begin from ``start`` on, before ``end``.

        Returns:
            ``point``, ``at``, ``stat``, ``told`` (readings of the base), ``valid``, ``stopped``, ``sum`` (exact decimal
            of the valid), ``mean``, ``low``, ``high`` (null where none is valid).
        """
        found = self.client.table(
            f"SELECT point, at, stat, told, valid, stopped, sum, low, high FROM {DATABASE}.rollups FINAL"
            f" WHERE base = '{Base(base)}' AND span = '{Span(span)}' AND {among(point)}"
            f" AND {named('stat', stat, STATS)} AND {during('at', start, end)} ORDER BY point, at, stat"
        )
        return rows.rollups_of(found, "point")

    def regions(
        self,
        places: Mapping[int, int],
        span: Span,
        stat: str | Iterable[str] | None,
        start: datetime,
        end: datetime,
        *,
        base: Base = Base.MINUTE,
    ) -> pa.Table:
        """Roll-ups of the points of each place together.

        Args:
            places: point → place, a number of the asker's.

        Returns:
            as ``rollup``, with ``place`` for ``point``, and ``points``: how many were told of.
        """
        client = self.client.pinned()
        mapping = _hand_in(client, places)
        found = client.table(
            "SELECT place, at, stat, count() AS points, sum(point_told) AS told, sum(point_valid) AS valid,"
            " sum(point_stopped) AS stopped, sum(point_sum) AS total, minIf(point_low, point_valid > 0) AS lowest,"
            " maxIf(point_high, point_valid > 0) AS highest FROM (SELECT point, at, stat, told AS point_told,"
            " valid AS point_valid, stopped AS point_stopped, sum AS point_sum, low AS point_low, high AS point_high"
            f" FROM {DATABASE}.rollups FINAL WHERE base = '{Base(base)}' AND span = '{Span(span)}'"
            f" AND {named('stat', stat, STATS)} AND {during('at', start, end)}"
            f" AND point GLOBAL IN (SELECT point FROM {DATABASE}.places WHERE mapping = {mapping})) AS told_of"
            f" ANY LEFT JOIN (SELECT point, place FROM {DATABASE}.places WHERE mapping = {mapping}) AS placed"
            " USING (point)"
            " GROUP BY place, at, stat ORDER BY place, at, stat"
        )
        if found:
            found |= {"sum": found.pop("total"), "low": found.pop("lowest"), "high": found.pop("highest")}
        return rows.rollups_of(found, "place")

    def newest(self) -> tuple[int, int]:
        """The place in the log of the newest reading of all; (0, 0) where there is none."""
        told = [
            int(self.client.rows(f"SELECT max(version) FROM {DATABASE}.{table_of(kind)}")[0][0]) for kind in Kind
        ]  # fmt: skip
        return max(told) >> OFFSET_BITS, max(told) & (OFFSETS - 1)


def _hand_in(client: Client, places: Mapping[int, int]) -> int:
    """Keeps a mapping with the node that is asked, once; returns its number."""
    points = np.array(sorted(places), dtype=np.uint32)
    told = np.array([places[int(point)] for point in points], dtype=np.uint32)
    number = int.from_bytes(blake2b(points.tobytes() + told.tobytes(), digest_size=8).digest(), "little")
    kept = client.rows(f"SELECT count() FROM {DATABASE}.places WHERE mapping = {number}")
    if int(kept[0][0]) != len(points) and len(points):
        client.do(f"ALTER TABLE {DATABASE}.places DROP PARTITION {number}")
        columns: dict[str, Column] = {
            "mapping": np.full(len(points), number, dtype=np.uint64),
            "point": points,
            "place": told,
        }
        client.insert(f"{DATABASE}.places", PLACED, columns)
    return number


def _cut(columns: Mapping[str, Column]) -> Iterable[dict[str, Column]]:
    count = len(columns["point"])
    for start in range(0, count, BATCH):
        yield {name: column[start : start + BATCH] for name, column in columns.items()}


def _none(types: Mapping[str, str]) -> dict[str, Column]:
    from shuangkong.readings.wire.native import width_of

    return {name: np.zeros(0, dtype=width_of(type_name)) for name, type_name in types.items()}
