"""What a page prints: its characters with their boxes and its drawn lines, turned so that text runs to the right.

Lengths are PDF points (1/72 inch); x grows to the right, y upwards, as in PDF.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from ctypes import c_float
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from shuangkong.plans.intake.limits import PDF_PAGE_PATHS
from shuangkong.plans.intake.pdf.radicals import UNIFIED

#: A drawn line may lean this much, and a filled bar be this thick, and still rule a table.
_THIN = 3.0
#: pdfium's marks for a glyph without a character and for a hyphen at the end of a line.
_UNMAPPED = frozenset({0, 0xFFFE, 0xFFFF, 0xFFFD})
_LINE_HYPHEN = 0x02
#: Nested forms (a page placed on a page) that are followed for lines.
_FORM_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character; ``left`` to ``right`` is the room it takes on the line (its advance)."""

    character: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line along an axis: at ``at`` on the other axis, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageInk:
    """Everything of one page that the later steps need."""

    left: float
    right: float
    bottom: float
    top: float
    glyphs: tuple[Glyph, ...]
    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]
    unmapped: int
    has_picture: bool


def ink_of(page: pdfium.PdfPage) -> PageInk:
    """Reads one page.

    Raises:
        PdfiumError: the page is broken.
    """
    turned = _Turned(page)
    across, down = _strokes(page)
    if turned.quarter % 2:
        across, down = down, across
    left, bottom, right, top = turned.box(*page.get_bbox())
    return PageInk(
        left=left,
        right=right,
        bottom=bottom,
        top=top,
        glyphs=tuple(turned.glyphs),
        across=tuple(_turned_stroke(s, turned.quarter, is_across=True) for s in across),
        down=tuple(_turned_stroke(s, turned.quarter, is_across=False) for s in down),
        unmapped=turned.unmapped,
        has_picture=any(True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH)),
    )


class _Turned:
    """Characters of a page in the direction that most of them run; others (watermarks, margins) are left out."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.unmapped = 0
        text = page.get_textpage()
        raw = list(self._raw(text))
        text.close()
        quarters = Counter(quarter for _, _, quarter in raw)
        self.quarter = quarters.most_common(1)[0][0] if quarters else 0
        self.glyphs = [
            Glyph(character, *self._reordered(*box)) for character, box, quarter in raw if quarter == self.quarter
        ]

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """The box after turning the page so that its text runs to the right."""
        for _ in range(self.quarter):
            left, bottom, right, top = bottom, -right, top, -left
        return left, bottom, right, top

    def _reordered(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        left, bottom, right, top = self.box(left, bottom, right, top)
        return left, right, bottom, top

    def _raw(self, text: pdfium.PdfTextPage) -> Iterator[tuple[str, tuple[float, float, float, float], int]]:
        """Character, box and direction in quarter turns; slanted characters are left out."""
        box = pdfium_c.FS_RECTF()
        high = 0
        for at in range(text.count_chars()):
            if pdfium_c.FPDFText_IsGenerated(text.raw, at) == 1:
                continue
            code = pdfium_c.FPDFText_GetUnicode(text.raw, at)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            if code in _UNMAPPED:
                self.unmapped += 1
                continue
            character = "-" if code == _LINE_HYPHEN else UNIFIED.get(chr(code), chr(code))
            turns = -pdfium_c.FPDFText_GetCharAngle(text.raw, at) / (math.pi / 2)  # pdfium: clockwise
            if abs(turns - round(turns)) > 0.05 or not pdfium_c.FPDFText_GetLooseCharBox(text.raw, at, box):
                continue
            if character >= " " and character != "\xad" and box.right >= box.left and box.top > box.bottom:
                yield character, (box.left, box.bottom, box.right, box.top), round(turns) % 4


def _turned_stroke(stroke: Stroke, quarter: int, *, is_across: bool) -> Stroke:
    """Follows ``_Turned.box``; a stroke that ends up across came from one that ran down after an odd turn."""
    at, start, end = stroke.at, stroke.start, stroke.end
    ran_across = is_across != bool(quarter % 2)
    for _ in range(quarter):
        if ran_across:  # y = at, x from start to end → x' = at, y' = -x
            at, start, end = at, -end, -start
        else:  # x = at, y from start to end → y' = -at, x' = y
            at = -at
        ran_across = not ran_across
    return Stroke(at, start, end)


def _strokes(page: pdfium.PdfPage) -> tuple[list[Stroke], list[Stroke]]:
    across: list[Stroke] = []
    down: list[Stroke] = []
    for number, path in enumerate(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=_FORM_DEPTH)):
        if number >= PDF_PAGE_PATHS:
            return [], []
        for points, is_stroked in _outlines(path):
            _sort_outline(points, is_stroked, across, down)
    return across, down


def _sort_outline(
    points: list[tuple[float, float]], is_stroked: bool, across: list[Stroke], down: list[Stroke]
) -> None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
    if top - bottom <= _THIN and right - left > top - bottom:
        across.append(Stroke((bottom + top) / 2, left, right))
    elif right - left <= _THIN and top - bottom > right - left:
        down.append(Stroke((left + right) / 2, bottom, top))
    elif is_stroked:
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            if abs(y0 - y1) < 1 and abs(x0 - x1) > _THIN:
                across.append(Stroke((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) < 1 and abs(y0 - y1) > _THIN:
                down.append(Stroke((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _outlines(path: pdfium.PdfObject) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Sub-paths as page points, and whether their outline is drawn (else they are filled). Curves are left out."""
    fill, stroked = pdfium_c.c_int(), pdfium_c.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path.raw, fill, stroked)
    if not fill.value and not stroked.value:
        return
    matrices = [path.get_matrix()]
    holder = path.container
    while holder is not None:
        matrices.append(holder.get_matrix())
        holder = holder.container
    points: list[tuple[float, float]] = []
    x, y = c_float(), c_float()
    for at in range(pdfium_c.FPDFPath_CountSegments(path.raw)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path.raw, at)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO and len(points) > 1:
            yield points, bool(stroked.value)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            points = []
        if kind == pdfium_c.FPDF_SEGMENT_BEZIERTO:
            return
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        place = (x.value, y.value)
        for matrix in matrices:
            place = matrix.on_point(*place)
        points.append(place)
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points, bool(stroked.value)
