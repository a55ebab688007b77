"""报表的现状: how a return stands after what happened to it, and what its clock says on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from shuangkong.reporting.life import NOT_DUE, OWED, TRANSITIONS, WAITING, Event, EventKind, State


class Clock(StrEnum):
    """What the clock says; the order is the order of weight."""

    LATE = "late"  # 逾期未报
    DUE_SOON = "due_soon"  # 临近截止
    CALM = "calm"  # 未到期
    HELD = "held"  # 停止计时
    RECEIVED_LATE = "received_late"  # 迟报
    RECEIVED = "received"  # 按时报
    NOT_DUE = "not_due"  # 停产、免报、不再应报


@dataclass(frozen=True, slots=True)
class Standing:
    """How a return stands.

    Attributes:
        state: see State.
        due: the last day for it, with extensions and the days that the clock stood.
        levels: how many levels approve it; ``level`` how many have, counted from the lowest.
        version: number of the newest version submitted; ``in_force`` of the one accepted last, which counts.
        received_on: the day on which a version that was not taken back first came.
        redo_by: the last day for sending in again, after a return.
        held_on: since when the clock stands; None while it goes.
        extensions, reminders, corrections: how often.
        kept: state and level to which the version in force returns when a correction comes to nothing.
    """

    state: State = State.OPEN
    due: date | None = None
    levels: int = 0
    level: int = 0
    version: int | None = None
    in_force: int | None = None
    received_on: date | None = None
    redo_by: date | None = None
    held_on: date | None = None
    extensions: int = 0
    reminders: int = 0
    corrections: int = 0
    kept: tuple[State, int] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a version waits for the desk."""
        return self.state in WAITING

    @property
    def is_whole(self) -> bool:
        """Whether every level has approved the version in force."""
        return self.state in (State.APPROVED, State.LOCKED) and self.level >= self.levels

    @property
    def owed_by(self) -> date | None:
        """The last day of what is owed now; None where nothing is or the clock stands."""
        if self.state not in OWED or self.held_on is not None:
            return None
        return self.redo_by or self.due


class CannotHappen(ValueError):
    """An event that the return's state does not allow."""

    def __init__(self, state: State, kind: EventKind) -> None:
        super().__init__(f"{kind.value} cannot happen to a return that is {state.value}")
        self.state, self.kind = state, kind


def standing(due: date | None, levels: int, events: Iterable[Event]) -> Standing:
    """Replays events in their order. Raises CannotHappen where one may not happen.

    ``levels``: how many approve it at the end; each RAISE says how many did before.
    """
    first, told = _lengthened(tuple(events), levels)
    now = Standing(due=due, levels=first)
    for event in told:
        now = after(now, event)
    return now


def _lengthened(events: tuple[Event, ...], levels: int) -> tuple[int, list[Event]]:
    """How many levels there were at first, and events of which each RAISE says how many there were from then on."""
    told: list[Event] = []
    for event in reversed(events):
        if event.kind is EventKind.RAISE:
            event, levels = replace(event, level=levels), event.level
        told.append(event)
    return levels, told[::-1]


def may(now: Standing, kind: EventKind) -> bool:
    """Whether it may happen as the return stands."""
    match kind:
        case EventKind.APPROVE:
            is_fit = now.level < now.levels
        case EventKind.LOCK:
            is_fit = now.is_whole
        case EventKind.HOLD:
            is_fit = now.held_on is None
        case EventKind.RELEASE:
            is_fit = now.held_on is not None
        case _:
            is_fit = True
    return is_fit and (now.state, kind) in TRANSITIONS


def after(now: Standing, event: Event) -> Standing:
    """One step of ``standing``. Raises CannotHappen; also for an approval that leaves a level out."""
    wrong_level = event.kind is EventKind.APPROVE and event.level != now.level + 1
    if wrong_level or not may(now, event.kind):
        raise CannotHappen(now.state, event.kind)
    before, now = now, replace(now, state=TRANSITIONS[now.state, event.kind])
    match event.kind:
        case EventKind.SUBMIT:
            # What came while the clock stood came in time if it did by the days left when it began to stand.
            now = now if now.held_on is None else _released(now, event.on)
            return replace(now, version=event.version, received_on=now.received_on or event.on)
        case EventKind.CORRECT:
            kept = (before.state, before.level)
            return replace(now, version=event.version, corrections=now.corrections + 1, kept=kept, level=0)
        case EventKind.RECALL | EventKind.RETURN if now.kept is not None:
            return replace(now, state=now.kept[0], level=now.kept[1], version=now.in_force, kept=None)
        case EventKind.RECALL:
            # What was returned once had come: only a version that nobody looked at never was.
            return replace(now, received_on=now.received_on if now.redo_by else None)
        case EventKind.RETURN:
            return replace(now, redo_by=_later(event.due, now.due), level=0)
        case EventKind.ACCEPT:
            return replace(now, in_force=now.version, level=0, kept=None, redo_by=None)
        case EventKind.APPROVE:
            return replace(now, level=event.level)
        case EventKind.SEND_BACK:
            return replace(now, level=0)
        case EventKind.STOP | EventKind.EXEMPT | EventKind.CANCEL:
            return replace(now, in_force=None)  # what was sent back and is owed no more counts no more
        case EventKind.EXTEND:
            return _extended(now, event)
        case EventKind.HOLD:
            return replace(now, held_on=event.on)
        case EventKind.RELEASE:
            return _released(now, event.on)
        case EventKind.REMIND:
            return replace(now, reminders=now.reminders + 1)
        case EventKind.RAISE:
            return _raised(now, event.level)
        case EventKind.PUT_OFF:
            return _put_off(now, event.due)
    return now


def _raised(now: Standing, levels: int) -> Standing:
    """More levels approve it; what was locked below a correction that waits is not, where more levels follow."""
    kept = now.kept
    if kept is not None and kept[0] is State.LOCKED and kept[1] < levels:
        kept = (State.APPROVED, kept[1])
    return replace(now, levels=max(levels, now.levels), kept=kept)


def _later(told: date | None, due: date | None) -> date | None:
    """Nobody has to send in again before the return was due at all."""
    return max(each for each in (told, due) if each is not None) if told or due else None


def _extended(now: Standing, event: Event) -> Standing:
    """Of what was returned the day for sending in again is put off, else the due day."""
    if now.redo_by is not None:
        return replace(now, redo_by=event.due, extensions=now.extensions + 1)
    return replace(now, due=event.due, extensions=now.extensions + 1)


def _put_off(now: Standing, due: date | None) -> Standing:
    """The day that holds for the whole window; a later one of its own stays."""
    return replace(now, due=_later(due, now.due), redo_by=_later(due, now.redo_by) if now.redo_by else None)


def _released(now: Standing, on: date) -> Standing:
    """Both last days, later by the days on which the clock stood."""
    days = on - (now.held_on or on)
    return replace(
        now, held_on=None, due=now.due + days if now.due else None,
        redo_by=now.redo_by + days if now.redo_by else None,
    )  # fmt: skip


def clock(now: Standing, day: date, due_soon: int) -> Clock:
    """What the clock says on a day. What is due today is not late; a returned one that nobody sends in again is.

    Args:
        due_soon: days before the last one from which it is near.
    """
    if now.state in NOT_DUE:
        return Clock.NOT_DUE
    if now.state not in OWED:
        is_late = now.due is not None and now.received_on is not None and now.received_on > now.due
        return Clock.RECEIVED_LATE if is_late else Clock.RECEIVED
    if now.held_on is not None:
        return Clock.HELD
    last = now.owed_by
    if last is None or day + timedelta(days=due_soon) < last:
        return Clock.CALM
    return Clock.LATE if last < day else Clock.DUE_SOON
