"""Bytes of a text file → characters, as written; only line ends become ``\\n`` and the byte-order mark goes."""

from __future__ import annotations

import codecs
import re

from shuangkong.plans.intake.refusals import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: C0 controls that no text holds; tab, line feed, vertical tab, form feed and carriage return may stand.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
#: This many whole UTF-8 characters of several bytes before an error mean damaged UTF-8, not another encoding.
_SURELY_UTF8 = 8


def characters(name: str, data: bytes, declared: str | None = None) -> str:
    """The text of ``data``.

    Args:
        name: the file, for messages.
        declared: an encoding the file itself names (the meta tag of a page); tried where the bytes are not UTF-8.

    Raises:
        DocumentRefused: PLN-903 binary, PLN-904 damaged.
    """
    text = _decoded(name, data, declared)
    control = _CONTROLS.search(text)
    if control:
        found = f"U+{ord(control[0]):04X}"
        raise refused("PLN-903", name, found=f"含控制字符 {found} 的二进制数据", found_en=f"binary data with {found}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(name: str, data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(name, data[len(mark) :], encoding)
    if b"\0" in data:
        return _utf16_without_mark(name, data)
    try:
        return data.decode("utf-8")  # before what is declared: other encodings hardly ever look like it, pages do err
    except UnicodeDecodeError as error:
        if declared and (text := _attempt(data, declared)) is not None:
            return text
        whole = data[: error.start].decode("utf-8")
        if sum(1 for character in whole if ord(character) > 0x7F) >= _SURELY_UTF8:
            raise _damaged(name, error) from error
    return _strictly(name, data, "gb18030")


def _utf16_without_mark(name: str, data: bytes) -> str:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _attempt(data, encoding)
        if text and "\0" not in text and len(_CHINESE.findall(text)) * 4 > len(text):
            return text
    raise refused("PLN-903", name, found="含 NUL 字节的二进制数据", found_en="binary data with NUL bytes")


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: UnicodeDecodeError) -> Exception:
    found = error.object[error.start : error.start + 4].hex(" ")
    return refused(
        "PLN-904",
        name,
        where=f"第 {error.start} 字节，按 {error.encoding}",
        where_en=f"byte {error.start}, as {error.encoding}",
        found=f"字节 {found}",
        found_en=f"bytes {found}",
    )
