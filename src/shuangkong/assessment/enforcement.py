"""后果的落实: how a consequence is followed to its end, from the decision to the day that it is lifted or done.

An interview ends once the rectification that it set a day for is accepted, or with its minutes where it set none; a
rectification with its acceptance, a suspension with its lifting. Each act knows by what it ends, and nothing ends by
being forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shuangkong.assessment.consequence import ActKind


class State(StrEnum):
    """How far it has come."""

    PROPOSED = "proposed"  # 待决定
    DECIDED = "decided"  # 已决定
    IN_FORCE = "in_force"  # 执行中
    ANSWERED = "answered"  # 待验收
    CLOSED = "closed"  # 已办结
    LIFTED = "lifted"  # 已解除
    WAIVED = "waived"  # 不予适用
    REVOKED = "revoked"  # 已撤销


class EventKind(StrEnum):
    """What can happen."""

    DECIDE = "decide"  # 决定
    WAIVE = "waive"  # 不予适用，写明理由
    CARRY_OUT = "carry_out"  # 发出、约谈、生效
    ANSWER = "answer"  # 报送整改
    REJECT = "reject"  # 整改不合格
    ACCEPT = "accept"  # 验收合格
    LIFT = "lift"  # 解除
    CLOSE = "close"  # 办结
    REVOKE = "revoke"  # 撤销


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        document: the decision, minutes, notice or acceptance on which it rests.
        reason: of what is waived, rejected, lifted or revoked.
        due: the last day of what is owed from now on: where an interview was held, or a rectification is rejected.
    """

    kind: EventKind
    on: date
    document: str = ""
    reason: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands; ``documents`` in their order; ``due``: last day of what is owed."""

    act: ActKind
    state: State = State.PROPOSED
    due: date | None = None
    since: date | None = None
    documents: tuple[str, ...] = ()
    rejections: int = 0

    def is_overdue(self, on: date) -> bool:
        """Silence is an event: what is owed and has not come after its last day."""
        return self.state in (State.DECIDED, State.IN_FORCE) and self.due is not None and on > self.due

    @property
    def is_ended(self) -> bool:
        return self.state in (State.CLOSED, State.LIFTED, State.WAIVED, State.REVOKED)


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"  # the state does not allow it
    NO_DOCUMENT = "no_document"  # nothing it rests on
    NO_REASON = "no_reason"  # nobody says why
    NOT_THIS_ACT = "not_this_act"  # this act does not end so
    NOT_HELD = "not_held"  # an interview is answered once it was held
    STILL_OWED = "still_owed"  # the interview set a day for a rectification that nobody has accepted


class CannotHappen(ValueError):
    """An event that cannot happen, and why."""

    def __init__(self, state: State, kind: EventKind, why: Hindrance) -> None:
        super().__init__(f"{kind.value} cannot happen to a consequence that is {state.value}: {why.value}")
        self.state, self.kind, self.why = state, kind, why


_LIVE = (State.DECIDED, State.IN_FORCE, State.ANSWERED)
#: (kind, states it may happen in, state it leads to)
_ROWS: tuple[tuple[EventKind, tuple[State, ...], State], ...] = (
    (EventKind.DECIDE, (State.PROPOSED,), State.DECIDED),
    (EventKind.WAIVE, (State.PROPOSED,), State.WAIVED),
    (EventKind.CARRY_OUT, (State.DECIDED,), State.IN_FORCE),
    (EventKind.ANSWER, (State.DECIDED, State.IN_FORCE), State.ANSWERED),
    (EventKind.REJECT, (State.ANSWERED,), State.IN_FORCE),
    (EventKind.ACCEPT, (State.ANSWERED,), State.CLOSED),
    (EventKind.LIFT, (State.IN_FORCE, State.ANSWERED), State.LIFTED),
    (EventKind.CLOSE, (State.IN_FORCE,), State.CLOSED),
    (EventKind.REVOKE, _LIVE, State.REVOKED),
)
#: State and kind → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): after for kind, states, after in _ROWS for before in states
}

#: How each act ends well: a plan that is accepted, a restriction that is lifted, or a document that closes it.
ENDINGS: Mapping[ActKind, frozenset[EventKind]] = {
    kind: frozenset({EventKind.CLOSE}) for kind in ActKind
} | {
    ActKind.INTERVIEW: frozenset({EventKind.CLOSE, EventKind.ACCEPT}),
    ActKind.RECTIFICATION: frozenset({EventKind.ACCEPT}),
    ActKind.WORK_REPORT: frozenset({EventKind.ACCEPT}),
    ActKind.SUSPENSION: frozenset({EventKind.LIFT}),
    ActKind.INSPECTION_LIST: frozenset({EventKind.LIFT}),
    ActKind.NO_AWARD: frozenset({EventKind.LIFT}),
}  # fmt: skip
_ALL_ENDINGS = frozenset({EventKind.CLOSE, EventKind.ACCEPT, EventKind.LIFT})
#: Of what ends by a document alone nobody owes an answer: one that came would have no end.
_ANSWERED = frozenset(kind for kind, ends in ENDINGS.items() if ends != {EventKind.CLOSE})
#: Where the event itself says the last day of what is owed next.
_SETS_DAY = frozenset({(ActKind.INTERVIEW, EventKind.CARRY_OUT)}) | {(kind, EventKind.REJECT) for kind in ActKind}
_NEED_REASON = (EventKind.WAIVE, EventKind.REJECT, EventKind.LIFT, EventKind.REVOKE)


def standing(act: ActKind, events: Iterable[Event], due: date | None = None) -> Standing:
    """Replays events in their order. Raises CannotHappen where one cannot happen."""
    now = Standing(act, due=due)
    for event in events:
        now = after(now, event)
    return now


def hindrance(now: Standing, event: Event) -> Hindrance | None:
    """Why an event cannot happen; None where it can."""
    return next((why for why, is_so in _hindrances(now, event) if is_so), None)


def _hindrances(now: Standing, event: Event) -> Iterator[tuple[Hindrance, bool]]:
    yield Hindrance.STATE, (now.state, event.kind) not in TRANSITIONS
    yield Hindrance.NOT_THIS_ACT, event.kind in _ALL_ENDINGS and event.kind not in ENDINGS[now.act]
    yield Hindrance.NOT_THIS_ACT, event.kind is EventKind.ANSWER and now.act not in _ANSWERED
    is_interview, is_decided = now.act is ActKind.INTERVIEW, now.state is State.DECIDED
    yield Hindrance.NOT_HELD, is_interview and is_decided and event.kind is EventKind.ANSWER
    yield Hindrance.STILL_OWED, is_interview and event.kind is EventKind.CLOSE and now.due is not None
    yield Hindrance.NO_DOCUMENT, event.kind is not EventKind.WAIVE and not event.document
    yield Hindrance.NO_REASON, event.kind in _NEED_REASON and not event.reason


def after(now: Standing, event: Event) -> Standing:
    """One step of ``standing``."""
    why = hindrance(now, event)
    if why is not None:
        raise CannotHappen(now.state, event.kind, why)
    documents = (*now.documents, event.document) if event.document else now.documents
    is_rejected, sets_day = event.kind is EventKind.REJECT, (now.act, event.kind) in _SETS_DAY
    return replace(
        now,
        state=TRANSITIONS[now.state, event.kind],
        since=event.on,
        documents=documents,
        due=event.due or now.due if sets_day else now.due,
        rejections=now.rejections + is_rejected,
    )
