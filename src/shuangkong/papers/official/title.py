"""标题回行: a title broken into lines of like length, where words end (词意完整，排列对称)."""

from __future__ import annotations

from math import ceil

from shuangkong.papers.official import measures as m

#: Where a template lets a title break that takes more than one line.
BREAK = "｜"
#: Characters of size 2 that a line holds, less one at either side.
_LONGEST = m.BLOCK_WIDTH / m.TWIPS_PER_POINT / m.SIZE_2 - 2
#: A line may end behind these; not between two characters of a figure or a Latin word.
_GOOD_ENDS = "》）”、的"
_OPENERS = "《（〔“"
_CLOSERS = "》）〕”、。，的"


def title_lines(text: str) -> tuple[str, ...]:
    """The lines of a title: one if it fits, else as the template breaks it, each part in even lines as it needs."""
    if m.width_of(one_line(text)) <= _LONGEST:
        return (one_line(text),)
    return tuple(line for part in text.split(BREAK) if part for line in _even(part))


def one_line(text: str) -> str:
    """The title without its breaks, as lists and file properties have it."""
    return text.replace(BREAK, "")


def _even(text: str) -> tuple[str, ...]:
    """As few lines as hold the text, of like length."""
    lines = []
    for left in range(max(1, ceil(m.width_of(text) / _LONGEST)), 1, -1):
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
