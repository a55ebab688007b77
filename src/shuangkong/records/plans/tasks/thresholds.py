"""时限: the days of the clocks, from the policy files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.plans.tasks.standing import Thresholds
from shuangkong.rulebook import open_rulebook


@dataclass(frozen=True, slots=True)
class Escalation:
    """Days after the due day on which a reminder and a circular are proposed."""

    remind: int
    circulate: int


def thresholds(on: date) -> Thresholds:
    """The days of due soon and silent in force on a day."""
    return Thresholds(_days("task_due_soon_days", on), _days("task_silent_days", on))


def escalation(on: date) -> Escalation:
    """The days of reminder and circular in force on a day."""
    return Escalation(_days("task_remind_days", on), _days("task_circulate_days", on))


def acknowledge_days(on: date) -> int:
    """Days within which the leading group acknowledges a major matter, in force on a day."""
    return _days("task_acknowledge_days", on)


def _days(name: str, on: date) -> int:
    return int(open_rulebook().parameter(f"plans/{name}", on).numbers[0])
