"""Text of a data segment: its encoding, and its separators outside of log texts."""

from __future__ import annotations

import re

from shuangkong.protocols.hj212 import habits

#: A log text stands between double strokes and may hold any separator (annex B.8, i11001).
_LOG_OR_SEPARATOR = {mark: re.compile(rf"//.*?//|{mark}", re.DOTALL) for mark in (";", ",")}
_NAME = re.compile(rb"\s*[A-Za-z0-9_-]{1,40}\s*=")


def decode_area(raw: bytes, seen: dict[str, None]) -> str:
    """Returns ``raw`` as text: UTF-8 as the standard has it, else GB 18030 as old devices send it; both told."""
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        seen[habits.TEXT_DAMAGED] = None
        return raw.decode("utf-8", errors="replace")
    seen[habits.TEXT_GBK] = None
    return text


def is_clear(area: bytes) -> bool:
    """Whether a data area can be clear text: such a one is empty or starts with a name of letters and digits."""
    return not area or bool(_NAME.match(area))


def split_area(text: str, mark: str) -> list[str]:
    """Returns the pieces of ``text`` between the separators ``mark``, those inside of log texts apart."""
    if "//" not in text:
        return text.split(mark)
    pieces, start = [], 0
    for found in _LOG_OR_SEPARATOR[mark].finditer(text):
        if found[0] == mark:
            pieces.append(text[start : found.start()])
            start = found.end()
    pieces.append(text[start:])
    return pieces
