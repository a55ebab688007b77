"""Rows ⇄ values of plans. Every function asks a fixed number of queries, whatever the size of the plan.

Signatures first; bodies follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shuangkong.core.finding import Finding
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Reading
from shuangkong.records.plans.rows import (
    AdoptionRow,
    DecisionRow,
    DutyRow,
    EntryKind,
    EntryRow,
    MeasureRow,
    Origin,
    PartRow,
    PlanRow,
    Status,
    Verdict,
)


def save_reading(
    file: bytes | None,
    document: Document,
    reading: Reading,
    findings: Sequence[Finding],
    by: str,
    origin: Origin = Origin(),
) -> PlanRow:
    """Stores file, entries and findings as a new draft plan, in one transaction. ``file`` None: facts without a document."""
    raise NotImplementedError


def plans(region: str | None = None, status: Status | None = None) -> tuple[PlanRow, ...]:
    """All plans, newest first; of one region code or one status where given."""
    raise NotImplementedError


def plan(plan_id: int) -> PlanRow | None: ...
def plan_text(plan_id: int) -> str:
    """The document's text, "" for facts without a document."""
    raise NotImplementedError


def file_plans(sha256: str) -> tuple[PlanRow, ...]:
    """Plans already read from the same file."""
    raise NotImplementedError


def findings(plan_id: int) -> tuple[Finding, ...]:
    """Findings of the last audit, in its order."""
    raise NotImplementedError


def replace_findings(plan_id: int, found: Sequence[Finding]) -> None:
    """Puts the findings of a new audit in the place of the last."""
    raise NotImplementedError


def entries(plan_id: int, kind: EntryKind | None = None) -> tuple[EntryRow, ...]:
    """Entries with their newest decision, by kind and ordinal. 2 queries."""
    raise NotImplementedError


def entry(entry_id: int) -> EntryRow | None: ...
def decisions(entry_id: int) -> tuple[DecisionRow, ...]:
    """All decisions on one entry, oldest first."""
    raise NotImplementedError


def decide(
    entry_id: int,
    verdict: Verdict,
    by: str,
    after: dict[str, Any] | None = None,
    reason: str = "",
    merged_into: int | None = None,
) -> EntryRow:
    """Records one decision. CORRECTED needs ``after`` and a reason, MERGED ``merged_into``, REJECTED a reason; else ValueError."""
    raise NotImplementedError


def accept_certain(plan_id: int, by: str, reason: str = "") -> int:
    """Accepts every undecided entry without doubt, one recorded decision each; returns how many."""
    raise NotImplementedError


def add_entry(
    plan_id: int, kind: EntryKind, payload: dict[str, Any], by: str, reason: str, parent: int | None = None
) -> EntryRow:
    """Adds what the reader missed (verdict ADDED)."""
    raise NotImplementedError


def undecided(plan_id: int) -> tuple[EntryRow, ...]:
    """Doubtful entries without a decision."""
    raise NotImplementedError


def adopt(plan_id: int, by: str) -> AdoptionRow:
    """Makes measures, duties, targets and their decomposition as a new version, in one transaction; raises AdoptionRefused."""
    raise NotImplementedError


def measures(plan_id: int, version: int | None = None) -> tuple[MeasureRow, ...]:
    """Measures of the version in force (or of an earlier one) with bodies and sub-tasks. 3 queries."""
    raise NotImplementedError


def measure(measure_id: int) -> MeasureRow | None: ...
def duties(plan_id: int, measure_id: int | None = None) -> tuple[DutyRow, ...]: ...
def parts(plan_id: int | None = None, body_id: int | None = None) -> tuple[PartRow, ...]:
    """Bodies' parts in the versions in force: of a plan, or of one body (its aliases included) across plans."""
    raise NotImplementedError
