"""留存: segments whose time is over are removed, whole, and never one that somebody still has to read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from shuangkong.readings.evidence.files import segment_numbers, segment_path, sync_folder
from shuangkong.readings.evidence.record import SEGMENT_BYTES, begun_of


def expire(folder: Path, before: int, read_until: int) -> list[int]:
    """Removes the segments of which every record was received before ``before`` (nanoseconds UTC).

    Args:
        folder: of the log.
        before: what was received from then on stays.
        read_until: number of the segment that the slowest reader has come to; it and later ones stay.

    Returns:
        The numbers of the segments removed, ascending. The newest segment always stays.
    """
    removed = []
    for number, following in pairwise(segment_numbers(folder)):
        if number >= read_until:
            break
        # All that a segment holds was received before the next was begun.
        ended = begun_of(_header(folder, following), following)
        if ended is None or ended >= before:
            break
        segment_path(folder, number).unlink()
        removed.append(number)
    if removed:
        sync_folder(folder)
    return removed


def _header(folder: Path, number: int) -> bytes:
    with segment_path(folder, number).open("rb") as file:
        return file.read(SEGMENT_BYTES)
