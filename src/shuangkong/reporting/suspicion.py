"""疑点清单: units ranked by what speaks against their returns, every point with its evidence beside it.

A score is a sum of parts that a person can follow: each check that found something, weighed by its severity, by how far
the figure is off where that is known, and by how often the check was right before. It orders an auditor's day and
decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message, Severity
from shuangkong.core.rounding import WIDE, rounded
from shuangkong.reporting.alarms import Alarms


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of a finding by its severity, of a sign of one hand, and of findings again in ``again`` periods."""

    severity: Mapping[Severity, Decimal]
    one_hand: Decimal
    again: Decimal
    #: What a check counts of which nothing is settled yet, in % of its weight.
    unknown_pct: Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that speaks against a return.

    Attributes:
        code: of the check, or the sign of one hand.
        sides: what stands against what: (whence, figure as told), side by side.
        owned: number of the return, 0 where it is not known.
        is_answered: explained and accepted: it stays in view and counts nothing.
    """

    unit: str
    form: str
    period: str
    code: str
    severity: Severity
    message: Message
    sides: tuple[tuple[Message, str], ...] = ()
    is_answered: bool = False
    is_one_hand: bool = False
    owned: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """``points`` of one code in one unit, over ``times`` findings; ``reliability_pct``: how often it was right."""

    code: str
    times: int
    points: Decimal
    reliability_pct: Decimal | None
    evidence: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A unit with the parts of its score, the weightiest first."""

    unit: str
    score: Decimal
    parts: tuple[Part, ...]


def suspicions(points: Iterable[Point], weights: Weights, known: Iterable[Alarms] = ()) -> tuple[Suspicion, ...]:
    """Units with anything against them, the greatest score first; of equal ones by unit."""
    reliability = {each.code: each for each in known}
    by_unit: dict[str, dict[str, list[Point]]] = {}
    for point in points:
        by_unit.setdefault(point.unit, {}).setdefault(point.code, []).append(point)
    found = []
    for unit, by_code in by_unit.items():
        parts = [_part(code, held, weights, reliability.get(code)) for code, held in by_code.items()]
        parts.sort(key=lambda part: (-part.points, part.code))
        found.append(Suspicion(unit, sum((part.points for part in parts), Decimal(0)), tuple(parts)))
    return tuple(sorted(found, key=lambda each: (-each.score, each.unit)))


def narrowed(whole: Suspicion, owned: Collection[int], weights: Weights) -> Suspicion | None:
    """What speaks against a unit in some returns alone, counted anew by it; None where nothing does.

    Neither points nor counts say anything of the others. A part that lies in them whole is as it was.
    """
    parts = []
    for part in whole.parts:
        held = [point for point in part.evidence if point.owned in owned]
        if held:
            is_whole = len(held) == len(part.evidence)
            parts.append(part if is_whole else _counted(part.code, held, weights, part.reliability_pct))
    parts.sort(key=lambda part: (-part.points, part.code))
    return Suspicion(whole.unit, sum((part.points for part in parts), Decimal(0)), tuple(parts)) if parts else None


def _part(code: str, held: list[Point], weights: Weights, known: Alarms | None) -> Part:
    return _counted(code, held, weights, _reliability(known))


def _counted(code: str, held: list[Point], weights: Weights, share: Decimal | None) -> Part:
    """Each period with the code counts once: a return with forty cells off is one return that is off."""
    open_ = {(point.form, point.period): point for point in held if not point.is_answered}
    each = [weights.one_hand if point.is_one_hand else weights.severity[point.severity] for point in open_.values()]
    whole = max(each, default=Decimal(0)) + weights.again * max(0, len(each) - 1)
    counted = WIDE.divide(whole * (weights.unknown_pct if share is None else share), Decimal(100))
    ordered = tuple(sorted(held, key=lambda point: (point.is_answered, point.period, point.form)))
    return Part(code, len(held), rounded(counted, 1), share, ordered)


def _reliability(known: Alarms | None) -> Decimal | None:
    """How often findings of the check were real, in %; None where none is settled."""
    if known is None or known.false_pct is None:
        return None
    return 100 - known.false_pct
