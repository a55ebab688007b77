"""减排项目办到哪一步: what can happen to a reduction that somebody reports, and how it stands after what happened.

Who reports is not who checks, and who checks is not who recognises: the acts rest on different people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """How far it has come."""

    REPORTED = "reported"  # 已自报，待县级核查
    CHECKED = "checked"  # 县级已核查，待审核
    REVIEWED = "reviewed"  # 已审核，待核定
    RECOGNISED = "recognised"  # 已核定
    RETURNED = "returned"  # 已退回，待补正
    REFUSED = "refused"  # 不予认定
    REVERSED = "reversed"  # 核定后冲销


class EventKind(StrEnum):
    """What can happen."""

    REPORT = "report"  # 自报
    CHECK = "check"  # 县级核查
    REVIEW = "review"  # 审核
    RECOGNISE = "recognise"  # 核定
    RETURN = "return"  # 退回补正
    CORRECT = "correct"  # 补正后再报
    REFUSE = "refuse"  # 不予认定
    REVERSE = "reverse"  # 冲销


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        amount_t: tonnes of a full year as this act has them; None leaves them as they were.
        author: who did it.
    """

    id: int
    kind: EventKind
    on: date
    amount_t: Decimal | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands.

    Attributes:
        reported_t, checked_t, reviewed_t, recognised_t: tonnes of a full year, by each step; None before it.
        authors: who has acted in each step that still holds.
        ended_on: day of the recognition, refusal or reversal.
    """

    state: State = State.REPORTED
    reported_t: Decimal | None = None
    checked_t: Decimal | None = None
    reviewed_t: Decimal | None = None
    recognised_t: Decimal | None = None
    authors: Mapping[EventKind, str] | None = None
    last_on: date | None = None
    ended_on: date | None = None

    @property
    def amount_t(self) -> Decimal | None:
        """The amount of the last step that was taken."""
        steps = (self.recognised_t, self.reviewed_t, self.checked_t, self.reported_t)
        return next((amount for amount in steps if amount is not None), None)

    @property
    def counts_t(self) -> Decimal | None:
        """What counts as recognised; None where it does not, or no longer."""
        return self.recognised_t if self.state is State.RECOGNISED else None


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"  # the state does not allow it
    SAME_PERSON = "same_person"  # whoever took an earlier step does not take this one


class CannotHappen(ValueError):
    """An event that cannot happen, and why."""

    def __init__(self, state: State, kind: EventKind, why: Hindrance) -> None:
        super().__init__(f"{kind.value} cannot happen to a reduction that is {state.value}: {why.value}")
        self.state, self.kind, self.why = state, kind, why


_OPEN = (State.REPORTED, State.CHECKED, State.REVIEWED)
#: (kind, states it may happen in, state it leads to)
_ROWS: tuple[tuple[EventKind, tuple[State, ...], State], ...] = (
    (EventKind.CHECK, (State.REPORTED,), State.CHECKED),
    (EventKind.REVIEW, (State.CHECKED,), State.REVIEWED),
    (EventKind.RECOGNISE, (State.REVIEWED,), State.RECOGNISED),
    (EventKind.RETURN, _OPEN, State.RETURNED),
    (EventKind.CORRECT, (State.RETURNED,), State.REPORTED),
    (EventKind.REFUSE, _OPEN, State.REFUSED),
    (EventKind.REVERSE, (State.RECOGNISED,), State.REVERSED),
)
#: State and kind → state after; a pair that is not there may not happen. What is reported first has no state before.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): after for kind, states, after in _ROWS for before in states
}
#: Steps that must rest on different people, in their order.
STEPS = (EventKind.REPORT, EventKind.CHECK, EventKind.REVIEW, EventKind.RECOGNISE)


def standing(events: Iterable[Event]) -> Standing:
    """Replays events in their order, the first a report. Raises CannotHappen where one cannot happen."""
    now: Standing | None = None
    for event in events:
        now = _begun(event) if now is None else after(now, event)
    return now or Standing()


def hindrance(now: Standing, kind: EventKind, author: str) -> Hindrance | None:
    """Why a person cannot do something now; None where it can be done."""
    if (now.state, kind) not in TRANSITIONS:
        return Hindrance.STATE
    earlier = now.authors or {}
    if kind in STEPS and any(earlier.get(step) == author for step in STEPS[: STEPS.index(kind)]):
        return Hindrance.SAME_PERSON
    return None


def after(now: Standing, event: Event) -> Standing:
    """One step of ``standing``."""
    why = hindrance(now, event.kind, event.author)
    if why is not None:
        raise CannotHappen(now.state, event.kind, why)
    amount = event.amount_t if event.amount_t is not None else now.amount_t
    authors = {**(now.authors or {}), event.kind: event.author}
    moved = replace(now, state=TRANSITIONS[now.state, event.kind], last_on=event.on, authors=authors)
    match event.kind:
        case EventKind.CHECK:
            return replace(moved, checked_t=amount)
        case EventKind.REVIEW:
            return replace(moved, reviewed_t=amount)
        case EventKind.RECOGNISE:
            return replace(moved, recognised_t=amount, ended_on=event.on)
        case EventKind.CORRECT:
            told = event.amount_t if event.amount_t is not None else now.reported_t
            return Standing(reported_t=told, authors={EventKind.REPORT: event.author}, last_on=event.on)
        case EventKind.REFUSE | EventKind.REVERSE:
            return replace(moved, ended_on=event.on)
        case _:
            return moved


def _begun(event: Event) -> Standing:
    if event.kind is not EventKind.REPORT:
        raise CannotHappen(State.REPORTED, event.kind, Hindrance.STATE)
    return Standing(reported_t=event.amount_t, authors={EventKind.REPORT: event.author}, last_on=event.on)
