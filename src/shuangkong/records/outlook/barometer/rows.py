"""Values of issues of the barometer, as pages see them. An issue goes the way of a bulletin, by actions of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shuangkong.outlook.barometer.issue import Content
from shuangkong.records.bulletins.rows import TRANSITIONS, EventKind, EventRow, State
from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action

#: Which action of the table of access each act is.
NEEDS: Mapping[EventKind, Action] = {
    EventKind.APPROVE: Action.BAROMETER_APPROVE,
    EventKind.RETURN: Action.BAROMETER_APPROVE,
    EventKind.PUBLISH: Action.BAROMETER_PUBLISH,
    EventKind.WITHDRAW: Action.BAROMETER_PREPARE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
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
class Prepared:
    """An issue about to be kept."""

    region: str
    issuer: str
    content: Content
    as_of: date
    rulebook: str
    is_demo: bool
    is_fictional: bool
