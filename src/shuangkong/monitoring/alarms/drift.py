"""时钟偏差: how far a device's clock is from ours, by when its instants arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.reading import Evidence, Span

_MINUTE = timedelta(minutes=1)


def drift(samples: Iterable[tuple[datetime, datetime]]) -> timedelta | None:
    """Ours less the device's clock: the median of (received − told) of instants; None without any.

    Args:
        samples: (the instant the device told in a frame of real-time data, when the frame arrived). Frames that were
            sent again later (supplements) do not belong here: they are late by nature.
    """
    gaps = sorted(received - told for told, received in samples)
    if not gaps:
        return None
    middle = len(gaps) // 2
    return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2


def drifts(
    samples: Iterable[tuple[datetime, datetime]], most: timedelta, evidence: tuple[Evidence, ...] = ()
) -> Episode | None:
    """An open episode where the median is more than ``most`` to either side; None where the clock is right."""
    told = sorted(samples)
    gap = drift(told)
    if gap is None or abs(gap) <= most:
        return None
    minutes = abs(gap) // _MINUTE
    is_behind = gap > timedelta(0)
    words = Message(
        f"设备时钟比平台{'慢' if is_behind else '快'}约 {minutes} 分钟",
        f"The device's clock is about {minutes} minutes {'behind' if is_behind else 'ahead'}",
    )
    return Episode(
        kind=Kind.CLOCK_DRIFT,
        factor="",
        span=Span.HOUR,
        starts_at=told[0][0],
        ends_at=None,
        count=len(told),
        words=words,
        evidence=evidence,
    )
