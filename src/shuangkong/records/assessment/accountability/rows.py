"""Values of consequences, as pages and programmes see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shuangkong.assessment.consequence import ActRule, ConsequenceRule
from shuangkong.assessment.enforcement import EventKind, Standing
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.records.people.access import Where


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says; ``on`` None is today, ``due`` the new last day of what is sent back."""

    document: str = ""
    text: str = ""
    on: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceRow:
    """One consequence and how it stands; ``rule`` and ``act`` as the policy lays them down."""

    id: int
    assessment: int
    region: str
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
