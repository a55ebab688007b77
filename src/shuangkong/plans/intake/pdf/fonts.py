"""字体: whether pdfium can read what a page sets in a font that the file does not carry.

For such a font pdfium takes one of the machine's. Where none of those has Chinese characters, they have no shape, and
pdfium drops text without a shape and says nothing.
"""

from __future__ import annotations

from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

#: Characters this wide or high have a shape.
_SHAPE = 0.01
_FORM_DEPTH = 4
#: One Chinese character in a font that it does not carry.
_ONE_CHARACTER = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R
  /Resources << /Font << /F 5 0 R >> >> >> endobj
4 0 obj << /Length 33 >> stream
BT /F 16 Tf 20 20 Td <4E2D> Tj ET
endstream endobj
5 0 obj << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H
  /DescendantFonts [6 0 R] >> endobj
6 0 obj << /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R
  /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >> endobj
7 0 obj << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0
  /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> endobj
trailer << /Root 1 0 R >>
"""


@cache
def has_chinese_font() -> bool:
    """Whether this machine lends pdfium a font with Chinese characters."""
    document = pdfium.PdfDocument(_ONE_CHARACTER)
    try:
        return not any(map(_is_shapeless, _texts(document[0])))
    finally:
        document.close()


def loses_text(page: pdfium.PdfPage) -> bool:
    """Whether the page sets text in a font that is neither in the file nor on this machine."""
    return not has_chinese_font() and any(_is_shapeless(text) and not _is_carried(text) for text in _texts(page))


def _texts(page: pdfium.PdfPage) -> list[pdfium.PdfObject]:
    return list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=_FORM_DEPTH))


def _is_shapeless(text: pdfium.PdfObject) -> bool:
    left, bottom, right, top = text.get_bounds()
    return bool(right - left < _SHAPE or top - bottom < _SHAPE)


def _is_carried(text: pdfium.PdfObject) -> bool:
    """Whether the font is in the file; text recognised under a scan has no shape either, but carries its font."""
    return bool(pdfium_c.FPDFFont_GetIsEmbedded(pdfium_c.FPDFTextObj_GetFont(text.raw)) == 1)
