"""时段: what measures every few hours owes one reading in each such span, not one an hour."""

from __future__ import annotations

from collections.abc import Iterable

from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Reading


def slots(readings: Iterable[Reading], every: int, marks: Marks) -> list[Reading]:
    """One reading of each span of ``every`` hours that any of these lies in, in order: the best of what came in it.

    A measured one goes before one that is lost, a lost one before a stop, and a stop before nothing; of equals the
    first. ``every`` 1 leaves all as they are.
    """
    if every <= 1:
        return list(readings)
    best: dict[tuple[int, int], Reading] = {}
    for each in readings:
        key = (each.at.toordinal(), each.at.hour // every)
        held = best.get(key)
        if held is None or _weight(each, marks) > _weight(held, marks):
            best[key] = each
    return [best[key] for key in sorted(best)]


def slots_in(first: int, hours: int, every: int) -> int:
    """How many spans of ``every`` hours of a day any of ``hours`` hours from ``first`` o'clock on lies in.

    As ``slots`` parts a day: by the clock, not from the first hour that is owed.
    """
    return 0 if hours <= 0 else (first + hours - 1) // every - first // every + 1


def _weight(each: Reading, marks: Marks) -> int:
    if each.value is not None:
        return 3 if each.mark in marks.measured else 2
    return 1 if each.mark in marks.stopped else 0
