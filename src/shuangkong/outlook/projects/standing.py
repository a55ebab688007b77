"""调度: how a key project stands on a day: late, silent, running stably or not, by what each month told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.period import Period

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Milestone:
    """开工、建成、投运 …: the last day for it (with extensions), and the day it was done; None: not yet."""

    name: str
    due: date
    done_on: date | None = None

    def is_late(self, day: date) -> bool:
        """Whether its day is over and it was not done by ``day``. What is due today is not late."""
        return self.due < day and (self.done_on is None or self.done_on > day)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What one month told of a project that runs; None: not told.

    Attributes:
        running_pct: hours in which the facility ran, of those in which it was to run.
        compliant_pct: hours within the limits, of those in which it ran.
    """

    month: Period
    running_pct: Decimal | None = None
    compliant_pct: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the trigger's rule sets.

    Attributes:
        dispatch_days: days after the end of a month within which it must be dispatched.
        running_pct, compliant_pct: below these a month is a bad one.
        window, bad_months: so many bad months among so many of the last make it unstable.
    """

    dispatch_days: int
    running_pct: Decimal
    compliant_pct: Decimal
    window: int
    bad_months: int

    @classmethod
    def of(cls, limits: Mapping[str, Decimal]) -> Limits:
        """From the limits of a version of the rule; raises KeyError where it lacks one."""
        whole = {name: int(limits[name]) for name in ("dispatch_days", "window", "bad_months")}
        return cls(running_pct=limits["running_pct"], compliant_pct=limits["compliant_pct"], **whole)


class Fault(StrEnum):
    """What is wrong with a project."""

    MILESTONE = "milestone"
    SILENT = "silent"
    UNSTABLE = "unstable"


FAULTS: dict[Fault, Message] = {
    Fault.MILESTONE: Message("节点逾期未完成", "A milestone is overdue"),
    Fault.SILENT: Message("逾期未报当月调度", "A month was not dispatched in time"),
    Fault.UNSTABLE: Message("运行不稳定", "Runs unstably"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyProject:
    """One project on the list.

    Attributes:
        since: the first month that must be dispatched.
        runs_since: the first whole month in which it runs; None: it does not run yet.
    """

    id: str
    since: Period
    milestones: tuple[Milestone, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()
    runs_since: Period | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """``faults`` with what they rest on: names of milestones, months."""

    project: str
    faults: Mapping[Fault, tuple[str, ...]]

    @property
    def is_late(self) -> bool:
        """Late with a milestone, or with its word: whoever says nothing is not on time."""
        return Fault.MILESTONE in self.faults or Fault.SILENT in self.faults

    @property
    def is_unstable(self) -> bool:
        return Fault.UNSTABLE in self.faults


def standing(project: KeyProject, day: date, limits: Limits) -> Standing:
    """How it stands at the beginning of a day; months that are not due yet say nothing."""
    told = {each.month: each for each in project.dispatches}
    silent = tuple(str(month) for month in _due_months(project.since, day, limits) if month not in told)
    overdue = tuple(each.name for each in project.milestones if each.is_late(day))
    found = {Fault.MILESTONE: overdue, Fault.SILENT: silent, Fault.UNSTABLE: _unstable(project, day, limits)}
    return Standing(project.id, {fault: ground for fault, ground in found.items() if ground})


@dataclass(frozen=True, slots=True)
class Running:
    """运行证明: the last whole months in which it ran, and those of them that are bad.

    ``is_stable`` None: it does not run yet, or has not run for as many months as the rule looks at.
    """

    months: tuple[str, ...]
    bad: tuple[str, ...]
    is_stable: bool | None


def running(project: KeyProject, day: date, limits: Limits) -> Running:
    """Whether the months told prove that it runs stably."""
    ran = _ran(project, day, limits)
    bad = tuple(str(each.month) for each in ran if _is_bad(each, limits))
    is_stable = len(bad) < limits.bad_months if len(ran) == limits.window else None
    return Running(tuple(str(each.month) for each in ran), bad, is_stable)


def _unstable(project: KeyProject, day: date, limits: Limits) -> tuple[str, ...]:
    """The bad months, where they are enough of the last ones."""
    bad = tuple(str(each.month) for each in _ran(project, day, limits) if _is_bad(each, limits))
    return bad if len(bad) >= limits.bad_months else ()


def _ran(project: KeyProject, day: date, limits: Limits) -> list[Dispatch]:
    """The last months told since it runs, no more than the rule looks at."""
    if project.runs_since is None:
        return []
    ran = [
        each
        for each in sorted(project.dispatches, key=lambda each: each.month)
        if project.runs_since.first_month <= each.month.first_month and each.month.last_day < day
    ]
    return ran[-limits.window :]


def _is_bad(month: Dispatch, limits: Limits) -> bool:
    """A month that does not prove its running does not count as a good one."""
    if month.running_pct is None or month.compliant_pct is None:
        return True
    return month.running_pct < limits.running_pct or month.compliant_pct < limits.compliant_pct


def _due_months(since: Period, day: date, limits: Limits) -> Iterator[Period]:
    """Months whose last day for a dispatch is over."""
    number = since.first_month
    while True:
        month = Period(number // _YEAR, f"{number % _YEAR + 1:02d}")
        if month.last_day + timedelta(days=limits.dispatch_days) >= day:
            return
        yield month
        number += 1


def faulty(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Those with a fault, in their order."""
    return tuple(each for each in standings if each.faults)
