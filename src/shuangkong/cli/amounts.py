"""核算在线监测的排放量和用能量：按月结算，入库为指标数据（close what outlets emitted and meters counted, by month）。

读数库要在运行。运行多少次，结果都一样：补传的数据或标记改变了结果时才记新版本。
"""

from __future__ import annotations

import argparse
import sys
from datetime import date


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--month", type=_month, action="append", metavar="YYYY-MM",
        help="哪个月，可写多个；不写为近几个月中待结的 (which month; without it those of late that are due)",
    )  # fmt: skip


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"应为 YYYY-MM，实为 {text}。Expected YYYY-MM.") from None


def run(args: argparse.Namespace) -> int:
    """0 done, 1 the store or the database did not answer."""
    from django.db import OperationalError

    from shuangkong.cli.site import open_site
    from shuangkong.readings.wire.client import StoreDown, StoreRefused

    open_site()
    from shuangkong.web.monitoring import closing, metered_closing
    from shuangkong.web.monitoring.evaluating import evaluate_due
    from shuangkong.web.monitoring.rate_closing import close_rates_due
    from shuangkong.web.monitoring.rate_facts import tell_rates_due

    try:
        done, metered = (
            [room.close(each) for each in args.month] if args.month else [room.close_due(sys.maxsize)]
            for room in (closing, metered_closing)
        )
        if not args.month:
            close_rates_due(sys.maxsize, sys.maxsize)
        environment, rates = (0, 0) if args.month else (evaluate_due(), tell_rates_due())
    except (StoreDown, StoreRefused) as fault:
        print(f"MON-900 读数库没有应答：{fault}。下次再结。The store does not answer.", file=sys.stderr, flush=True)
        return 1
    except OperationalError as fault:
        print(f"MON-901 数据库暂不可用：{fault}。下次再结。The database is busy.", file=sys.stderr, flush=True)
        return 1
    for runs, zh, en in ((done, "排放口", "outlets"), (metered, "计量器具", "meters")):
        months, kept, told = (sum(getattr(each, name) for each in runs) for name in ("months", "kept", "told"))
        print(
            f"核算 {months} 个{zh}月，新版本 {kept}，入库 {told}"
            f" ({months} {en}' months reckoned, {kept} new versions, {told} figures told)",
            flush=True,
        )
    print(f"空气站和断面评价，入库 {environment} ({environment} figures of air stations and sections told)", flush=True)
    print(f"有效传输率，入库 {rates} ({rates} transmission rates told)", flush=True)
    return 0
