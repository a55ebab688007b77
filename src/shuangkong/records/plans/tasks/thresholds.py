"""时限: the days of the clocks, from the policy files: a place's own, else those of the layers above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shuangkong.core.dated import NotInForce
from shuangkong.plans.tasks.standing import Thresholds
from shuangkong.records.paths import SEPARATOR
from shuangkong.rulebook import Rulebook, open_rulebook

#: Where no rule was in force yet: nothing is due soon, and nobody is silent or to be reminded in a lifetime.
_NONE, _NEVER = 0, 36_500


@dataclass(frozen=True, slots=True)
class Escalation:
    """Days after the due day on which a reminder and a circular are proposed."""

    remind: int
    circulate: int


def thresholds(on: date, paths: Iterable[str] = ()) -> Thresholds:
    """The days of due soon and silent in force on a day at the first of some places (``Acting.paths``)."""
    return Thresholds(_days("task_due_soon_days", on, paths, _NONE), _days("task_silent_days", on, paths, _NEVER))


def escalation(on: date, paths: Iterable[str] = ()) -> Escalation:
    """The days of reminder and circular in force on a day at a place; as ``thresholds``."""
    return Escalation(_days("task_remind_days", on, paths, _NEVER), _days("task_circulate_days", on, paths, _NEVER))


def acknowledge_days(on: date, paths: Iterable[str] = ()) -> int:
    """Days within which the leading group acknowledges a major matter; as ``thresholds``."""
    return _days("task_acknowledge_days", on, paths, _NEVER)


def layer_of(paths: Iterable[str], rulebook: Rulebook, on: date) -> str:
    """The layer that holds at the first of the places on a day: the nearest of its own or of those above it."""
    path = next(iter(paths), "")
    return rulebook.layer_of(path.strip(SEPARATOR).rpartition(SEPARATOR)[2], on)


def _days(name: str, on: date, paths: Iterable[str], without: int) -> int:
    """The days in force; ``without`` on a day before the first rule."""
    rulebook = open_rulebook()
    try:
        return int(rulebook.parameter(f"plans/{name}", on, layer_of(paths, rulebook, on)).numbers[0])
    except NotInForce:
        return without
