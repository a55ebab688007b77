"""Values of facts, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.targets.goal import Sort


class State(StrEnum):
    """Whether there is a figure. Zero is a VALUE."""

    VALUE = "value"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


class Maturity(StrEnum):
    """快报、初步、最终、核定."""

    FLASH = "flash"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AUDITED = "audited"


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """One version of one figure; ``period`` as targets.period.Period writes it."""

    id: int
    indicator: str
    subject_kind: str
    subject_code: str
    subject_name: str
    period: str
    measure: Sort
    state: State
    value: Decimal | None
    unit: str
    maturity: Maturity
    source: str
    note: str
    is_demo: bool
    recorded_at: datetime
    recorded_by: str
    supersedes: int | None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What becomes of one row of a file. ``verdict`` is new, changed, same or refused.

    ``column`` a heading where one is at fault.
    """

    row: int
    code: str
    verdict: str
    what: str
    column: str
    expected: str
    found: str
    message: Message


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or would do. Nothing is written while any row is refused."""

    verdicts: tuple[RowVerdict, ...]
    is_written: bool
    load: int | None

    def count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.verdicts)
