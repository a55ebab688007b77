"""读数: what pages ask of the readings store, as values in the zone of the offices; and whether it answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import batched
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from shuangkong.monitoring.flue_gas.as_sent import SentAs
from shuangkong.readings.asking import MOST_POINTS
from shuangkong.readings.columns import PLACES, Base, Kind, Span
from shuangkong.readings.evidence import Evidence
from shuangkong.readings.opening import FOLDER, open_client
from shuangkong.readings.store import Store
from shuangkong.readings.trace import Place
from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.records.monitoring.models import Point

_DIGITS = Decimal(1).scaleb(-PLACES)
#: Points that are always named one by one where the newest of each is asked for.
_NAMED = 5_000
_COLUMNS = ("point", "at", "stat", "value", "flag", "mark", "by_person", "segment", "offset")


class Readings(Protocol):
    """What is asked of a store; ``readings.store.Store`` answers it."""

    def series(
        self, point: int | Collection[int] | None, kind: Kind, stat: str | Iterable[str] | None, start: datetime,
        end: datetime,
    ) -> Any: ...  # fmt: skip

    def latest(
        self, point: int | Collection[int] | None, kind: Kind, stat: str | Iterable[str] | None, start: datetime,
        end: datetime,
    ) -> Any: ...  # fmt: skip

    def rollup(
        self, point: int | Collection[int] | None, span: Span, stat: str | Iterable[str] | None, start: datetime,
        end: datetime, *, base: Base = ...,
    ) -> Any: ...  # fmt: skip

    def told_again(
        self, point: int | Collection[int] | None, kind: Kind, stat: str, start: datetime, end: datetime
    ) -> Mapping[tuple[int, datetime], tuple[Place, ...]]: ...

    def mark(self, table: Any) -> int: ...


class Source(StrEnum):
    """Who says so: the device; or we, as it told none: by its minutes, its hours, the gas's velocity, NO and NO2."""

    DEVICE = "device"
    MINUTES = "minutes"
    HOURS = "hours"
    VELOCITY = "velocity"
    OXIDES = "oxides"


@dataclass(frozen=True, slots=True)
class Brought:
    """That a figure was sent of wet gas or of gas as in the duct: ``sent``, before it was brought to dry gas at
    standard state; ``lacking``: codes of what was not known, so that it could not be.
    """

    sent: Decimal | None
    sent_as: SentAs
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One reading: the last version of what was told, with who marked it last and where its frame lies.

    ``brought``: it was sent in another state than ``value`` is in; None: as sent.
    """

    point: int
    at: datetime
    stat: str
    value: Decimal | None
    flag: str
    mark: str
    by_person: bool
    segment: int
    offset: int
    source: Source = Source.DEVICE
    brought: Brought | None = None

    @property
    def as_sent(self) -> Decimal | None:
        """The figure before it was brought to another state: what the instrument showed."""
        return self.brought.sent if self.brought is not None else self.value

    @property
    def is_doubtful(self) -> bool:
        """Whether a figure was sent that could not be brought to the state in which figures count: none counts."""
        return self.value is None and self.as_sent is not None

    @property
    def is_own(self) -> bool:
        """Whether the device told none, and it is our own of other data."""
        return self.source is not Source.DEVICE


def store() -> Readings:
    """The store of this installation. Raises StoreDown: it does not run."""
    return Store(open_client(settings.VAR / FOLDER))


def values(
    points: Collection[int], kind: Kind, stats: Iterable[str] | None, start: datetime, end: datetime
) -> tuple[Value, ...]:
    """Readings of some points from ``start`` on, before ``end``, by point, time and statistic.

    Raises:
        StoreDown, StoreRefused: see ``asked``.
    """
    if not points:
        return ()
    held, named = store(), sorted(set(points))
    told = (held.series(part, kind, stats, start, end) for part in batched(named, MOST_POINTS))
    return tuple(_value(row) for table in told for row in table.to_pylist())


@dataclass(frozen=True, slots=True)
class Newest:
    """Of some points the newest reading, in columns: a value is made of one when it is asked for."""

    columns: Mapping[str, Sequence[Any]]

    @property
    def points(self) -> Sequence[int]:
        return self.columns["point"]

    @property
    def flags(self) -> Sequence[str]:
        return self.columns["flag"]

    def seconds(self, place: int) -> int:
        """When the reading there is of, in seconds since the epoch."""
        return int(self.columns["at"][place])

    def value(self, place: int) -> Value:
        row = {name: column[place] for name, column in self.columns.items()}
        return _value(row | {"at": datetime.fromtimestamp(row["at"], UTC)})


NOTHING_READ = Newest(dict.fromkeys(_COLUMNS, ()))


def newest_values(
    points: Collection[int], kinds: Iterable[Kind], stats: Iterable[str] | None, start: datetime, end: datetime
) -> Newest:
    """Of each point the newest of ``values`` of several kinds; of the same time that of the later kind and statistic.

    Raises as ``values``.
    """
    wanted = None if stats is None else tuple(stats)
    parts = _parts(points)
    told = [store().latest(part, kind, wanted, start, end) for kind in kinds for part in parts]
    found = [each for each in told if each.num_rows]
    if not found:
        return NOTHING_READ
    table = pa.concat_tables(found, promote_options="default").combine_chunks()
    point, at = (np.asarray(table[name].cast(pa.int64()).to_numpy()) for name in ("point", "at"))
    order = np.lexsort((at, point))
    of_point = point[order]
    is_last = np.append(of_point[1:] != of_point[:-1], True)
    is_asked = np.isin(of_point, list(points)) if None in parts else np.ones(len(order), dtype=bool)
    chosen = table.take(order[is_last & is_asked])
    return Newest({name: _listed(chosen[name]) for name in _COLUMNS})


def _parts(points: Collection[int]) -> list[Sequence[int] | None]:
    """The points as statements name them; None: all there are.

    Where most are asked for, a statement that names each takes longer than what is left out of all. 1 query of many.
    """
    if len(points) > _NAMED and len(points) * 2 >= Point.objects.count():
        return [None]
    return list(batched(sorted(set(points)), MOST_POINTS))


def _listed(column: pa.ChunkedArray) -> Sequence[Any]:
    """A column as a list: instants as their seconds, words as words."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    if pa.types.is_dictionary(column.type):
        named = column.combine_chunks()
        words = named.dictionary.to_pylist()
        return [words[number] for number in named.indices.to_numpy().tolist()]
    is_plain = not column.null_count and not pa.types.is_string(column.type)
    told: list[Any] = column.to_numpy().tolist() if is_plain else column.to_pylist()
    return told


def places_told(
    points: Collection[int], kind: Kind, stat: str, start: datetime, end: datetime
) -> dict[tuple[int, datetime], tuple[Place, ...]]:
    """Of readings that were told more than once: point and time → where each version lies. Raises as ``values``."""
    held, found = store(), dict[tuple[int, datetime], tuple[Place, ...]]()
    for part in batched(sorted(set(points)), MOST_POINTS):
        found |= held.told_again(part, kind, stat, start, end)
    return found


def asked[T](ask: Callable[[], T], otherwise: T) -> tuple[T, bool]:
    """What the store answers, and whether it did: a page without readings still says what is registered."""
    try:
        return ask(), True
    except (StoreDown, StoreRefused):
        return otherwise, False


def evidence() -> Evidence:
    """The raw frames that the gateway keeps."""
    return Evidence(settings.EVIDENCE_FOLDER)


def _value(row: dict[str, Any]) -> Value:
    told = row["value"]
    return Value(
        point=row["point"], at=timezone.localtime(row["at"]), stat=row["stat"],
        value=None if told is None else exact(told), flag=row["flag"] or "", mark=row.get("mark") or "",
        by_person=bool(row.get("by_person")), segment=row["segment"], offset=row["offset"],
    )  # fmt: skip


def exact(told: float) -> Decimal:
    """A kept figure as it was told: the store keeps six places."""
    found = Decimal(repr(told)).quantize(_DIGITS).normalize()
    return found if found.as_tuple().exponent <= 0 else found.quantize(Decimal(1))  # type: ignore[operator]
