"""办理情况: how a task stands after what happened to it, and what its clock says on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from shuangkong.plans.tasks.events import TRANSITIONS, Event, EventKind, Grade, State


class Clock(StrEnum):
    """What the clock says; the order is the order of weight."""

    LATE = "late"  # 逾期
    DUE_SOON = "due_soon"  # 临近到期
    SILENT = "silent"  # 久无报送
    CALM = "calm"  # 正常
    STOPPED = "stopped"  # 计时暂停
    OVER = "over"  # 已办结或撤销


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Days. ``silent`` counts from the last word of a responsible body, else from the assignment."""

    due_soon: int
    silent: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task stands.

    Attributes:
        state, grade, percent: as last accepted or stated; a report that waits changes the state only.
        due: due day with extensions and stopped days; None where there is none.
        heard_on: last day on which a responsible body spoke; the assignment's day before that.
        stopped_on: since when the clock stands still.
        extensions, reminders, circulars: how often.
        is_listed: under listed supervision (挂牌督办).
        finished_on: the day it was done.
    """

    state: State = State.ASSIGNED
    grade: Grade = Grade.NOT_STARTED
    percent: Decimal | None = None
    due: date | None = None
    heard_on: date | None = None
    stopped_on: date | None = None
    extensions: int = 0
    reminders: int = 0
    circulars: int = 0
    is_listed: bool = False
    finished_on: date | None = None


class CannotHappen(ValueError):
    """An event that the task's state does not allow."""

    def __init__(self, state: State, kind: EventKind) -> None:
        super().__init__(f"{kind.value} cannot happen to a task that is {state.value}")
        self.state, self.kind = state, kind


def standing(due: date | None, events: Iterable[Event]) -> Standing:
    """Replays events in their order. Raises CannotHappen where the table of transitions does not allow one."""
    now, waiting = Standing(due=due), None
    for event in events:
        now, waiting = _after(now, event, waiting)
    return now


def after(now: Standing, event: Event, waiting: Event | None) -> Standing:
    """One step of ``standing``; ``waiting`` is the report that waits for its judgement."""
    return _after(now, event, waiting)[0]


def _after(now: Standing, event: Event, waiting: Event | None) -> tuple[Standing, Event | None]:
    try:
        state = TRANSITIONS[now.state, event.kind]
    except KeyError:
        raise CannotHappen(now.state, event.kind) from None
    now = replace(now, state=state)
    match event.kind:
        case EventKind.ASSIGN:
            return replace(now, heard_on=event.on), None
        case EventKind.REPORT:
            return replace(now, heard_on=event.on), event
        case EventKind.CONFIRM:
            return replace(now, heard_on=event.on), waiting
        case EventKind.ACCEPT | EventKind.STATE:
            said = waiting if event.kind is EventKind.ACCEPT and waiting is not None else event
            return _stated(now, event, said), None
        case EventKind.RETURN:
            return now, None
        case EventKind.EXTEND:
            return replace(now, due=event.due, extensions=now.extensions + 1), waiting
        case EventKind.STOP:
            return replace(now, stopped_on=event.on), waiting
        case EventKind.RESUME:
            return replace(now, due=_pushed(now, event.on), stopped_on=None, heard_on=event.on), waiting
        case EventKind.REMIND:
            return replace(now, reminders=now.reminders + 1), waiting
        case EventKind.CIRCULATE:
            return replace(now, circulars=now.circulars + 1), waiting
        case EventKind.LIST | EventKind.DELIST:
            return replace(now, is_listed=event.kind is EventKind.LIST), waiting
        case EventKind.CANCEL:
            return replace(now, finished_on=event.on), None


def _stated(now: Standing, event: Event, said: Event) -> Standing:
    """What an accepted report or a person's statement makes of it."""
    grade = said.grade or now.grade
    percent = said.percent if said.percent is not None else now.percent
    if grade is Grade.DONE:
        return replace(now, state=State.DONE, grade=grade, percent=Decimal(100), finished_on=said.on)
    return replace(now, grade=grade, percent=percent, finished_on=None)


def _pushed(now: Standing, resumed_on: date) -> date | None:
    """The due day, later by the days on which the clock stood still."""
    if now.due is None or now.stopped_on is None:
        return now.due
    return now.due + (resumed_on - now.stopped_on)


def clock(now: Standing, day: date, thresholds: Thresholds) -> Clock:
    """What the clock says on a day. A task due today is not late; one that waits for its judgement is not silent."""
    if now.state in (State.DONE, State.CANCELLED):
        return Clock.OVER
    if now.state is State.STOPPED:
        return Clock.STOPPED
    if now.due is not None and now.due < day:
        return Clock.LATE
    if now.due is not None and now.due <= day + timedelta(days=thresholds.due_soon):
        return Clock.DUE_SOON
    quiet = now.heard_on is not None and now.heard_on + timedelta(days=thresholds.silent) < day
    return Clock.SILENT if quiet and now.state is not State.REPORTED else Clock.CALM
