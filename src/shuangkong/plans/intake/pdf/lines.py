"""Characters → visual lines: what stands beside each other, with the gaps that a reader sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from shuangkong.plans.intake.pdf.glyphs import Glyph

#: Gaps in ems beyond what justification spreads evenly over the line.
_SPACE_GAP = 0.28
_COLUMN_GAP = 0.8
#: Places this close (in ems) are one column.
_ALIGNED = 0.15
#: Gaps of a line from which the spread of justification can be told.
_JUSTIFIED = 8
#: Two prints of one character this close (in ems) are an imitation of bold type.
_SHADOW = 0.25


@dataclass(frozen=True, slots=True)
class VisualLine:
    """One line of a page.

    Attributes:
        text: as printed; a gap of a column is a tab.
        glyphs: its characters from left to right, white space at both ends left out.
        em: size of its type in points.
        page: number of its page, from 0.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    em: float
    page: int

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return self.glyphs[-1].right

    @property
    def bottom(self) -> float:
        return min(glyph.bottom for glyph in self.glyphs)

    @property
    def top(self) -> float:
        return max(glyph.top for glyph in self.glyphs)

    @property
    def is_columnar(self) -> bool:
        return "\t" in self.text


def lines_of(glyphs: Sequence[Glyph], page: int) -> list[VisualLine]:
    """Lines of a page, or of a cell, from top to bottom."""
    rows: list[list[Glyph]] = []
    for fragment in sorted(_fragments(glyphs), key=lambda f: -_middle(f)):
        if rows and _beside(rows[-1], fragment):
            rows[-1].extend(fragment)
        else:
            rows.append(list(fragment))
    return [line for row in rows if (line := _line(row, page)) is not None]


def _fragments(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters that follow each other in the file and on the line."""
    fragments: list[list[Glyph]] = []
    for glyph in glyphs:
        last = fragments[-1][-1] if fragments else None
        if last and abs(last.middle - glyph.middle) < 0.3 * min(last.height, glyph.height) and glyph.left >= last.left:
            fragments[-1].append(glyph)
        else:
            fragments.append([glyph])
    return fragments


def _middle(fragment: Sequence[Glyph]) -> float:
    return sum(glyph.middle for glyph in fragment) / len(fragment)


def _beside(row: Sequence[Glyph], fragment: Sequence[Glyph]) -> bool:
    """Whether the fragment's middle lies within the row's type, or the other way round (superscripts)."""
    bottom, top = median(g.bottom for g in row), median(g.top for g in row)
    low, high = median(g.bottom for g in fragment), median(g.top for g in fragment)
    overlap = min(top, high) - max(bottom, low)
    return overlap > 0.5 * min(top - bottom, high - low)


def _line(row: list[Glyph], page: int) -> VisualLine | None:
    ordered = _without_shadows(sorted(row, key=lambda glyph: glyph.left))
    printed = [at for at, glyph in enumerate(ordered) if not glyph.character.isspace()]
    if not printed:
        return None
    em = _em(ordered)
    return VisualLine(spaced(ordered, em), tuple(ordered[printed[0] : printed[-1] + 1]), em, page)


def spaced(glyphs: Sequence[Glyph], em: float, columns: Sequence[float] = ()) -> str:
    """Characters with the white space that their gaps show.

    Args:
        glyphs: a line from left to right.
        em: size of its type.
        columns: places at which columns of the lines around begin; a gap before one is a column gap at any width.
    """
    usual = _usual_gap(glyphs)
    pieces = [glyphs[0].character]
    for left, right in pairwise(glyphs):
        gap = (right.left - left.right - usual) / em
        at_column = any(abs(right.left - place) <= _ALIGNED * em for place in columns)
        if gap >= _COLUMN_GAP or (gap >= _SPACE_GAP and at_column):
            pieces.append("\t")
        elif gap >= _SPACE_GAP and not (left.character.isspace() or right.character.isspace()):
            pieces.append(" ")
        pieces.append(right.character)
    return "".join(pieces)


def _usual_gap(glyphs: Sequence[Glyph]) -> float:
    """What justification adds between any two characters of a line; none is told from a few characters."""
    gaps = sorted(right.left - left.right for left, right in pairwise(glyphs))
    return max(0.0, gaps[(len(gaps) - 1) // 2]) if len(gaps) >= _JUSTIFIED else 0.0


def _em(glyphs: Sequence[Glyph]) -> float:
    wide = [glyph.width for glyph in glyphs if glyph.character >= "\u2e80" and glyph.width > 0]
    return median(wide) if wide else median(glyph.height for glyph in glyphs)


def _without_shadows(glyphs: Sequence[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in glyphs:
        doubled = any(
            other.character == glyph.character and abs(other.left - glyph.left) < _SHADOW * max(glyph.width, 0.1)
            for other in kept[-2:]
        )
        if not doubled:
            kept.append(glyph)
    return kept
