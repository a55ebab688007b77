"""排版: small steps that every part of a paper is set with."""

from __future__ import annotations

import re

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from docx.text.paragraph import Paragraph as Line

from shuangkong.papers.official import measures as m
from shuangkong.papers.official.styles import RED

#: Characters that no XML may hold; a name pasted from elsewhere must not spoil the paper.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: The first properties of a paragraph in the order of the schema (ISO/IEC 29500-1, CT_PPrBase), up to shading.
_EARLY = tuple(
    qn(f"w:{name}")
    for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
                 "suppressLineNumbers", "pBdr", "shd")
)  # fmt: skip
#: Thickness of the red line in eighths of a point.
_RED_EIGHTHS = 18


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


def style_id(document: Document, name: str) -> str:
    """The id of a style, which an office's template may call otherwise than we do."""
    return str(document.styles[name].style_id)


def append_xml(document: Document, xml: str) -> None:
    """One more element at the end of the body."""
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
