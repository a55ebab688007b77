"""Visual lines → paragraphs: decides at each line end whether the writer ended a paragraph there or the page did.

A typesetter fills lines greedily. So a line that leaves room for the first word of the next one was ended on purpose;
a line that could not take it was broken by the page. Indents, gaps and a change of type decide the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from shuangkong.plans.intake.pdf.lines import VisualLine

#: Ems of indent that begin a paragraph.
_INDENT = 1.2
#: Ems left over by justification or by rounding.
SLACK = 0.35
#: Line pitch this much above the usual is a gap between paragraphs.
_PITCH = 1.25
#: Ems by which the right margin may exceed the left one.
_UNEVEN_MARGINS = 4.0
#: Ems of the narrowest block of running text; lines that end together before are a list.
_NARROWEST = 15.0
#: Change of type size that ends a paragraph.
_TYPE = 1.12
#: Characters of a line from which its type size can be told.
_SIZED = 6
#: May not begin a line, may not end one (GB/T 15834, JLREQ kinsoku): they hang on their neighbour.
_NEVER_FIRST = "。，、；：？！）〕】》〉”’」』…—%％℃.,;:?!)]}·～"
_NEVER_LAST = "（〔【《〈“‘「『([{"
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}、|[（(]\s*[一二三四五六七八九十百]{1,4}\s*[）)]|\d{1,2}\s*[.．、](?!\d)|附件|附表|附录|注[：:])"
)
_ENDED = "。！？；：”）)】》"


@dataclass(frozen=True, slots=True)
class Measure:
    """The text block of a page: where full lines begin and end, and how far apart lines stand."""

    left: float
    right: float
    pitch: float
    first_lines_indented: bool


def measures_of(pages: Sequence[Sequence[VisualLine]], bounds: Sequence[tuple[float, float]]) -> list[Measure | None]:
    """The measure of every page, given the left and right edges of its paper; None where a page has no lines.

    Pages on the same paper share the right edge of the widest among them: a page of short lines does not show it.
    """
    own = [_measure(lines, *bound) if lines else None for lines, bound in zip(pages, bounds, strict=True)]
    widest: dict[tuple[int, int], float] = {}
    for measure, bound in zip(own, bounds, strict=True):
        if measure:
            widest[_paper(bound)] = max(measure.right, widest.get(_paper(bound), measure.right))
    return [m and replace(m, right=widest[_paper(bound)]) for m, bound in zip(own, bounds, strict=True)]


def _paper(bound: tuple[float, float]) -> tuple[int, int]:
    return round(bound[0]), round(bound[1])


def _measure(lines: Sequence[VisualLine], page_left: float, page_right: float) -> Measure:
    left = _common_left(lines)
    em = median(line.em for line in lines)
    right = _common_right(lines, left, page_right - (left - page_left), em)
    pitches = sorted(
        upper.bottom - lower.bottom for upper, lower in pairwise(lines) if 0 < upper.bottom - lower.bottom < 6 * em
    )
    pitch = pitches[len(pitches) // 4] if pitches else 2 * em
    full = [line for line in lines if right - _solid_right(line) < 2 * em]
    starts = sum(1 for line in full if line.left - left >= _INDENT * line.em)
    return Measure(left, right, pitch, bool(full) and starts < len(full))


def ends_paragraph(line: VisualLine, following: VisualLine, here: Measure, there: Measure) -> bool:
    """Whether a paragraph ends between two lines that follow each other; ``here`` and ``there`` measure their pages."""
    if line.is_columnar or following.is_columnar:
        return True
    sized = min(len(line.glyphs), len(following.glyphs)) >= _SIZED
    if sized and max(line.em, following.em) > _TYPE * min(line.em, following.em):
        return True
    if line.page == following.page and line.bottom - following.bottom > _PITCH * here.pitch:
        return True
    indent = (following.left - there.left) / following.em
    if indent >= _INDENT:
        further = indent - (line.left - here.left) / line.em >= _INDENT
        if further or there.first_lines_indented:
            return True
    room = here.right - line.right
    if room > first_word(following) + SLACK * line.em:
        return True
    return _NUMBERED.match(following.text) is not None and line.text.rstrip()[-1] in _ENDED and indent >= 0


def rejoined(lines: Sequence[VisualLine]) -> str:
    """The text of one paragraph: line ends go, a gap stays between Latin words."""
    text = lines[0].text
    for line in lines[1:]:
        head, tail = text.rstrip(" "), line.text.lstrip()
        apart = head[-1:].isascii() and head[-1:].isalpha() and tail[:1].isascii() and tail[:1].isalpha()
        text = head + (" " if apart else "") + tail
    return text.rstrip(" \u3000")


def _common_left(lines: Sequence[VisualLine]) -> float:
    """Where lines begin that are not indented: the leftmost place that a tenth of the lines share."""
    lefts = sorted(line.left for line in lines)
    need = max(1, len(lines) // 10)
    for at, left in enumerate(lefts):
        if at + need <= len(lefts) and lefts[at + need - 1] - left <= 0.5 * lines[0].em:
            return left
    return lefts[0]


def _common_right(lines: Sequence[VisualLine], left: float, mirrored: float, em: float) -> float:
    """Where full lines end: the rightmost place that three lines share, if it could be a margin.

    Else ``mirrored``, the left margin repeated on the right: short lines that happen to end together are no margin.
    """
    ends = sorted((_solid_right(line) for line in lines), reverse=True)
    shared = next((end for at, end in enumerate(ends) if at + 2 < len(ends) and end - ends[at + 2] <= em), None)
    if shared is None:
        return max(mirrored, ends[0])
    reaching = sum(1 for end in ends if shared - end <= em)
    if shared >= mirrored - _UNEVEN_MARGINS * em:
        return shared
    is_column = 2 * reaching >= len(lines) and shared - left >= _NARROWEST * em
    return shared if is_column else mirrored


def _solid_right(line: VisualLine) -> float:
    """Right edge without a closing sign, which may hang beyond the text block."""
    glyphs = line.glyphs
    if len(glyphs) > 1 and glyphs[-1].character in _NEVER_FIRST:
        return glyphs[-2].right
    return glyphs[-1].right


def first_word(line: VisualLine) -> float:
    """Width of what would have had to go up: a character or a Latin word with the signs that hang on it."""
    glyphs = line.glyphs
    end = 0
    while end + 1 < len(glyphs) and _hold(glyphs[end].character, glyphs[end + 1].character):
        end += 1
    return glyphs[end].right - glyphs[0].left


def _hold(character: str, following: str) -> bool:
    """Whether no line may end between these two."""
    if character in _NEVER_LAST or following in _NEVER_FIRST:
        return True
    return _in_word(character) and _in_word(following)


def _in_word(character: str) -> bool:
    return character.isascii() and not character.isspace()
