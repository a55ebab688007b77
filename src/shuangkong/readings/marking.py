"""标记: which mark counts for a reading: a person's over a rule's, then its own over that of its hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from shuangkong.readings.asking import during
from shuangkong.readings.columns import BYS, By, Kind
from shuangkong.readings.tables.shape import DATABASE
from shuangkong.readings.wire.client import Client
from shuangkong.readings.wire.native import Column

HOUR_SECONDS = 3600
#: Whose marks cover readings of a kind; an hour's also cover its minutes.
COVERING: dict[Kind, tuple[Kind, ...]] = {
    Kind.RTD: (Kind.RTD, Kind.MINUTE, Kind.HOUR),
    Kind.MINUTE: (Kind.MINUTE, Kind.HOUR),
    Kind.HOUR: (Kind.HOUR,),
    Kind.DAY: (Kind.DAY,),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """For each reading: the number of its mark (0: none), and whether a person set it."""

    mark: NDArray[np.int8]
    by_person: NDArray[np.bool_]


def decided(
    client: Client, kind: Kind, points: str, start: datetime, end: datetime, readings: dict[str, Column]
) -> Decided:
    """The marks of readings from ``start`` on, before ``end``; ``points``: the condition that these were asked with."""
    count = len(readings["point"])
    result = Decided(np.zeros(count, dtype=np.int8), np.zeros(count, dtype=np.bool_))
    at = readings["at"].astype(np.int64)
    for covering in reversed(COVERING[kind]):
        width = {Kind.HOUR: HOUR_SECONDS, Kind.MINUTE: 60 if kind is Kind.RTD else 1}.get(covering, 1)
        # A period that began before the first reading may cover it.
        reach = during("at", start - timedelta(seconds=width - 1), end)
        found = client.table(
            f"SELECT point, at, argMax(mark, by) AS last, max(by) AS who FROM {DATABASE}.marks FINAL"
            f" WHERE kind = '{covering}' AND mark != '' AND {points} AND {reach} GROUP BY point, at ORDER BY point, at"
        )
        if found:
            _lay(result, found, _keys(readings["point"], at // width * width))
    return result


def _lay(result: Decided, marks: dict[str, Column], wanted: NDArray[np.uint64]) -> None:
    """Lays marks over what coarser ones gave; a rule's never over a person's."""
    keys = _keys(marks["point"], marks["at"].astype(np.int64))
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    is_person = marks["who"][place] == BYS[By.PERSON]
    laid = (keys[place] == wanted) & (is_person | ~result.by_person)
    result.mark[laid] = marks["last"][place][laid]
    result.by_person[laid] = is_person[laid]


def _keys(points: Column, at: NDArray[np.int64]) -> NDArray[np.uint64]:
    return points.astype(np.uint64) << np.uint64(32) | at.astype(np.uint64)
