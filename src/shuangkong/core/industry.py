"""国民经济行业: one entry of the industrial classification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Industry:
    """``level``: ``section``, ``division``, ``group`` or ``class``; ``parent``: the code above, empty for a section."""

    code: str
    name: str
    level: str
    parent: str


def full_code(industry: Industry, known: Mapping[str, Industry]) -> str:
    """Its code behind the letter of its section (``C30``, as forms print it); of a section the letter alone."""
    section = industry
    while section.parent:
        section = known[section.parent]
    return section.code if section is industry else f"{section.code}{industry.code}"
