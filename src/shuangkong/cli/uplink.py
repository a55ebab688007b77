"""转报：把用能单位报到本站的数、污染源设备的报文，报给上级平台，直到收下。

Passes on what units told this site, and frames of devices, to platforms above until they are accepted.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shuangkong.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from shuangkong.gateway.collector.plan import Uplink


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "settings",
        type=Path,
        nargs="?",
        help="转报的设置，TOML；不写的，按网站页面上的设置 (see docs/collector.md; none: as the site's pages say)",
    )
    parser.add_argument(
        "--kept", type=Path, metavar="DIR", help="留存在哪个文件夹，默认 var/uplink (where what was accepted is kept)"
    )
    parser.add_argument(
        "--gateway-folder", type=Path, metavar="DIR",
        help="采集网关的文件夹，默认 var/gateway：报文从它的日志转发 (the gateway's: frames are read from its log)",
    )  # fmt: skip
    parser.add_argument("--once", action="store_true", help="取数、上报各一次就停 (take and send once)")


def run(args: argparse.Namespace) -> int:
    """0 stopped as asked, 1 sent once and a platform did not take all; refuses settings that cannot be used."""
    from shuangkong.gateway.collector.plan import PlanRefused, read_uplink

    try:
        settings = read_uplink(args.settings) if args.settings is not None else None
    except PlanRefused as refused:
        raise CommandRefused("UPL-001", refused.zh, refused.en) from None
    from shuangkong.cli.site import open_site

    open_site()
    from django.conf import settings as of_site

    folder: Path = args.kept or of_site.VAR / "uplink"
    log = (args.gateway_folder or of_site.VAR / "gateway") / "evidence"
    if args.once:
        return _once_configured(folder, log) if settings is None else _once(settings, folder)
    asyncio.run(_work(settings, folder, log))
    return 0


def _now() -> datetime:
    """Local time of the site, as messages carry it."""
    from django.utils import timezone

    return timezone.localtime().replace(tzinfo=None)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _once(settings: Uplink, folder: Path) -> int:
    from shuangkong.gateway.uplink.running import line_of, pass_on_once

    taken, hindered = pass_on_once(settings, folder, _now)
    for each in hindered:
        print(line_of(each))
    print(f"新取 {taken} 个数，{len(hindered)} 家未收 ({taken} figures taken, {len(hindered)} units not accepted)")
    return 1 if hindered else 0


def _once_configured(folder: Path, log: Path) -> int:
    from shuangkong.gateway.uplink.configured import round_of
    from shuangkong.gateway.uplink.running import line_of
    from shuangkong.records.monitoring.uploads.higher_states import platforms_on

    hindered = [each for platform in platforms_on() for each in round_of(platform.pk, folder, _now) or ()]
    for each in hindered:
        print(line_of(each))
    print(f"{len(hindered)} 家未收 ({len(hindered)} units not accepted)")
    left = _relay_once(folder, log)
    return 1 if hindered or left else 0


def _relay_once(folder: Path, log: Path) -> int:
    """Frames to every platform that takes such; how many still wait."""
    from shuangkong.gateway.relay.running import Relay, line_of
    from shuangkong.records.monitoring.uploads.higher_fields import Kind
    from shuangkong.records.monitoring.uploads.higher_states import platforms_on

    waiting = 0
    for platform in platforms_on(Kind.FRAMES):
        relay = Relay(platform.pk, folder, log)
        while relay.round() and relay.is_waiting:
            pass
        owed, _aside = relay.outbox.counts()
        waiting += owed
        if relay.sender.reason:
            print(line_of(platform.name, relay.sender.reason))
        print(f"{platform.name}：还有 {owed} 条报文没有收下 ({owed} frames not accepted)")
        relay.close()
    return waiting


async def _work(settings: Uplink | None, folder: Path, log: Path) -> None:
    from shuangkong.gateway.uplink.running import pass_on

    passing = _as_pages_say(folder, log) if settings is None else pass_on(settings, folder, _now, _tell)
    loop, work = asyncio.get_running_loop(), asyncio.ensure_future(passing)
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return


async def _as_pages_say(folder: Path, log: Path) -> None:
    from shuangkong.gateway.relay.running import relay_configured
    from shuangkong.gateway.uplink.configured import pass_on_configured

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pass_on_configured(folder, _now, _tell))
        tasks.create_task(relay_configured(folder, log, _tell))
