"""What stands before the data area: read in any order, and judged by the edition that it claims."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import Codes, Edition
from shuangkong.protocols.hj212.text import decode_area
from shuangkong.protocols.hj212.times import parse_qn

ACK, SPLIT = 1, 2
"""Bits of Flag: an answer is wanted, packet numbers are there."""

_HEX24 = re.compile(r"[0-9A-Fa-f]{24}")


@dataclass(slots=True)
class SentHead:
    """The fields before the data area, as sent."""

    values: dict[str, str]
    order: list[str]


_HEAD_NAMES = {name.lower(): name for name in ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF")}


def read_head(raw: bytes, seen: dict[str, None]) -> SentHead:
    text = decode_area(raw, seen)
    head = SentHead({}, [])
    if "," in text:
        seen[habits.HEAD_COMMA] = None
        text = re.sub(r",(?=\s*(?:QN|ST|CN|PW|MN|Flag|PNUM|PNO|RF|CP)\s*=|$)", ";", text)
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        known = _HEAD_NAMES.get(name.strip().lower(), "")
        if known and equals and known not in head.values:
            head.values[known] = value.strip()
            head.order.append(known)
            if value != value.strip():
                seen[habits.SPACES] = None
        elif part.strip():
            seen[habits.HEAD_BROKEN] = None
    return head


def edition_of(values: dict[str, str], seen: dict[str, None]) -> tuple[Edition, int | None]:
    """The version bits of Flag; a device without Flag speaks the first edition."""
    if "Flag" not in values:
        seen[habits.NO_FLAG] = None
        return Edition.V2005, None
    flag = integer(values["Flag"])
    if flag is None or flag >> 2 >= len(Edition):
        seen[habits.FLAG_ODD] = None
        return Edition.V2017, flag
    return tuple(Edition)[flag >> 2], flag


def judge_head(
    values: dict[str, str], order: list[str], edition: Edition, flag: int | None, codes: Codes, seen: dict[str, None]
) -> str:
    """Tells what is odd of the head; returns the period of the command's readings."""
    if not values.get("QN"):
        seen[habits.NO_QN] = None
    elif parse_qn(values["QN"]) is None:
        seen[habits.QN_ODD] = None
    mn = values.get("MN", "")
    if len(mn) != 14 if edition is Edition.V2005 else not _HEX24.fullmatch(mn):
        seen[habits.MN_ODD] = None
    if len(values.get("PW", "")) != 6:
        seen[habits.PW_LONG] = None
    if values.get("ST", "") not in codes.systems:
        seen[habits.ST_ODD] = None
    command = codes.commands.get(values.get("CN", ""))
    if command is None and values.get("CN", "") not in codes.old_commands:
        seen[habits.COMMAND_UNKNOWN] = None
    if "PNO" in order and "PNUM" in order[order.index("PNO") :]:
        seen[habits.PACKET_ORDER] = None
    if "PNUM" in values and not (flag or 0) & SPLIT:
        seen[habits.PACKET_UNMARKED] = None
    return command.period if command else ""


def integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
