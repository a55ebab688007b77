"""统计对象：登记单位，纳入退出统计范围，更名合并分立，撤销记错的，都记入日志 (units, scopes, what became of them)."""

from __future__ import annotations

import argparse
import getpass
from datetime import date

from shuangkong.cli.refusal import CommandRefused

_ACTS = ("register", "enter", "leave", "rename", "merge", "split", "withdraw")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "act", choices=_ACTS,
        help="register 登记、enter 纳入、leave 退出、rename 更名、merge 合并、split 分立、withdraw 撤销 --was 那一项",
    )  # fmt: skip
    parser.add_argument("code", help="单位代码；更名、合并、分立的为前身")
    parser.add_argument("--into", default="", help="后来的单位代码（更名、合并、分立）")
    parser.add_argument("--name", default="", help="名称（登记）")
    parser.add_argument("--region", default="", help="所在地区代码（登记）")
    parser.add_argument("--scope", default="above_designated_size", help="统计范围（默认规模以上）")
    parser.add_argument("--on", type=date.fromisoformat, help="自何日起 YYYY-MM-DD")
    parser.add_argument("--was", choices=_ACTS[:-1], help="撤销的是哪一项（其余同记错的那一项）")
    parser.add_argument("--ground", required=True, help="依据文件")
    parser.add_argument("--by", default=getpass.getuser(), help="办理人（默认当前系统用户）")


def run(args: argparse.Namespace) -> int:
    """0 done; 2 refused."""
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.cli.operator import operator
    from shuangkong.records.facts.subject_acts import SubjectAct, told
    from shuangkong.records.refusal import Refused

    said = {
        "code": args.code, "document": args.ground, "name": args.name, "region": args.region, "on": args.on,
        "other": args.into, "scope": args.scope, "was": args.was,
    }  # fmt: skip
    try:
        told(SubjectAct(args.act), said).record(operator(args.by))
    except Refused as refused:
        raise CommandRefused(refused.code, refused.message.zh, refused.message.en) from refused
    print("已登记，记入日志。核算结果在下次核算时按新的沿革更新。Recorded in the journal; results follow.")
    return 0
