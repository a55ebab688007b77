"""判定在线监测数据：超标、断数、恒值、突变、矛盾，办到期的升级（judge the readings of monitoring）。

读数库要在运行。运行多少次，结果都一样；用 --every 一直运行。
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import timedelta
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=_whole, default=3, metavar="N", help="往回看几天，默认 3 (how many days back)")
    parser.add_argument(
        "--every", type=_whole, metavar="SECONDS", help="每隔多少秒判定一次，直到被停止 (again and again until stopped)"
    )


def _whole(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"应为 1 到 86400 的整数，实为 {text}。Expected 1 to 86400.")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """0 done, 1 the store did not answer."""
    from shuangkong.cli.site import open_site

    open_site()
    back = timedelta(days=args.days)
    if not args.every:
        return _once(back)
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    while not stopped.is_set():
        _once(back)
        stopped.wait(args.every)
    return 0


def _once(back: timedelta) -> int:
    from django.db import OperationalError, close_old_connections

    from shuangkong.readings.wire.client import StoreDown, StoreRefused
    from shuangkong.web.monitoring.automatic import mark_due
    from shuangkong.web.monitoring.judging import judge
    from shuangkong.web.monitoring.pushing import push_waiting

    close_old_connections()
    try:
        mark_due()
        push_waiting()
        found = judge(back)
    except (StoreDown, StoreRefused) as fault:
        print(f"MON-900 读数库没有应答：{fault}。下次再判。The store does not answer.", file=sys.stderr, flush=True)
        return 1
    except OperationalError as fault:
        print(f"MON-901 数据库暂不可用：{fault}。下次再判。The database is busy.", file=sys.stderr, flush=True)
        return 1
    print(
        f"判定 {found.outlets} 个排放口，新报警 {found.new}，升降级 {found.moved}"
        f" ({found.outlets} outlets judged, {found.new} new alarms, {found.moved} moved)",
        flush=True,
    )
    return 0
