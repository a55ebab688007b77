"""采集器：轮询表计、本地留存、上传到各中心。 Polls a unit's meters, keeps what they show, uploads to its centres."""

from __future__ import annotations

import argparse
import asyncio
import signal
from datetime import datetime
from pathlib import Path

from shuangkong.cli.refusal import CommandRefused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("plan", type=Path, help="采集器的设置，TOML (settings; see docs/collector.md)")
    parser.add_argument(
        "--kept", type=Path, default=Path("var/collector.db"), help="留存在哪个文件 (where all is kept)"
    )
    parser.add_argument("--once", action="store_true", help="轮询、上传各一次就停 (poll and upload once)")


def run(args: argparse.Namespace) -> int:
    """0 stopped as asked; refuses settings that cannot be used."""
    from shuangkong.gateway.collector.keeping import Kept
    from shuangkong.gateway.collector.plan import PlanRefused, read_plan

    try:
        plan = read_plan(args.plan)
    except PlanRefused as refused:
        raise CommandRefused("COL-001", refused.zh, refused.en) from None
    kept = Kept(args.kept)
    try:
        asyncio.run(_work(plan, kept, args.once))
    finally:
        kept.close()
    return 0


async def _work(plan: object, kept: object, once: bool) -> None:
    from shuangkong.gateway.collector.running import collect

    loop, work = (
        asyncio.get_running_loop(),
        asyncio.ensure_future(
            collect(plan, kept, datetime.now, once)  # type: ignore[arg-type]
        ),
    )
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return
