"""到达的时刻: what times of arrival tell: how each device's clock goes, and which days that were over got readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import quantiles
from typing import NamedTuple, Protocol

from shuangkong.readings.evidence import Address, Record

_SECOND, HOUR = 1_000_000_000, 3600
#: Of one device a frame is looked at so often, seconds; and how many of an hour are remembered.
EVERY, MOST = 20, 240
#: How often what is gathered is told, seconds.
TELL_SECONDS = 60.0
#: A frame whose request number is so much later than its time was kept and sent again: late, and no sign of the clock.
KEPT_BACK = 120
_QN, _QN_DIGITS = b"QN=", 14
#: A clock that is further off is as far off as this: no more is kept in a column.
_FURTHEST = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class ClockTold:
    """How far a device's clock was from ours in an hour of receipt: see ``records.monitoring``'s ClockHour."""

    device: int
    hour: int
    count: int
    gap_s: int
    low_s: int
    high_s: int
    place: Address


@dataclass(frozen=True, slots=True)
class LateTold:
    """Readings of days that were over came for an outlet; hours (since the epoch) of the first and the last.

    ``is_point``: not for an outlet; ``outlet`` is the number of a meter's point.
    """

    outlet: int
    first: int
    last: int
    is_point: bool = False


class Notes(Protocol):
    """Where it is told. May wait for a database; the same told twice is told once."""

    def clocks(self, told: Iterable[ClockTold]) -> None: ...

    def late(self, told: Iterable[LateTold], at: float) -> None: ...


class Seen(NamedTuple):
    """A frame of real-time data: how long after its own time it was received, seconds."""

    device: int
    received: int
    gap: int
    place: Address


@dataclass(slots=True)
class Arrived:
    """What one batch tells: frames of real-time data, and (outlet, hour) of periods of days that are over.

    ``late_points``: (point, hour) of showings of meters.
    """

    seen: list[Seen] = field(default_factory=list)
    late: set[tuple[int, int]] = field(default_factory=set)
    late_points: set[tuple[int, int]] = field(default_factory=set)


class Sampler:
    """Picks the frames that tell of a device's clock: real-time data sent as they were made, one in a while."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def take(self, device: int, body: bytes, at: int, record: Record, arrived: Arrived) -> None:
        """One frame of real-time data; ``at``: the instant it tells, seconds since the epoch."""
        received = record.received // _SECOND
        if 0 <= received - self._last.get(device, -EVERY) < EVERY or _is_kept_back(body):
            return
        self._last[device] = received
        gap = max(-_FURTHEST, min(received - at, _FURTHEST))
        arrived.seen.append(Seen(device, received, gap, record.address))


def _is_kept_back(body: bytes) -> bool:
    """Whether the device made the frame well after the instant that it tells: by its own clock, so far as it says."""
    if not body.startswith(_QN):
        return False
    begin = body.find(b"DataTime=")
    sent, told = body[3 : 3 + _QN_DIGITS], body[begin + 9 : begin + 9 + _QN_DIGITS]
    if not (sent.isdigit() and told.isdigit()) or sent[:8] != told[:8]:
        # Over midnight hours are not compared: two minutes of a day are no loss.
        return sent[:8] != told[:8]
    return _of_day(sent) - _of_day(told) > KEPT_BACK


def _of_day(digits: bytes) -> int:
    return int(digits[8:10]) * HOUR + int(digits[10:12]) * 60 + int(digits[12:14])


class Arrivals:
    """Gathers what batches tell and tells it in a while: nobody waits for a database at each frame."""

    def __init__(self, notes: Notes | None) -> None:
        self._notes = notes
        self._gaps: dict[tuple[int, int], tuple[list[int], Address]] = {}
        self._fresh: set[tuple[int, int]] = set()
        #: (number, whether it is a point's) → hours of the first and the last.
        self._late: dict[tuple[int, bool], tuple[int, int]] = {}
        self._told_late: dict[tuple[int, bool], float] = {}
        self._told = 0.0

    def hear(self, arrived: Arrived, now: float) -> None:
        """What a batch told. Raises what the door raises: then the batch is begun again."""
        if self._notes is None:
            return
        for each in arrived.seen:
            key = (each.device, each.received // HOUR)
            gaps, _place = self._gaps.setdefault(key, ([], each.place))
            if len(gaps) < MOST:
                gaps.append(each.gap)
                self._fresh.add(key)
        for told, is_point in ((arrived.late, False), (arrived.late_points, True)):
            for number, hour in told:
                first, last = self._late.get((number, is_point), (hour, hour))
                self._late[number, is_point] = (min(first, hour), max(last, hour))
        # What comes first of an outlet is told at once: whoever closes amounts looks at what came lately again.
        if any(now - self._told_late.get(key, 0.0) >= TELL_SECONDS for key in self._late):
            self._tell_late(now)

    def see_to(self, now: float, *, is_last: bool = False) -> None:
        """Tells what was gathered, where it is time or the last time."""
        if self._notes is None or not (is_last or now - self._told >= TELL_SECONDS):
            return
        self._told = now
        if self._late:
            self._tell_late(now)
        if self._fresh:
            self._notes.clocks([_told(key, *self._gaps[key]) for key in sorted(self._fresh)])
            self._fresh.clear()
        before = int(now) // HOUR - 1
        self._gaps = {key: gaps for key, gaps in self._gaps.items() if key[1] >= before or key in self._fresh}

    def _tell_late(self, now: float) -> None:
        assert self._notes is not None
        late = sorted(self._late.items())
        self._notes.late([LateTold(number, *span, is_point=is_point) for (number, is_point), span in late], now)
        self._told_late |= dict.fromkeys(self._late, now)
        self._late.clear()


def _told(key: tuple[int, int], gaps: list[int], place: Address) -> ClockTold:
    low, middle, high = quantiles(gaps, n=4, method="inclusive") if len(gaps) > 1 else [gaps[0]] * 3
    return ClockTold(key[0], key[1] * HOUR, len(gaps), round(middle), round(low), round(high), place)
