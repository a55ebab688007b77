"""A collector at work: every line polled on the stroke of its period, figures made, each centre visited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby

from shuangkong.gateway.collector.amounts import SKEW, amounts, begins
from shuangkong.gateway.collector.forwarding import forward
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import Meter, Plan
from shuangkong.gateway.collector.polling import fetch
from shuangkong.protocols.nhjc.messages import Every

#: How far back figures are made anew: what was shown late, or came after a stop, still counts.
BACK = timedelta(days=40)
#: Seconds between visits to the centres.
ROUND = 60.0


async def collect(plan: Plan, kept: Kept, clock: Callable[[], datetime], once: bool = False) -> None:
    """Polls and forwards until cancelled, or once; ``clock`` gives local time."""
    lines = [list(each) for _, each in groupby(sorted(plan.meters, key=_line), key=_line)]
    if once:
        await asyncio.gather(*(_poll(line, kept, clock()) for line in lines))
        await _visit(plan, kept, clock())
        return
    async with asyncio.TaskGroup() as tasks:
        for line in lines:
            tasks.create_task(_keep_polling(line, kept, clock))
        tasks.create_task(_keep_visiting(plan, kept, clock))


def make_figures(plan: Plan, kept: Kept, now: datetime) -> None:
    """Hours, days and months of every counter, of what has ended by now."""
    first = now - BACK
    for meter in plan.meters:
        for item in meter.items:
            if not item.is_cumulative:
                continue
            code = item.code.plain
            shown = kept.shown(code, begins(first, Every.MONTH) - SKEW, now)
            for every in (Every.REAL_TIME, Every.DAY, Every.MONTH):
                start = max(begins(first, every), shown[0].at - SKEW) if shown else first
                kept.set_figures(code, amounts(shown, every, start, now))


def _line(meter: Meter) -> tuple[str, int]:
    return meter.host, meter.port


async def _poll(line: list[Meter], kept: Kept, at: datetime) -> None:
    for meter in line:
        got = await fetch(meter)
        if got.values:
            kept.add_shown(at, got.values)
        if got.reasons:
            kept.add_silence(meter.name, at, "；".join(got.reasons))


async def _keep_polling(line: list[Meter], kept: Kept, clock: Callable[[], datetime]) -> None:
    every = min(meter.every for meter in line)
    while True:
        now = clock()
        # On the stroke: hours and days end where a showing stands.
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        strokes = int((now - midnight).total_seconds() // every) + 1
        at = min(midnight + timedelta(seconds=strokes * every), midnight + timedelta(days=1))
        await asyncio.sleep(max((at - now).total_seconds(), 0))
        await _poll(line, kept, at)


async def _keep_visiting(plan: Plan, kept: Kept, clock: Callable[[], datetime]) -> None:
    while True:
        await _visit(plan, kept, clock())
        await asyncio.sleep(ROUND)


async def _visit(plan: Plan, kept: Kept, now: datetime) -> None:
    make_figures(plan, kept, now)
    for centre in plan.centres:
        # Few messages a minute: the file and the line may hold the loop for their short while.
        forward(plan, centre, kept, now)
    kept.forget(now - timedelta(days=plan.keep_days))
