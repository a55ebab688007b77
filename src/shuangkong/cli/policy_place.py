"""政策命令的地区和日期: the place and the day that a command asks the law of, and the layer that holds there."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date

from shuangkong.cli.refusal import CommandRefused
from shuangkong.rulebook import Rulebook

_CODE_LENGTHS = range(6, 13)


@dataclass(frozen=True, slots=True)
class Asked:
    """``place``: code of a region, empty: the nation."""

    place: str
    day: date
    layer: str


def add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--place", default="", metavar="PLACE", help="地区代码或名称，默认全国 (region)")
    add_day(parser)


def add_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="以哪一天为准，默认今天 (day)")


def day_of(args: argparse.Namespace) -> date:
    """The day given, else today."""
    return args.on or date.today()  # noqa: DTZ011 - the office's own calendar day


def asked(rulebook: Rulebook, args: argparse.Namespace) -> Asked:
    """What --place and --on ask.

    Raises:
        CommandRefused: CLI-007, the name is that of no region, or of several.
    """
    day = day_of(args)
    place = _code(rulebook, args.place.strip(), day)
    return Asked(place, day, rulebook.layer_of(place, day))


def _code(rulebook: Rulebook, place: str, day: date) -> str:
    if not place or (place.isdecimal() and len(place) in _CODE_LENGTHS):
        return place
    found = rulebook.region_named(place, day)
    if len(found) == 1:
        return found[0].code
    several = "、".join(f"{each.name} {each.code}" for each in found)
    raise CommandRefused(
        "CLI-007",
        f"“{place}”应指一个地区，{day} 的名单中{f'有多个：{several}' if several else '没有'}。请写六位地区代码。",
        f"“{place}”: expected one region of the list of {day}, found {several or 'none'}. Write its six-digit code.",
    )
