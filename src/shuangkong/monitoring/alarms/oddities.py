"""异常数据: values that do not move, leap, or lie where the device cannot measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.alarms.runs import episode, runs
from shuangkong.monitoring.reading import HOUR, Reading, Span

_PER_CENT = Decimal(100)
_PLACES = Decimal("0.1")


def stuck(
    readings: Iterable[Reading], factor: str, least: int, measured: Callable[[Reading], bool], apart: int = 1
) -> Iterator[Episode]:
    """数据恒定: at least ``least`` hours one after another, each with the same value, the source running.

    Hours that are not measured (lost, stopped) or not there break the run: nothing is known of them. A constant zero
    counts too.

    Args:
        apart: how many hours may lie from one reading to the next, of stations that do not measure every hour.
    """

    def belongs(before: Reading | None, now: Reading) -> bool:
        if now.value is None or not measured(now):
            return False
        return before is None or (before.value == now.value and _hours_between(before, now) <= apart)

    for run, is_over in runs(readings, belongs, least):
        value, count = f"{run[0].value:f}", len(run)
        words = Message(f"连续 {count} 小时恒为 {value}", f"{count} hours at the same {value}")
        if _hours_between(run[0], run[-1]) >= count:
            words = Message(f"连续 {count} 次测得 {value}", f"{count} readings in a row of the same {value}")
        yield episode(Kind.STUCK, factor, Span.HOUR, run, words, is_over=is_over, worst=run[0])


def jumps(
    readings: Iterable[Reading],
    factor: str,
    multiple: Decimal,
    least_change: Decimal,
    measured: Callable[[Reading], bool],
    is_still: Callable[[datetime], bool] = lambda _at: False,
) -> Iterator[Episode]:
    """数据突变: an hour ``multiple`` times the hour before or more, or so many times less, and ``least_change`` apart.

    Two neighbouring hours only; what stands beside a hole is not compared. Each jump is an episode of one hour.

    Args:
        is_still: whether nothing flowed in an hour. From zero of such an hour, or to it, nothing leaps: that the source
            starts and stops is what it does, and not a fault of the instrument.
    """
    before: Reading | None = None
    for now in readings:
        sound = now if now.value is not None and measured(now) else None
        if (
            before is not None
            and sound is not None
            and _is_next(before, sound)
            and _leaps(before, sound, multiple, least_change)
            and not any(each.value == 0 and is_still(each.at) for each in (before, sound))
        ):
            words = Message(f"由 {before.value:f} 突变为 {sound.value:f}", f"From {before.value:f} to {sound.value:f}")
            yield episode(Kind.JUMP, factor, Span.HOUR, (sound,), words, is_over=True, worst=sound)
        before = sound


def _is_next(before: Reading, now: Reading) -> bool:
    return _hours_between(before, now) == 1


def _hours_between(before: Reading, now: Reading) -> float:
    return (now.at - before.at) / HOUR


def _leaps(before: Reading, now: Reading, multiple: Decimal, least_change: Decimal) -> bool:
    assert before.value is not None
    assert now.value is not None
    low, high = sorted((abs(before.value), abs(now.value)))
    # Of nothing any value is many times as much: where no range tells how great a change has to be, none is a jump.
    if high == low or (low == 0 and least_change == 0):
        return False
    return high - low >= least_change and high >= multiple * low


def least_change(low: Decimal | None, high: Decimal | None, share_pct: Decimal) -> Decimal:
    """The smallest change that may be a jump: a share of the range that the device measures; 0 where none is known."""
    if low is None or high is None or high <= low:
        return Decimal(0)
    return (high - low) * share_pct / _PER_CENT


def out_of_range(
    readings: Iterable[Reading], factor: str, low: Decimal | None, high: Decimal | None, span: Span = Span.HOUR, *,
    unit: str = "",
) -> Iterator[Episode]:  # fmt: skip
    """超量程: values below what the device measures or above it, whatever their mark; no bound, no episode.

    Args:
        unit: that of values and bounds, for the words.
    """

    def belongs(_before: Reading | None, now: Reading) -> bool:
        return now.value is not None and (
            (low is not None and now.value < low) or (high is not None and now.value > high)
        )

    for run, is_over in runs(readings, belongs, 1):
        worst = max(run, key=lambda each: _beyond(each.value or Decimal(0), low, high))
        told = f"{'' if low is None else format(low, 'f')}～{'' if high is None else format(high, 'f')}"
        value, bounds = (f"{each} {unit}".rstrip() for each in (f"{worst.value:f}", told))
        words = Message(f"{value} 超出量程 {bounds}", f"{value} outside the range {bounds}")
        yield episode(Kind.OUT_OF_RANGE, factor, span, run, words, is_over=is_over, worst=worst)


def _beyond(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    if high is not None and value > high:
        return value - high
    return (low or Decimal(0)) - value
