"""时钟偏差: how far a device's clock is from ours, by the arrival of what it sent; and hours off the hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.reading import HOUR, Evidence, Reading, Span

_MINUTE = timedelta(minutes=1)
OFF_HOUR = "off_hour"
#: Up to where a gap is told in minutes, and in hours.
_IN_MINUTES, _IN_HOURS = 2 * HOUR, 48 * HOUR


@dataclass(frozen=True, slots=True)
class Clock:
    """One hour of receipt of one device.

    Attributes:
        at: start of the hour.
        count: frames that were looked at.
        gap: ours less the device's clock: the median of (received − told); ``low`` and ``high`` the quartiles.
        evidence: one of the frames.
    """

    at: datetime
    count: int
    gap: timedelta
    low: timedelta
    high: timedelta
    evidence: Evidence | None = None

    def is_right(self, most: timedelta) -> bool:
        return abs(self.gap) <= most

    def is_off(self, most: timedelta, frames: int) -> bool:
        """Whether the clock is wrong. Gaps that lie apart are frames that were late, which no wrong clock makes.

        Fewer than ``frames`` frames say nothing.
        """
        return self.count >= frames and not self.is_right(most) and self.high - self.low <= most


def drifts(hours: Iterable[Clock], device: str, most: timedelta, frames: int) -> Iterator[Episode]:
    """Stretches in which a device's clock is more than ``most`` to either side, until an hour in which it is right.

    Hours that tell nothing (fewer than ``frames``, late frames, none) neither begin nor end one. ``rule`` is the
    device's number: an outlet may have two.
    """
    run: list[Clock] = []
    for each in sorted(hours, key=lambda clock: clock.at):
        if each.is_off(most, frames):
            run.append(each)
        elif run and each.count and each.is_right(most):
            yield _episode(run, device, each.at)
            run = []
    if run:
        yield _episode(run, device, None)


def _episode(run: Sequence[Clock], device: str, ends_at: datetime | None) -> Episode:
    worst = max(run, key=lambda clock: abs(clock.gap))
    is_behind = worst.gap > timedelta(0)
    zh, en = _long(abs(worst.gap))
    words = Message(
        f"设备 {device} 的时钟比平台{'慢' if is_behind else '快'}约 {zh}",
        f"The clock of device {device} is about {en} {'behind' if is_behind else 'ahead'}",
    )
    return Episode(
        kind=Kind.CLOCK_DRIFT, factor="", span=Span.HOUR, starts_at=run[0].at, ends_at=ends_at, count=len(run),
        words=words, worst_at=worst.at, rule=device,
        evidence=tuple(each.evidence for each in (worst, *run) if each.evidence is not None),
    )  # fmt: skip


def _long(gap: timedelta) -> tuple[str, str]:
    if gap < _IN_MINUTES:
        return f"{gap // _MINUTE} 分钟", f"{gap // _MINUTE} minutes"
    if gap < _IN_HOURS:
        return f"{gap // HOUR} 小时", f"{gap // HOUR} hours"
    return f"{gap.days} 天", f"{gap.days} days"


def is_on_the_hour(at: datetime) -> bool:
    """Whether an hour's mean is of a whole hour."""
    return at.minute == at.second == 0


def off_hours(readings: Iterable[Reading], least_right: int) -> Iterator[Episode]:
    """Stretches in which hours' means bear times off the hour: they count as no hours until they are put right.

    Args:
        readings: hours of an outlet's points, in any order; several of one time are one.
        least_right: so many hours on the hour in a row end a stretch: single ones among others were sent again, or
            asked for.
    """
    by = {each.at: each for each in readings}
    run: list[Reading] = []
    right: list[Reading] = []
    for _at, each in sorted(by.items()):
        if not is_on_the_hour(each.at):
            run.append(each)
            right = []
        elif run and each.value is not None:
            right.append(each)
            if len(right) == least_right:
                yield _off(run, right[0].at)
                run, right = [], []
    if run:
        yield _off(run, None)


def _off(run: Sequence[Reading], ends_at: datetime | None) -> Episode:
    first = run[0].at
    words = Message(
        f"{len(run)} 个小时数据的时间不在整点（如 {first:%H:%M:%S}），没有计入小时：请校时，再补传",
        f"{len(run)} hours' means bear times off the hour (such as {first:%H:%M:%S}) and count as no hours: set the"
        " clock, then have them sent again",
    )
    return Episode(
        kind=Kind.CLOCK_DRIFT, factor="", span=Span.HOUR, starts_at=first, ends_at=ends_at, count=len(run),
        words=words, worst_at=first, rule=OFF_HOUR,
        evidence=tuple(each.evidence for each in run if each.evidence is not None),
    )  # fmt: skip
