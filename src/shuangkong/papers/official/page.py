"""用纸、页眉、页码: the sheet that a paper is set on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section, _BaseHeaderFooter
from docx.shared import Mm, Pt

from shuangkong.papers.official import measures as m
from shuangkong.papers.official.refusal import TemplateRefused
from shuangkong.papers.official.setting import sound
from shuangkong.papers.official.styles import LABEL, PAGE_NUMBER, install, strip

_NOT_OURS = (RELATIONSHIP_TYPE.CUSTOM_XML, "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects")


def open_sheet(look: bytes | None) -> Document:
    """An empty document with our styles: a fresh one, or an office's own with its words taken out.

    Raises:
        TemplateRefused: ``look`` is no .docx.
    """
    if look is None:
        document = _fresh()
    else:
        try:
            document = docx.Document(BytesIO(look))
        except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as fault:
            raise TemplateRefused(
                "PPR-101",
                f"公文样式模板打不开（{fault}），应为 .docx。请打开一份已出具的公文改好样式，另存后再放回模板文件夹。",
                f"The template of styles cannot be opened ({fault}); a .docx was expected. Change the styles in any"
                " paper made here, save it as .docx and put it back.",
            ) from fault
        document.element.body.clear_content()
    install(document)
    return document


def _fresh() -> Document:
    document = docx.Document()
    strip(document)
    for relations, kinds in ((document.part.rels, _NOT_OURS), (document.part.package.rels, ("thumbnail",))):
        for key in [key for key, each in relations.items() if each.reltype.endswith(kinds)]:
            del relations[key]
    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, m.PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(m.TOP_MM), Mm(m.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(m.LEFT_MM), Mm(m.RIGHT_MM)
    section.header_distance, section.footer_distance = Mm(m.HEADER_MM), Mm(m.FOOTER_MM)
    # The styles say lines and characters exactly; a grid beside them would stretch the smaller type of tables.
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    document.settings.odd_and_even_pages_header_footer = True
    return document


def dress(document: Document, labels: Sequence[str]) -> None:
    """Page numbers where the sheet has no footer of its own; the labels of demo data at the head of every page."""
    for section in document.sections:
        _number(section.footer, is_odd=True)
        _number(section.even_page_footer, is_odd=False)
        for header in _headers(section):
            _label(header, labels)


def _headers(section: Section) -> list[_BaseHeaderFooter]:
    first = [section.first_page_header] if section.different_first_page_header_footer else []
    return [section.header, section.even_page_header, *first]


def _number(footer: _BaseHeaderFooter, *, is_odd: bool) -> None:
    """— 1 —: at the outer side, one character from the edge of the block (clause 7.5)."""
    if not footer.is_linked_to_previous:
        return
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = PAGE_NUMBER
    form = paragraph.paragraph_format
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
    form.left_indent, form.right_indent = (Pt(0), Pt(m.SIZE_4)) if is_odd else (Pt(m.SIZE_4), Pt(0))
    paragraph.add_run("— ")
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))
    paragraph.add_run(" —")


def _label(header: _BaseHeaderFooter, labels: Sequence[str]) -> None:
    """A template saved from a paper still bears the labels of that paper: they go first."""
    header.is_linked_to_previous = False
    for paragraph in header.paragraphs:
        if paragraph.style is not None and paragraph.style.name == LABEL:
            paragraph._p.getparent().remove(paragraph._p)
    if labels or not header.paragraphs:
        header.add_paragraph(f"{' · '.join(labels)} · 不作公文使用" if labels else "", LABEL)
    blank = header.paragraphs[0]
    if len(header.paragraphs) > 1 and not blank.text and not blank.runs:
        blank._p.getparent().remove(blank._p)


def describe(document: Document, title: str, author: str, on: date) -> None:
    """The properties of the file: nothing in them depends on when and where it is written."""
    said = document.core_properties
    moment = datetime(on.year, on.month, on.day)  # noqa: DTZ001
    said.title, said.author, said.last_modified_by = sound(title)[:255], sound(author)[:255], ""
    said.comments, said.keywords, said.subject, said.revision = "", "", "", 1
    said.created = said.modified = moment
