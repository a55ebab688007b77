"""When a station says what: live by the clock, as history as fast as it is acknowledged, or evenly at a rate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta

from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.playing import EVERYTHING, said_between, said_on

#: How far ahead a live station makes up its messages.
AHEAD = timedelta(minutes=10)


async def live(
    station: Station, clock: Callable[[], datetime], words: tuple[str, ...] = EVERYTHING
) -> AsyncIterator[list[bytes]]:
    """Yields what the station says from now on, each message when it is due; never ends."""
    done = clock()
    # Not all at one moment: each station begins its stretches at a second of its own.
    until = done + timedelta(seconds=station.site.number % int(AHEAD.total_seconds()) + 1)
    while True:
        for said in said_between(station.now_is(), done, until, words):
            await _sleep_until(said.at, clock)
            frames = station.frames(said)
            if frames:
                yield frames
        await _sleep_until(until, clock)
        done, until = until, until + AHEAD


async def _sleep_until(at: datetime, clock: Callable[[], datetime]) -> None:
    left = (at - clock()).total_seconds()
    if left > 0:
        await asyncio.sleep(left)


async def history(
    station: Station, first: date, last: date, words: tuple[str, ...], until: datetime | None = None
) -> AsyncIterator[list[bytes]]:
    """Yields what the station would have said of the days from ``first`` to ``last``, in turn and at once.

    Args:
        until: nothing that would be said after it.
    """
    day = first
    while day <= last:
        for said in said_on(station.now_is(), day, words):
            if until is not None and said.at > until:
                continue
            frames = station.frames(said)
            if frames:
                yield frames
        # Making up a day takes a while: the other stations have a turn in between.
        await asyncio.sleep(0)
        day += timedelta(days=1)


class Rate:
    """Lets so many frames a second go, all stations together, whether answers come or not (open loop)."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Returns when the next frame may go; who comes late does not make up for it with a rush of its own."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._next = max(self._next + self._gap, now - 0.1)
        if self._next > now:
            await asyncio.sleep(self._next - now)


async def at_rate(source: AsyncIterator[list[bytes]], rate: Rate) -> AsyncIterator[list[bytes]]:
    """Yields the frames of ``source`` one by one, at ``rate``."""
    async for frames in source:
        for frame in frames:
            await rate.turn()
            yield [frame]


async def both(first: AsyncIterator[list[bytes]], then: AsyncIterator[list[bytes]]) -> AsyncIterator[list[bytes]]:
    """Yields ``first`` to its end, and ``then`` after it."""
    async for frames in first:
        yield frames
    async for frames in then:
        yield frames
