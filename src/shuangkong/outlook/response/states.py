"""调控的状态: raised, started, followed, lowered or lifted; what can happen to it is a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.outlook.barometer.level import Level


class State(StrEnum):
    """How far it has come."""

    RAISED = "raised"
    STARTED = "started"
    FOLLOWED = "followed"
    LIFTED = "lifted"


STATES: dict[State, Message] = {
    State.RAISED: Message("已预警，待启动措施", "Warned, duties to be started"),
    State.STARTED: Message("措施已启动", "Duties started"),
    State.FOLLOWED: Message("效果跟踪中", "Effects followed"),
    State.LIFTED: Message("已解除", "Lifted"),
}


class EventKind(StrEnum):
    """What can happen."""

    RAISE = "raise"  # 预警
    START = "start"  # 启动措施
    FOLLOW = "follow"  # 跟踪效果
    ESCALATE = "escalate"  # 升级
    LOWER = "lower"  # 降级
    LIFT = "lift"  # 解除


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        level: to which level; of RAISE, ESCALATE and LOWER only.
        ground: on what it rests: a table of the barometer, a document; what changes the level must have one.
    """

    kind: EventKind
    on: date
    level: Level | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands.

    Attributes:
        level: the one in force; of what is lifted the last one.
        since: the day on which that level began; its duties count from there.
        started_on: when its duties were started; None: not yet.
        followed_on: the last day on which its effect was looked at.
        grounds: every change of level with its day, level and ground, the first first; None: lifted.
    """

    state: State
    level: Level
    since: date
    started_on: date | None = None
    followed_on: date | None = None
    lifted_on: date | None = None
    grounds: tuple[tuple[date, Level | None, str], ...] = ()


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"
    LEVEL = "level"
    GROUND = "ground"
    DAY = "day"


HINDRANCES: dict[Hindrance, Message] = {
    Hindrance.STATE: Message(
        "当前状态不允许这一步。请先办理前一步", "Its state does not allow this: take the step before"
    ),
    Hindrance.LEVEL: Message(
        "等级不对：升级须更严，降级须更宽，三级（绿）应解除",
        "Wrong level: escalating goes to a graver one, lowering to a milder one; at level 3 it is lifted",
    ),
    Hindrance.GROUND: Message("没有写明依据。请写明晴雨表的期别或文号", "No ground: name the table or the document"),
    Hindrance.DAY: Message("早于前一步的日期。请核对日期", "Earlier than the step before it: check the day"),
}


class CannotHappen(ValueError):
    """An event that cannot happen, and why."""

    def __init__(self, state: State | None, kind: EventKind, why: Hindrance) -> None:
        super().__init__(f"{kind.value} cannot happen to a response that is {state or 'not there'}: {why.value}")
        self.state, self.kind, self.why = state, kind, why


_LIVE = (State.RAISED, State.STARTED, State.FOLLOWED)
#: (kind, states it may happen in, state it leads to). Another level has duties of its own: they are to be started.
_ROWS: tuple[tuple[EventKind, tuple[State, ...], State], ...] = (
    (EventKind.START, (State.RAISED,), State.STARTED),
    (EventKind.FOLLOW, (State.STARTED, State.FOLLOWED), State.FOLLOWED),
    (EventKind.ESCALATE, _LIVE, State.RAISED),
    (EventKind.LOWER, _LIVE, State.RAISED),
    (EventKind.LIFT, _LIVE, State.LIFTED),
)
#: State and kind → state after; a pair that is not there may not happen. What is raised first has no state before.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): after for kind, states, after in _ROWS for before in states
}
_CHANGING = (EventKind.RAISE, EventKind.ESCALATE, EventKind.LOWER, EventKind.LIFT)


def standing(events: Iterable[Event]) -> Standing | None:
    """Replays events in their order, the first a RAISE; None without any. Raises CannotHappen."""
    now: Standing | None = None
    for event in events:
        now = after(now, event)
    return now


def hindrance(now: Standing | None, event: Event) -> Hindrance | None:
    """Why an event cannot happen now; None where it can."""
    if (now is None) != (event.kind is EventKind.RAISE):
        return Hindrance.STATE
    if now is not None and (now.state, event.kind) not in TRANSITIONS:
        return Hindrance.STATE
    if now is not None and event.on < max(day for day in (now.since, now.started_on, now.followed_on) if day):
        return Hindrance.DAY
    if not _is_level_right(now, event):
        return Hindrance.LEVEL
    if event.kind in _CHANGING and not event.ground.strip():
        return Hindrance.GROUND
    return None


def after(now: Standing | None, event: Event) -> Standing:
    """One step of ``standing``."""
    why = hindrance(now, event)
    if why is not None:
        raise CannotHappen(now.state if now else None, event.kind, why)
    if now is None:
        return _at_level(event, ())
    state = TRANSITIONS[now.state, event.kind]
    match event.kind:
        case EventKind.START:
            return replace(now, state=state, started_on=event.on)
        case EventKind.FOLLOW:
            return replace(now, state=state, followed_on=event.on)
        case EventKind.LIFT:
            grounds = (*now.grounds, (event.on, None, event.ground))
            return replace(now, state=state, lifted_on=event.on, grounds=grounds)
        case _:
            return _at_level(event, now.grounds)


def suggested(now: Standing | None, judged: Level | None) -> EventKind | None:
    """What a new judgement calls for; None where nothing changes, or nothing was judged. A person decides."""
    if judged is None:
        return None
    if now is None or now.state is State.LIFTED:
        return None if judged is Level.GREEN else EventKind.RAISE
    if judged is Level.GREEN:
        return EventKind.LIFT
    if judged == now.level:
        return None
    return EventKind.ESCALATE if judged < now.level else EventKind.LOWER


def _is_level_right(now: Standing | None, event: Event) -> bool:
    if event.kind not in (EventKind.RAISE, EventKind.ESCALATE, EventKind.LOWER):
        return event.level is None
    if event.level is None or event.level is Level.GREEN:
        return False
    if now is None:
        return True
    return event.level < now.level if event.kind is EventKind.ESCALATE else event.level > now.level


def _at_level(event: Event, grounds: tuple[tuple[date, Level | None, str], ...]) -> Standing:
    if event.level is None:
        raise TypeError(f"{event.kind.value}: expected a level")
    told = (*grounds, (event.on, event.level, event.ground))
    return Standing(State.RAISED, event.level, event.on, grounds=told)
