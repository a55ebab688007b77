"""表彰: what can happen to a proposal to commend somebody, and how it stands after what happened.

A proposal is shown for objections (公示) before anybody decides; whoever objects is answered; what was announced can be
revoked, never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Honoured(StrEnum):
    """Who is commended."""

    REGION = "region"  # 地区
    DEPARTMENT = "department"  # 部门（责任单位）
    UNIT = "unit"  # 单位
    ENTERPRISE = "enterprise"  # 企业
    PERSON = "person"  # 个人


class State(StrEnum):
    """How far it has come."""

    PROPOSED = "proposed"  # 拟表彰
    PUBLICISED = "publicised"  # 公示中
    APPROVED = "approved"  # 已批准
    ANNOUNCED = "announced"  # 已公布
    WITHDRAWN = "withdrawn"  # 未予表彰
    REVOKED = "revoked"  # 已撤销


class EventKind(StrEnum):
    """What can happen."""

    PROPOSE = "propose"  # 提出
    PUBLICISE = "publicise"  # 公示
    OBJECT = "object"  # 记录异议
    DISMISS = "dismiss"  # 异议不成立
    UPHOLD = "uphold"  # 异议成立
    APPROVE = "approve"  # 批准
    ANNOUNCE = "announce"  # 公布
    WITHDRAW = "withdraw"  # 不予表彰
    REVOKE = "revoke"  # 撤销表彰


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        id: its number, by which an objection is answered.
        kind, on: what, and on which day.
        until: last day of the publicity.
        number: number of the document that announces or revokes.
        amount_cny: the reward that is proposed or approved; None leaves it as it was.
        answers: number of the objection that is dismissed or upheld.
    """

    id: int
    kind: EventKind
    on: date
    until: date | None = None
    number: str = ""
    amount_cny: Decimal | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands.

    Attributes:
        state: how far it has come.
        shown_from, shown_until: first and last day of the publicity.
        objections: how many there were; ``open`` are the numbers of those nobody has answered.
        approved_on, announced_on, ended_on: days of these acts; ended is withdrawn or revoked.
        number: number of the announcing document; ``revoking`` that of the revoking one.
        amount_cny: the reward, None where there is none.
    """

    state: State = State.PROPOSED
    shown_from: date | None = None
    shown_until: date | None = None
    objections: int = 0
    open: frozenset[int] = frozenset()
    approved_on: date | None = None
    announced_on: date | None = None
    ended_on: date | None = None
    number: str = ""
    revoking: str = ""
    amount_cny: Decimal | None = None


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"  # the state does not allow it
    NOT_OPEN = "not_open"  # there is no such objection that waits for an answer
    UNANSWERED = "unanswered"  # an objection waits for its answer
    STILL_SHOWN = "still_shown"  # the days of publicity are not over


class CannotHappen(ValueError):
    """An event that cannot happen, and why."""

    def __init__(self, state: State, kind: EventKind, why: Hindrance) -> None:
        super().__init__(f"{kind.value} cannot happen to a commendation that is {state.value}: {why.value}")
        self.state, self.kind, self.why = state, kind, why


#: (kind, states it may happen in, state it leads to)
_ROWS: tuple[tuple[EventKind, tuple[State, ...], State], ...] = (
    (EventKind.PROPOSE, (State.PROPOSED,), State.PROPOSED),
    (EventKind.PUBLICISE, (State.PROPOSED,), State.PUBLICISED),
    (EventKind.OBJECT, (State.PUBLICISED,), State.PUBLICISED),
    (EventKind.DISMISS, (State.PUBLICISED,), State.PUBLICISED),
    (EventKind.UPHOLD, (State.PUBLICISED,), State.WITHDRAWN),
    (EventKind.APPROVE, (State.PUBLICISED,), State.APPROVED),
    (EventKind.ANNOUNCE, (State.APPROVED,), State.ANNOUNCED),
    (EventKind.WITHDRAW, (State.PROPOSED, State.PUBLICISED, State.APPROVED), State.WITHDRAWN),
    (EventKind.REVOKE, (State.ANNOUNCED,), State.REVOKED),
)

#: State and kind → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): after for kind, states, after in _ROWS for before in states
}


def standing(events: Iterable[Event]) -> Standing:
    """Replays events in their order. Raises CannotHappen where one cannot happen."""
    now = Standing()
    for event in events:
        now = after(now, event)
    return now


def hindrance(now: Standing, kind: EventKind, on: date, answers: int | None = None) -> Hindrance | None:
    """Why something cannot happen on a day; None where it can."""
    if (now.state, kind) not in TRANSITIONS:
        return Hindrance.STATE
    if kind in (EventKind.DISMISS, EventKind.UPHOLD) and answers not in now.open:
        return Hindrance.NOT_OPEN
    if kind is EventKind.APPROVE and now.open:
        return Hindrance.UNANSWERED
    if kind is EventKind.APPROVE and (now.shown_until is None or on <= now.shown_until):
        return Hindrance.STILL_SHOWN
    return None


def after(now: Standing, event: Event) -> Standing:
    """One step of ``standing``."""
    why = hindrance(now, event.kind, event.on, event.answers)
    if why is not None:
        raise CannotHappen(now.state, event.kind, why)
    amount = now.amount_cny if event.amount_cny is None else event.amount_cny
    now = replace(now, state=TRANSITIONS[now.state, event.kind], amount_cny=amount)
    match event.kind:
        case EventKind.PROPOSE:
            return now
        case EventKind.PUBLICISE:
            return replace(now, shown_from=event.on, shown_until=event.until)
        case EventKind.OBJECT:
            return replace(now, objections=now.objections + 1, open=now.open | {event.id})
        case EventKind.DISMISS:
            return replace(now, open=now.open - {event.answers or 0})
        case EventKind.UPHOLD:
            return replace(now, open=now.open - {event.answers or 0}, ended_on=event.on)
        case EventKind.APPROVE:
            return replace(now, approved_on=event.on)
        case EventKind.ANNOUNCE:
            return replace(now, announced_on=event.on, number=event.number)
        case EventKind.WITHDRAW:
            return replace(now, ended_on=event.on)
        case EventKind.REVOKE:
            return replace(now, ended_on=event.on, revoking=event.number)
