"""版式尺寸: the lengths that GB/T 9704—2012 prescribes (clauses 5 to 7), in twips (1/20 pt) where none is named."""

from __future__ import annotations

TWIPS_PER_POINT = 20


def twips(mm: float) -> int:
    """Millimetres as twips."""
    return round(mm * 1_440 / 25.4)


#: Clause 5.2: A4, top margin 37 mm, binding margin 28 mm, text block 156 mm by 225 mm.
PAGE_MM = (210.0, 297.0)
TOP_MM, LEFT_MM = 37.0, 28.0
BLOCK_MM = (156.0, 225.0)
RIGHT_MM = PAGE_MM[0] - LEFT_MM - BLOCK_MM[0]
BOTTOM_MM = PAGE_MM[1] - TOP_MM - BLOCK_MM[1]
BLOCK_WIDTH = twips(BLOCK_MM[0])

#: Clause 5.2.3: 22 lines of 28 characters fill the block. A character of 16 pt is a little wider than 1/28 of it.
LINES, CHARACTERS = 22, 28
LINE = twips(BLOCK_MM[1]) // LINES
CHARACTER = BLOCK_WIDTH // CHARACTERS

#: Names of type sizes (字号), in points.
SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0
SIZE_SMALL_5, SIZE_5 = 9.0, 10.5
#: What makes 28 characters of size 3 fill the line.
TIGHTENED = CHARACTER - int(SIZE_3) * TWIPS_PER_POINT

#: Clause 7.2.4: the head's upper edge lies 35 mm below that of the block; its letters rise to no more than 22 mm.
HEAD_BELOW = twips(35)
HEAD_LARGEST = 48.0
#: Clause 7.2.7: the red line runs 4 mm under the document number; as points, as borders count.
RED_LINE_BELOW_POINTS = 11
#: Clause 7.5: the dashes of a page number lie 7 mm under the block; its line of 20 pt has them in the middle.
PAGE_NUMBER_LINE = 400
FOOTER_MM = BOTTOM_MM - 7 - PAGE_NUMBER_LINE / 2 / TWIPS_PER_POINT * 25.4 / 72
HEADER_MM = 20.0
#: Clause 7.4.1: first and last line of the closing block 0.35 mm, those between 0.25 mm; in points.
THICK, THIN = 1.0, 0.7


def width_of(text: str) -> float:
    """How many full-width characters a text takes; letters, figures and blanks of ASCII take half."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)
