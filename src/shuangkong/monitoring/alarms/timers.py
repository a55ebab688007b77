"""升级和降级的计时: after how long without the step that is due an alarm rises, after how many clean hours it falls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shuangkong.monitoring.alarms.life import Act, Standing, State
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.reading import HOUR


@dataclass(frozen=True, slots=True)
class Timer:
    """One row of the table: in which state, at which level, after what, to which level.

    Attributes:
        after_hours: without another step, counted from the later of the state's and the level's beginning; None: not
            by waiting.
        clean_hours: of data in order since the last that was not; None: not by that.
    """

    state: State
    level: int
    to_level: int
    after_hours: int | None
    clean_hours: int | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class Due:
    """What a timer calls for: the act, since when, and by which row."""

    act: Act
    at: datetime
    timer: Timer


def due(now: Standing, timers: Iterable[Timer], asked_at: datetime, clean_hours: int) -> Due | None:
    """The first timer that has run out; None where none has. One level at a time: ask again after the step.

    Args:
        asked_at: the moment that it is asked of.
        clean_hours: consecutive valid hours in order up to then; hours without valid data are not clean.
    """
    for timer in timers:
        if (timer.state, timer.level) != (now.state, now.level) or not timer.ground.validity.holds_on(asked_at.date()):
            continue
        act = Act.ESCALATE if timer.to_level > timer.level else Act.DEESCALATE
        begun = max(now.since, now.level_since)
        if timer.after_hours is not None and asked_at - begun >= timer.after_hours * HOUR:
            return Due(act, begun + timer.after_hours * HOUR, timer)
        if timer.clean_hours is not None and clean_hours >= timer.clean_hours:
            return Due(act, asked_at, timer)
    return None


def explain_by(now: Standing, timers: Iterable[Timer]) -> datetime | None:
    """By when the step that is due must be taken, or it rises; None where nothing waits."""
    begun = max(now.since, now.level_since)
    waits = (
        timer.after_hours
        for timer in timers
        if (timer.state, timer.level) == (now.state, now.level)
        and timer.after_hours is not None
        and timer.to_level > timer.level
        and timer.ground.validity.holds_on(begun.date())
    )
    found = min(waits, default=None)
    return None if found is None else begun + found * HOUR
