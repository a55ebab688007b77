"""时刻: times as devices tell them, in the offices' zone without saying so → seconds UTC; the one place for it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

type Seconds = npt.NDArray[np.int64]


def utc_seconds(local: npt.NDArray[np.datetime64], zone: ZoneInfo) -> Seconds:
    """Seconds since the epoch of local times; where the clock was set, as the zone's rules say for each."""
    seconds = local.astype("datetime64[s]").astype(np.int64)
    if not len(seconds):
        return seconds
    first, last = _offset(int(seconds.min()), zone), _offset(int(seconds.max()), zone)
    if first == last:
        return seconds - first
    return np.array([each - _offset(each, zone) for each in seconds.tolist()], np.int64)


def local_time(seconds: int, zone: ZoneInfo) -> datetime:
    """Seconds since the epoch as the offices' clock shows them, without a zone."""
    return datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)


def _offset(local: int, zone: ZoneInfo) -> int:
    told = datetime.fromtimestamp(local, UTC).replace(tzinfo=zone).utcoffset()
    return 0 if told is None else int(told.total_seconds())
