"""办理情况: how a task stands after what happened to it, and what its clock says on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from shuangkong.plans.tasks.events import TRANSITIONS, Event, EventKind, Grade, State

_LIVE = (State.ASSIGNED, State.REPORTED, State.ACTIVE, State.RETURNED)


class Clock(StrEnum):
    """What the clock says; the order is the order of weight."""

    LATE = "late"  # 逾期
    DUE_SOON = "due_soon"  # 临近到期
    SILENT = "silent"  # 久无报送
    WAITING = "waiting"  # 待审核: reported in time, the office has it
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
        waits_from: since when a report waits for its judgement, however often it was replaced; None where none does.
        asked_due: the day asked for in a request for extension that nobody has answered.
        before_stop: the state to which the task returns when its clock goes on; None while it goes.
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
    waits_from: date | None = None
    asked_due: date | None = None
    before_stop: State | None = None
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
    before, now = now.state, replace(now, state=state)
    match event.kind:
        case EventKind.ASSIGN:
            return replace(now, heard_on=event.on), None
        case EventKind.REPORT:
            return replace(now, heard_on=event.said_on, waits_from=now.waits_from or event.said_on), event
        case EventKind.CONFIRM:
            return replace(now, heard_on=event.said_on), waiting
        case EventKind.ACCEPT | EventKind.STATE:
            said = waiting if event.kind is EventKind.ACCEPT and waiting is not None else event
            return _stated(replace(now, waits_from=None), said), None
        case EventKind.RETURN:
            return replace(now, waits_from=None), None
        case EventKind.ASK | EventKind.DECLINE:
            return replace(now, asked_due=event.due if event.kind is EventKind.ASK else None), waiting
        case EventKind.EXTEND:
            return replace(now, due=event.due, asked_due=None, extensions=now.extensions + 1), waiting
        case EventKind.REDATE:
            return replace(now, due=event.due, asked_due=None), waiting
        case EventKind.SHARE:
            return now, waiting
        case EventKind.STOP:
            return replace(now, stopped_on=event.on, before_stop=before), waiting
        case EventKind.RESUME:
            return _resumed(now, event.on), waiting
        case EventKind.REMIND:
            return replace(now, reminders=now.reminders + 1), waiting
        case EventKind.CIRCULATE:
            return replace(now, circulars=now.circulars + 1), waiting
        case EventKind.LIST | EventKind.DELIST:
            return replace(now, is_listed=event.kind is EventKind.LIST), waiting
        case EventKind.CANCEL:
            return replace(now, finished_on=event.on), None


def _stated(now: Standing, said: Event) -> Standing:
    """What an accepted report or a person's statement makes of it; what is opened again is no longer wholly done."""
    grade = said.grade or now.grade
    if grade is Grade.DONE:
        return replace(now, state=State.DONE, grade=grade, percent=Decimal(100), finished_on=said.said_on)
    known = None if now.finished_on is not None else now.percent
    return replace(now, grade=grade, percent=known if said.percent is None else said.percent, finished_on=None)


def _resumed(now: Standing, on: date) -> Standing:
    """As it stood before the stop: a report that waited still waits."""
    return replace(
        now, state=now.before_stop or State.ACTIVE, due=_pushed(now, on), heard_on=on, stopped_on=None, before_stop=None
    )


def _pushed(now: Standing, resumed_on: date) -> date | None:
    """The due day, later by the days on which the clock stood still."""
    if now.due is None or now.stopped_on is None:
        return now.due
    return now.due + (resumed_on - now.stopped_on)


def clock(now: Standing, day: date, thresholds: Thresholds) -> Clock:
    """What the clock says on a day. A task due today is not late, nor is one whose report came in time: it waits."""
    if now.state in (State.DONE, State.CANCELLED):
        return Clock.OVER
    if now.state is State.STOPPED:
        return Clock.STOPPED
    if is_late(now.state, now.due, now.waits_from, day):
        return Clock.LATE
    if now.state is State.REPORTED:
        return Clock.WAITING
    if now.due is not None and now.due <= day + timedelta(days=thresholds.due_soon):
        return Clock.DUE_SOON
    quiet = now.heard_on is not None and now.heard_on + timedelta(days=thresholds.silent) < day
    return Clock.SILENT if quiet else Clock.CALM


def is_late(state: State, due: date | None, waits_from: date | None, day: date) -> bool:
    """Whether a live task is late on a day: its due day is over, and no report that came by then waits."""
    if state not in _LIVE or due is None or due >= day:
        return False
    return state is not State.REPORTED or waits_from is None or waits_from > due
