"""汇总: minute → hour → day → month → quarter → year, made anew for what was touched, and for that alone.

Whoever writes a reading or a mark leaves a random token with its hour (``tables.shape.TOUCHING``). A roll takes the
hours whose tokens do not add up to zero, makes their roll-ups from the last versions of all readings there are, then
those of their days, months, quarters and years, and last takes the tokens it saw away. So

* a roll that dies is done again, and gives the same: nothing is added to what was there;
* what comes while it rolls leaves tokens that it did not see, and is rolled next time;
* tokens that were taken away twice are no zero either, and are put right by the next roll.

On a cluster the tokens stay while a replica is away or behind: what it holds may be missing from what was rolled.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from shuangkong.readings.asking import zone_of
from shuangkong.readings.columns import BASES, SPANS, Base, Span
from shuangkong.readings.hours import Hours, hand_in, rolled_hours
from shuangkong.readings.tables.shape import DATABASE, ROLLUPS, TOUCHED, word
from shuangkong.readings.validity import Validity
from shuangkong.readings.wire.client import Client, StoreDown, StoreRefused
from shuangkong.readings.wire.native import Column

#: Hours of points that one round takes at most.
ROUND = 500_000
_DAY = 86_400
#: span → (what it is made of, where in it an instant lies, how many seconds it lasts at most).
_LADDER: dict[Span, tuple[Span, str, int]] = {
    Span.DAY: (Span.HOUR, "toStartOfDay({at}, {zone})", _DAY),
    Span.MONTH: (Span.DAY, "toDateTime(toStartOfMonth({at}, {zone}), {zone})", 31 * _DAY),
    Span.QUARTER: (Span.MONTH, "toDateTime(toStartOfQuarter({at}, {zone}), {zone})", 92 * _DAY),
    Span.YEAR: (Span.QUARTER, "toDateTime(toStartOfYear({at}, {zone}), {zone})", 366 * _DAY),
}
#: Hours further apart than this are rolled apart: nobody reads what lies between them.
_APART = 2 * _DAY


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a roll did.

    Attributes:
        hours: hours of points whose roll-ups were made.
        waiting: hours that wait for a month to be brought back from its archive.
        is_settled: False: a replica was away or behind, and the same hours will be rolled again.
    """

    hours: int
    waiting: int
    is_settled: bool


class Roller:
    """Makes the roll-ups of one store; let there be one a store.

    Args:
        client: of that store.
        zone: where days and months begin.
        validity: which flags and marks count.
    """

    def __init__(self, client: Client, zone: str, validity: Validity) -> None:
        self._client = client
        self._zone = zone_of(zone)
        ZoneInfo(zone)
        self._validity = validity
        self._last = 0

    def roll(self) -> Rolled:
        """Until nothing is left that was touched before it began.

        Raises:
            StoreDown, StoreRefused: some are made, some are not; roll again.
        """
        client = self._client.pinned()
        away = frozenset(_away(client))
        hours, waiting, is_settled = 0, 0, True
        for base in Base:
            while True:
                pending = _pending(client, base, away)
                waiting = max(waiting, pending.waiting)
                if not len(pending.hours.point):
                    break
                # Before the readings are read: what a replica lacks now it may lack then.
                round_settled = _is_settled(client)
                for part in _apart(pending):
                    self._round(client, base, part.hours)
                    hours += len(part.hours.point)
                    if round_settled:
                        _take_away(client, base, part)
                is_settled = is_settled and round_settled
                if not round_settled:
                    break
                if len(pending.hours.point) < ROUND:
                    break
        return Rolled(hours, waiting, is_settled)

    def _round(self, client: Client, base: Base, hours: Hours) -> None:
        number = self._number()
        hand_in(client, hours, number)
        made = rolled_hours(client, base, hours, number, self._validity)
        if len(made["point"]):
            client.insert(f"{DATABASE}.rollups", ROLLUPS, made | {"version": _all(number, made["point"])})
        for span in _LADDER:
            client.do(self._step(base, span, number, hours))
        left = client.rows(f"SELECT count() FROM {DATABASE}.work WHERE roll = {number}")
        if int(left[0][0]) != len(hours.point):
            raise StoreRefused("another node answered in the middle of a roll: name nodes, not what stands before them")
        client.do(f"ALTER TABLE {DATABASE}.work DROP PARTITION {number}")

    def _step(self, base: Base, span: Span, number: int, hours: Hours) -> str:
        """The roll-ups of one span, from those that it is made of."""
        source, start, longest = _LADDER[span]
        of_row, of_hour = start.format(at="at", zone=self._zone), start.format(at="hour", zone=self._zone)
        first, last = int(hours.hour.min()) - longest, int(hours.hour.max()) + longest
        points = f"point >= {int(hours.point.min())} AND point <= {int(hours.point.max())}"
        return (
            f"INSERT INTO {DATABASE}.rollups ({', '.join(ROLLUPS)}) SELECT {word(base, BASES)},"
            f" {word(span, SPANS)}, point, period, stat,"
            " sum(told), sum(valid), sum(stopped), sum(part), minIf(lowest, valid > 0), maxIf(highest, valid > 0),"
            f" toUInt64({number}) FROM (SELECT point, {of_row} AS period, stat, told, valid, stopped, sum AS part,"
            f" low AS lowest, high AS highest FROM {DATABASE}.rollups FINAL WHERE base = '{base}' AND span = '{source}'"
            f" AND {points} AND at >= toDateTime({max(first, 0)}, 'UTC') AND at <= toDateTime({last}, 'UTC')"
            f" AND (point, {of_row}) GLOBAL IN (SELECT DISTINCT point, {of_hour} FROM {DATABASE}.work"
            f" WHERE roll = {number})) GROUP BY point, period, stat"
        )

    def _number(self) -> int:
        """Of a round: higher than that of any before it, by the clock, and by itself where the clock went back."""
        if not self._last:
            told = self._client.rows(f"SELECT max(version) FROM {DATABASE}.rollups")
            self._last = int(told[0][0])
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return self._last


@dataclass(frozen=True, slots=True)
class _Pending:
    hours: Hours
    token: NDArray[np.uint64]
    waiting: int


def _pending(client: Client, base: Base, away: Collection[int]) -> _Pending:
    hold = f" AND toYYYYMM(hour) NOT IN ({', '.join(map(str, sorted(away)))})" if away else ""
    found = client.table(
        f"SELECT point, hour, sum(token) AS balance FROM {DATABASE}.touched WHERE base = '{base}'{hold}"
        f" GROUP BY point, hour HAVING balance != 0 ORDER BY hour, point LIMIT {ROUND}"
    )
    waiting = 0
    if away:
        held = client.rows(
            f"SELECT count() FROM (SELECT sum(token) AS balance FROM {DATABASE}.touched WHERE base = '{base}'"
            f" AND toYYYYMM(hour) IN ({', '.join(map(str, sorted(away)))}) GROUP BY point, hour HAVING balance != 0)"
        )
        waiting = int(held[0][0])
    if not found:
        none = np.zeros(0, dtype=np.uint32)
        return _Pending(Hours(none, none), np.zeros(0, dtype=np.uint64), waiting)
    hours = Hours(found["point"].astype(np.uint32), found["hour"].astype(np.uint32))
    return _Pending(hours, found["balance"].astype(np.uint64), waiting)


def _apart(pending: _Pending) -> Iterator[_Pending]:
    """Stretches of hours, which are in order of time, with nothing for long between them."""
    cuts = np.flatnonzero(np.diff(pending.hours.hour.astype(np.int64)) > _APART) + 1
    point, hour = np.split(pending.hours.point, cuts), np.split(pending.hours.hour, cuts)
    for number, token in enumerate(np.split(pending.token, cuts)):
        yield _Pending(Hours(point[number], hour[number]), token, pending.waiting)


def _take_away(client: Client, base: Base, pending: _Pending) -> None:
    columns: dict[str, Column] = {
        "base": np.full(len(pending.token), BASES[base], dtype=np.int8),
        "point": pending.hours.point,
        "hour": pending.hours.hour,
        "token": np.uint64(0) - pending.token,
    }
    client.insert(f"{DATABASE}.touched", TOUCHED, columns)


def _is_settled(client: Client) -> bool:
    """Whether every replica is there and has all that the others have."""
    try:
        behind = client.rows(
            f"SELECT count() FROM {DATABASE}.replica_states WHERE active_replicas < total_replicas OR queue_size > 0"
            " OR (log_max_index > 0 AND log_pointer <= log_max_index)"
        )
    except (StoreDown, StoreRefused):
        return False
    return int(behind[0][0]) == 0


def _away(client: Client) -> list[int]:
    """Months of minute or hour readings that are in files and no longer here."""
    told = client.rows(
        f"SELECT DISTINCT month FROM {DATABASE}.archives FINAL WHERE is_away = 1 AND kind IN ('minute', 'hour')"
    )
    return [int(month) for (month,) in told]


def _all(number: int, like: NDArray[np.generic]) -> NDArray[np.uint64]:
    return np.full(len(like), number, dtype=np.uint64)
