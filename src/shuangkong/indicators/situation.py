"""形势分析的算法: what moved a whole, line by line, so that the lines add up to the change that was told.

A whole is taken apart by its parts (decomposition). What is told of the whole beyond its parts is one part more where
it can be one; where the parts come to more than the whole, or too little is known, the difference stands as a line of
its own (数据衔接): a sum of parts is never called the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.indicators.decomposition import (
    Decomposition,
    Effects,
    NotDecomposable,
    Share,
    decomposed,
    intensity_decomposed,
)

type Pair = tuple[Decimal, Decimal]

_FACTORS = ("activity", "structure", "efficiency", "unattributed")
_NONE = Decimal(0)


class LineKind(StrEnum):
    """What a line stands for.

    PART one sector, unit or branch; OTHERS what the whole has beyond its parts, taken apart as a part; MERGED parts
    that are not listed one by one; SUM of the parts; GAP the whole less that sum; WHOLE as it was told; OUTSIDE what
    counts in none of these.
    """

    PART = "part"
    OTHERS = "others"
    MERGED = "merged"
    SUM = "sum"
    GAP = "gap"
    WHOLE = "whole"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Line:
    """Energy (or intensity) of two periods and what moved it; ``count``: of how many parts.

    The effects add up to the change; what belongs to no factor is among them as ``unattributed``.
    """

    kind: LineKind
    energy: Pair
    effects: Effects
    count: int = 1

    @property
    def code(self) -> str:
        """Of the part; empty for a line that stands for no one part."""
        return self.effects.code if self.kind is LineKind.PART else ""

    @property
    def change(self) -> Decimal:
        return self.energy[1] - self.energy[0]

    @property
    def is_attributed(self) -> bool:
        """Whether any of the change is laid to a factor."""
        return any(getattr(self.effects, name) for name in _FACTORS[:3])


def against_whole(shares: Sequence[Share], energy: Pair | None, activity: Pair | None) -> tuple[Line, ...]:
    """Parts by size of change, what the whole has beyond them, the whole as told; without a whole the sum of the parts.

    Empty where there are no parts, or nothing can be taken apart. Of a part without activity nobody can say how much of
    the activity of the whole is left for others: then all that is beyond the parts is a difference.
    """
    others = _others(shares, energy, activity) if all(share.activity for share in shares) else []
    found = _found(decomposed, [*shares, *others])
    if found is None or not shares:
        return ()
    parts = _by_size(_line(each, part) for each, part in zip([*shares, *others], found.parts, strict=True))
    summed = Line(LineKind.SUM, _sum(share.energy for share in shares), found.whole, len(shares))
    if energy is None:
        return (*parts, summed)
    if others:
        return (*parts, Line(LineKind.WHOLE, energy, found.whole, len(shares)))
    gap = _less(energy, summed.energy)
    apart = Effects("", unattributed=gap[1] - gap[0])
    whole = Line(LineKind.WHOLE, energy, _added([found.whole, apart]), len(shares))
    return (*parts, summed, Line(LineKind.GAP, gap, apart, 0), whole)


def among_units(shares: Sequence[Share], may_name: Callable[[str], bool], least: int, most: int) -> tuple[Line, ...]:
    """The ``most`` parts that moved most of those that may be named, all others merged into one line, and the whole.

    A merged line must not betray a part that may not be named: where there are fewer than ``least`` of those, they are
    left out of everything, the whole too.
    """
    named = [share for share in shares if may_name(share.code)]
    told = named if len(shares) - len(named) < least else list(shares)
    found = _found(decomposed, told)
    if found is None or not told:
        return ()
    lines = [_line(share, part) for share, part in zip(told, found.parts, strict=True)]
    shown = _by_size(line for line in lines if may_name(line.code))[:most]
    rest = [line for line in lines if line not in shown]
    whole = Line(LineKind.WHOLE, _sum(share.energy for share in told), found.whole, len(told))
    if not rest:
        return (*shown, whole)
    effects = _added(line.effects for line in rest)
    return (*shown, Line(LineKind.MERGED, _sum(line.energy for line in rest), effects, len(rest)), whole)


def outside(shares: Sequence[Share], may_name: Callable[[str], bool], least: int) -> tuple[Line, ...]:
    """One line for parts that do not belong to the whole; parts that may not be named as in ``among_units``."""
    named = [share for share in shares if may_name(share.code)]
    told = named if len(shares) - len(named) < least else list(shares)
    energy = _sum(share.energy for share in told)
    apart = Effects("", unattributed=energy[1] - energy[0])
    return (Line(LineKind.OUTSIDE, energy, apart, len(told)),) if told else ()


def of_region(shares: Sequence[Share], energy: Pair, activity: Pair) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """What moved the total of a region, and its intensity: branches, the rest of the economy, the whole.

    Both empty where the branches come to more than the whole: then nothing can be said of the rest.
    """
    others = _others(shares, energy, activity)
    every = [*shares, *others]
    total, intensity = (_found(way, every) if others else None for way in (decomposed, intensity_decomposed))
    if total is None or intensity is None or not all(activity):
        return (), ()
    first = [_line(share, part) for share, part in zip(every, total.parts, strict=True)]
    second = [_line(share, part, activity) for share, part in zip(every, intensity.parts, strict=True)]
    return (
        (*first, Line(LineKind.WHOLE, energy, total.whole, len(every))),
        (*second, Line(LineKind.WHOLE, _over(energy, activity), intensity.whole, len(every))),
    )


#: Code of what a whole has beyond its parts; no sector has it.
_OTHERS = ""


def _others(shares: Sequence[Share], energy: Pair | None, activity: Pair | None) -> list[Share]:
    """What the whole has beyond its parts, as a part; none where that is below zero or not known."""
    told = [share.activity for share in shares if share.activity is not None]
    if energy is None or activity is None or not told:
        return []
    left, made = _less(energy, _sum(share.energy for share in shares)), _less(activity, _sum(told))
    return [] if min(*left, *made) < 0 else [Share(_OTHERS, left, made)]


def _found(way: Callable[[Iterable[Share]], Decomposition], shares: Sequence[Share]) -> Decomposition | None:
    try:
        return way(shares)
    except NotDecomposable:
        return None


def _line(share: Share, effects: Effects, over: Pair | None = None) -> Line:
    kind = LineKind.PART if share.code else LineKind.OTHERS
    return Line(kind, share.energy if over is None else _over(share.energy, over), effects)


def _by_size(lines: Iterable[Line]) -> list[Line]:
    """The greatest change first, up or down; of equals the one given first."""
    return sorted(lines, key=lambda line: -abs(line.change))


def _added(effects: Iterable[Effects]) -> Effects:
    found = list(effects)
    return Effects("", *(sum((getattr(each, name) for each in found), _NONE) for name in _FACTORS))


def _sum(pairs: Iterable[Pair]) -> Pair:
    found = list(pairs)
    return sum((each[0] for each in found), _NONE), sum((each[1] for each in found), _NONE)


def _less(whole: Pair, part: Pair) -> Pair:
    return whole[0] - part[0], whole[1] - part[1]


def _over(pair: Pair, whole: Pair) -> Pair:
    return pair[0] / whole[0], pair[1] / whole[1]
