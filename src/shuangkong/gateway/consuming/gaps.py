"""缺口: which periods of a device have not come, and what to ask it for, ordered and bounded. Pure.

Periods are numbered: a period's start in seconds, divided by their length. Runs of numbers are pairs (first, last).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

type Runs = list[tuple[int, int]]

#: Lengths of minute data that the protocol knows (MinInterval), seconds.
MINUTES = tuple(60 * each for each in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is asked for.

    Attributes:
        tries: how often one period is asked for.
        wait: seconds between two tries.
        grace: seconds after its end during which a period may still come by itself.
        periods: that one order may ask for.
        orders: of one device and command at a time.
    """

    tries: int
    wait: float
    grace: float
    periods: int = 24
    orders: int = 2


def joined(runs: Runs, numbers: Iterable[int]) -> Runs:
    """The runs with some numbers added; ascending, apart, and not touching."""
    return _merged(sorted([*runs, *_runs(sorted(set(numbers)))]))


def _merged(runs: Iterable[tuple[int, int]]) -> Runs:
    """Ascending runs, those that touch made one."""
    told: Runs = []
    for first, last in runs:
        if told and first <= told[-1][1] + 1:
            told[-1] = (told[-1][0], max(told[-1][1], last))
        else:
            told.append((first, last))
    return told


def _runs(numbers: Sequence[int]) -> Runs:
    """Ascending numbers, each once, as runs."""
    if not numbers or numbers[-1] - numbers[0] == len(numbers) - 1:
        return [(numbers[0], numbers[-1])] if numbers else []
    # Where one does not follow the other, a run begins.
    begins = [0, *(place for place, (one, other) in enumerate(pairwise(numbers), 1) if other != one + 1)]
    ends = [*(begin - 1 for begin in begins[1:]), len(numbers) - 1]
    return [(numbers[begin], numbers[end]) for begin, end in zip(begins, ends, strict=True)]


def lacking(runs: Runs, low: int, high: int) -> Runs:
    """The runs of numbers from ``low`` to ``high`` (both included) that are not there, ascending.

    Nothing lacks before the first that came: the device had not begun.
    """
    if not runs:
        return []
    low, told = max(low, runs[0][0]), []
    for first, last in runs:
        if first > high:
            break
        if first > low:
            told.append((low, first - 1))
        low = max(low, last + 1)
    if low <= high:
        told.append((low, high))
    return told


def spanned(runs: Runs, every: int) -> Runs:
    """The runs with all numbers of each span of ``every`` that any of theirs lies in; spans begin at multiples.

    What owes one reading in four hours lacks none of the other three.
    """
    return _merged((first // every * every, last // every * every + every - 1) for first, last in runs)


def kept(runs: Runs, low: int) -> Runs:
    """The runs without what lies before ``low``, but that something did: the number before it stands for that.

    Of a device that was silent for longer than is asked back for, what lacks before it spoke again lacks all the same.
    """
    after = [(max(first, low), last) for first, last in runs if last >= low]
    return joined(after, [low - 1]) if runs and runs[0][0] < low else after


def cut(gaps: Runs, bounds: Bounds) -> Runs:
    """Gaps in pieces that one order may ask for, the oldest first, no more of them than are asked for at a time.

    Pieces end where a multiple of their length does: a gap whose beginning is out of reach by and by keeps its ends.
    """
    pieces = []
    for first, last in gaps:
        start = first
        while start <= last:
            end = min((start // bounds.periods + 1) * bounds.periods - 1, last)
            pieces.append((start, end))
            start = end + 1
    return pieces[: bounds.orders]


def due(piece: tuple[int, int], tried: Mapping[int, tuple[int, float]], bounds: Bounds, now: float) -> Runs:
    """The runs of a piece that may be asked for now: no period more often than ``tries``, the piece once in ``wait``.

    Each period has tries of its own: a piece grows at the newest end and loses its oldest, and what joins it late is
    asked for as often as the rest.

    Args:
        tried: number → how often it was asked for, and when last, seconds.
    """
    first, last = piece
    if any(now - at < bounds.wait for number, (_tries, at) in tried.items() if first <= number <= last):
        return []
    unasked = (0, 0.0)
    return _runs([each for each in range(first, last + 1) if tried.get(each, unasked)[0] < bounds.tries])


def step_of(starts: Sequence[int], known: int) -> int:
    """Length of a device's minute data in seconds: the least distance of two starts that the protocol knows.

    ``known`` is what was found before, 0 for nothing; it only grows shorter.
    """
    apart = {after - before for before, after in pairwise(sorted(set(starts)))}
    found = min(apart.intersection(MINUTES), default=0)
    return min(each for each in (found, known) if each) if found or known else 0
