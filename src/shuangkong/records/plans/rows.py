"""Values of plans, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shuangkong.core.finding import Finding
from shuangkong.core.span import Span
from shuangkong.records.people.access import Where


class Status(StrEnum):
    """Where a plan stands: read, being decided on, in force."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ADOPTED = "adopted"


class EntryKind(StrEnum):
    """What an entry is. A body or target entry has its item as parent, an annex target its table."""

    HEAD_FIELD = "head_field"
    CHAPTER = "chapter"
    ITEM = "item"
    BODY = "body"
    TARGET = "target"
    ANNEX_TARGET = "annex_target"
    THRESHOLD = "threshold"
    DUTY = "duty"
    TABLE = "table"
    REMARK = "remark"  # something in the document that the reader could not place: the doubt says what


class Verdict(StrEnum):
    """What a person says of an entry. ADDED is the first decision of an entry that the reader missed."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    MERGED = "merged"
    REJECTED = "rejected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a reading comes from. ``region`` is a code where it is known better than the document's words."""

    is_demo: bool = False
    is_fictional: bool = False
    source_note: str = ""
    region: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan. ``has_text`` says whether spans can be shown; ``version`` is 0 before the first adoption.

    ``path`` is that of its region ("/" where nobody knows it): who may see and do what with it hangs on it.
    """

    id: int
    title: str
    doc_no: str
    issuer: str
    issued_on: date | None
    region: str | None
    region_name: str
    path: str
    base_year: int | None
    start_year: int | None
    end_year: int | None
    status: Status
    version: int
    is_demo: bool
    is_fictional: bool
    source_note: str
    has_text: bool
    read_at: datetime
    read_by: str

    @property
    def where(self) -> Where:
        """Where it is, for the access functions."""
        return Where(self.path)


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """Why the reader was not certain."""

    code: str
    weight: float
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One review decision; ``before`` and ``after`` are payloads."""

    id: int
    entry: int
    verdict: Verdict
    before: dict[str, Any]
    after: dict[str, Any] | None
    merged_into: int | None
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it stands: ``payload`` after the newest decision, ``read`` as the reader found it."""

    id: int
    plan: int
    parent: int | None
    kind: EntryKind
    ordinal: int
    payload: dict[str, Any]
    read: dict[str, Any]
    span: Span | None
    confidence: float
    doubts: tuple[DoubtRow, ...]
    decision: DecisionRow | None

    @property
    def is_doubtful(self) -> bool:
        return self.confidence < 1 or bool(self.doubts)

    @property
    def is_open(self) -> bool:
        """Doubtful and not yet decided: stands in the way of adoption."""
        return self.is_doubtful and self.decision is None

    @property
    def is_dropped(self) -> bool:
        return self.decision is not None and self.decision.verdict in (Verdict.MERGED, Verdict.REJECTED)


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """One act of adoption and what it made."""

    plan: int
    version: int
    adopted_by: str
    adopted_at: datetime
    measures: int
    targets: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """A body's part in a measure. ``body`` is the registry id after aliases, ``name`` as printed.

    ``measure`` None is standing.
    """

    body: int
    name: str
    role: str
    measure: int | None
    measure_no: str
    measure_title: str
    plan: int
    ordinal: int
    span: Span | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure with its bodies and its sub-task spans."""

    id: int
    plan: int
    version: int
    ordinal: int
    no: str
    path: tuple[str, ...]
    title: str
    chapter_no: str
    chapter_title: str
    open_ended: bool
    span: Span
    title_span: Span
    bodies: tuple[PartRow, ...]
    sub_tasks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A dated or extended duty without a number."""

    id: int
    plan: int
    measure: int | None
    what: str
    extent: str
    deadline: str
    recurrence: str
    strength: str
    span: Span | None


class AdoptionRefused(Exception):
    """The plan cannot be adopted yet. ``finding`` says what to do; ``entries`` are those still open."""

    def __init__(self, finding: Finding, entries: tuple[EntryRow, ...]) -> None:
        super().__init__(f"{finding.code} {finding.message.zh}")
        self.finding = finding
        self.entries = entries
