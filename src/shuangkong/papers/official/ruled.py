"""表格: ruled tables in smaller type (clause 7.3.3 lets tables differ from the body)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from shuangkong.papers.official import measures as m
from shuangkong.papers.official.paper import Align, Table
from shuangkong.papers.official.setting import append_xml, line, sound, style_id
from shuangkong.papers.official.styles import TABLE_FIGURE, TABLE_HEAD, TABLE_MIDDLE, TABLE_TEXT

_CELL_STYLES = {
    Align.TEXT: TABLE_TEXT,
    Align.MIDDLE: TABLE_MIDDLE,
    Align.FIGURE: TABLE_FIGURE,
    Align.DAY: TABLE_MIDDLE,
}
#: Behind the year of a day: a narrow column would else break it anywhere.
_BEHIND_YEAR = re.compile(r"(?<=年)(?=\d)")
#: Half a point; borders count in eighths of one.
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_CELL_MARGINS = "".join(
    f'<w:{side} w:w="{width}" w:type="dxa"/>'
    for side, width in (("top", 30), ("left", 60), ("bottom", 30), ("right", 60))
)
_BELOW_TABLE_POINTS = 6


def add_table(document: Document, table: Table) -> None:
    """A ruled table as wide as the block, its head again on every page; as XML, which thousands of rows bear."""
    whole = sum(column.width for column in table.columns)
    widths = [round(m.BLOCK_WIDTH * column.width / whole) for column in table.columns]
    styles = [style_id(document, _CELL_STYLES[column.align]) for column in table.columns]
    heads = [style_id(document, TABLE_HEAD)] * len(widths)
    labels = [column.label for column in table.columns]
    days = {at for at, column in enumerate(table.columns) if column.align is Align.DAY}
    cells = (
        [_BEHIND_YEAR.sub("\n", text) if at in days else text for at, text in enumerate(row)] for row in table.rows
    )
    rows = [_row(labels, widths, heads, is_head=True), *(_row(row, widths, styles) for row in cells)]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    append_xml(
        document,
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{m.BLOCK_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{_CELL_MARGINS}'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>",
    )
    # Room below; and two tables without a paragraph between them would become one.
    line(document, "", TABLE_TEXT).paragraph_format.line_spacing = Pt(_BELOW_TABLE_POINTS)


def _row(texts: Iterable[str], widths: list[int], styles: list[str], *, is_head: bool = False) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{''.join(cell_line(part, style) for part in text.split('\n'))}</w:tc>"
        for text, width, style in zip(texts, widths, styles, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>{cells}</w:tr>"


def cell_line(text: str, style: str, form: str = "") -> str:
    """One paragraph of a cell; ``style`` is the id of its style, ``form`` further paragraph properties as XML."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{form}</w:pPr><w:r><w:t xml:space="preserve">'
        f"{escape(sound(text))}</w:t></w:r></w:p>"
    )
