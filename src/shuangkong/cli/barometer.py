"""晴雨表：一个地区一期各目标的预警等级和判据 (barometer: levels of a place's targets in a period, with their grounds).

地区写代码；时期写 YYYY、YYYY-H1、YYYY-Q3、YYYY-07、YYYY-C10。只判定，不起草、不公布。
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING

from shuangkong.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from shuangkong.outlook.barometer.issue import Content, Line

_PLACES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("place", metavar="PLACE", help="地区代码")
    parser.add_argument("period", metavar="PERIOD", help="时期")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help="截至哪天录入的数，默认现在 (as known by the end of)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON，连同每一步 (with every step)")


def run(args: argparse.Namespace) -> int:
    """0 nobody is at level 1, 1 somebody is, 2 the question cannot be answered."""
    from shuangkong.cli.site import open_site

    open_site()
    from django.db.models import Q

    from shuangkong.core.period import Period
    from shuangkong.outlook.barometer.issue import as_text
    from shuangkong.outlook.barometer.level import Level
    from shuangkong.records.registry import store as registry
    from shuangkong.web.indicators.place import Place
    from shuangkong.web.outlook.making import judged

    region = registry.region(args.place)
    try:
        period = Period.parse(args.period)
    except ValueError as fault:
        raise CommandRefused("OUT-309", f"时期“{args.period}”读不成。写成 YYYY 或 YYYY-Q3。", str(fault)) from fault
    if region is None:
        raise CommandRefused("OUT-301", f"没有代码为“{args.place}”的地区。", f"No region has the code {args.place}.")
    place = Place(region, registry.paths([region.code])[region.code])
    found = judged(place, period, Q(), as_of=args.as_of)
    if found is None:
        zh = "没有覆盖这一期的有效方案，不能判定。请先读入并采用方案。"
        raise CommandRefused("OUT-310", zh, "No plan in force covers the period: adopt one first.")
    print(json.dumps(json.loads(as_text(found.content)), ensure_ascii=False, indent=1) if args.json
          else _told(found.content))  # fmt: skip
    return 1 if any(line.level is Level.RED for part in found.content.parts for line in part.lines) else 0


def _told(content: Content) -> str:
    out = [f"{content.place} {content.period}"]
    for part in content.parts:
        out += ["", part.name, *(f"  {_said(line)}" for line in part.lines)]
    return "\n".join(out)


def _said(line: Line) -> str:
    from shuangkong.core.rounding import rounded
    from shuangkong.outlook.barometer.level import CAUSES, WORDS

    if line.level is None:
        return f"{line.name}：{CAUSES[line.cause].zh if line.cause else '—'}"
    compared = ["—" if each is None else f"{rounded(each, _PLACES):f}" for each in (line.required, line.achieved)]
    return f"{line.name}：{WORDS[line.level].zh}，要求 {compared[0]}{line.unit}，实际 {compared[1]}{line.unit}"
