"""补数: asks devices for periods that have not come: the oldest first, a few at a time, a few times each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.gaps import Bounds, Runs, cut, due, joined, kept, lacking, spanned, step_of
from shuangkong.gateway.consuming.keeping import Keeping
from shuangkong.gateway.consuming.times import local_time
from shuangkong.monitoring.supplement import SupplementRule
from shuangkong.protocols.hj212.codes import Codes

HOUR, DAY = 3600, 86_400
#: Period of a command → the length of its periods, 0 where the device's own data tell.
STEPS = {"minute": 0, "hour": HOUR, "day": DAY}
#: A device that has not been heard for so long is not asked: it would not hear.
HEARD_SECONDS = 900
#: Period of a command → how many periods one order asks for.
_PERIODS = {"minute": 36, "hour": 24, "day": 10}


class Orders(Protocol):
    """Where what is asked of devices is queued. May wait for a database."""

    def ask(self, device: int, command: str, first: datetime, last: datetime) -> None:
        """Asks a device for the periods that begin from ``first`` to ``last``, times of the offices' clock."""
        ...


def bounds_of(rule: SupplementRule) -> Mapping[str, Bounds]:
    """Period of a command → how much of its periods is asked for."""
    return {
        period: Bounds(
            tries=rule.tries,
            wait=rule.wait.total_seconds(),
            grace=(rule.day_grace if period == "day" else rule.grace).total_seconds(),
            periods=periods,
        )
        for period, periods in _PERIODS.items()
    }


@dataclass(slots=True)
class Covered:
    """Which periods of one device and command have come."""

    step: int
    runs: Runs


class Supplement:
    """Follows which periods came and asks for those that lack.

    Args:
        rule: how far back is asked for, how often and when.
    """

    def __init__(self, keeping: Keeping, codes: Codes, zone: ZoneInfo, rule: SupplementRule) -> None:
        self._keeping, self._zone, self._reach = keeping, zone, int(rule.reach.total_seconds())
        self._bounds = bounds_of(rule)
        self._periods = {cn: period for cn, period in codes.periods().items() if period in STEPS}
        self._covered = {key: Covered(step, runs) for key, (step, runs) in keeping.covered().items()}
        self._heard: dict[str, float] = {}
        self._changed: set[tuple[str, str]] = set()

    def hear(self, heard: Mapping[tuple[str, str], list[int]], now: float) -> None:
        """Periods have come; (device, command) → their starts, seconds UTC."""
        for key, starts in heard.items():
            mn, command = key
            self._heard[mn] = now
            period = self._periods.get(command)
            if period is not None and STEPS[period]:
                # Of an hour that begins at 10:25 the clock is wrong: it is none of those that are due.
                starts = [each for each in starts if (each + self._shift(each)) % STEPS[period] == 0]
            if period is None or not starts:
                continue
            held = self._covered.get(key)
            step = STEPS[period] or step_of(starts + _starts(held), held.step if held else 0)
            if held is None or held.step != step:
                held = self._covered[key] = Covered(step, _restepped(held, step))
            if not step:
                # One period alone does not tell how long they are; it is remembered by its second.
                held.runs = joined(held.runs, starts)
            else:
                low = (int(now) - self._reach) // step
                held.runs = kept(joined(held.runs, self._numbers(starts, step)), low)
            self._changed.add(key)

    def changed(self) -> dict[tuple[str, str], tuple[int, Runs]]:
        """What changed since this was last asked, as it is kept."""
        told = {key: (self._covered[key].step, self._covered[key].runs) for key in self._changed}
        self._changed = set()
        return told

    def ask(self, devices: Mapping[str, Device], orders: Orders, now: float) -> int:
        """Asks for what lacks; how many orders were queued."""
        count = 0
        for (mn, command), held in self._covered.items():
            device = devices.get(mn)
            is_heard = now - self._heard.get(mn, 0.0) <= HEARD_SECONDS
            spell = device.spell_then(int(now)) if device else None
            if device is None or spell is None or not held.step or not is_heard:
                continue
            bounds = self._bounds[self._periods[command]]
            every = spell.every if held.step == HOUR else 1
            for first, last in self._due(mn, command, held, bounds, now, every):
                begin, end = (self._start(number, held.step) for number in (first, last))
                orders.ask(device.id, command, local_time(begin, self._zone), local_time(end, self._zone))
                self._keeping.ask(mn, command, first, last, now)
                count += 1
        self._keeping.forget_asked(now - 2 * self._reach)
        return count

    def _due(self, mn: str, command: str, held: Covered, bounds: Bounds, now: float, every: int) -> Runs:
        """Pieces to ask for; of a span of ``every`` periods one is enough, and it is asked for when it is over."""
        low = self._number(int(now) - self._reach, held.step) + 1
        high = self._number(int(now - bounds.grace), held.step) // every * every - 1
        pieces = cut(lacking(spanned(held.runs, every), low, high), replace(bounds, orders=bounds.orders * 8))
        told: Runs = []
        for piece in pieces:
            told += due(piece, self._keeping.asked(mn, command, *piece), bounds, now)
        return told[: bounds.orders]

    def _numbers(self, starts: list[int], step: int) -> set[int]:
        first, last = self._shift(min(starts)), self._shift(max(starts))
        if first == last:
            return {(start + first) // step for start in starts}
        return {self._number(start, step) for start in starts}

    def _number(self, start: int, step: int) -> int:
        """Periods of a day begin at the offices' midnight."""
        return (start + self._shift(start)) // step

    def _start(self, number: int, step: int) -> int:
        local = number * step
        return local - self._shift(local)

    def _shift(self, moment: int) -> int:
        offset = datetime.fromtimestamp(moment, self._zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())


def _starts(held: Covered | None) -> list[int]:
    return [] if held is None or held.step else [second for run in held.runs for second in run]


def _restepped(held: Covered | None, step: int) -> Runs:
    """Runs of another length of periods begin anew: what came by the old one cannot be told by the new."""
    return [] if held is None or held.step or not step else joined([], (second // step for second, _ in held.runs))
