"""措施对照: which measure of one plan answers which of another, by the meaning of the headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shuangkong.plans.cascade.assignment import best_pairs
from shuangkong.plans.cascade.decided import UNDECIDED, Decided
from shuangkong.plans.cascade.headings import Heading, Likeness, scores
from shuangkong.plans.cascade.themes import HeadingWords

#: From which score two headings are one measure, and from which they may be: between them a person decides. A measure
#: left over is part of one that is taken from the score in the middle.
SURE, PART, DOUBTFUL = 0.6, 0.45, 0.3


class Match(StrEnum):
    """How two measures answer each other."""

    SURE = "sure"  # 对应
    DOUBTFUL = "doubtful"  # 存疑，请核对
    PART = "part"  # 并入或细分
    MISSING = "missing"  # 本级无
    EXTRA = "extra"  # 本级自定


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One line: a measure of the parent, one of the child, how alike they are.

    Under PART one of the two stands on another line already: the parent's measure went into a wider one of the child,
    or the child's is one of several that carry out the parent's. ``score`` is 0 where one side is empty.
    ``is_decided``: a person has laid them together.
    """

    match: Match
    parent: Heading | None
    child: Heading | None
    score: float
    is_decided: bool = False


def align(
    parents: Sequence[Heading], children: Sequence[Heading], words: HeadingWords, decided: Decided = UNDECIDED
) -> tuple[MeasureLine, ...]:
    """Every measure of both plans: those of the parent in their order, then what is left of the child.

    What a person has laid together stands so, however many answer one; what a person has set apart is never one. The
    others meet one to one, with the greatest sum of scores; then what is left over is laid to the measure it is most
    like.
    """
    table = _scored(parents, children, words, decided)
    turned = [[row[column] for row in table] for column in range(len(children))]
    certain = _certain(parents, children, decided)
    taken = {column for _, column in certain}
    found = _paired(table, {row for row, _ in certain}, taken)
    lines = []
    for row, parent in enumerate(parents):
        own = [column for each, column in certain if each == row]
        if own:
            lines += [MeasureLine(Match.SURE, parent, children[each], table[row][each], True) for each in own]
            continue
        near = found.get(row, _nearest(table[row]))
        if near is None:
            lines.append(MeasureLine(Match.MISSING, parent, None, 0))
        else:
            score = table[row][near]
            lines.append(MeasureLine(_match(score, row in found), parent, children[near], score))
    taken |= set(found.values())
    for column, child in enumerate(children):
        near = _nearest(turned[column])
        if column in taken:
            continue
        if near is None:
            lines.append(MeasureLine(Match.EXTRA, None, child, 0))
        else:
            lines.append(MeasureLine(Match.PART, parents[near], child, turned[column][near]))
    return tuple(lines)


def _scored(
    parents: Sequence[Heading], children: Sequence[Heading], words: HeadingWords, decided: Decided
) -> list[list[float]]:
    """The table of scores; what a person has set apart has nothing in common."""
    table = scores(Likeness((*parents, *children), words), parents, children)
    return [
        [
            0.0 if (above.key, below.key) in decided.apart else table[row][column]
            for column, below in enumerate(children)
        ]
        for row, above in enumerate(parents)
    ]


def _certain(parents: Sequence[Heading], children: Sequence[Heading], decided: Decided) -> list[tuple[int, int]]:
    """Places of the pairs that a person has laid together; a measure that is there no more is passed over."""
    return [
        (row, column)
        for row, above in enumerate(parents)
        for column, below in enumerate(children)
        if (above.key, below.key) in decided.paired
    ]


def _paired(table: Sequence[Sequence[float]], rows: set[int], columns: set[int]) -> dict[int, int]:
    """Row → column of the best pairs among those of which no person has spoken."""
    free = [at for at in range(len(table)) if at not in rows]
    open_ = [at for at in range(len(table[0]) if table else 0) if at not in columns]
    best = best_pairs([[table[row][column] for column in open_] for row in free])
    pairs = ((free[row], open_[column]) for row, column in best)
    return {row: column for row, column in pairs if table[row][column] >= DOUBTFUL}


def _match(score: float, is_paired: bool) -> Match:
    if not is_paired:
        return Match.PART
    return Match.SURE if score >= SURE else Match.DOUBTFUL


def _nearest(row: Sequence[float]) -> int | None:
    """Place of the greatest score, where it is great enough for a part."""
    best = max(range(len(row)), key=lambda at: row[at], default=None)
    return best if best is not None and row[best] >= PART else None
