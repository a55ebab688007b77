"""抽查: who is drawn for an on-site check, by a seed that is logged, so that everybody can draw again and see the same.

No clock and no chance: the order is that of the digests of seed and code. A seed that is fixed before the list is
known (the number of a lottery draw of a named day) leaves nobody a choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it is logged; ``drawn`` in the order of the draw, ``among`` sorted."""

    seed: str
    count: int
    among: tuple[str, ...]
    drawn: tuple[str, ...]


def draw(codes: Iterable[str], count: int, seed: str) -> Draw:
    """``count`` of the codes.

    Raises:
        ValueError: no seed, a code twice, or more to draw than there are.
    """
    among = tuple(sorted(codes))
    if not seed or len(set(among)) != len(among) or not 0 <= count <= len(among):
        raise ValueError(f"seed {seed!r}, {count} of {len(among)}: expected a seed, distinct codes, and enough of them")
    return Draw(seed, count, among, tuple(sorted(among, key=lambda code: (_rank(seed, code), code))[:count]))


def is_genuine(told: Draw) -> bool:
    """Whether drawing again by its seed gives what it says."""
    return draw(told.among, told.count, told.seed) == told


def _rank(seed: str, code: str) -> bytes:
    return sha256(f"{seed}\0{code}".encode()).digest()
