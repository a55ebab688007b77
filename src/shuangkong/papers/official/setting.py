"""排版: small steps that every part of a paper is set with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from docx.text.paragraph import Paragraph as Line

from shuangkong.papers.official import measures as m
from shuangkong.papers.official.paper import Align, Table
from shuangkong.papers.official.styles import RED, TABLE_FIGURE, TABLE_HEAD, TABLE_MIDDLE, TABLE_TEXT

#: Characters that no XML may hold; a name pasted from elsewhere must not spoil the paper.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: The first properties of a paragraph in the order of the schema (ISO/IEC 29500-1, CT_PPrBase), up to shading.
_EARLY = tuple(
    qn(f"w:{name}")
    for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
                 "suppressLineNumbers", "pBdr", "shd")
)  # fmt: skip
#: Thickness of lines in eighths of a point.
_RED_EIGHTHS, _TABLE_EIGHTHS = 18, 4
_CELL_STYLES = {Align.TEXT: TABLE_TEXT, Align.MIDDLE: TABLE_MIDDLE, Align.FIGURE: TABLE_FIGURE}


def sound(text: str) -> str:
    """The text without what no XML may hold."""
    return _NOT_IN_XML.sub("", text)


def line(document: Document, text: str, style: str) -> Line:
    """One more paragraph in a style."""
    return document.add_paragraph(sound(text), style)


def indent(paragraph: Line, left: float = 0, right: float = 0, first: float = 0) -> None:
    """Indents in characters of the body; a negative ``first`` hangs."""
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = Twips(round(left * m.CHARACTER)), Twips(round(right * m.CHARACTER))
    form.first_line_indent = Twips(round(first * m.CHARACTER))


def blank_above(paragraph: Line, lines: float) -> None:
    """Leaves room of so many lines of the body above."""
    paragraph.paragraph_format.space_before = Twips(round(lines * m.LINE))


def red_line(paragraph: Line) -> None:
    """The red line (红色分隔线) below a paragraph, as wide as the block."""
    insert_property(
        paragraph,
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="{_RED_EIGHTHS}" w:space="{m.RED_LINE_BELOW_POINTS}"'
        f' w:color="{RED}"/></w:pBdr>',
    )


def insert_property(paragraph: Line, xml: str) -> None:
    """Gives a paragraph a property where the schema wants it: frames, rules and shading come before spacing."""
    properties, element = paragraph._p.get_or_add_pPr(), parse_xml(xml)
    before = _EARLY[: _EARLY.index(element.tag)]
    place = sum(1 for each in properties if each.tag in before)
    properties.insert(place, element)


def add_table(document: Document, table: Table) -> None:
    """A ruled table as wide as the block, its head again on every page; as XML, which thousands of rows bear."""
    whole = sum(column.width for column in table.columns)
    widths = [round(m.BLOCK_WIDTH * column.width / whole) for column in table.columns]
    styles = [style_id(document, _CELL_STYLES[column.align]) for column in table.columns]
    heads = [style_id(document, TABLE_HEAD)] * len(widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="{_TABLE_EIGHTHS}" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    labels = [column.label for column in table.columns]
    rows = [_row(labels, widths, heads, is_head=True), *(_row(row, widths, styles) for row in table.rows)]
    append_xml(
        document,
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{m.BLOCK_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60"'
        f' w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>'
        f"{''.join(f'<w:gridCol w:w="{width}"/>' for width in widths)}</w:tblGrid>{''.join(rows)}</w:tbl>",
    )


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


def style_id(document: Document, name: str) -> str:
    """The id of a style, which an office's template may call otherwise than we do."""
    return str(document.styles[name].style_id)


def append_xml(document: Document, xml: str) -> None:
    """One more element at the end of the body."""
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
