"""表达式: the one-line arithmetic of policy files, parsed once, evaluated a row or a column at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """``text`` as written; ``names`` it uses, in the order of their first use."""

    text: str
    names: tuple[str, ...]
