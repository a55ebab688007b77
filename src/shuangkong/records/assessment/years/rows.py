"""Values of assessments, as pages, papers and programmes see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.assessment.answers import Judged, Proof
from shuangkong.assessment.year import EventKind, Standing
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.records.people.access import Where
from shuangkong.records.plans.tasks.rows import Handed


class Side(StrEnum):
    """Whose marks they are."""

    SELF = "self"  # 自评
    REVIEW = "review"  # 审核


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A round to be launched: one duty, one period, several objects.

    Attributes:
        region: code of the place that assesses.
        subjects: codes of regions, source codes of enterprises, or numbers of bodies; empty: every region of the duty.
        decomposition: number of the decomposition whose shares are the targets that the table does not name itself.
        until: last day of the self-check.
        on: the day of the launch; None is today.
    """

    region: str
    duty: str
    period: Period
    until: date
    subjects: tuple[str, ...] = ()
    decomposition: int | None = None
    document: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says; see assessment.year.Event. ``on`` None is today."""

    text: str = ""
    on: date | None = None
    until: date | None = None
    number: str = ""
    document: str = ""
    answers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person gives for one point or established figure, with its evidence.

    ``file`` None where the evidence is named only: enough for the assessor, not for the assessed.
    """

    code: str
    marks: Decimal | None = None
    is_inapplicable: bool = False
    title: str = ""
    number: str = ""
    file: Handed | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence; ``medium`` and ``sha256`` are "" where it is named only."""

    id: int
    title: str
    number: str
    medium: str = ""
    sha256: str = ""

    @property
    def proof(self) -> Proof:
        return Proof(self.title, self.number, self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """One entry, by whom and when."""

    id: int
    assessment: int
    side: Side
    code: str
    marks: Decimal | None
    is_inapplicable: bool
    text: str
    evidence: tuple[EvidenceRow, ...]
    author: str
    at: datetime

    @property
    def is_empty(self) -> bool:
        return self.marks is None and not self.is_inapplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """One assessment and how it stands; see the columns."""

    id: int
    region: str
    region_name: str
    path: str
    duty: str
    layer: str
    score_table: str
    period: Period
    subject: Subject
    subject_name: str
    subject_path: str
    body: int | None
    decomposition: int | None
    launched_by: str
    launched_at: datetime
    is_fictional: bool
    standing: Standing
    waits_since: date = field(default=date.min)

    @property
    def where(self) -> Where:
        """Of the assessor."""
        return Where(self.path)

    @property
    def where_assessed(self) -> Where:
        """Of the assessed: a region is its own people's, an organisation those who act for it."""
        return Where(self.subject_path if self.subject.kind == "region" else "", self.bodies)

    @property
    def is_upward(self) -> bool:
        """Towards a superior who is not in this system: the place keeps its own file of it."""
        return self.subject.kind == "region" and self.subject.code == self.region

    @property
    def bodies(self) -> frozenset[int]:
        return frozenset() if self.body is None else frozenset({self.body})


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened; ``version`` is that of the sheet."""

    id: int
    kind: EventKind
    on: date
    until: date | None
    score: Decimal | None
    grade: str
    version: str
    number: str
    document: str
    answers: int | None
    text: str
    author: str
    at: datetime
    journal: int


@dataclass(frozen=True, slots=True)
class DrawRow:
    """One draw, as it was logged."""

    duty: str
    period: Period
    seed: str
    among: tuple[str, ...]
    drawn: tuple[str, ...]
    author: str
    at: datetime


def judged_of(marks: Iterable[MarkRow], side: Side) -> dict[str, Judged]:
    """What counts of the entries: for the assessor its own over those of the assessed, whose evidence goes along.

    Args:
        marks: oldest first. An entry that gives nothing takes the one before it back.
    """
    newest: dict[tuple[Side, str], MarkRow] = {(row.side, row.code): row for row in marks}
    found = {code: row for (whose, code), row in newest.items() if whose is Side.SELF and not row.is_empty}
    proofs = {code: tuple(each.proof for each in row.evidence) for code, row in found.items()}
    if side is Side.REVIEW:
        reviewed = {code: row for (whose, code), row in newest.items() if whose is Side.REVIEW and not row.is_empty}
        found |= reviewed
        for code, row in reviewed.items():
            proofs[code] = (*proofs.get(code, ()), *(each.proof for each in row.evidence))
    return {
        code: Judged(row.marks, proofs[code], row.author, row.at.date(), row.is_inapplicable)
        for code, row in found.items()
    }
