"""读数的行: readings of a batch, gathered in columns until the store takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuangkong.gateway.consuming.plan import STAT_WORDS, stat_place
from shuangkong.protocols.hj212.columns import Column
from shuangkong.readings.columns import FLAGS, KINDS, OTHER_FLAG, READINGS, Kind
from shuangkong.readings.evidence import Record

KIND_PLACES = {word: place for place, word in enumerate(KINDS)}
_FLAG_WORDS = tuple(FLAGS)
_FLAG_PLACES = {word: place for place, word in enumerate(_FLAG_WORDS)}
_OTHER = _FLAG_PLACES[OTHER_FLAG]
_KIND_ARRAY, _STAT_ARRAY, _FLAG_ARRAY = (
    pa.array([str(word) for word in words]) for words in (KINDS, STAT_WORDS, _FLAG_WORDS)
)
_FIRST, _SECOND = itemgetter(0), itemgetter(1)


@dataclass(slots=True)
class Rows:
    """Readings gathered, columns in parts of one length each."""

    parts: list[tuple[npt.NDArray[np.generic], ...]] = field(default_factory=list)

    def table(self) -> pa.Table:
        """As the store takes them."""
        if not self.parts:
            return READINGS.empty_table()
        point, kind, at, stat, value, flag, segment, offset = (
            np.concatenate(part) for part in zip(*self.parts, strict=True)
        )
        return pa.table(
            [
                pa.array(point),
                pa.DictionaryArray.from_arrays(pa.array(kind), _KIND_ARRAY),
                pa.array(at).cast(READINGS.field("at").type),
                pa.DictionaryArray.from_arrays(pa.array(stat), _STAT_ARRAY),
                pa.array(value, mask=np.isnan(value)),
                pa.DictionaryArray.from_arrays(pa.array(flag), _FLAG_ARRAY),
                pa.array(segment),
                pa.array(offset),
            ],
            schema=READINGS,
        )

    def add_message(
        self,
        columns: Sequence[Column],
        kind: int,
        at: int,
        points: npt.NDArray[np.uint32],
        values: npt.NDArray[np.float64],
        is_kept: npt.NDArray[np.bool_],
        record: Record,
    ) -> None:
        """Of one message, those of its k columns that are kept."""
        count = int(is_kept.sum())
        if count:
            stat, flag = _words_of(columns)
            self.parts.append(
                (points[is_kept], *_alike(count, kind, at), stat[is_kept], values[is_kept], flag[is_kept],
                 *_placed(count, record))
            )  # fmt: skip

    def add_counters(self, shown: Sequence[tuple[int, float]], at: int, record: Record) -> None:
        """Counters, (point, showing) each, as readings of an instant."""
        count = len(shown)
        self.parts.append(
            (
                np.array([point for point, _ in shown], np.uint32),
                *_alike(count, KIND_PLACES[Kind.RTD], at),
                np.full(count, stat_place("total"), np.int8),
                np.array([value for _, value in shown], np.float64),
                np.full(count, _FLAG_PLACES[""], np.int8),
                *_placed(count, record),
            )
        )

    def add_loads(self, shown: Sequence[tuple[int, float]], hour: int, record: Record) -> None:
        """Loads, (point, per cent) each, of the hour that begins then: of several told in an hour the last counts."""
        count = len(shown)
        self.parts.append(
            (
                np.array([point for point, _ in shown], np.uint32),
                *_alike(count, KIND_PLACES[Kind.HOUR], hour),
                np.full(count, stat_place("avg"), np.int8),
                np.array([value for _, value in shown], np.float64),
                np.full(count, _FLAG_PLACES[""], np.int8),
                *_placed(count, record),
            )
        )

    def add_block(
        self,
        columns: Sequence[Column],
        records: Sequence[Record],
        kinds: npt.NDArray[np.int8],
        at: npt.NDArray[np.int64],
        points: npt.NDArray[np.uint32],
        values: npt.NDArray[np.float64],
        is_kept: npt.NDArray[np.bool_],
    ) -> None:
        """Of n frames of one shape of k columns; ``points``, ``values`` and ``is_kept`` are (n, k)."""
        addresses = [record.address for record in records]
        shape, is_whole = (len(records), len(columns)), bool(is_kept.all())
        stat, flag = _words_of(columns)
        segment = np.fromiter(map(_FIRST, addresses), np.uint32, len(records))
        offset = np.fromiter(map(_SECOND, addresses), np.uint64, len(records))

        def told(column: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
            spread = np.broadcast_to(column, shape)
            # Nearly always all are kept: then nothing is picked.
            return spread.reshape(-1) if is_whole else spread[is_kept]

        kind, time, segments, offsets = (told(each[:, None]) for each in (kinds, at, segment, offset))
        self.parts.append((told(points), kind, time, told(stat), told(values), told(flag), segments, offsets))


def _words_of(columns: Sequence[Column]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """(k,) places of their statistics and of their flags."""
    stat = np.array([max(stat_place(column.stat), 0) for column in columns], np.int8)
    return stat, np.array([_FLAG_PLACES.get(column.flag, _OTHER) for column in columns], np.int8)


def _alike(count: int, kind: int, at: int) -> tuple[npt.NDArray[np.generic], ...]:
    return np.full(count, kind, np.int8), np.full(count, at, np.int64)


def _placed(count: int, record: Record) -> tuple[npt.NDArray[np.generic], ...]:
    return np.full(count, record.address.segment, np.uint32), np.full(count, record.address.offset, np.uint64)
