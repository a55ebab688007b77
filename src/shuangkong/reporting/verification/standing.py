"""核查案件的状态: opened, visited, found; corrected, confirmed or fraud: what can happen to a case is a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from shuangkong.core.finding import Message


class State(StrEnum):
    """How far a case has come."""

    OPENED = "opened"
    VISITED = "visited"
    ASKED = "asked"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    FRAUD = "fraud"
    CLOSED = "closed"


STATES: Mapping[State, Message] = {
    State.OPENED: Message("已立案", "Opened"),
    State.VISITED: Message("已现场核查", "Visited"),
    State.ASKED: Message("已要求更正", "Correction asked"),
    State.CORRECTED: Message("已更正", "Corrected"),
    State.CONFIRMED: Message("数据属实", "Figures confirmed"),
    State.CLEARED: Message("疑点排除", "Cleared"),
    State.FRAUD: Message("造假，移送查处", "Fraud, handed over"),
    State.CLOSED: Message("已结案", "Closed"),
}


class EventKind(StrEnum):
    """What can happen to a case."""

    OPEN = "open"  # 立案
    NOTIFY = "notify"  # 通知单位
    ANSWER = "answer"  # 单位答复, by the unit itself
    NOTE = "note"  # 记录发现
    ASSIGN = "assign"  # 委托核查机构
    RELEASE = "release"  # 收回委托
    VISIT = "visit"  # 现场核查
    ASK = "ask"  # 要求更正
    CORRECT = "correct"  # 更正
    CONFIRM = "confirm"  # 确认属实
    CLEAR = "clear"  # 排除疑点
    CONVICT = "convict"  # 认定造假
    HAND_OVER = "hand_over"  # 移送
    OUTCOME = "outcome"  # 处理结果, as whoever it was handed over to told it
    CLOSE = "close"  # 结案


EVENTS: Mapping[EventKind, Message] = {
    EventKind.OPEN: Message("立案", "Open"),
    EventKind.NOTIFY: Message("通知单位", "Tell the unit"),
    EventKind.ANSWER: Message("单位答复", "The unit answers"),
    EventKind.NOTE: Message("记录发现", "Record a finding"),
    EventKind.ASSIGN: Message("委托核查机构", "Give it to a body"),
    EventKind.RELEASE: Message("收回委托", "Take it back from the body"),
    EventKind.VISIT: Message("现场核查", "Visit the site"),
    EventKind.ASK: Message("要求更正", "Ask for a correction"),
    EventKind.CORRECT: Message("更正", "Correct"),
    EventKind.CONFIRM: Message("确认数据属实", "Confirm the figures"),
    EventKind.CLEAR: Message("排除疑点", "Clear"),
    EventKind.CONVICT: Message("认定造假", "Establish fraud"),
    EventKind.HAND_OVER: Message("移送查处", "Hand it over"),
    EventKind.OUTCOME: Message("登记处理结果", "Record what came of it"),
    EventKind.CLOSE: Message("结案", "Close"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        ground: on what it rests; a finding, what was seen, the document of a decision.
        codes: of OPEN and NOTE: the checks and signs that it is about.
        version: of CORRECT: the version of the return that corrects.
        people: of VISIT: who was there; two at least. Of ASSIGN: whom the body sends. Of HAND_OVER: to which
            authorities.
        body: of ASSIGN: the number of the body of the register; ``until``: the last day of its commission, which begins
            with ``on`` and ends with the case at the latest; None: with the case.
    """

    kind: EventKind
    on: date
    ground: str = ""
    document: str = ""
    codes: tuple[str, ...] = ()
    version: int | None = None
    people: tuple[str, ...] = ()
    body: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Commission:
    """To which body of the register a case is given, from when to when (None: as long as it is live)."""

    body: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands; ``is_administrative``: its return may carry acts against the unit, statistics may not.

    ``is_fraud``: fraud was established, whether the case is closed or not. ``given``: its commission, None for none.
    """

    state: State
    since: date
    is_administrative: bool
    codes: tuple[str, ...] = ()
    visits: tuple[date, ...] = ()
    asked: int = 0
    is_fraud: bool = False
    is_handed_over: bool = False
    given: Commission | None = None
    grounds: tuple[tuple[date, EventKind, str], ...] = field(default=())


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"
    DAY = "day"
    UNTIL = "until"
    GROUND = "ground"
    PEOPLE = "people"
    VISIT = "visit"
    DOCUMENT = "document"
    RECEIVER = "receiver"
    HANDED = "handed"


HINDRANCES: Mapping[Hindrance, Message] = {
    Hindrance.STATE: Message(
        "当前状态不允许这一步。请先办理前一步", "Its state does not allow this: take the step before"
    ),
    Hindrance.DAY: Message("早于前一步的日期。请核对日期", "Earlier than the step before it: check the day"),
    Hindrance.UNTIL: Message(
        "委托的截止日早于起始日。请核对两个日期", "The commission would end before it begins: check both days"
    ),
    Hindrance.GROUND: Message("没有写明依据。请写明发现或理由", "No ground: say what was found, or why"),
    Hindrance.PEOPLE: Message("现场核查不少于两人。请补齐核查人员", "A visit takes two people at least: name them"),
    Hindrance.VISIT: Message("没有现场核查过，不能认定。请先到现场", "Nobody has visited: go there before you decide"),
    Hindrance.DOCUMENT: Message(
        "认定造假、移送和处理结果须有文书。请写明文号",
        "Fraud is established, handed over and dealt with by a document: name it",
    ),
    Hindrance.RECEIVER: Message("没有写明移送给哪个机关。请写明", "Say to which authority it is handed over"),
    Hindrance.HANDED: Message(
        "造假还没有移送。请先登记移送给哪个机关和移送书文号", "The fraud is not handed over yet: record to whom first"
    ),
}


class CannotHappen(ValueError):
    """An event that cannot happen, and why."""

    def __init__(self, state: State | None, kind: EventKind, why: Hindrance) -> None:
        super().__init__(f"{kind.value} cannot happen to a case that is {state or 'not there'}: {why.value}")
        self.state, self.kind, self.why = state, kind, why


_LIVE = (State.OPENED, State.VISITED, State.ASKED, State.CORRECTED)
_DECIDED = (State.CORRECTED, State.CONFIRMED, State.CLEARED, State.FRAUD)
#: (kind, states it may happen in, state it leads to; None: as it was).
ROWS: tuple[tuple[EventKind, tuple[State, ...], State | None], ...] = (
    (EventKind.NOTIFY, _LIVE, None),
    (EventKind.NOTE, _LIVE, None),
    (EventKind.ASSIGN, _LIVE, None),
    # Until it is closed a case is open to whom it was given, though nothing is left to be looked into.
    (EventKind.RELEASE, (*_LIVE, *_DECIDED), None),
    (EventKind.VISIT, _LIVE, State.VISITED),
    (EventKind.ASK, (State.OPENED, State.VISITED, State.CORRECTED), State.ASKED),
    (EventKind.CORRECT, (State.ASKED,), State.CORRECTED),
    (EventKind.CONFIRM, (State.VISITED, State.ASKED), State.CONFIRMED),
    (EventKind.CLEAR, (State.OPENED, State.VISITED), State.CLEARED),
    (EventKind.CONVICT, _LIVE, State.FRAUD),
    # What comes of a fraud is decided months later: it is recorded though the case is closed.
    (EventKind.HAND_OVER, (State.FRAUD, State.CLOSED), None),
    (EventKind.OUTCOME, (State.FRAUD, State.CLOSED), None),
    (EventKind.CLOSE, _DECIDED, State.CLOSED),
    (EventKind.ANSWER, (*_LIVE, *_DECIDED), None),
)
TRANSITIONS: Mapping[tuple[State, EventKind], State | None] = {
    (before, kind): after for kind, befores, after in ROWS for before in befores
}
#: What is decided rests on something said.
_GROUNDED = frozenset(EventKind) - {EventKind.CORRECT}
_SEEN = frozenset({EventKind.CONFIRM, EventKind.CONVICT})
_DOCUMENTED = frozenset({EventKind.CONVICT, EventKind.HAND_OVER, EventKind.OUTCOME})
#: What follows a hand-over where there is fraud.
_AFTER_HANDING = frozenset({EventKind.OUTCOME, EventKind.CLOSE})
#: With them a commission ends.
_ENDS_COMMISSION = frozenset({EventKind.RELEASE, EventKind.CLOSE})
#: As many go on a visit at least: one could be said to have seen what he liked.
_VISITORS = 2


def opened(event: Event, *, is_administrative: bool) -> Standing:
    """A new case. Raises CannotHappen."""
    if event.kind is not EventKind.OPEN:
        raise CannotHappen(None, event.kind, Hindrance.STATE)
    if not event.ground.strip():
        raise CannotHappen(None, event.kind, Hindrance.GROUND)
    grounds = ((event.on, event.kind, event.ground),)
    return Standing(State.OPENED, event.on, is_administrative, event.codes, grounds=grounds)


def hindrance(now: Standing, event: Event) -> Hindrance | None:
    """Why an event cannot happen now; None where it can."""
    if event.kind not in may(now):
        return Hindrance.STATE
    if event.on < now.since:
        return Hindrance.DAY
    if event.until is not None and event.until < event.on:
        return Hindrance.UNTIL
    if event.kind in _GROUNDED and not event.ground.strip():
        return Hindrance.GROUND
    if event.kind is EventKind.VISIT and len(set(event.people)) < _VISITORS:
        return Hindrance.PEOPLE
    if event.kind in _SEEN and not now.visits:
        return Hindrance.VISIT
    if event.kind in _DOCUMENTED and not event.document.strip():
        return Hindrance.DOCUMENT
    if event.kind is EventKind.HAND_OVER and not any(each.strip() for each in event.people):
        return Hindrance.RECEIVER
    if event.kind in _AFTER_HANDING and now.is_fraud and not now.is_handed_over:
        return Hindrance.HANDED
    return None


def after(now: Standing, event: Event) -> Standing:
    """Raises CannotHappen."""
    why = hindrance(now, event)
    if why is not None:
        raise CannotHappen(now.state, event.kind, why)
    return _then(now, event)


def _then(now: Standing, event: Event) -> Standing:
    return replace(
        now,
        state=TRANSITIONS[now.state, event.kind] or now.state,
        since=event.on,
        codes=tuple(dict.fromkeys((*now.codes, *event.codes))),
        visits=(*now.visits, event.on) if event.kind is EventKind.VISIT else now.visits,
        asked=now.asked + (event.kind is EventKind.ASK),
        is_fraud=now.is_fraud or event.kind is EventKind.CONVICT,
        given=_given(now, event),
        is_handed_over=now.is_handed_over or event.kind is EventKind.HAND_OVER,
        grounds=(*now.grounds, (event.on, event.kind, event.ground)),
    )


def _given(now: Standing, event: Event) -> Commission | None:
    if event.kind is EventKind.ASSIGN and event.body is not None:
        return Commission(event.body, event.on, event.until)
    return None if event.kind in _ENDS_COMMISSION else now.given


def standing(events: Iterable[Event], *, is_administrative: bool) -> Standing | None:
    """Replays events in their order, the first an OPEN; None without any. Raises CannotHappen.

    A fraud that was closed before it had to be handed over first stays closed, and can be handed over still.
    """
    now: Standing | None = None
    for event in events:
        if now is None:
            now = opened(event, is_administrative=is_administrative)
        elif event.kind is EventKind.CLOSE and hindrance(now, event) is Hindrance.HANDED:
            now = _then(now, event)
        else:
            now = after(now, event)
    return now


#: What the unit is told of: from the first of them on it sees its case, with these and its own answers. What an office
#: notes for itself stays there.
TOLD_UNIT = frozenset(EventKind) - {EventKind.OPEN, EventKind.NOTE, EventKind.ASSIGN, EventKind.RELEASE}
#: What whoever has the case in hand decides; the body that it is given to looks, notes, asks and says what it found.
OF_OFFICES = frozenset(
    {
        EventKind.OPEN, EventKind.ASSIGN, EventKind.RELEASE, EventKind.CONVICT, EventKind.HAND_OVER, EventKind.OUTCOME,
        EventKind.CLOSE,
    }
)  # fmt: skip


def seen_by_unit(events: Iterable[Event]) -> tuple[Event, ...]:
    """What the unit may read of its case; nothing before it was told of it."""
    return tuple(event for event in events if event.kind in TOLD_UNIT)


def may(now: Standing) -> tuple[EventKind, ...]:
    """What can happen next, in the order of the table."""
    is_over = now.state is State.CLOSED and not now.is_fraud
    found = () if is_over else tuple(kind for kind, befores, _ in ROWS if now.state in befores)
    return found if now.given else tuple(kind for kind in found if kind is not EventKind.RELEASE)


def carries_an_act(now: Standing) -> bool:
    """Whether what was found may be used against the unit beyond correcting the figure (Statistics Law).

    A case on a statistical return stays with the statistics: only fraud in it goes on, as an offence of its own.
    """
    return now.is_administrative or now.state is State.FRAUD
