"""出处: the version of a reading is where its frame lies; who came later lies further on, and wins.

So a batch that is stored twice is stored once: the same frames bear the same versions. What came without frames stands
in segment 0, which no log has: there the offset is the number of an upload, or of a figure of an energy user. Of two
uploads the later counts; what a device told in a frame counts before any upload.
"""

from __future__ import annotations

from typing import NamedTuple

OFFSET_BITS = 40
#: One more than the last that fits.
SEGMENTS = 1 << (64 - OFFSET_BITS)
OFFSETS = 1 << OFFSET_BITS
#: The segment of what came without frames, and the offset from which its numbers are of figures of energy users.
WITHOUT_FRAMES = 0
_FIGURES = OFFSETS >> 1


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


def upload_place(number: int) -> Place:
    """The place of the readings of an upload."""
    if not 0 < number < _FIGURES:
        raise ValueError(f"an upload's number: expected 1 to {_FIGURES - 1}, found {number}")
    return Place(WITHOUT_FRAMES, number)


def figure_place(number: int) -> Place:
    """The place of a figure that an energy user told."""
    if not 0 < number < _FIGURES:
        raise ValueError(f"a figure's number: expected 1 to {_FIGURES - 1}, found {number}")
    return Place(WITHOUT_FRAMES, _FIGURES + number)


def upload_of(place: Place) -> int | None:
    """The upload that a place stands for; None where it is a frame's, or a figure's."""
    return place.offset if place.segment == WITHOUT_FRAMES and 0 < place.offset < _FIGURES else None


def figure_of(place: Place) -> int | None:
    """The figure of an energy user that a place stands for; None where it is another's."""
    return place.offset - _FIGURES if place.segment == WITHOUT_FRAMES and place.offset > _FIGURES else None
