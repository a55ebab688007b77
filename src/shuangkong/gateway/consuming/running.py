"""治理设施运行: how many treatment devices of an outlet ran in an hour, by the states that were told of them."""

from __future__ import annotations

from collections import OrderedDict

from shuangkong.protocols.hj212.message import Message

_STATE, _HOUR = "state", 3600
#: Hours of outlets that are remembered.
_MOST = 20_000


class Running:
    """Remembers which devices ran in the hours of late: a device that ran at one instant of an hour ran in it."""

    def __init__(self) -> None:
        self._ran: OrderedDict[tuple[int, int], set[str]] = OrderedDict()

    def count(self, message: Message, outlet: int, at: int) -> int | None:
        """How many ran in the hour of a moment, as far as is known; None where the message tells no state.

        Only a state of 0 is off: calibration, maintenance, alarm and blow-back are of a device that is on.
        """
        told = [(each.code, each.value) for each in message.readings if each.stat == _STATE and each.value is not None]
        if not told:
            return None
        key = outlet, at // _HOUR
        ran = self._ran.setdefault(key, set())
        ran |= {code for code, value in told if value != 0}
        self._ran.move_to_end(key)
        while len(self._ran) > _MOST:
            self._ran.popitem(last=False)
        return len(ran)
