"""标题回行: a title broken into lines of like length, where words end (词意完整，排列对称)."""

from __future__ import annotations

from math import ceil

from shuangkong.papers.official import measures as m

#: An office may say itself where a title breaks.
BREAK = "｜"
#: Characters of size 2 that a line holds, less one at either side.
_LONGEST = m.BLOCK_WIDTH / m.TWIPS_PER_POINT / m.SIZE_2 - 2
#: A line may end behind these; not between two characters of a figure or a Latin word.
_GOOD_ENDS = "》）、的"
_OPENERS = "《（〔“"
_CLOSERS = "》）〕”、。，的"


def title_lines(text: str) -> tuple[str, ...]:
    """The lines of a title; as the template breaks it, else into as few lines as hold it, of like length."""
    if BREAK in text:
        return tuple(part for part in text.split(BREAK) if part)
    count = max(1, ceil(m.width_of(text) / _LONGEST))
    lines = []
    for left in range(count, 1, -1):
        cut = _cut(text, m.width_of(text) / left)
        lines.append(text[:cut])
        text = text[cut:]
    return (*lines, text)


def _cut(text: str, wanted: float) -> int:
    """Where to break so that the first line is about as wide as wanted."""
    return min(range(1, len(text)), key=lambda at: abs(m.width_of(text[:at]) - wanted) + _price(text, at))


def _price(text: str, at: int) -> float:
    """What a break before ``text[at]`` costs, in characters of unevenness."""
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return 100
    if before in _OPENERS or after in _CLOSERS or (before.isdigit() and not after.isdigit()):
        return 20
    return 0 if before in _GOOD_ENDS or after in _OPENERS else 3
