"""源代码: the number by which this installation names one enterprise for good, with a check sign of its own.

Whatever else changes (name, credit code, place), this does not; an enterprise without a credit code has one too.
"""

from __future__ import annotations

import re

from shuangkong.core.credit_code import SIGNS

_LETTER, _DIGITS = "Q", 9
_FORM = re.compile(rf"{_LETTER}([0-9]{{{_DIGITS}}})([{SIGNS}])")


def source_code(number: int) -> str:
    """``Q000000017…``: the letter, nine digits, the check sign."""
    digits = f"{number:0{_DIGITS}d}"
    return f"{_LETTER}{digits}{_check(digits)}"


def number_of(printed: str) -> int | None:
    """The number behind a code; None for a text that is none, or that has a slip in it."""
    found = _FORM.fullmatch("".join(printed.split()).upper())
    return int(found[1]) if found and _check(found[1]) == found[2] else None


def _check(digits: str) -> str:
    """Tells every single wrong digit, and any two neighbours that changed places."""
    total = sum(int(digit) * pow(3, place + 1, len(SIGNS)) for place, digit in enumerate(digits))
    return SIGNS[-total % len(SIGNS)]
