"""Tells what a file is: by its first bytes, and by its name only where bytes do not tell."""

from __future__ import annotations

import re
from pathlib import PurePath

from shuangkong.plans.document import Medium
from shuangkong.plans.intake.refusals import refused

#: Beginning of the file → what it is, Chinese and English: known, and not a door of ours.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "RTF 文件", "an RTF file"),
    (b"\x89PNG", "图片（需先做文字识别）", "a picture (run OCR first)"),
    (b"\xff\xd8\xff", "图片（需先做文字识别）", "a picture (run OCR first)"),
    (b"GIF8", "图片（需先做文字识别）", "a picture (run OCR first)"),
    (b"BM", "图片（需先做文字识别）", "a picture (run OCR first)"),
    (b"II*\0", "图片（需先做文字识别）", "a picture (run OCR first)"),
    (b"MM\0*", "图片（需先做文字识别）", "a picture (run OCR first)"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"MIME-Version:", "网页存档（.mht）", "a web archive (.mht)"),
)
_OLE = b"\xd0\xcf\x11\xe0"
#: Name of the stream in which Office keeps an encrypted .docx.
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_WORD_XML = re.compile(rb"<(?:w:wordDocument|pkg:package)\b")
#: A PDF reader looks for its mark in the first kilobyte.
_HEAD_BYTES = 1024
_HTML_NAMES = frozenset({".html", ".htm", ".shtml", ".xhtml"})


def medium_of(name: str, data: bytes) -> Medium:
    """The door for these bytes.

    Raises:
        DocumentRefused: PLN-903 another format, PLN-905 .doc or .wps, PLN-906 encrypted Office file.
    """
    head = data[:_HEAD_BYTES]
    if data.startswith(_OLE):
        raise refused("PLN-906" if _OLE_ENCRYPTED in data else "PLN-905", name)
    for beginning, zh, en in _FOREIGN:
        if data.startswith(beginning) and not (beginning == b"BM" and b"\0" not in head):
            raise refused("PLN-903", name, found=zh, found_en=en)
    if data.startswith(_ZIP):
        return Medium.DOCX
    if b"%PDF-" in head:
        return Medium.PDF
    plain = head.replace(b"\0", b"")  # UTF-16 pages
    if _WORD_XML.search(plain):
        raise refused("PLN-903", name, found="Word XML 文件", found_en="a flat Word XML file")
    if _HTML.search(plain) or PurePath(name).suffix.lower() in _HTML_NAMES:
        return Medium.HTML
    return Medium.TXT
