"""Values of facts, as pages see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State
from shuangkong.core.finding import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is told of one cell of the world; ``period`` as core.period.Period writes it."""

    indicator: str
    subject_kind: str
    subject_code: str
    subject_name: str
    period: str
    measure: Measure
    state: State
    value: Decimal | None
    unit: str
    maturity: Maturity
    source: str
    note: str
    origin: Origin = Origin.REPORTED
    evidence: Evidence = Evidence.STATISTICAL

    @property
    def cell(self) -> tuple[str, str, str, str, str]:
        """The cell of the world it speaks of."""
        return (self.indicator, self.subject_kind, self.subject_code, self.period, self.measure)

    @property
    def key(self) -> tuple[str, ...]:
        """The cell and the vintage: a newer figure with the same key takes its place."""
        return (*self.cell, self.origin, self.maturity)

    @property
    def content(self) -> tuple[State, Decimal | None, str, str, str, Evidence]:
        """What another figure of the same key must say to be the same."""
        return (self.state, self.value, self.unit, self.source, self.note, self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationRow(Figure):
    """One version of one figure.

    ``supersedes`` is the version of its vintage whose place it took; ``of`` counts all versions of its cell, where
    the one that counts was asked for.
    """

    id: int
    is_demo: bool
    recorded_at: datetime
    recorded_by: str
    supersedes: int | None
    load: int = 0
    of: int = 1


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """Whom figures are about; ``region`` is the code of the region that it is or lies in, "" where not known."""

    kind: str
    code: str
    name: str
    region: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self.code)


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What becomes of one row of a file. ``verdict`` is new, changed, same or refused.

    A row that is taken has ``told``, its figure, and ``before``, the figure that stood in its place; ``indicator`` and
    ``what`` name the cell. A refused row has the heading of the ``column`` at fault, what was ``expected`` there and
    what was ``found``.
    """

    row: int
    code: str
    verdict: str
    message: Message
    indicator: str = ""
    what: str = ""
    told: str = ""
    before: str = ""
    column: str = ""
    expected: Message | None = None
    found: str = ""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or would do. Nothing is written while any row is refused."""

    verdicts: tuple[RowVerdict, ...]
    is_written: bool
    load: int | None

    def count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.verdicts)


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What the load of a large file did, or would do: how many rows of each verdict, and verdicts on refused rows."""

    counts: Mapping[str, int]
    verdicts: tuple[RowVerdict, ...]
    is_written: bool
    load: int | None

    def count(self, verdict: str) -> int:
        return self.counts.get(verdict, 0)
