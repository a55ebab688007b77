"""文件实为什么: what a file holds by its first bytes, in words: whoever sent another than was asked for is told so."""

from __future__ import annotations

from shuangkong.core.finding import Message

#: How files of a kind begin.
_BEGINNINGS: tuple[tuple[bytes, Message], ...] = (
    (b"\xff\xd8\xff", Message("图片（JPEG）", "a picture (JPEG)")),
    (b"\x89PNG", Message("图片（PNG）", "a picture (PNG)")),
    (b"%PDF", Message("PDF 文件", "a PDF")),
    (b"\xd0\xcf\x11\xe0", Message("旧版 Office 文件（.xls、.doc 之类）", "a file of an older Office (.xls, .doc)")),
    (b"PK", Message("损坏的工作簿，或别的压缩包", "a damaged workbook, or another archive")),
    (b"Rar!", Message("压缩包（RAR）", "an archive (RAR)")),
    (b"7z", Message("压缩包（7z）", "an archive (7z)")),
    (b"MZ", Message("程序", "a programme")),
    (b"<", Message("网页或 XML", "a web page or XML")),
)
_NOTHING = Message("空的", "nothing")
_TEXT, _UNKNOWN = Message("纯文字", "plain text"), Message("认不出的内容", "something unknown")
_LOOKED_AT = 1_000


def kind_of(data: bytes) -> dict[str, str]:
    """``found`` and ``found_en`` of a refusal: what a file is by its first bytes."""
    word = next((word for beginning, word in _BEGINNINGS if data.startswith(beginning)), None)
    if word is None:
        word = _NOTHING if not data.strip() else _TEXT if _is_text(data[:_LOOKED_AT]) else _UNKNOWN
    return {"found": word.zh, "found_en": word.en}


def _is_text(data: bytes) -> bool:
    return min(data) >= ord("\t")  # the control signs below it stand in no text


def megabytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / 1024**2:.1f} MB"
