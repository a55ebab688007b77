"""调整: what an amendment, a mid-term adjustment or a new plan moves, target by target, before → after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shuangkong.plans.cascade.pairing import Line, compare_targets
from shuangkong.plans.cascade.promise import Promise, UnitTable
from shuangkong.plans.cascade.strictness import Comparison, Verdict


class Change(StrEnum):
    """What became of a target."""

    KEPT = "kept"  # 未变
    MOVED = "moved"  # 调整
    ADDED = "added"  # 新增
    DROPPED = "dropped"  # 取消


@dataclass(frozen=True, slots=True)
class Move:
    """One target before and after; ``fields`` are the names of what changed, ``comparison`` says which way."""

    change: Change
    before: Promise | None
    after: Promise | None
    fields: tuple[str, ...]
    comparison: Comparison
    is_by_name: bool = False


#: What of a promise can be moved, in the order in which a person asks.
_FIELDS = ("value", "unit", "op", "deadline", "base_year", "strength", "nature", "denominator", "kind")


def moves(
    before: Sequence[Promise], after: Sequence[Promise], units: UnitTable, is_partial: bool = False
) -> tuple[Move, ...]:
    """Every target before and after.

    ``is_partial``: the later document only changes what it names (关于调整…的通知); what it does not name stays as it
    was and is not told.
    """
    told = (_move(line) for line in compare_targets(before, after, units))
    return tuple(each for each in told if not (is_partial and each.change is Change.DROPPED))


def _move(line: Line) -> Move:
    if line.parent is None or line.child is None:
        change = Change.ADDED if line.parent is None else Change.DROPPED
        return Move(change, line.parent, line.child, (), line.comparison)
    changed = tuple(each for each in _FIELDS if getattr(line.parent, each) != getattr(line.child, each))
    is_kept = line.comparison.verdict is Verdict.EQUAL and "deadline" not in changed
    change = Change.KEPT if not changed or (is_kept and set(changed) <= {"value", "unit"}) else Change.MOVED
    return Move(change, line.parent, line.child, changed, line.comparison, line.is_by_name)
