"""小时: the hourly roll-ups of given hours, from the last versions of their readings and what is marked.

Most hours hold each reading once and no mark: they are added up in one pass over the columns. The others are made by
the statement that says what a roll-up is (``_exactly``); where both apply they give the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuangkong.readings.columns import BASES, NO_VALUE, PLACES, SPANS, Base, Kind, Span
from shuangkong.readings.marking import HOUR_SECONDS
from shuangkong.readings.tables.shape import DATABASE, WORK, table_of
from shuangkong.readings.validity import Validity
from shuangkong.readings.wire.client import Client
from shuangkong.readings.wire.native import Column

#: From this share on of all hours between the first and the last, all are made: that is quicker than picking.
DENSE = 0.5
_VALUES = ("told", "valid", "stopped", "total", "lowest", "highest")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of points: columns of one length; hours as seconds since the epoch."""

    point: NDArray[np.uint32]
    hour: NDArray[np.uint32]


def rolled_hours(client: Client, base: Base, hours: Hours, roll: int, validity: Validity) -> dict[str, Column]:
    """Columns of ``tables.shape.ROLLUPS`` but the version; ``roll``: under which number the hours stand in ``work``."""
    found = client.table(_plainly(base, hours, roll, validity))
    if not found:
        return {"point": np.zeros(0, dtype=np.uint32)}
    keys = _keys(found["point"], found["hour"])
    intricate = np.unique(np.concatenate((keys[found["told"] != found["times"]], _marked(client, base, hours))))
    is_plain = ~np.isin(keys, intricate)
    parts = [{name: found[name][is_plain] for name in ("point", "hour", "stat", *_VALUES)}]
    if len(intricate):
        parts.append(_exact_hours(client, base, intricate, roll, validity))
    joined = {name: np.concatenate([part[name] for part in parts if part]) for name in parts[0]}
    count = len(joined["point"])
    return {
        "base": np.full(count, BASES[base], dtype=np.int8), "span": np.full(count, SPANS[Span.HOUR], dtype=np.int8),
        "point": joined["point"], "at": joined["hour"], "stat": joined["stat"], "told": joined["told"],
        "valid": joined["valid"], "stopped": joined["stopped"], "sum": joined["total"], "low": joined["lowest"],
        "high": joined["highest"],
    }  # fmt: skip


def hand_in(client: Client, hours: Hours, roll: int) -> None:
    """Tells the node which hours a number stands for."""
    numbers = np.full(len(hours.point), roll, dtype=np.uint64)
    client.insert(f"{DATABASE}.work", WORK, {"roll": numbers, "point": hours.point, "hour": hours.hour})


def _exact_hours(
    client: Client, base: Base, keys: NDArray[np.uint64], roll: int, validity: Validity
) -> dict[str, Column]:
    # Beside the hours of the roll, under a number that no roll has: rolls are numbered by microseconds.
    aside = roll | 1 << 63
    hours = Hours((keys >> np.uint64(32)).astype(np.uint32), (keys & np.uint64(2**32 - 1)).astype(np.uint32))
    work: dict[str, Column] = {
        "roll": np.full(len(keys), aside, dtype=np.uint64),
        "point": hours.point,
        "hour": hours.hour,
    }
    client.insert(f"{DATABASE}.work", WORK, work)
    try:
        return client.table(_exactly(base, hours, aside, validity))
    finally:
        client.do(f"ALTER TABLE {DATABASE}.work DROP PARTITION {aside}")


def _plainly(base: Base, hours: Hours, roll: int, validity: Validity) -> str:
    """Each row counts; ``times`` tells where some are of the same time."""
    valid = f"(flag IN ({_listed(validity.valid_flags)}) AND value != {_absent()})"
    stopped = f"flag IN ({_listed(validity.stopped_flags)})"
    spread = len(np.unique(hours.point)) * ((int(hours.hour.max()) - int(hours.hour.min())) // HOUR_SECONDS + 1)
    chosen = "" if len(hours.point) >= DENSE * spread else f" AND {_chosen(roll)}"
    return (
        "SELECT point, toStartOfHour(at) AS hour, stat, toUInt32(count()) AS told,"
        f" toUInt32(countIf({valid})) AS valid, toUInt32(countIf({stopped})) AS stopped,"
        f" sumIf(value, {valid}) AS total, minIf(value, {valid}) AS lowest,"
        f" maxIf(value, {valid}) AS highest, toUInt32(uniqExact(at)) AS times FROM {DATABASE}.{table_of(Kind(base))}"
        f" WHERE {_within(hours)}{chosen} GROUP BY point, hour, stat"
    )


def _exactly(base: Base, hours: Hours, roll: int, validity: Validity) -> str:
    """What a roll-up is: of each time and word the last version; its mark decides, else its flag."""
    within = _within(hours)
    latest = (
        "SELECT point, at, toStartOfHour(at) AS hour, stat, argMax(value, version) AS told_value,"
        f" argMax(flag, version) AS told_flag FROM {DATABASE}.{table_of(Kind(base))} WHERE {within} AND {_chosen(roll)}"
        " GROUP BY point, at, stat"
    )
    own = _marks(base, "at", within, ("own_mark", "own_by"))
    hourly = _marks(Base.HOUR, "hour", within, ("hour_mark", "hour_by"))
    mark = (
        "multiIf(own_by = 'person', own_mark, hour_by = 'person', hour_mark, own_mark != '', own_mark, hour_mark)"
        " AS mark"
    )
    valid = (
        f"(told_value != {_absent()} AND ((mark != '' AND mark IN ({_listed(validity.valid_marks)}))"
        f" OR (mark = '' AND told_flag IN ({_listed(validity.valid_flags)}))))"
    )
    stopped = (
        f"((mark != '' AND mark IN ({_listed(validity.stopped_marks)}))"
        f" OR (mark = '' AND told_flag IN ({_listed(validity.stopped_flags)})))"
    )
    marked = (
        f"SELECT point, hour, stat, told_value, {valid} AS is_valid, {stopped} AS is_stopped FROM (SELECT point, hour,"
        f" stat, told_value, told_flag, {mark} FROM (SELECT point, hour, stat, told_value, told_flag, own_mark, own_by"
        f" FROM ({latest}) AS latest GLOBAL ANY LEFT JOIN ({own}) AS own USING (point, at)) AS owned"
        f" GLOBAL ANY LEFT JOIN ({hourly}) AS hourly USING (point, hour)) AS decided"
    )
    return (
        "SELECT point, hour, stat, toUInt32(count()) AS told, toUInt32(countIf(is_valid)) AS valid,"
        " toUInt32(countIf(is_stopped)) AS stopped, sumIf(told_value, is_valid) AS total,"
        f" minIf(told_value, is_valid) AS lowest, maxIf(told_value, is_valid) AS highest FROM ({marked})"
        " GROUP BY point, hour, stat"
    )


def _marks(base: Base, column: str, within: str, names: tuple[str, str]) -> str:
    """Of each period the mark that counts; a base and the kind of its readings have one name."""
    return (
        f"SELECT point, at AS {column}, argMax(mark, by) AS {names[0]}, max(by) AS {names[1]}"
        f" FROM {DATABASE}.marks FINAL WHERE kind = '{base}' AND mark != '' AND {within} GROUP BY point, at"
    )


def _marked(client: Client, base: Base, hours: Hours) -> NDArray[np.uint64]:
    """Hours that a mark stands in; those that are not asked for do no harm."""
    kinds = "'minute', 'hour'" if base is Base.MINUTE else "'hour'"
    found = client.table(
        f"SELECT DISTINCT point, toStartOfHour(at) AS hour FROM {DATABASE}.marks FINAL WHERE kind IN ({kinds})"
        f" AND mark != '' AND {_within(hours)}"
    )
    return _keys(found["point"], found["hour"]) if found else np.zeros(0, dtype=np.uint64)


def _within(hours: Hours) -> str:
    """The stretch that holds them all, which leaves most of the disk alone."""
    first, last = int(hours.hour.min()), int(hours.hour.max()) + HOUR_SECONDS
    return (
        f"point >= {int(hours.point.min())} AND point <= {int(hours.point.max())}"
        f" AND at >= toDateTime({first}, 'UTC') AND at < toDateTime({last}, 'UTC')"
    )


def _chosen(roll: int) -> str:
    return f"(point, toStartOfHour(at)) GLOBAL IN (SELECT point, hour FROM {DATABASE}.work WHERE roll = {roll})"


def _absent() -> str:
    whole, parts = divmod(-NO_VALUE, 10**PLACES)
    return f"toDecimal64('-{whole}.{parts:0{PLACES}d}', {PLACES})"


def _listed(words: Collection[str]) -> str:
    """Words in a list; one that no column holds where there is none."""
    return ", ".join(f"'{word}'" for word in sorted(words)) or "NULL"


def _keys(points: Column, hours: Column) -> NDArray[np.uint64]:
    return points.astype(np.uint64) << np.uint64(32) | hours.astype(np.uint64)
