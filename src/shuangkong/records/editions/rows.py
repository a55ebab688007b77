"""Values of editions, as pages see them, and how one comes to be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shuangkong.records.people.access import Where


class State(StrEnum):
    """起草、已批准、已公布；退回或撤回的不再往下走。"""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class EventKind(StrEnum):
    """What is done to an edition that was prepared."""

    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


#: What can happen when, and what becomes of it. A published edition stays: a correction is another edition.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (State.DRAFT, EventKind.APPROVE): State.APPROVED,
    (State.DRAFT, EventKind.RETURN): State.RETURNED,
    (State.DRAFT, EventKind.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, EventKind.PUBLISH): State.PUBLISHED,
    (State.APPROVED, EventKind.WITHDRAW): State.WITHDRAWN,
}
OPEN = frozenset({State.DRAFT, State.APPROVED})


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event; ``journal`` is the number of its row in the journal."""

    kind: EventKind
    on: date
    number: str
    text: str
    author: str
    at: datetime
    journal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow[Content]:
    """One edition. ``corrects`` is the number of the one whose place it takes; ``events`` the oldest first."""

    id: int
    region: str
    region_name: str
    path: str
    period: str
    edition: int
    corrects: int | None
    issuer: str
    content: Content
    as_of: date
    rulebook: str
    is_demo: bool
    is_fictional: bool
    prepared_by: str
    prepared_at: datetime
    journal: int
    events: tuple[EventRow, ...]

    @property
    def where(self) -> Where:
        return Where(self.path)

    @property
    def state(self) -> State:
        state = State.DRAFT
        for event in self.events:
            state = TRANSITIONS[state, event.kind]
        return state

    @property
    def published(self) -> EventRow | None:
        return next((event for event in self.events if event.kind is EventKind.PUBLISH), None)

    @property
    def newest_journal(self) -> int:
        """The number of the journal's row about what was done last."""
        return self.events[-1].journal if self.events else self.journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared[Content]:
    """An edition about to be kept; ``period`` as the fact model writes it."""

    region: str
    period: str
    issuer: str
    content: Content
    as_of: date
    rulebook: str
    is_demo: bool
    is_fictional: bool
