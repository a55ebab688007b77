"""文件实为什么: what a file holds by its first bytes, in words: whoever sent another than was asked for is told so."""

from __future__ import annotations

from shuangkong.core.finding import Message

#: How files of a kind begin: with a mark that no text begins with, unless it is one sign.
_BEGINNINGS: tuple[tuple[bytes, Message], ...] = (
    (b"\xff\xd8\xff", Message("图片（JPEG）", "a picture (JPEG)")),
    (b"\x89PNG", Message("图片（PNG）", "a picture (PNG)")),
    (b"%PDF", Message("PDF 文件", "a PDF")),
    (b"\xd0\xcf\x11\xe0", Message("旧版 Office 文件（.xls、.doc 之类）", "a file of an older Office (.xls, .doc)")),
    (b"PK\x03\x04", Message("损坏的工作簿，或别的压缩包", "a damaged workbook, or another archive")),
    (b"PK\x05\x06", Message("空的压缩包", "an empty archive")),
    (b"Rar!\x1a\x07", Message("压缩包（RAR）", "an archive (RAR)")),
    (b"7z\xbc\xaf\x27\x1c", Message("压缩包（7z）", "an archive (7z)")),
    (b"<", Message("网页或 XML", "a web page or XML")),
)
_NOTHING, _PROGRAMME = Message("空的", "nothing"), Message("程序", "a programme")
_TEXT, _UNKNOWN = Message("纯文字", "plain text"), Message("认不出的内容", "something unknown")
_LOOKED_AT = 1_000


def kind_of(data: bytes) -> dict[str, str]:
    """``found`` and ``found_en`` of a refusal: what a file is by its first bytes."""
    word = next((word for beginning, word in _BEGINNINGS if data.startswith(beginning)), None) or _otherwise(data)
    return {"found": word.zh, "found_en": word.en}


def _otherwise(data: bytes) -> Message:
    if not data.strip():
        return _NOTHING
    if _is_text(data[:_LOOKED_AT]):
        return _TEXT
    return _PROGRAMME if data.startswith(b"MZ") else _UNKNOWN  # a line of text may begin with the same letters


def _is_text(data: bytes) -> bool:
    return min(data) >= ord("\t")  # the control signs below it stand in no text


def megabytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / 1024**2:.1f} MB"
