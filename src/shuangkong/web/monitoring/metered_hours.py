"""表的读数: showings of counters and told hours of many meters as columns, from the store and the registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.metering.grid import ToldHours
from shuangkong.monitoring.meters.columns import GREATEST, UNKNOWN, Meters, Numbers, Showings, Swaps
from shuangkong.monitoring.meters.counter import PLACES, Rules
from shuangkong.readings.columns import FLAGS, MARKS, Kind
from shuangkong.records.monitoring.metering import swaps_of
from shuangkong.records.monitoring.models import Meter, Point
from shuangkong.rulebook import Rulebook
from shuangkong.web.monitoring import data

#: The words under which readings of meters stand: what a counter shows, what an hour used.
SHOWN, USED = "total", "cou"
_MILLION = 10**PLACES
_WIDE = Context(prec=60)
_BEYOND = GREATEST + 1


@dataclass(frozen=True, slots=True)
class Places:
    """Where the frame of each showing lies."""

    segment: Numbers
    offset: Numbers


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of some meters, a place in a sequence each."""

    shown: Showings
    places: Places
    told: ToldHours
    swaps: Swaps
    meters: Meters


def rules_on(day: date, book: Rulebook) -> Rules:
    """How far showings may lie apart, by the policy of a day."""
    usual, longest = (
        timedelta(hours=float(book.parameter(f"monitoring/metering/{name}", day).number))
        for name in ("usual_hours", "longest_hours")
    )
    return Rules(usual, longest)


def read(meters: Sequence[Meter], start: datetime, end: datetime, law: MonitoringLaw, rules: Rules) -> Read:
    """Of meters in the order of their numbers, with what was shown up to the longest silence before and after.

    2 queries and two questions to the store. Raises StoreDown, StoreRefused.
    """
    places = {each.pk: place for place, each in enumerate(meters)}
    points = {
        point: places[meter]
        for point, meter in Point.objects.filter(meter__in=places, factor="").values_list("pk", "meter")
    }
    first, last = start - rules.longest, end + rules.longest
    counters = _sound(_series(points, Kind.RTD, SHOWN, first, last), law)
    hours = _sound(_series(points, Kind.HOUR, USED, start, end), law)
    meter, order = _of_meters(counters, points)
    shown = Showings(meter, _seconds(counters)[order], _millionths(counters)[order])
    told, other = _of_meters(hours, points)
    return Read(
        shown,
        Places(_whole(counters, "segment")[order], _whole(counters, "offset")[order]),
        ToldHours(told, _seconds(hours)[other], _millionths(hours)[other]),
        _swaps(places, first, last),
        Meters(*(np.array(column, dtype=np.int64) for column in _bounds(meters))),
    )


def _series(points: dict[int, int], kind: Kind, stat: str, start: datetime, end: datetime) -> pa.Table:
    table: pa.Table = data.store().series(frozenset(points), kind, (stat,), start, end)
    return table.filter(pc.is_valid(table["value"]))


def _sound(table: pa.Table, law: MonitoringLaw) -> pa.Table:
    """Without what the sender or a mark says is no measurement; a mark wins over a flag."""
    flags = pa.array([each for each in FLAGS if law.marks.of_flag(each) in law.marks.measured], pa.string())
    marks = pa.array([each for each in MARKS if each and each in law.marks.measured], pa.string())
    flag, mark = table["flag"].cast(pa.string()), table["mark"].cast(pa.string())
    is_marked = pc.and_(pc.is_valid(mark), pc.not_equal(mark, ""))
    return table.filter(pc.if_else(is_marked, pc.is_in(mark, value_set=marks), pc.is_in(flag, value_set=flags)))


def _of_meters(table: pa.Table, points: dict[int, int]) -> tuple[Numbers, Numbers]:
    """Of each row its meter, sorted; and the order of the rows by meter, then by time as they came."""
    known = np.array(sorted(points), dtype=np.int64)
    own = np.array([points[int(point)] for point in known], dtype=np.int64)
    told = _whole(table, "point")
    meter = own[np.searchsorted(known, told)] if len(told) else told
    order = np.argsort(meter, kind="stable").astype(np.int64)
    return meter[order], order


def _whole(table: pa.Table, name: str) -> Numbers:
    return np.asarray(table[name].to_numpy()).astype(np.int64)


def _seconds(table: pa.Table) -> Numbers:
    return np.asarray(table["at"].cast(pa.int64()).to_numpy()).astype(np.int64)


def _millionths(table: pa.Table) -> Numbers:
    told = np.asarray(table["value"].to_numpy()).astype(np.float64)
    return np.asarray(np.rint(told * _MILLION), dtype=np.int64)


def _bounds(meters: Sequence[Meter]) -> tuple[list[int], list[int]]:
    """What each can use in an hour, in millionths of its counter; and where the counter begins anew."""
    most, modulus = [], []
    for each in meters:
        high = None if each.high is None else _WIDE.divide(each.high, each.multiplier or Decimal(1))
        most.append(UNKNOWN if high is None else _millions(high))
        modulus.append(UNKNOWN if each.scale is None else _millions(each.scale))
    return most, modulus


def _swaps(places: dict[int, int], first: datetime, last: datetime) -> Swaps:
    rows = swaps_of(places, first, last)
    return Swaps(
        *(
            np.array(column, dtype=np.int64)
            for column in (
                [places[row.meter_id] for row in rows], [int(row.at.timestamp()) for row in rows],
                [_millions(row.last) for row in rows], [_millions(row.first) for row in rows],
            )
        )
    )  # fmt: skip


def _millions(value: Decimal) -> int:
    """In millionths; a figure that no counter can show becomes one just beyond what counts (``GREATEST``)."""
    told = int(_WIDE.multiply(value, Decimal(_MILLION)).to_integral_value(ROUND_FLOOR, _WIDE))
    return max(-_BEYOND, min(_BEYOND, told))
