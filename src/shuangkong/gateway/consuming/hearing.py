"""告知: what came of a batch beside its readings, told to whoever keeps it: quarantine, arrivals, messages of devices.

It is behind the store and before the bookmark. A door that is down is waited for; whatever else a frame brings about
here stays with that frame, as it does when frames are read.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping

from shuangkong.gateway.consuming.apart import Apart, Desk, Kept, Why
from shuangkong.gateway.consuming.arrivals import Arrivals, Notes
from shuangkong.gateway.consuming.fence import keep_unreadable
from shuangkong.gateway.consuming.filed import Filed
from shuangkong.gateway.consuming.told import MessageDesk, Messages, Unkept
from shuangkong.readings.evidence import Address, Kind, Record

_SECOND = 1_000_000_000


class Hearing:
    """Tells it.

    Args:
        notes, messages: None: nobody asks.
        down: faults of these doors that pass.
    """

    def __init__(
        self, desk: Desk, notes: Notes | None, messages: MessageDesk | None, down: tuple[type[Exception], ...]
    ) -> None:
        self._desk, self._down = desk, down
        self._arrivals, self._messages = Arrivals(notes), Messages(messages, down)

    def hear(self, filed: Filed, apart: Apart, peers: Mapping[int, str], now: float) -> None:
        """What came of a batch of which the store has the readings.

        Raises ``down``: then the batch is begun again. What the messages' desk cannot keep goes to ``apart``.
        """
        for lost in self._messages.hear(filed.told):
            traceback.print_exception(lost.fault)
            keep_unreadable(apart, lost.told.mn, _record(lost), lost.fault)
        for why, kept in apart.found.items():
            kept.peer = peers.get(kept.connection, "")
            self._tell(why, kept)
        # After the store has them: who closes an amount anew on this word finds them.
        self._arrivals.hear(filed.arrived, now)

    def see_to(self, now: float, *, is_last: bool = False) -> None:
        """Passes on what was gathered, where it is time; all of it the last time, before the reading ends."""
        self._arrivals.see_to(now, is_last=is_last)
        self._messages.see_to(now, is_last=is_last)

    def _tell(self, why: Why, kept: Kept) -> None:
        try:
            self._desk.tell(why, kept)
        except self._down:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it stays with what is kept apart
            # In the log it stays, and with a device of ours it is read again; only the page does not show it.
            traceback.print_exception(fault)


def _record(lost: Unkept) -> Record:
    """What is known yet of the frame that told it."""
    told = lost.told
    return Record(Address(told.segment, told.offset), told.received * _SECOND, 0, Kind.FRAME, 0, 0, b"")
