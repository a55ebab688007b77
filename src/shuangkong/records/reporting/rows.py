"""Values of online reporting, as pages, programmes and other stores see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from shuangkong.core.finding import Message, Severity
from shuangkong.records.people.access import Where
from shuangkong.records.reporting.competence import matter_of
from shuangkong.records.reporting.verification.giving import is_reporter_given, is_return_given
from shuangkong.reporting.life import EventKind, State
from shuangkong.reporting.life_standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterRow:
    """One who reports; ``bodies`` are whom its people act for and those that file for it now, ``signing`` those of them
    that may sign."""

    id: int
    kind: str
    code: str
    name: str
    region: str
    region_name: str
    path: str
    body: int | None
    enterprise: int | None
    industry: str
    is_fictional: bool
    bodies: frozenset[int] = frozenset()
    signing: frozenset[int] = frozenset()

    @property
    def where(self) -> Where:
        return Where(self.path, self.bodies, given=partial(is_reporter_given, self.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """A form, open for a period at a place and below it."""

    id: int
    form: str
    period: str
    region: str
    region_name: str
    path: str
    due: date
    opened_by: str
    opened_at: datetime
    is_demo: bool

    @property
    def where(self) -> Where:
        return Where(self.path, matter=matter_of(self.form))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    """What one reporter owes of one form for one period; ``chain`` the regions that approve it, lowest first."""

    id: int
    window: int
    form: str
    period: str
    first_month: int
    path: str
    chain: tuple[str, ...]
    reporter: ReporterRow
    standing: Standing
    versions: int
    digest: str
    changed_at: datetime
    is_demo: bool

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def where(self) -> Where:
        return Where(self.path, self.reporter.bodies, matter_of(self.form), partial(is_return_given, self.id))

    @property
    def where_signed(self) -> Where:
        """Where it is signed: whoever files for the unit may do so only by an agreement that says it."""
        return Where(self.path, self.reporter.signing, matter_of(self.form))

    @property
    def next_level(self) -> str:
        """Code of the region that approves next; "" where none does."""
        at = self.standing.level
        return self.chain[at] if at < len(self.chain) else ""


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """What the unit says to a finding; ``verdict`` accepted, refused or ""."""

    text: str
    author: str
    verdict: str = ""
    reason: str = ""
    judged_by: str = ""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What the checks found in a version."""

    id: int
    code: str
    severity: Severity
    address: str
    message: Message
    ground: Message | None
    explanation: ExplanationRow | None = None

    @property
    def is_unjudged(self) -> bool:
        """Whether an explanation waits for the desk."""
        return self.explanation is not None and not self.explanation.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version as signed. ``content`` is canonical JSON."""

    id: int
    number: int
    edition: str
    content: str
    digest: str
    base: int | None
    ground: str
    channel: str
    terminal: str
    filled_by: str
    signed_by: str
    signed_at: datetime
    findings: tuple[FindingRow, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """One event of a return."""

    kind: EventKind
    on: date
    version: int | None
    level: int
    region: str
    due: date | None
    ground: str
    document: str
    author: str
    at: datetime
    journal: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What the unit has filled in; ``explained`` finding key → text."""

    edition: str
    content: str
    explained: dict[str, str]
    base: int | None
    stamp: int
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file beside a return; ``version`` None: with the draft. ``left_out``: the version that is without it from then
    on, 0 the next; None where it is beside the return."""

    id: int
    version: int | None
    name: str
    size_bytes: int
    sha256: str
    left_out: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the unit gets for a version: its number, the SM3 of the sealed copy, and the row of the journal."""

    version: int
    digest: str
    at: datetime
    is_new: bool
    journal: int = 0


def finding_key(code: str, address: str) -> str:
    """By which a finding is the same at the next check: its explanation stays with it."""
    return f"{code} {address}".strip()


def unjudged(findings: Iterable[FindingRow]) -> tuple[FindingRow, ...]:
    """Findings whose explanation waits for the desk."""
    return tuple(each for each in findings if each.is_unjudged)
