"""A passing on at work: what came is taken into the files, each centre visited, each at its own pace."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from django.db import OperationalError, connections

from shuangkong.gateway.collector.apart import apart
from shuangkong.gateway.collector.plan import Centre, Uplink
from shuangkong.gateway.uplink.taking import forget, take
from shuangkong.gateway.uplink.visiting import Hindered, visit

#: Seconds between rounds.
ROUND = 60.0


def pass_on_once(settings: Uplink, folder: Path, clock: Callable[[], datetime]) -> tuple[int, tuple[Hindered, ...]]:
    """Takes and visits once; how many figures came, and whose a centre does not take. ``clock`` gives local time."""
    taken = take(settings, folder)
    return taken, tuple(each for centre in settings.centres for each in visit(settings, centre, folder, clock()))


async def pass_on(settings: Uplink, folder: Path, clock: Callable[[], datetime], tell: Callable[[str], None]) -> None:
    """Takes and visits until cancelled; a centre that stalls holds up neither taking nor another centre.

    ``tell`` is told, from other threads, whose figures a centre does not take, and that the site's database is busy.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_keep_taking(settings, folder, clock, tell))
        for centre in settings.centres:
            tasks.create_task(_keep_visiting(settings, centre, folder, clock, tell))


async def _keep_taking(
    settings: Uplink, folder: Path, clock: Callable[[], datetime], tell: Callable[[str], None]
) -> None:
    forgotten: date | None = None
    while True:
        now = clock()
        await apart(partial(with_site, partial(take, settings, folder), tell), "taking")
        if now.date() != forgotten:
            await apart(partial(with_site, partial(forget, settings, folder, now), tell), "forgetting")
            forgotten = now.date()
        await asyncio.sleep(ROUND)


async def _keep_visiting(
    settings: Uplink, centre: Centre, folder: Path, clock: Callable[[], datetime], tell: Callable[[str], None]
) -> None:
    def work() -> None:
        for each in visit(settings, centre, folder, clock()):
            tell(line_of(each))

    while True:
        await apart(partial(with_site, work, tell), centre.name)
        await asyncio.sleep(ROUND)


def with_site(work: Callable[[], object], tell: Callable[[str], None]) -> None:
    """Does the work with a connection to the site's database of its own; what cannot be used now, a busy database or a
    full disk, is tried next time and holds up no other platform.
    """
    try:
        work()
    except OperationalError as fault:
        tell(f"UPL-901 数据库暂不可用：{fault}。下次再报。The database cannot be used now.")
    except (OSError, sqlite3.Error) as fault:
        tell(f"UPL-902 转报的文件暂不可用：{fault}。请看磁盘；下次再报。The files of passing on cannot be used now.")
    finally:
        connections.close_all()


def line_of(hindered: Hindered) -> str:
    """What is said of a unit whose figures a centre does not take."""
    return (
        f"UPL-010 {hindered.centre}未收 {hindered.unit}（{hindered.credit_code}）的数：{hindered.reason}。过后再报。"
        " Not accepted; sent again later."
    )
