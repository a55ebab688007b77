"""逐时方格: every due hour of many meters with its amount and how that is known; columns of whole numbers, exact.

* What a counter gained in an hour counts where it is valid: **measured**, or **estimated** where its bounds lie between
  showings further apart than usual.
* Else the hour that the sender **told** counts.
* A counter that was silent too long does not say what each hour used, but its next showing says what all of them used
  together: where a silence began and ended within the span, its gain counts, and its hours are **bridged**.
* Every other due hour is **open**: nobody knows it, and it is never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from shuangkong.monitoring.meters.columns import HELD, Hours, Numbers
from shuangkong.monitoring.meters.counter import HOUR_SECONDS, NOT_VALID, Step


class Origin(IntEnum):
    """How the amount of an hour is known; the numbers stand in columns."""

    OPEN = 0
    MEASURED = 1
    ESTIMATED = 2
    TOLD = 3
    BRIDGED = 4
    NOT_DUE = 5


@dataclass(frozen=True, slots=True)
class ToldHours:
    """Valid hour amounts as senders told them, in millionths of the meter's unit; any order, each hour once."""

    meter: Numbers
    starts: Numbers
    amount: Numbers


@dataclass(frozen=True, slots=True)
class Span:
    """From which instant on (seconds), how many hours; of each meter from when until when it is due, in hours."""

    first: int
    hours: int
    due_from: Numbers
    due_until: Numbers


@dataclass(frozen=True, slots=True)
class Gaps:
    """Silences that are bridged: from when, how many hours, what was gained in all of them, in millionths."""

    meter: Numbers
    starts: Numbers
    hours: Numbers
    gain: Numbers


@dataclass(frozen=True, slots=True)
class Grid:
    """Meters × hours: ``origin``; ``counted`` in millionths of the counter, ``told`` of the unit; 0 where neither."""

    origin: NDArray[np.uint8]
    counted: Numbers
    told: Numbers
    gaps: Gaps


NO_TOLD = ToldHours(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


def grid(hours: Hours, told: ToldHours, span: Span) -> Grid:
    """The due hours of ``len(span.due_from)`` meters; hours outside the span are passed over."""
    shape = (len(span.due_from), span.hours)
    starts = span.first + np.arange(span.hours, dtype=np.int64) * HOUR_SECONDS
    is_due = (starts >= span.due_from[:, None]) & (starts + HOUR_SECONDS <= span.due_until[:, None])
    origin = np.where(is_due, np.uint8(Origin.OPEN), np.uint8(Origin.NOT_DUE))
    counted, sent = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)

    row, column = _cells(hours.meter, hours.starts, span)
    inside = (column >= 0) & (column < span.hours)
    valid = inside & hours.is_valid
    valid[valid] = is_due[row[valid], column[valid]]
    is_long = (hours.steps[valid] & Step.LONG) != 0
    origin[row[valid], column[valid]] = np.where(is_long, np.uint8(Origin.ESTIMATED), np.uint8(Origin.MEASURED))
    counted[row[valid], column[valid]] = hours.amount[valid]

    gaps = _bridged(hours, span)
    for meter, at, count in zip(gaps.meter.tolist(), gaps.starts.tolist(), gaps.hours.tolist(), strict=True):
        place = (at - span.first) // HOUR_SECONDS
        origin[meter, place : place + count] = Origin.BRIDGED

    row, column = _cells(told.meter, told.starts, span)
    fills = (column >= 0) & (column < span.hours)
    fills[fills] = origin[row[fills], column[fills]] == Origin.OPEN
    origin[row[fills], column[fills]] = Origin.TOLD
    sent[row[fills], column[fills]] = told.amount[fills]
    return Grid(origin, counted, sent, gaps)


def _cells(meter: Numbers, starts: Numbers, span: Span) -> tuple[Numbers, Numbers]:
    return meter, (starts - span.first) // HOUR_SECONDS


def _bridged(hours: Hours, span: Span) -> Gaps:
    """Runs of silent hours within what is due, with a gain that can be."""
    place = np.flatnonzero(hours.is_missing)
    if len(place) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Gaps(none, none, none, none)
    meter, starts = hours.meter[place], hours.starts[place]
    begins = np.concatenate(([True], (np.diff(meter) != 0) | (np.diff(starts) != HOUR_SECONDS)))
    edges = np.flatnonzero(begins)
    counts = np.diff(np.append(edges, len(place)))
    gain = np.add.reduceat(hours.amount[place], edges)
    seen = np.bitwise_or.reduceat(hours.steps[place], edges)
    first, of = starts[edges], meter[edges]
    whole = (first >= span.due_from[of]) & (first + counts * HOUR_SECONDS <= span.due_until[of])
    whole &= (seen & NOT_VALID) == 0
    # What does not fit into the column has wrapped around: it stays open.
    whole &= np.add.reduceat(hours.amount[place].astype(np.float64), edges) < HELD
    # A span may be shorter than what is due (a month that runs): only what lies in it.
    whole &= (first >= span.first) & (first + counts * HOUR_SECONDS <= span.first + span.hours * HOUR_SECONDS)
    return Gaps(of[whole], first[whole], counts[whole], gain[whole])
