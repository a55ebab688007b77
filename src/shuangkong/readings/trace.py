"""出处: the version of a reading is where its frame lies; who came later lies further on, and wins.

So a batch that is stored twice is stored once: the same frames bear the same versions. Sources without frames (uploads,
a person's supplement) keep what they sent in a segment of the evidence log too.
"""

from __future__ import annotations

from typing import NamedTuple

OFFSET_BITS = 40
#: One more than the last that fits.
SEGMENTS = 1 << (64 - OFFSET_BITS)
OFFSETS = 1 << OFFSET_BITS


class Place(NamedTuple):
    """A place in the evidence log."""

    segment: int
    offset: int


def version_of(segment: int, offset: int) -> int:
    """The version that readings of the frame at this place bear; ValueError where it does not fit."""
    if not (0 <= segment < SEGMENTS and 0 <= offset < OFFSETS):
        raise ValueError(f"segment {segment}, offset {offset}: expected less than {SEGMENTS} and {OFFSETS}")
    return segment << OFFSET_BITS | offset


def place_of(version: int) -> Place:
    """Where the frame of a version lies."""
    return Place(version >> OFFSET_BITS, version & (OFFSETS - 1))
