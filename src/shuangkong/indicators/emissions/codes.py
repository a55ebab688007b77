"""污染源代码的写法: one source has one code, however it was typed; who tells two spellings apart counts it twice."""

from __future__ import annotations

import unicodedata


def as_kept(typed: str) -> str:
    """A code or the name of an outlet as it is kept: narrow letters, capitals, no blanks. "ｆleet 1" → "FLEET1"."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


def as_named(typed: str) -> str:
    """A name as it is kept: each run of blanks is one; "" where it has no letter (—, /: nothing is told)."""
    return " ".join(typed.split()) if bare(typed) else ""


def bare(kept: str) -> str:
    """Letters, digits and characters alone: what two spellings of one code share. "B-1" and "B1" → "B1"."""
    return "".join(character for character in as_kept(kept) if character.isalnum())
