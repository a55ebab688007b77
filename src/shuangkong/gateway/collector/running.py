"""A collector at work: every line polled on the stroke of its period, figures made, each centre visited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

from shuangkong.gateway.collector.amounts import SKEW, amounts, begins
from shuangkong.gateway.collector.apart import apart
from shuangkong.gateway.collector.forwarding import forward
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import Centre, Meter, Plan
from shuangkong.gateway.collector.polling import fetch
from shuangkong.protocols.nhjc.messages import Every

#: How far back figures are made anew: what was shown late, or came after a stop, still counts.
BACK = timedelta(days=40)
#: Seconds between visits to the centres.
ROUND = 60.0


async def collect(plan: Plan, kept: Kept, clock: Callable[[], datetime], once: bool = False) -> None:
    """Polls and forwards until cancelled, or once; ``clock`` gives local time.

    Each line, the making of figures, and each centre go at their own pace: one that stalls holds up no other.
    """
    lines = [list(each) for _, each in groupby(sorted(plan.meters, key=_line), key=_line)]
    if once:
        await asyncio.gather(*(_poll(line, kept, clock) for line in lines))
        make_figures(plan, kept, clock() - SKEW)
        for centre in plan.centres:
            forward(plan, centre, kept, clock())
        return
    async with asyncio.TaskGroup() as tasks:
        for line in lines:
            tasks.create_task(_keep_polling(line, kept, clock))
        tasks.create_task(_keep_making(plan, kept.path, clock))
        for centre in plan.centres:
            tasks.create_task(_keep_visiting(plan, centre, kept.path, clock))


def make_figures(plan: Plan, kept: Kept, until: datetime) -> None:
    """Hours, days and months of every counter, of what has ended by then.

    What was read up to the skew later still bounds them: until it is over, nobody knows whether a bound was read.
    """
    first = until - BACK
    for meter in plan.meters:
        for item in meter.items:
            if not item.is_cumulative:
                continue
            code = item.code.plain
            shown = kept.shown(code, begins(first, Every.MONTH) - SKEW, until + SKEW)
            for every in (Every.REAL_TIME, Every.DAY, Every.MONTH):
                start = max(begins(first, every), shown[0].at - SKEW) if shown else first
                kept.set_figures(code, amounts(shown, every, start, until))


def _line(meter: Meter) -> tuple[str, int]:
    return meter.host, meter.port


async def _poll(line: list[Meter], kept: Kept, clock: Callable[[], datetime]) -> None:
    for meter in line:
        got = await fetch(meter, clock)
        if got.values:
            kept.add_shown(got.values)
        if got.reasons:
            kept.add_silence(meter.name, clock(), "；".join(got.reasons))


async def _keep_polling(line: list[Meter], kept: Kept, clock: Callable[[], datetime]) -> None:
    every = min(meter.every for meter in line)
    while True:
        now = clock()
        # On the stroke: hours and days end where a showing stands. It bears the time when it was read, not the stroke.
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        strokes = int((now - midnight).total_seconds() // every) + 1
        at = min(midnight + timedelta(seconds=strokes * every), midnight + timedelta(days=1))
        await asyncio.sleep(max((at - now).total_seconds(), 0))
        await _poll(line, kept, clock)


async def _keep_making(plan: Plan, path: Path, clock: Callable[[], datetime]) -> None:
    forgotten: date | None = None
    while True:
        now = clock()
        await apart(partial(_make, plan, path, now, forgets=now.date() != forgotten), "figures")
        forgotten = now.date()
        await asyncio.sleep(ROUND)


async def _keep_visiting(plan: Plan, centre: Centre, path: Path, clock: Callable[[], datetime]) -> None:
    while True:
        await apart(partial(_visit, plan, centre, path, clock()), centre.name)
        await asyncio.sleep(ROUND)


def _make(plan: Plan, path: Path, now: datetime, *, forgets: bool) -> None:
    with closing(Kept(path)) as kept:
        make_figures(plan, kept, now - SKEW)
        if forgets:
            kept.forget(now - timedelta(days=plan.keep_days), [each.name for each in plan.centres])


def _visit(plan: Plan, centre: Centre, path: Path, now: datetime) -> None:
    with closing(Kept(path)) as kept:
        forward(plan, centre, kept, now)
