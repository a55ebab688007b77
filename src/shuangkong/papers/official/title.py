"""标题回行: a title broken into lines of like length, where words end (词意完整，排列对称)."""

from __future__ import annotations

import re
from functools import cache
from math import ceil

from shuangkong.papers.official import measures as m

#: Where a template lets a title break that takes more than one line.
BREAK = "｜"
#: Characters of size 2 that a line holds, less one at either side.
_LONGEST = m.BLOCK_WIDTH / m.TWIPS_PER_POINT / m.SIZE_2 - 2
#: What holds together whatever it costs: a figure with its unit (2022—2026年), a Latin word.
_WHOLE = re.compile(r"[0-9]+(?:[—–-][0-9]+)?[年月日号]?(?:(?<=年)[0-9]+月)?|[A-Za-z][A-Za-z0-9.-]*")
#: Words that titles of these papers are made of: a line ends beside them, not within.
_WORDS = re.compile(
    "关于|印发|给予|目标责任书|节能减排|节能|减排|综合|工作|实施|行动|方案|责任|分工表|目标|任务|重点|办理|情况|督查|承担|表彰|先进"
    "|通知|通报|纪要|会议|生态|环境|发展|改革"
)
#: A line may end behind these, and behind the name of a place.
_GOOD_ENDS = "》）”、的"
_PLACE = re.compile(r"(?<=[^《（〔“、]{2})[县市区省镇乡]")
_OPENERS = "《（〔“"
_CLOSERS = "》）〕”、。，的"
#: What a break costs, in characters of unevenness.
_NEVER, _WITHIN_WORD, _ANYWHERE, _BESIDE_WORD = 100.0, 8.0, 3.0, 1.0


def title_lines(text: str) -> tuple[str, ...]:
    """The lines of a title: one if it fits, else as few as hold it, of like length, broken where words end and best
    where the template says.
    """
    plain = one_line(text)
    fewest = max(1, ceil(m.width_of(plain) / _LONGEST))
    marks = _marks(text)
    for count in range(fewest, len(plain) + 1):
        lines = _best(plain, marks, count)
        if all(m.width_of(line) <= _LONGEST for line in lines):
            return lines
    return (plain,)


def one_line(text: str) -> str:
    """The title without its breaks, as lists and file properties have it."""
    return text.replace(BREAK, "")


def _marks(text: str) -> frozenset[int]:
    """Where the template lets the plain title break."""
    parts, places, at = text.split(BREAK), set(), 0
    for part in parts[:-1]:
        at += len(part)
        places.add(at)
    return frozenset(places)


def _best(text: str, marks: frozenset[int], count: int) -> tuple[str, ...]:
    """The text in so many lines, those that cost least."""
    wanted = m.width_of(text) / count
    prices = _prices(text, marks)

    @cache
    def cheapest(start: int, left: int) -> tuple[float, tuple[str, ...]]:
        if left == 1:
            return _uneven(text[start:], wanted), (text[start:],)
        every = []
        for at in range(start + 1, len(text) - left + 2):
            cost, rest = cheapest(at, left - 1)
            every.append((_uneven(text[start:at], wanted) + prices[at] + cost, (text[start:at], *rest)))
        return min(every)

    return cheapest(0, count)[1]


def _uneven(line: str, wanted: float) -> float:
    """How far a line is from the length wanted; one that is too long is the last choice."""
    width = m.width_of(line)
    return abs(width - wanted) + (_NEVER if width > _LONGEST else 0)


def _prices(text: str, marks: frozenset[int]) -> list[float]:
    """What a break costs before each character."""
    prices = [_ANYWHERE] * len(text)
    for found in _WORDS.finditer(text):
        for at in (found.start(), found.end()):
            if at < len(text):
                prices[at] = _BESIDE_WORD
        prices[found.start() + 1 : found.end()] = [_WITHIN_WORD] * (len(found.group()) - 1)
    places = {found.end() for found in _PLACE.finditer(text)}
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if before in _OPENERS or after in _CLOSERS:
            prices[at] = _NEVER
        elif at in places or before in _GOOD_ENDS or after in _OPENERS:
            prices[at] = min(prices[at], _BESIDE_WORD)
    for found in _WHOLE.finditer(text):
        prices[found.start() + 1 : found.end()] = [_NEVER] * (len(found.group()) - 1)
    for at in marks:
        prices[at] = 0
    return prices
