"""Values of facts, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shuangkong.core.fact import Maturity, Measure, State
from shuangkong.core.finding import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is told of one cell of the world; ``period`` as targets.period.Period writes it."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationRow(Figure):
    """One version of one figure."""

    id: int
    is_demo: bool
    recorded_at: datetime
    recorded_by: str
    supersedes: int | None


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
