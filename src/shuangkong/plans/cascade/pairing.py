"""逐项对照: which target of one plan answers which of another, and how each pair stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuangkong.plans.audit.subjects import same_subject
from shuangkong.plans.cascade.promise import Promise, UnitTable
from shuangkong.plans.cascade.strictness import Comparison, Verdict, compare


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: the parent's promise, the child's, and the verdict.

    ``is_by_name`` marks two that only their printed names hold together: a person should look.
    """

    parent: Promise | None
    child: Promise | None
    comparison: Comparison
    is_by_name: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether something is owed.

        A looser promise is; a missing one is where the figure binds this region: shared out to it, a main target, or a
        rate that every region has.
        """
        if self.comparison.verdict is Verdict.LOOSER:
            return True
        parent = self.parent
        if self.comparison.verdict is not Verdict.MISSING or parent is None:
            return False
        return parent.is_assigned or parent.is_headline or not parent.adds_up


def compare_targets(parents: Sequence[Promise], children: Sequence[Promise], units: UnitTable) -> tuple[Line, ...]:
    """Every promise of both plans on one line: those of the parent in their order, then what the child adds."""
    pairs = _pairs(parents, children)
    taken = set(pairs.values())
    lines = [_line(parent, children, pairs.get(at), units) for at, parent in enumerate(parents)]
    extra = Comparison(Verdict.EXTRA)
    return (*lines, *(Line(None, child, extra) for at, child in enumerate(children) if at not in taken))


def _line(parent: Promise, children: Sequence[Promise], at: int | None, units: UnitTable) -> Line:
    if at is None:
        return Line(parent, None, Comparison(Verdict.MISSING))
    child = children[at]
    return Line(parent, child, compare(child, parent, units), child.indicator != parent.indicator)


def _pairs(parents: Sequence[Promise], children: Sequence[Promise]) -> dict[int, int]:
    """Place of the parent → place of the child. The closest pairs first, each promise once."""
    ranked = sorted(_candidates(parents, children))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, above, below in ranked:
        if above not in found and below not in taken:
            found[above] = below
            taken.add(below)
    return found


def _candidates(parents: Sequence[Promise], children: Sequence[Promise]) -> Iterable[tuple[tuple[bool, ...], int, int]]:
    for above, parent in enumerate(parents):
        for below, child in enumerate(children):
            if is_same_indicator(parent, child):
                yield _unlikeness(parent, child), above, below


def is_same_indicator(one: Promise, other: Promise) -> bool:
    """One indicator of the policy files; where they do not know it, one quantity by its name, promised alike."""
    if one.indicator == other.indicator:
        return _scopes_agree(one, other)
    if (one.is_known and other.is_known) or one.family is not other.family:
        return False
    return _scopes_agree(one, other) and same_subject(one.name, other.name)


def _scopes_agree(one: Promise, other: Promise) -> bool:
    return not one.scope or not other.scope or one.scope == other.scope


def _unlikeness(parent: Promise, child: Promise) -> tuple[bool, ...]:
    """What sets two apart, the weightiest first."""
    return (
        parent.family is not child.family,
        parent.scope != child.scope,
        parent.is_yearly is not child.is_yearly,
        parent.deadline[:4] != child.deadline[:4],
        parent.base_year != child.base_year,
        parent.kind is not child.kind,
        parent.strength is not child.strength,
        parent.unit != child.unit,
        parent.deadline != child.deadline,
    )
