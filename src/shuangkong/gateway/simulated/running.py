"""All stations of a cast on their lines, until they are done or stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from time import perf_counter

from shuangkong.gateway.simulated.counts import Counts
from shuangkong.gateway.simulated.line import Address, Line
from shuangkong.gateway.simulated.pacing import Rate, at_rate, both, history, live
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.playing import EVERYTHING, MEANS, METER_HOURS, METER_WORDS
from shuangkong.monitoring.simulated.site import Kind, Site
from shuangkong.protocols.hj212.codes import Codes

#: The zone of the stations' clocks; the offices here keep no summer time.
ZONE = timezone(timedelta(hours=8))
HISTORY_WINDOW = 16
_CUT_EVERY = 17
_CONNECTS_A_SECOND = 1_000


@dataclass(frozen=True, slots=True)
class Play:
    """What is played.

    Attributes:
        first, last: days of history; None: none.
        is_live: go on by the clock, after the history if there is one.
        minutes_from: first day of which the history tells minutes; None: all of it does.
        words: names of the commands that are sent; empty: all live ones, and the means of history.
        rate: frames a second, all together, whether they are acknowledged or not; 0: history as fast as acknowledged.
        seconds: how long at most; 0: until done or stopped.
        report_s: seconds between two lines of counts; 0: only the last.
    """

    first: date | None = None
    last: date | None = None
    is_live: bool = True
    words: tuple[str, ...] = ()
    rate: float = 0.0
    seconds: float = 0.0
    report_s: float = 10.0
    minutes_from: date | None = None


def station_clock() -> datetime:
    """The time that the stations' clocks should show."""
    return datetime.now(ZONE).replace(tzinfo=None)


async def run_cast(
    sites: Sequence[Site],
    codes: Codes,
    address: Address,
    play: Play,
    say: Callable[[str], None],
    beside: Sequence[Callable[[Counts], Coroutine[None, None, None]]] = (),
) -> Counts:
    """Plays the sites against a gateway; returns the counts when they are done, the time is over or a signal came.

    Args:
        beside: what else runs and counts meanwhile, such as uploads of meters.
    """
    counts, begun = Counts(), perf_counter()
    rate = Rate(play.rate) if play.rate else None
    window = 0 if play.rate or play.first is None else HISTORY_WINDOW

    async def one(site: Site) -> None:
        station = Station(site, codes)
        source = _source(station, play)
        if rate is not None:
            source = at_rate(source, rate)
        line = Line(
            station, codes, counts, station_clock, window=window, is_cut=site.number % _CUT_EVERY == _CUT_EVERY - 1
        )
        # Not all of them knock at once: the door has only so much room.
        await asyncio.sleep(site.number / _CONNECTS_A_SECOND)
        await line.run(address, source)

    tasks = [asyncio.ensure_future(one(site)) for site in sites]
    tasks += [asyncio.ensure_future(each(counts)) for each in beside]
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, stopped.set)
    await _until_over(tasks, stopped, play, counts, begun, say)
    for task in tasks:
        task.cancel()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    say(counts.line(perf_counter() - begun))
    for fault in told:
        if isinstance(fault, Exception):
            raise fault
    return counts


def _source(station: Station, play: Play) -> AsyncIterator[list[bytes]]:
    if play.first is None or play.last is None:
        return live(station, station_clock, play.words or EVERYTHING)
    is_meter = station.site.kind is Kind.METER
    words, first, until = play.words or (METER_WORDS if is_meter else tuple(MEANS)), play.first, station_clock()
    past = history(station, max(first, play.minutes_from or first), play.last, words, until=until)
    if play.minutes_from is not None and first < play.minutes_from:
        coarse = tuple(word for word in words if word != "minute_data")
        coarse = METER_HOURS if is_meter and words == METER_WORDS else coarse
        past = both(history(station, first, play.minutes_from - timedelta(days=1), coarse, until=until), past)
    return both(past, live(station, station_clock, EVERYTHING)) if play.is_live else past


async def _until_over(
    tasks: Sequence[asyncio.Future[None]],
    stopped: asyncio.Event,
    play: Play,
    counts: Counts,
    begun: float,
    say: Callable[[str], None],
) -> None:
    finished = asyncio.ensure_future(asyncio.wait(tasks))
    halted = asyncio.ensure_future(stopped.wait())
    try:
        while not (finished.done() or halted.done()):
            left = play.seconds - (perf_counter() - begun) if play.seconds else None
            if left is not None and left <= 0:
                return
            pause = min(filter(None, (play.report_s or None, left)), default=None)
            await asyncio.wait((finished, halted), timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            if play.report_s and not finished.done():
                say(counts.line(perf_counter() - begun))
    finally:
        finished.cancel()
        halted.cancel()
