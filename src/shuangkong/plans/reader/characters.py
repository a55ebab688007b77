"""Characters folded one for one, so that an offset in the folded text is an offset in the printed one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

#: Traditional forms that any page of the genre contains; one of them is reason enough to convert the whole.
_TRADITIONAL = frozenset("節減總標準萬噸區縣單責發環業產實會與對強設佔級達負達園廠")

_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED |= {ord(c): ord(" ") for c in "\u3000\xa0\u2002\u2003\u2009\u200b\ufeff\r\x0b\x0c\xad"}
# Brackets, colons and commas are told apart by width in print only; the full-width form is the field's own.
_FOLDED |= {ord(a): ord(b) for a, b in zip("()（）:：;；?？!！<＜>＞", "（）（）：：；；？？！！<<>>", strict=True)}
_FOLDED |= {ord("，"): ord("，"), ord("。"): ord("。"), ord("﹪"): ord("%"), ord("﹝"): ord("〔"), ord("﹞"): ord("〕")}
_FOLDED |= {ord("~"): ord("～"), ord("〜"): ord("～"), ord("－"): ord("-"), ord("−"): ord("-"), ord("㎡"): ord("㎡")}


def plain(text: str) -> str:
    """``text`` with widths, brackets and traditional characters folded; same length, character for character."""
    folded = text.translate(_FOLDED)
    return _simplified(folded) if not _TRADITIONAL.isdisjoint(folded) else folded


def _simplified(text: str) -> str:
    converted = _converter()(text)
    if len(converted) == len(text):
        return converted
    # A phrase rule changed the length: convert character by character instead, and keep what would change length.
    return "".join(_one(char) for char in text)


@cache
def _one(char: str) -> str:
    converted = _converter()(char)
    return converted if len(converted) == 1 else char


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # loaded for traditional documents only: it costs a second text's time

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
