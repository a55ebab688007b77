"""报送提醒: when a reporter is reminded of a return by the clock: soon due, due today, late and late again.

What is stopped, exempt, held by its clock or handed in has no last day and is never told of; an extension makes another
last day, which is told of when its own time comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.reporting.life_standing import Standing


class Stage(StrEnum):
    """On which occasion somebody was reminded."""

    DUE_SOON = "due_soon"  # 临近截止
    DUE_TODAY = "due_today"  # 今天截止
    LATE = "late"  # 逾期未报
    URGED = "urged"  # 催报, by a person


STAGES = {
    Stage.DUE_SOON: Message("临近截止", "Due soon"),
    Stage.DUE_TODAY: Message("今天截止", "Due today"),
    Stage.LATE: Message("逾期未报", "Late"),
    Stage.URGED: Message("催报", "Urged"),
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is told once: ``last`` the day that it is about, ``step`` counts the times that a late one was told of."""

    stage: Stage
    last: date
    step: int = 0


def occasion(now: Standing, day: date, soon: int, again: int) -> Occasion | None:
    """What is to be told of a return on a day; None where nothing is.

    Args:
        soon: days before the last one from which it is soon due; 0: it is told only on that day.
        again: days after which a late one is told of again.
    """
    last = now.owed_by
    return None if last is None else occasion_of(last, day, soon, again)


def occasion_of(last: date, day: date, soon: int, again: int) -> Occasion | None:
    """The same of anything that has a last day."""
    if day + timedelta(days=soon) < last:
        return None
    if day < last:
        return Occasion(Stage.DUE_SOON, last)
    if day == last:
        return Occasion(Stage.DUE_TODAY, last)
    return Occasion(Stage.LATE, last, ((day - last).days - 1) // max(again, 1))
