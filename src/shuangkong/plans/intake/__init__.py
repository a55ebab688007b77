"""收文: the doors by which a file becomes a Document; bytes and a name in, nothing else touched."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.intake.kind import medium_of
from shuangkong.plans.intake.limits import UPLOAD_BYTES
from shuangkong.plans.intake.refusals import bytes_as_words, refused

#: medium → module and function of its door. Imported when used: a text file need not wait for a PDF engine.
DOORS: dict[Medium, tuple[str, str]] = {
    Medium.TXT: ("shuangkong.plans.intake.txt", "open_txt"),
    Medium.HTML: ("shuangkong.plans.intake.html", "open_html"),
    Medium.DOCX: ("shuangkong.plans.intake.docx", "open_docx"),
    Medium.PDF: ("shuangkong.plans.intake.pdf", "open_pdf"),
}


def require_size(name: str, count: int) -> None:
    """Raises DocumentRefused PLN-901 when a file of ``count`` bytes is too large to be opened at all."""
    if count > UPLOAD_BYTES:
        raise refused("PLN-901", name, expected=bytes_as_words(UPLOAD_BYTES), found=bytes_as_words(count))


def open_document(name: str, data: bytes) -> Document:
    """The file as text and grids; its door is chosen by content first, then by name.

    Time and memory are bounded only by the limits stated in ``limits``: give untrusted files to ``papers.fence``.

    Raises:
        DocumentRefused: the file cannot become text (PLN-901 to PLN-911).
    """
    require_size(name, len(data))
    if not data.strip():
        raise refused("PLN-902", name)
    module, function = DOORS[medium_of(name, data)]
    door: Callable[[str, bytes], Document] = getattr(import_module(module), function)
    return door(name, data)
