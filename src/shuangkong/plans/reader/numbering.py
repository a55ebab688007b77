"""编号: the numbering systems of the genre, from 第一章 to （1）. Input is folded text without white space."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十百零〇"
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}

#: (level, pattern); the group ``no`` is what is kept as the number. Order matters: the first that fits decides.
_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第(?P<no>[{_CN}]+)(?:章|部分|篇|编)[、.：]?")),
    (2, re.compile(rf"第(?P<no>[{_CN}]+)[条节][、.：]?")),
    (1, re.compile(rf"(?P<no>[{_CN}]+)(?:、|[.，](?=[^\d]))")),
    (2, re.compile(rf"（(?P<no>[{_CN}]+)）[、.．]?")),
    (3, re.compile(r"(?P<no>\d{1,2})(?:[.、．](?!\d)|[.](?=\d{4}年))")),
    (4, re.compile(r"（(?P<no>\d{1,2})）[、.]?")),
    (4, re.compile(r"(?P<no>\d{1,2})）")),
    (4, re.compile(r"(?P<no>[①-⑳⑴-⒇])")),
)
_ANNEX = re.compile(r"附(?:件|表|录|图)?\d*[一二三四五六七八九十]*(?:[：.、]|$|之)|附(?:件|表)\d+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A number at the head of a paragraph: level (1 chapter … 4), printed form, value, where the text goes on."""

    level: int
    no: str
    value: int
    end: int
    style: str


def mark(text: str) -> Mark | None:
    """The number that ``text`` begins with, or None."""
    for level, pattern in _MARKS:
        found = pattern.match(text)
        if found and found.end() < len(text):
            no = found["no"]
            printed = {"（": f"（{no}）", "第": found[0].rstrip("、.：")}.get(text[0], no)
            return Mark(level, printed, value_of(no), found.end(), text[0] if text[0] in "（第" else "")
    return None


def value_of(no: str) -> int:
    """一百二十三 → 123, 12 → 12, ⑤ → 5."""
    if no.isascii():
        return int(no)
    for first in "①⑴":
        if 0 <= ord(no[0]) - ord(first) < 20:
            return ord(no[0]) - ord(first) + 1
    total, digit = 0, 0
    for char in no:
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _DIGIT[char]
    return total + digit


def is_annex(text: str) -> bool:
    """Whether a paragraph opens the annexes (附件：…, 附件 1, 附表)."""
    return bool(_ANNEX.match(text))


def is_heading(text: str) -> bool:
    """Whether a line opens something new by its number alone."""
    return mark(text) is not None or is_annex(text)
