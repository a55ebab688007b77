"""按页面设置转报: passing on as the site's pages say: which platforms, started or stopped, what is to go again.

What the pages say is read anew each round, and before each unit: who stops a platform need not stop anything else. Each
platform has a folder of its own and goes at its own pace.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.utils import timezone

from shuangkong.gateway.collector.apart import apart
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import VALID_WAYS, Centre, Uplink
from shuangkong.gateway.uplink.running import ROUND, line_of, with_site
from shuangkong.gateway.uplink.taking import file_of, forget, take, units
from shuangkong.gateway.uplink.visiting import Hindered, visit
from shuangkong.protocols.nhjc.messages import FORMAT
from shuangkong.protocols.nhjc.profile import Auth, Profile
from shuangkong.records.monitoring.secrets import opened
from shuangkong.records.monitoring.uploads.higher_states import (
    Seen,
    keep_state,
    platform_on,
    platforms_on,
    set_done,
    waiting_orders,
)
from shuangkong.records.monitoring.uploads.models import HigherPlatform
from shuangkong.records.monitoring.uploads.passing import PassedUnit

#: Of refused figures that a page shows of a unit.
MOST_REFUSED = 20


def round_of(
    number: int, folder: Path, clock: Callable[[], datetime], *, forgets: bool = False
) -> tuple[Hindered, ...] | None:
    """Takes, sends and keeps how it stands, once; None where the platform is not started. ``clock`` gives local time.

    ``forgets``: first drops what the platform accepted and the settings keep no longer.
    """
    platform = platform_on(number)
    if platform is None:
        return None
    own = folder / str(number)
    settings = settings_of(platform, own)
    [centre] = settings.centres
    take(settings, own)
    _owe_again(platform, settings, centre, own, clock())
    if forgets:
        forget(settings, own, clock())

    def seen(unit: PassedUnit, kept: Kept) -> bool:
        keep_state(number, unit.enterprise, _seen(kept, centre))
        return platform_on(number) is not None

    told = visit(settings, centre, own, clock(), seen)
    return tuple(Hindered(platform.name, each.unit, each.credit_code, each.reason) for each in told)


async def pass_on_configured(folder: Path, clock: Callable[[], datetime], tell: Callable[[str], None]) -> None:
    """Passes on to every platform that is started, until cancelled; ``tell`` as of ``pass_on``."""
    running: dict[int, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as tasks:
        while True:
            found: list[int] = []
            await apart(partial(with_site, partial(_note_started, found), tell), "platforms")
            for number in found:
                if number not in running or running[number].done():
                    running[number] = tasks.create_task(_keep_on(number, folder, clock, tell))
            await asyncio.sleep(ROUND)


def settings_of(platform: HigherPlatform, folder: Path) -> Uplink:
    """The settings as the sending knows them; its authority's certificate is written into the folder.

    The files of a platform know it by its address, since its name may change: another address is another platform,
    which is registered with anew and has accepted nothing yet.
    """
    ca = folder / "ca.pem"
    if platform.ca:
        folder.mkdir(parents=True, exist_ok=True)
        ca.write_text(platform.ca, encoding="utf-8")
    profile = Profile(
        platform.name, Auth(platform.auth), is_dashed=platform.is_dashed, valid=VALID_WAYS[platform.valid]
    )
    centre = Centre(
        platform.register_url, platform.register_url, profile, time.fromisoformat(platform.day_time),
        opened(platform.token), str(ca) if platform.ca else "",
    )  # fmt: skip
    return Uplink(
        platform.keep_days, tuple(platform.units.split()), platform.with_fictional, (centre,), platform.region.path
    )


def _note_started(found: list[int]) -> None:
    found.extend(each.pk for each in platforms_on())


def _owe_again(platform: HigherPlatform, settings: Uplink, centre: Centre, folder: Path, now: datetime) -> None:
    """Takes up orders to send anew. What was forgotten since is taken from the site again at the next round."""
    for order in waiting_orders(platform.pk):
        since, count = datetime.combine(order.since, time()), 0
        for unit in units(settings):
            if order.enterprise_id in (None, unit.enterprise):
                with closing(Kept(file_of(unit, folder))) as kept:
                    count += kept.owe_again(centre.name, since)
                    if since < now - timedelta(days=settings.keep_days):
                        kept.forget_bookmarks()
        set_done(order, count)


def _seen(kept: Kept, centre: Centre) -> Seen:
    session, (accepted, owed, aside) = kept.session(centre.name), kept.counts(centre.name)
    refused = [
        {"code": each.code, "every": int(each.amount.every), "starts": each.amount.starts.strftime(FORMAT),
         "value": f"{each.amount.value:f}"}
        for each in kept.refused(centre.name, MOST_REFUSED)
    ]  # fmt: skip
    next_at = timezone.make_aware(session.not_before) if session.not_before else None
    told = json.dumps(refused, ensure_ascii=False) if refused else ""
    return Seen(session.step.value, accepted, owed, aside, session.reason, told, next_at)


async def _keep_on(number: int, folder: Path, clock: Callable[[], datetime], tell: Callable[[str], None]) -> None:
    is_on, forgotten = True, None

    def work() -> None:
        nonlocal is_on, forgotten
        today = clock().date()
        told = round_of(number, folder, clock, forgets=forgotten != today)
        is_on, forgotten = told is not None, today
        for each in told or ():
            tell(line_of(each))

    while is_on:
        await apart(partial(with_site, work, tell), f"platform {number}")
        await asyncio.sleep(ROUND)
