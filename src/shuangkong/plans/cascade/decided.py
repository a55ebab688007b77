"""人工认定: which pairs of two plans a person has laid together or set apart. It outranks any likeness."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pairing(StrEnum):
    """What a person says of a pair."""

    PAIRED = "paired"  # 是同一项
    APART = "apart"  # 不是同一项
    OPEN = "open"  # 撤销认定，仍按相近程度


@dataclass(frozen=True, slots=True)
class Decided:
    """Pairs of keys, the parent's first: those that answer each other, and those that do not."""

    paired: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()


#: Nobody has said anything.
UNDECIDED = Decided()
