"""纯文本: a text file is the document, character for character."""

from __future__ import annotations

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.intake.lettering import characters
from shuangkong.plans.intake.limits import TEXT_CHARACTERS
from shuangkong.plans.intake.refusals import refused


def open_txt(name: str, data: bytes) -> Document:
    """A text file in UTF-8, GB18030 (GBK) or UTF-16.

    Raises:
        DocumentRefused: PLN-902 blank, PLN-903 binary, PLN-904 damaged, PLN-908 too long.
    """
    text = characters(name, data)
    if len(text) > TEXT_CHARACTERS:
        raise refused("PLN-908", name, where="text", expected=TEXT_CHARACTERS, found=len(text))
    if not text.strip():
        raise refused("PLN-902", name)
    return Document(name, Medium.TXT, text)
