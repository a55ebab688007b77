"""汉字数字: the small numbers of headings and count words."""

from __future__ import annotations

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"两": 2, "零": 0}


def number_of(text: str) -> int | None:
    """一..九十九, 两, or plain digits as an int; None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(sign != "十" and sign not in _DIGITS for sign in text) or text.count("十") > 1:
        return None
    if "十" not in text:
        return _DIGITS[text] if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
