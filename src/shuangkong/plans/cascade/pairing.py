"""逐项对照: which target of one plan answers which of another, and how each pair stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuangkong.plans.audit.subjects import same_subject, subject
from shuangkong.plans.cascade.decided import Decided
from shuangkong.plans.cascade.promise import Promise, UnitTable
from shuangkong.plans.cascade.strictness import Comparison, Verdict, compare

#: Share of common characters from which two names may mean one quantity, so that a person is asked: the lower one where
#: both promise the same figure.
_MAYBE, _MAYBE_ALIKE = 0.6, 0.5

type _Pairs = dict[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: the parent's promise, the child's, and the verdict.

    ``is_by_name`` marks two that only their printed names hold together: a person should look. ``is_decided`` says that
    a person has laid the two together.
    """

    parent: Promise | None
    child: Promise | None
    comparison: Comparison
    is_by_name: bool = False
    is_decided: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether a person has still to say that the two are one."""
        return self.is_by_name and not self.is_decided

    @property
    def is_gap(self) -> bool:
        """Whether something is owed.

        A looser promise is; a missing one is where the figure binds this region: shared out to it, a main target, or a
        rate that every region has. What is in doubt is owed only when a person has decided.
        """
        if self.is_doubtful:
            return False
        if self.comparison.verdict is Verdict.LOOSER:
            return True
        parent = self.parent
        if self.comparison.verdict is not Verdict.MISSING or parent is None:
            return False
        return parent.is_assigned or parent.is_headline or not parent.adds_up


def compare_targets(
    parents: Sequence[Promise], children: Sequence[Promise], units: UnitTable, decided: Decided | None = None
) -> tuple[Line, ...]:
    """Every promise of both plans on one line: those of the parent in their order, then what the child adds.

    ``decided`` are pairs of keys that a person has decided on. With None nobody is asked about doubtful pairs, and only
    what is one by its indicator or its name is laid together.
    """
    certain = _decided_pairs(parents, children, decided) if decided else {}
    apart = decided.apart if decided else frozenset[tuple[int, int]]()
    pairs = certain | _pairs(parents, children, apart, certain)
    if decided is not None:
        pairs |= _doubtful(parents, children, apart, pairs)
    taken = set(pairs.values())
    lines = [_line(parent, children, pairs.get(at), units, at in certain) for at, parent in enumerate(parents)]
    extra = Comparison(Verdict.EXTRA)
    return (*lines, *(Line(None, child, extra) for at, child in enumerate(children) if at not in taken))


def _line(parent: Promise, children: Sequence[Promise], at: int | None, units: UnitTable, is_decided: bool) -> Line:
    if at is None:
        return Line(parent, None, Comparison(Verdict.MISSING))
    child = children[at]
    return Line(parent, child, compare(child, parent, units), child.indicator != parent.indicator, is_decided)


def _decided_pairs(parents: Sequence[Promise], children: Sequence[Promise], decided: Decided) -> _Pairs:
    """Place of the parent → place of the child, as a person said; a promise that is there no more is passed over."""
    places = {child.key: at for at, child in enumerate(children)}
    here = {parent.key: at for at, parent in enumerate(parents)}
    return {here[a]: places[b] for a, b in sorted(decided.paired) if a in here and b in places}


def _pairs(
    parents: Sequence[Promise], children: Sequence[Promise], apart: frozenset[tuple[int, int]], known: _Pairs
) -> _Pairs:
    """Place of the parent → place of the child. The closest pairs first, each promise once."""
    return _chosen(
        (
            (_unlikeness(parent, child), above, below)
            for above, below, parent, child in _open(parents, children, apart)
            if is_same_indicator(parent, child)
        ),
        known,
    )


def _doubtful(
    parents: Sequence[Promise], children: Sequence[Promise], apart: frozenset[tuple[int, int]], known: _Pairs
) -> _Pairs:
    """Of what is left over: the pairs that may be one quantity by their names, the likest first."""
    return _chosen(
        (
            ((-likeness(parent, child),), above, below)
            for above, below, parent, child in _open(parents, children, apart)
            if may_be_one(parent, child)
        ),
        known,
    )


def _open(
    parents: Sequence[Promise], children: Sequence[Promise], apart: frozenset[tuple[int, int]]
) -> Iterable[tuple[int, int, Promise, Promise]]:
    """Every pair that nobody has set apart."""
    for above, parent in enumerate(parents):
        for below, child in enumerate(children):
            if (parent.key, child.key) not in apart:
                yield above, below, parent, child


def _chosen(candidates: Iterable[tuple[tuple[float, ...], int, int]], known: _Pairs) -> _Pairs:
    """The candidates of the least rank first, none with what is paired already."""
    found: _Pairs = {}
    taken = set(known.values())
    for _, above, below in sorted(candidates):
        if above not in known and above not in found and below not in taken:
            found[above] = below
            taken.add(below)
    return found


def likeness(one: Promise, other: Promise) -> float:
    """Share of the characters of two names that are in both, 0 to 1."""
    left, right = set(subject(one.name)), set(subject(other.name))
    return len(left & right) / len(left | right) if left and right else 0.0


def may_be_one(one: Promise, other: Promise) -> bool:
    """Whether a person should be asked if two are one quantity: alike in name, promised in one way."""
    if (one.is_known and other.is_known) or one.family is not other.family or not _scopes_agree(one, other):
        return False
    is_one_figure = (one.value, one.unit) == (other.value, other.unit)
    return likeness(one, other) >= (_MAYBE_ALIKE if is_one_figure else _MAYBE)


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
