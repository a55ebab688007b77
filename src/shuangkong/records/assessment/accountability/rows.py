"""Values of consequences, as pages and programmes see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shuangkong.assessment.consequence import ActRule, ConsequenceRule
from shuangkong.assessment.enforcement import EventKind, Standing
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.records.people.access import Where


@dataclass(frozen=True, slots=True)
class Minutes:
    """约谈纪要: where and by whom an interview was held, who came, what was said, and what was promised."""

    venue: str
    chair: str
    attendants: tuple[str, ...]
    problems: str
    measures: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says.

    Attributes:
        on: None is today.
        due: last day of what is owed next: of an interview that is held, of what is sent back.
        minutes: of an interview that is held.
    """

    document: str = ""
    text: str = ""
    on: date | None = None
    due: date | None = None
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceRow:
    """One consequence and how it stands; ``rule`` and ``act`` as the policy of ``layer`` lays them down."""

    id: int
    assessment: int
    region: str
    layer: str
    path: str
    subject: Subject
    subject_name: str
    subject_path: str
    body: int | None
    period: Period
    rule: ConsequenceRule
    act: ActRule
    inputs: tuple[str, ...]
    missed: frozenset[str]
    on: date
    is_fictional: bool
    standing: Standing

    @property
    def where(self) -> Where:
        return Where(self.path)

    @property
    def where_assessed(self) -> Where:
        """Of whom it is against: a region is its own people's, an organisation those who act for it."""
        bodies = frozenset() if self.body is None else frozenset({self.body})
        return Where(self.subject_path if self.subject.kind == "region" else "", bodies)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened."""

    kind: EventKind
    on: date
    document: str
    due: date | None
    text: str
    author: str
    at: datetime
    journal: int
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """One project that a place lets through a restriction; ``ended_on`` the first day without it, None: it goes on."""

    id: int
    region: str
    path: str
    restriction: str
    project: str
    starts: date
    until: date | None
    document: str
    reason: str
    author: str
    journal: int
    ended_on: date | None = None
    ended_by: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day that it holds on."""
        ended = None if self.ended_on is None else self.ended_on - timedelta(days=1)
        return min(filter(None, (self.until, ended)), default=None)

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.last_day is None or day <= self.last_day)
