"""PDF: pages with a text layer → paragraphs and ruled tables, page by page put together again."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from shuangkong.core.finding import Message
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.intake.composition import Composition
from shuangkong.plans.intake.limits import PDF_PAGES, TEXT_CHARACTERS
from shuangkong.plans.intake.pdf.fonts import loses_text
from shuangkong.plans.intake.pdf.glyphs import PageInk, ink_of
from shuangkong.plans.intake.pdf.pages import write_pages
from shuangkong.plans.intake.refusals import refused

#: A page with fewer characters than this and a picture is a scan with perhaps a stamp or a page number.
_SCANNED_CHARACTERS = 16


def open_pdf(name: str, data: bytes) -> Document:
    """A PDF with a text layer.

    Raises:
        DocumentRefused: PLN-902 no text, PLN-906 encrypted, PLN-907 broken, PLN-908 beyond the limits, PLN-911 scanned,
            PLN-916 this machine has no font for it.
    """
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _unopened(name, error) from error
    try:
        inks = _inks(name, file)
    except pdfium.PdfiumError as error:
        raise refused("PLN-907", name, where="pdf", expected=".pdf") from error
    finally:
        file.close()
    blind = _blind_pages(name, inks)
    composition = Composition(name)
    write_pages(inks, composition)
    document = composition.document(Medium.PDF)
    return replace(document, notes=(_skipped(blind),)) if blind else document


def _unopened(name: str, error: pdfium.PdfiumError) -> Exception:
    if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
        return refused("PLN-906", name)
    return refused("PLN-907", name, where="pdf", expected=".pdf")


def _inks(name: str, file: pdfium.PdfDocument) -> list[PageInk]:
    count = len(file)
    if count > PDF_PAGES:
        raise refused("PLN-908", name, where="pdf", expected=f"{PDF_PAGES} pages", found=f"{count} pages")
    inks: list[PageInk] = []
    characters = 0
    for number in range(count):
        page = file[number]
        if loses_text(page):
            raise refused("PLN-916", name, where=f"第{number + 1}页", where_en=f"page {number + 1}")
        inks.append(ink_of(page))
        page.close()
        characters += len(inks[-1].glyphs)
        if characters > TEXT_CHARACTERS:
            raise refused("PLN-908", name, where="pdf", expected=f"{TEXT_CHARACTERS} characters", found="more")
    return inks


def _skipped(blind: list[int]) -> Message:
    pages = "、".join(map(str, blind))
    return Message(
        f"第 {pages} 页没有文字层，未能读入；请用文字识别后的文件重读，或人工补录。",
        f"Pages {pages} have no text layer and were not read; read the file again after OCR, or enter them by hand.",
    )


def _blind_pages(name: str, inks: list[PageInk]) -> list[int]:
    """Pages that cannot be read; a file of which half or more are such is refused: it would not be the plan."""
    blind = [at for at, ink in enumerate(inks, 1) if _is_blind(ink)]
    if blind and 2 * len(blind) >= len(inks):
        first = ", ".join(map(str, blind[:5])) + ("…" if len(blind) > 5 else "")
        raise refused(
            "PLN-911",
            name,
            where=f"第 {first} 页",
            where_en=f"pages {first}",
            found=f"{len(inks)} 页中有 {len(blind)} 页没有文字",
            found_en=f"{len(blind)} of {len(inks)} pages without text",
        )
    return blind


def _is_blind(ink: PageInk) -> bool:
    printed = sum(1 for glyph in ink.glyphs if not glyph.character.isspace())
    return ink.unmapped > printed or (ink.has_picture and printed < _SCANNED_CHARACTERS)
