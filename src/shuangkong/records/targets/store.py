"""Rows ⇄ values of targets. Signatures first; bodies follow."""

from __future__ import annotations

from shuangkong.records.targets.rows import ShareRow, TargetRow


def targets(plan_id: int, version: int | None = None) -> tuple[TargetRow, ...]:
    """Targets of the version in force (or of an earlier one), in printed order, annex tables last. 1 query."""
    raise NotImplementedError


def target(target_id: int) -> TargetRow | None: ...
def targets_of(subject_kind: str, subject_code: str) -> tuple[TargetRow, ...]:
    """Targets in force of one subject, over all adopted plans. 1 query."""
    raise NotImplementedError


def same_goal(target_id: int) -> tuple[TargetRow, ...]:
    """Targets of the same plan, version, indicator and kind for other subjects: a map's worth. 1 query."""
    raise NotImplementedError


def shares(target_id: int) -> tuple[ShareRow, ...]:
    """How a target is shared out: children, then reserve and excluded lines. 1 query."""
    raise NotImplementedError
