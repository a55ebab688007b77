"""国民经济行业: one entry of the industrial classification."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Industry:
    """``level``: ``section``, ``division``, ``group`` or ``class``; ``parent``: the code above, empty for a section."""

    code: str
    name: str
    level: str
    parent: str
