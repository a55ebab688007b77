"""各块表: hourly amounts of all meters at once; the rules of ``counter``, over columns of whole numbers.

Showings are in millionths of the counter's unit, instants in seconds: every comparison and sum is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuangkong.monitoring.meters.counter import HOUR_SECONDS, NOT_VALID, Rules, Step

Numbers = NDArray[np.int64]
#: Of a meter that nobody said it of.
UNKNOWN = -1
#: Bits of an instant beside a meter's number in one key; until the year 2242.
_AT_BITS = 33
#: Nothing shows or gains so much (millionths): the store takes no figure of a million million. Beyond it columns may
#: wrap around.
GREATEST = 10**18
#: What a sum may be by floats, so that it surely lies within a column of whole numbers.
HELD = 2.0**62
_MARKED = tuple(step for step in Step if step)


@dataclass(frozen=True, slots=True)
class Showings:
    """In order of meter, then of time, each instant of a meter once; ``meter`` is a place in ``Meters``."""

    meter: Numbers
    at: Numbers
    value: Numbers


@dataclass(frozen=True, slots=True)
class Meters:
    """Of each meter what it can use in an hour and where its counter begins anew, in millionths; or UNKNOWN."""

    most: Numbers
    modulus: Numbers


@dataclass(frozen=True, slots=True)
class Swaps:
    """In any order: which meter's, when, the old one's last showing and the new one's first."""

    meter: Numbers
    at: Numbers
    last: Numbers
    first: Numbers


@dataclass(frozen=True, slots=True)
class Hours:
    """One row an hour of a meter; ``amount`` in millionths, to be passed over where ``is_missing``."""

    meter: Numbers
    starts: Numbers
    amount: Numbers
    steps: NDArray[np.uint8]

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        return np.asarray((self.steps & Step.SILENT) != 0)

    @property
    def is_valid(self) -> NDArray[np.bool_]:
        return np.asarray((self.steps & (Step.SILENT | NOT_VALID)) == 0)


NO_SWAPS = Swaps(*(np.zeros(0, dtype=np.int64) for _ in range(4)))


def normalised(shown: Showings, swaps: Swaps, meters: Meters, rules: Rules) -> Hours:
    """The hours of every meter, in order of meter and time."""
    if len(shown.meter) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Hours(none, none, none, none.astype(np.uint8))
    gain, steps = gained(shown, swaps, meters, rules)
    # Over all meters on end, wrapping around if need be: only differences within one meter are used.
    totals = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(gain)))
    bound_meter, bound = _bounds(shown)
    key = _key(shown.meter, shown.at)
    # The first showing at or after a bound; the step before it holds the bound.
    after = np.searchsorted(key, _key(bound_meter, bound))
    starts_meter = np.concatenate(([True], shown.meter[1:] != shown.meter[:-1]))
    is_shown = shown.at[after] == bound
    before = np.where(starts_meter[after], after, after - 1)
    span, into = shown.at[after] - shown.at[before], bound - shown.at[before]
    at_bound = totals[before] + _share(totals[after] - totals[before], into, np.maximum(span, 1))
    at_bound = np.where(is_shown, totals[after], at_bound)
    same = bound_meter[1:] == bound_meter[:-1]
    # The steps that an hour holds or shares: from the one that ends after its first bound to that of its second.
    first = np.where(is_shown, after, before)[:-1][same]
    last = after[1:][same]
    seen = _seen(steps, first, last) | np.where(_is_beyond(gain, first, last), np.uint8(Step.JUMP), np.uint8(0))
    return Hours(bound_meter[:-1][same], bound[:-1][same], np.diff(at_bound)[same], seen)


def gained(shown: Showings, swaps: Swaps, meters: Meters, rules: Rules) -> tuple[Numbers, NDArray[np.uint8]]:
    """Of each pair of neighbours; nothing where they are of two meters. A gain beyond ``GREATEST`` is a jump."""
    before, value = shown.value[:-1], shown.value[1:]
    is_step = shown.meter[1:] == shown.meter[:-1]
    span = np.diff(shown.at)
    gain = value - before
    is_swap = np.zeros(len(gain), dtype=np.bool_)
    if len(swaps.meter):
        place = np.searchsorted(_key(shown.meter, shown.at), _key(swaps.meter, swaps.at)) - 1
        is_between = (place >= 0) & (place < len(gain))
        place, kept = place[is_between], np.flatnonzero(is_between)
        is_of = is_step[place] & (shown.meter[place] == swaps.meter[kept])
        place, kept = place[is_of], kept[is_of]
        np.add.at(gain, place, swaps.last[kept] - swaps.first[kept])
        is_swap[place] = True
    steps = np.where(is_swap, np.uint8(Step.SWAP), np.uint8(Step.GREW))
    meter = shown.meter[1:]
    _mend(gain, steps, is_swap, value, span, meters.most[meter], meters.modulus[meter])
    steps |= np.where(span > int(rules.usual.total_seconds()), np.uint8(Step.LONG), np.uint8(0))
    steps |= np.where(span > int(rules.longest.total_seconds()), np.uint8(Step.SILENT), np.uint8(0))
    steps[~is_step] = 0
    return np.where(is_step, gain, 0), steps


def _mend(
    gain: Numbers,
    steps: NDArray[np.uint8],
    is_swap: NDArray[np.bool_],
    value: Numbers,
    span: Numbers,
    most: Numbers,
    modulus: Numbers,
) -> None:
    """Gains that are none, or too large, in place; few of many."""
    odd = np.flatnonzero((gain < 0) | (gain > GREATEST) | ((most != UNKNOWN) & (gain > _most(most, span))))
    fell, told, limit = gain[odd] < 0, value[odd], _most(most[odd], span[odd])
    is_known = most[odd] != UNKNOWN
    over = gain[odd] + modulus[odd]
    rolled = fell & ~is_swap[odd] & is_known & (modulus[odd] != UNKNOWN)
    rolled &= (told < modulus[odd]) & (over >= 0) & (over <= limit)
    reset = fell & ~is_swap[odd] & ~rolled & is_known & (told >= 0) & (told <= limit)
    steps[odd] |= np.select(
        [~fell, rolled, reset],
        [np.uint8(Step.JUMP), np.uint8(Step.ROLLOVER), np.uint8(Step.RESET)],
        np.uint8(Step.FELL),
    )
    gain[odd] = np.select([~fell, rolled, reset], [gain[odd], over, told], 0)


def _most(most: Numbers, span: Numbers) -> Numbers:
    """What can be used in so many seconds, the fraction cut off: gains are whole numbers; ``GREATEST`` at the most."""
    whole, rest = np.divmod(span, HOUR_SECONDS)
    held = np.minimum(most, GREATEST // (np.maximum(whole, 0) + 1))
    told = held * whole + held // HOUR_SECONDS * rest + held % HOUR_SECONDS * rest // HOUR_SECONDS
    return np.where(held < most, GREATEST, told)


def _bounds(shown: Showings) -> tuple[Numbers, Numbers]:
    """The full hours between each meter's first and last showing."""
    starts = np.flatnonzero(np.concatenate(([True], shown.meter[1:] != shown.meter[:-1])))
    ends = np.append(starts[1:], len(shown.meter)) - 1
    first, last = -(-shown.at[starts] // HOUR_SECONDS), shown.at[ends] // HOUR_SECONDS
    counts = np.maximum(last - first + 1, 0)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(shown.meter[starts], counts), (np.repeat(first, counts) + offset) * HOUR_SECONDS


def _share(gain: Numbers, into: Numbers, span: Numbers) -> Numbers:
    """``gain · into / span``, rounded half up, without a product that might not fit."""
    whole, rest = np.divmod(gain, span)
    return whole * into + (2 * rest * into + span) // (2 * span)


def _is_beyond(gain: Numbers, first: Numbers, last: Numbers) -> NDArray[np.bool_]:
    """Whether the steps of an hour gained more than a column holds: its amount has wrapped around, and is none."""
    about = np.concatenate((np.zeros(1), np.cumsum(gain, dtype=np.float64)))
    return np.asarray(about[last] - about[first] > HELD)


def _seen(steps: NDArray[np.uint8], first: Numbers, last: Numbers) -> NDArray[np.uint8]:
    """What happened in any step from ``first`` on, before ``last``."""
    seen = np.zeros(len(first), dtype=np.uint8)
    for step in _MARKED:
        is_so = (steps & step) != 0
        if is_so.any():
            count = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(is_so)))
            seen |= np.where(count[last] > count[first], np.uint8(step), np.uint8(0))
    return seen


def _key(meter: Numbers, at: Numbers) -> Numbers:
    return meter << _AT_BITS | at
