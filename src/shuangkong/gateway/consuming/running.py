"""治理设施运行: how many treatment devices of an outlet ran in an hour, by the states that were told of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Set as AbstractSet
from typing import Protocol

from shuangkong.protocols.hj212.message import Message

_STATE, _HOUR = "state", 3600
#: Hours of outlets that are at hand; the others are looked up.
_MOST = 20_000


class RanNotes(Protocol):
    """Where it is remembered which devices ran in an hour (hours since the epoch) of an outlet."""

    def ran(self, outlet: int, hour: int) -> AbstractSet[str]: ...

    def keep_ran(self, outlet: int, hour: int, devices: AbstractSet[str]) -> None: ...


class Running:
    """Remembers which devices ran in which hours: a device that ran at one instant of an hour ran in it.

    What is noted only grows and is true however often a frame is read: it may be ahead of the bookmark.
    """

    def __init__(self) -> None:
        self._at_hand: OrderedDict[tuple[int, int], frozenset[str]] = OrderedDict()
        self._notes: RanNotes | None = None
        self._oldest = 0

    def keep_in(self, notes: RanNotes) -> None:
        """From now on what ran is noted there, and known after a new beginning."""
        self._notes = notes

    def forget_before(self, moment: float) -> int:
        """Of hours before a moment (seconds) nothing is said any more; returns the hour of it."""
        self._oldest = int(moment) // _HOUR
        return self._oldest

    def count(self, message: Message, outlet: int, at: int) -> int | None:
        """How many ran in the hour of a moment, as far as is known; None where nothing can be said: the message tells
        no state, or what ran in that hour is forgotten.

        Only a state of 0 is off: calibration, maintenance, alarm and blow-back are of a device that is on.
        """
        told = [(each.code, each.value) for each in message.readings if each.stat == _STATE and each.value is not None]
        key = outlet, at // _HOUR
        if not told or key[1] < self._oldest:
            return None
        known = self._at_hand.get(key)
        if known is None:
            known = frozenset(self._notes.ran(*key)) if self._notes is not None else frozenset()
        ran = known | {code for code, value in told if value != 0}
        if ran != known and self._notes is not None:
            self._notes.keep_ran(*key, ran)
        self._at_hand[key] = ran
        self._at_hand.move_to_end(key)
        while len(self._at_hand) > _MOST:
            self._at_hand.popitem(last=False)
        return len(ran)
