"""The clock of processes of their own, which that of a late run of the tests does not move."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine


def seconds_outside() -> float:
    """Seconds since the epoch, as other processes see them."""
    hatch = time_machine.escape_hatch
    found: float = hatch.time.time() if hatch.is_travelling() else time.time()
    return found


def now_outside(zone: ZoneInfo) -> datetime:
    """The moment, as other processes see it."""
    return datetime.fromtimestamp(seconds_outside(), zone)
