"""轮转: rolls a store up every few seconds until it is told to stop; what goes wrong is told once, and tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable

from shuangkong.readings.rolling import Roller
from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.readings.wire.native import NotNative

#: Seconds between two rolls. An hour's roll-up is that much behind its last reading.
PAUSE = 5.0


def roll_until(stopping: threading.Event, roller: Roller, told: Callable[[str], None], pause: float = PAUSE) -> None:
    """Rolls until ``stopping``; ``told`` hears a fault when it begins, and that a month waits for its archive."""
    last = ""
    while not stopping.is_set():
        try:
            rolled = roller.roll()
            said = f"{rolled.waiting} hours wait for their month: bring it back with shuangkong readings restore"
            said = said if rolled.waiting else ""
        except (StoreDown, StoreRefused, NotNative) as fault:
            said = str(fault)
        if said and said != last and not stopping.is_set():
            told(said)
        last = said
        stopping.wait(pause)
