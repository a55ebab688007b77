"""措施清单: what a level starts: who does what by when, and what of it is open on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Confidence

#: The day so many working days after another; the calendar is a shell's.
type Workdays = Callable[[date, int], date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing to be done.

    Attributes:
        executors, receivers: bodies, as the document names their kind.
        days: within how many days from the day that the level began; None: the document sets no term.
        counts_workdays: whether only workdays count.
    """

    id: str
    name: Message
    executors: str
    receivers: str = ""
    days: int | None = None
    counts_workdays: bool = False
    evidence: str = ""
    clause: Clause
    confidence: Confidence

    def due(self, since: date, workdays: Workdays) -> date | None:
        """The last day for it, the day after ``since`` being the first of the term; None where there is no term."""
        if self.days is None:
            return None
        return workdays(since, self.days) if self.counts_workdays else since + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """``rules``: ids of the rules whose levels start it."""

    id: str
    name: Message
    rules: frozenset[str]
    validity: Validity
    levels: Mapping[Level, tuple[Duty, ...]]

    def duties(self, level: Level) -> tuple[Duty, ...]:
        """What a level starts; nothing where the plan has none for it."""
        return self.levels.get(level, ())


@dataclass(frozen=True, slots=True)
class Task:
    """A duty that was started; ``done_on`` None: open."""

    duty: Duty
    due: date | None
    done_on: date | None = None

    def is_late(self, day: date) -> bool:
        """Whether its term is over and it was not done by ``day``."""
        return self.due is not None and self.due < day and (self.done_on is None or self.done_on > day)


def plans_for(plans: Iterable[ResponsePlan], rule: str, day: date) -> tuple[ResponsePlan, ...]:
    """The plans that a rule's levels start on a day."""
    return tuple(each for each in plans if rule in each.rules and each.validity.holds_on(day))


def tasks(
    plans: Iterable[ResponsePlan],
    level: Level,
    since: date,
    workdays: Workdays,
    done: Mapping[str, date] | None = None,
) -> tuple[Task, ...]:
    """The duties of a level as tasks, each duty once, in the order of plans.

    Args:
        since: the day on which the level began.
        done: id of a duty → the day on which it was done.
    """
    found: dict[str, Task] = {}
    for plan in plans:
        for duty in plan.duties(level):
            found.setdefault(duty.id, Task(duty, duty.due(since, workdays), (done or {}).get(duty.id)))
    return tuple(found.values())
