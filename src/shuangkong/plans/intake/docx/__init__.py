"""Word 文档: the parts of a .docx → lines and tables as printed."""

from __future__ import annotations

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.intake.composition import Composition
from shuangkong.plans.intake.docx.body import Body
from shuangkong.plans.intake.docx.numbering import Numbering
from shuangkong.plans.intake.docx.package import Package


def open_docx(name: str, data: bytes) -> Document:
    """A .docx of Word, WPS or LibreOffice.

    Raises:
        DocumentRefused: PLN-902 no text, PLN-903 another zip, PLN-906 encrypted, PLN-907 broken, PLN-908 beyond the
            limits, PLN-909 entities, PLN-910 no main part.
    """
    package = Package(name, data)
    main = package.main_part()
    numbering = Numbering(package.part("numbering"), package.part("styles"))
    body = Body(Composition(name), numbering, package.part("footnotes"), package.part("endnotes"))
    body.write(main)
    return body.composition.document(Medium.DOCX)
