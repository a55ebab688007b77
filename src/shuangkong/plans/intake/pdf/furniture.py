"""Page furniture: running heads, feet and page numbers, left out when they repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from shuangkong.plans.intake.pdf.lines import VisualLine

#: Lines at each end of a page that may be furniture.
_DEPTH = 2
_DIGITS = re.compile(r"[0-9]{1,9}")
#: A page number alone: 3, — 3 —, -3-, 第3页, 第 3 页 共 12 页, 3/12.
_PAGE_NUMBER = re.compile(
    r"[\s—–―\-－─·.]*(?:第\s*)?(\d{1,4})(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[\s—–―\-－─·.]*"
)
_DASHED = re.compile(r"\s*[—–―\-－─]{1,2}\s*\d{1,4}\s*[—–―\-－─]{1,2}\s*")
#: A running head stands on this share of the pages, and on three of them at least; on every one of three or fewer.
_SHARE = 0.5
_PAGES = 3


def without_furniture(pages: Sequence[Sequence[VisualLine]]) -> list[list[VisualLine]]:
    """The pages' lines, from top to bottom, without what repeats at their ends."""
    shift = _numbering_shift(pages)
    kept = [[line for line in lines if not _is_page_number(line, lines, shift)] for lines in pages]
    for _ in range(_DEPTH):
        kept = _without_running(kept)
    return kept


def _numbering_shift(pages: Sequence[Sequence[VisualLine]]) -> int | None:
    """Printed page number minus page index, where two pages or more agree."""
    shifts = Counter(shift for lines in pages for shift in _shifts(lines))
    best = shifts.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 and best[0][1] * 2 >= len(pages) else None


def _shifts(lines: Sequence[VisualLine]) -> set[int]:
    matches = ((line, _PAGE_NUMBER.fullmatch(line.text)) for line in _ends(lines))
    return {int(match[1]) - line.page for line, match in matches if match}


def _is_page_number(line: VisualLine, lines: Sequence[VisualLine], shift: int | None) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.text)
    if match is None or not any(line is end for end in _ends(lines)):
        return False
    return _DASHED.fullmatch(line.text) is not None or (shift is not None and int(match[1]) - line.page == shift)


def _ends(lines: Sequence[VisualLine]) -> list[VisualLine]:
    return [*lines[:_DEPTH], *lines[-_DEPTH:]]


def _without_running(pages: Sequence[Sequence[VisualLine]]) -> list[list[VisualLine]]:
    kept = [list(lines) for lines in pages]
    need = max(_PAGES, _SHARE * len(pages)) if len(pages) > _PAGES else max(2, len(pages))
    for at in (0, -1):
        marks = Counter(mark for lines in kept if lines for mark in _marks(lines[at]))
        running = {mark for mark, count in marks.items() if count >= need}
        for lines in kept:
            if lines and not running.isdisjoint(_marks(lines[at])):
                lines.pop(at)
    return kept


def _marks(line: VisualLine) -> set[tuple[str, int]]:
    """What a line has in common with its like on other pages: words and height; or one number counts the pages.

    A heading of an annex (附件1, 附件2 …) counts pages only by chance.
    """
    words, height = "".join(line.text.split()), round(line.bottom / 4)
    marks = {(words, height)}
    if not words.startswith("附"):
        for number in _DIGITS.finditer(words):
            counted = f"{words[: number.start()]}#{int(number[0]) - line.page}{words[number.end() :]}"
            marks.add((counted, height))
    return marks
