"""A store of readings and a log of frames at hand: what pages ask of them, without their processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.utils import timezone

from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.columns import Base, Kind, Span
from shuangkong.readings.evidence import Kind as RecordKind
from shuangkong.readings.evidence import Log
from shuangkong.readings.evidence.record import pack
from shuangkong.readings.trace import Place
from shuangkong.web.monitoring import data


class StoreAtHand:
    """Readings in a list: (point, kind, at, stat) → (value, flag, segment, offset)."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, Kind, datetime, str], tuple[Decimal | None, str, int, int]] = {}
        self.marked: list[dict[str, object]] = []
        self.places: dict[tuple[int, Kind, datetime, str], list[Place]] = defaultdict(list)

    def put(self, point: int, kind: Kind, at: datetime, stat: str, value: object, flag: str = "N",
            place: tuple[int, int] = (0, 0)) -> None:  # fmt: skip
        number = None if value is None else Decimal(str(value))
        self.rows[point, kind, at.astimezone(UTC), stat] = (number, flag, *place)
        self.places[point, kind, at.astimezone(UTC), stat].append(Place(*place))

    def series(self, point: Collection[int] | int | None, kind: Kind, stat: Iterable[str] | str | None, start: datetime,
               end: datetime) -> pa.Table:  # fmt: skip
        points = {point} if isinstance(point, int) else point
        stats = {stat} if isinstance(stat, str) else None if stat is None else set(stat)
        found = sorted(
            (key[0], key[2], key[3], *told)
            for key, told in self.rows.items()
            if (points is None or key[0] in points) and key[1] is kind and (stats is None or key[3] in stats)
            and start <= key[2] < end
        )  # fmt: skip
        names = ("point", "at", "stat", "value", "flag", "segment", "offset")
        rows = [dict(zip(names, each, strict=True)) for each in found]
        for row in rows:
            row |= {"value": None if row["value"] is None else float(row["value"]), "mark": "", "by_person": False}
        types = [("point", pa.uint32()), ("at", pa.timestamp("s", "UTC")), ("stat", pa.string()),
                 ("value", pa.float64()), ("flag", pa.string()), ("segment", pa.uint32()), ("offset", pa.uint64()),
                 ("mark", pa.string()), ("by_person", pa.bool_())]  # fmt: skip
        return pa.Table.from_pylist(rows, schema=pa.schema(types))

    def latest(self, point: Collection[int] | int | None, kind: Kind, stat: Iterable[str] | str | None, start: datetime,
               end: datetime) -> pa.Table:  # fmt: skip
        told = self.series(point, kind, stat, start, end)
        newest = {row["point"]: row["at"] for row in told.to_pylist()}
        return told.filter(pa.array([newest[row["point"]] == row["at"] for row in told.to_pylist()], pa.bool_()))

    def told_again(
        self, point: Collection[int] | int | None, kind: Kind, stat: str, start: datetime, end: datetime
    ) -> dict[tuple[int, datetime], tuple[Place, ...]]:
        points = {point} if isinstance(point, int) else point
        return {
            (key[0], key[2]): tuple(sorted(set(places))) for key, places in self.places.items()
            if (points is None or key[0] in points) and key[1] is kind and key[3] == stat and start <= key[2] < end
            and len(set(places)) > 1
        }  # fmt: skip

    def rollup(self, point: Collection[int] | int | None, span: Span, stat: Iterable[str] | str | None, start: datetime,
               end: datetime, *, base: Base = Base.MINUTE) -> pa.Table:  # fmt: skip
        """Hours, days and months of minutes or hours, as the store's own roller makes them: of normal readings."""
        assert span in (Span.HOUR, Span.DAY, Span.MONTH)
        first = {"minute": 0, "second": 0} | {Span.DAY: {"hour": 0}, Span.MONTH: {"hour": 0, "day": 1}}.get(span, {})
        told = self.series(point, Kind(base.value), stat, start, end).to_pylist()
        hours: dict[tuple[int, datetime, str], list[dict[str, Any]]] = defaultdict(list)
        for each in told:
            hours[each["point"], each["at"].replace(**first), each["stat"]].append(each)
        rows = []
        for (number, at, word), own in sorted(hours.items()):
            valid = [each["value"] for each in own if each["flag"] in ("", "N") and each["value"] is not None]
            rows.append({
                "point": number, "at": at, "stat": word, "told": len(own), "valid": len(valid),
                "stopped": sum(each["flag"] == "F" for each in own),
                "mean": sum(valid) / len(valid) if valid else None,
            })  # fmt: skip
        types = [("point", pa.uint32()), ("at", pa.timestamp("s", "UTC")), ("stat", pa.string()), ("told", pa.int64()),
                 ("valid", pa.int64()), ("stopped", pa.int64()), ("mean", pa.float64())]  # fmt: skip
        return pa.Table.from_pylist(rows, schema=pa.schema(types))

    def mark(self, table: pa.Table) -> int:
        self.marked += table.to_pylist()
        return int(table.num_rows)


def use(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    """The pages ask this one from now on."""
    held = StoreAtHand()
    monkeypatch.setattr(data, "store", lambda: held)
    return held


def last_hours(count: int) -> list[datetime]:
    """Starts of the last whole hours, the oldest first."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    return [now - timedelta(hours=number) for number in range(count, 0, -1)]


def hour_frame(folder: Path, mn: str, at: datetime, area: str) -> tuple[int, int]:
    """Keeps a frame with an hour's means in a log of its own; returns its address."""
    body = f"QN={at:%Y%m%d%H%M%S}000;ST=31;CN=2061;PW=123456;MN={mn};Flag=5;CP=&&DataTime={at:%Y%m%d%H%M%S};{area}&&"
    log = Log(folder)
    try:
        record = pack(RecordKind.FRAME, wrap(body.encode()), int(at.timestamp() * 1e9), 1)
        end = log.write([record])
        return end.segment, end.offset - len(record)
    finally:
        log.close()
