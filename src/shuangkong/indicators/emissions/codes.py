"""污染源代码的写法: one source has one code, however it was typed; who tells two spellings apart counts it twice."""

from __future__ import annotations

import unicodedata


def as_kept(typed: str) -> str:
    """A code or the name of an outlet as it is kept: narrow letters, capitals, no blanks. "ｆleet 1" → "FLEET1"."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


def bare(kept: str) -> str:
    """Letters, digits and characters alone: what two spellings of one code share. "B-1" and "B1" → "B1"."""
    return "".join(character for character in as_kept(kept) if character.isalnum())
