"""数据中断: a factor that is due at an outlet and does not come. Silence is an event, per outlet and factor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.alarms.runs import episode, runs
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Reading, Span, hours_of


def silences(
    readings: Iterable[Reading],
    factor: str,
    due_from: datetime,
    asked_at: datetime,
    is_excused: Callable[[datetime], bool],
    least_hours: int,
) -> Iterator[Episode]:
    """Stretches of at least ``least_hours`` hours without a value while the factor was due.

    Args:
        readings: hours of the point, in any order. One without a value is silence, unless it came with a mark that says
            why: a device that tells that its source stands still, or that it is out of order, is not silent.
        due_from: since when the outlet owes this factor (its start on the register, or what is looked at); ends with
            the last whole hour before ``asked_at``: the factor's end, or now.
        is_excused: whether nothing is due in an hour (marked as stopped, or under maintenance with a mark).
    """
    told = {each.at for each in readings if each.value is not None or each.mark not in _NOTHING_SAID}
    asked = (Reading(at=at, value=None) for at in hours_of(due_from, asked_at) if at.minute == 0)

    def is_silent(_before: Reading | None, now: Reading) -> bool:
        return now.at not in told and not is_excused(now.at)

    whole = (each for each in asked if (asked_at - each.at).total_seconds() >= _HOUR_SECONDS)
    for run, is_over in runs(whole, is_silent, least_hours):
        words = Message(f"连续 {len(run)} 小时没有数据", f"No data for {len(run)} hours")
        yield episode(Kind.SILENCE, factor, Span.HOUR, run, words, is_over=is_over)


_HOUR_SECONDS = 3_600
_NOTHING_SAID = frozenset({Mark.NORMAL, Mark.MISSING})
