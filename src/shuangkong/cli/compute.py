"""核算：把结果更新到与已录入的数一致，只算有变化的 (bring results up to date with what was told).

规则有变，或加 --all，全部重算。加 --sums，先把几家合报的地区数重新相加，纠正加错的。重复运行不会改变结果。
"""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="全部重算，登记册变更后用 (everything anew)")
    parser.add_argument("--sums", action="store_true", help="先重加几家合报的地区数 (sums of returns first)")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Always 0: results are what they are."""
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.records.indicators.computing import compute
    from shuangkong.records.reporting.reminding import CLOCK
    from shuangkong.records.reporting.resumming import resum

    if args.sums:
        looked, healed = resum(CLOCK)
        if not args.json:
            print(f"合报的地区数：看过 {looked} 份报表 returns，纠正 {healed} 处 told anew。")
    done = compute(is_whole=args.all)
    if args.json:
        at = done.computed_at and done.computed_at.isoformat()
        said = {"cells": done.cells, "changed": done.changed, "one_by_one": done.one_by_one, "is_whole": done.is_whole}
        said["is_overtaken"] = done.is_overtaken
        print(json.dumps(said | {"rulebook": done.rulebook, "computed_at": at}, indent=1))
    elif done.is_overtaken:
        print("另一次核算已接手，由它算完。Another computation has taken over and does what this one was to do.")
    elif done.computed_at is None:
        print("没有新的数，结果已是最新。Nothing new was told; results are up to date.")
    else:
        scope = "全部 everything" if done.is_whole else "有变化的 what changed"
        counted = f"看过 {done.cells} 项 cells，有变 {done.changed} 项 changed，逐个 {done.one_by_one} 项 one by one"
        print(f"核算范围 {scope}：{counted}；规则版本 {done.rulebook}。")
    return 0
