"""不重复计算: what may be recognised of a reduction beside all that was recognised of its source before.

A measure takes a source from one level of emission down to another, for good. What is recognised is a stretch of that
way down; the stretches of one outlet lie below each other in the order of their months, so that nothing on the way
counts twice, whichever project, measure or month claims it, and in whatever order they are recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shuangkong.policyfile.expression.given import exact, plain, written


@dataclass(frozen=True, slots=True)
class Claim:
    """What a project claims: that a measure took an outlet from one level to another.

    Attributes:
        project: its number.
        source: what tells a source from all others that are looked at together.
        outlet: its outlet, or a batch of it; "" for the source as a whole.
        starts: the month from which it counts.
        before_t, after_t: tonnes a year before and after the measure. A level only falls: where a formula counts what
            is removed, the levels stand below zero. Of what is recognised they are the ends of what was credited.
        amount_t: tonnes of a full year, at most what lies between the levels.
        formula, inputs: what it was reckoned by and from.
    """

    project: int
    source: str
    outlet: str
    pollutant: str
    starts: int
    before_t: Decimal
    after_t: Decimal
    amount_t: Decimal
    formula: str = ""
    inputs: Mapping[str, Decimal] | None = None

    @property
    def is_of(self) -> tuple[str, str]:
        """The source and pollutant whose base it draws on."""
        return self.source, self.pollutant

    @property
    def is_whole(self) -> bool:
        return not self.outlet


@dataclass(frozen=True, slots=True)
class Base:
    """What a source emitted by the inventory that counts: in all, and at the outlet where that stands by itself.

    It is measured anew with all measures of the years before it: only claims from its year on draw on it.
    """

    first_month: int
    source_t: Decimal
    outlet_t: Decimal | None = None

    @property
    def level_t(self) -> Decimal:
        """The level from which a first claim can start."""
        return self.source_t if self.outlet_t is None else self.outlet_t


class Objection(StrEnum):
    """Why a claim cannot be recognised."""

    COUNTED = "counted"  # another project has this stretch: it starts from the state that was recognised
    WHOLE_AND_PART = "whole_and_part"  # the source counts as a whole, this is a part of it, or the other way round
    SAME_INPUTS = "same_inputs"  # the very figures of another project: a finding, to be answered
    NO_BASE = "no_base"  # the source is not in the base inventory
    ABOVE_BASE = "above_base"  # with what is recognised already it is more than the source emitted
    NOT_ABOVE_ZERO = "not_above_zero"


@dataclass(frozen=True, slots=True)
class Objected:
    """``by``: the project that counts already; ``level_t``: the level to start from; ``room_t``: what is left."""

    objection: Objection
    by: int | None = None
    level_t: Decimal | None = None
    room_t: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Bound:
    """A level that a claim cannot pass, and the project that set it; None: the base."""

    level: Fraction
    by: int | None = None


def objection(
    wanted: Claim, recognised: Iterable[Claim], base: Base | None, *, needs_base: bool = True
) -> Objected | None:
    """Why a claim cannot be recognised beside those that are; None where it can.

    Args:
        recognised: claims of any source, as they were credited.
        base: of the inventory that counts; None where the source is not in it.
        needs_base: whether it must be a source of the inventory. One that is in it is held to it anyhow.
    """
    if wanted.amount_t <= 0:
        return Objected(Objection.NOT_ABOVE_ZERO)
    if base is None and needs_base:
        return Objected(Objection.NO_BASE)
    others = _beside(wanted, recognised, base)
    mixed = next((each for each in others if _is_mixed(wanted, each, base)), None)
    if mixed is not None:
        return Objected(Objection.WHOLE_AND_PART, by=mixed.project)
    top, bottom = _top(wanted, others, base), _bottom(wanted, others)
    way = top.level - bottom.level
    left = None if base is None else exact(base.source_t) - _sum(others)
    room = max(Fraction(0), way if left is None else min(way, left))
    if exact(wanted.amount_t) <= room:
        return None
    by = top.by if top.by is not None else bottom.by
    if by is not None and way <= room:
        return Objected(Objection.COUNTED, by=by, level_t=written(top.level), room_t=written(room))
    return Objected(Objection.ABOVE_BASE, room_t=written(room))


def credited(wanted: Claim, recognised: Iterable[Claim], base: Base | None) -> Claim:
    """The stretch that a claim is credited with: from the level that was recognised last, down by its amount."""
    top = _top(wanted, _beside(wanted, recognised, base), base).level
    return replace(wanted, before_t=plain(top), after_t=plain(top - exact(wanted.amount_t)))


def same_inputs(wanted: Claim, recognised: Iterable[Claim]) -> Objected | None:
    """The finding that another source was recognised by the same formula from the very same figures."""
    alike = (
        each.project
        for each in recognised
        if each.project != wanted.project
        and (each.pollutant, each.formula) == (wanted.pollutant, wanted.formula)
        and each.inputs == wanted.inputs
    )
    by = next(alike, None)
    return None if by is None else Objected(Objection.SAME_INPUTS, by=by)


def _beside(wanted: Claim, recognised: Iterable[Claim], base: Base | None) -> list[Claim]:
    """What else draws on the same source since its base."""
    return [
        each
        for each in recognised
        if each.project != wanted.project
        and each.is_of == wanted.is_of
        and (base is None or each.starts >= base.first_month)
    ]


def _is_mixed(wanted: Claim, other: Claim, base: Base | None) -> bool:
    """A part of what counts as a whole, or a whole of which parts count: their levels cannot be compared.

    What ends a source in its base ends all its parts: what they left of the base is what it still emitted.
    """
    is_end = base is not None and wanted.is_whole and not wanted.after_t
    return wanted.is_whole != other.is_whole and not is_end


def _top(wanted: Claim, others: Iterable[Claim], base: Base | None) -> _Bound:
    """The level from which it can start: its own, the base, or where an earlier project left the outlet."""
    bounds = [_Bound(exact(wanted.before_t))]
    if base is not None:
        bounds.append(_Bound(exact(base.level_t)))
    parts: list[Claim] = []
    for each in others:
        if each.outlet == wanted.outlet:
            if not _lies_below(each, wanted):
                bounds.append(_Bound(exact(each.after_t), each.project))
        elif wanted.is_whole:
            parts.append(each)
    if parts and base is not None:
        bounds.append(_Bound(exact(base.source_t) - _sum(parts), parts[-1].project))
    return min(bounds, key=lambda bound: bound.level)


def _bottom(wanted: Claim, others: Iterable[Claim]) -> _Bound:
    """The level down to which it can count: its own, or where a later project begins."""
    later = (each for each in others if each.outlet == wanted.outlet and _lies_below(each, wanted))
    bounds = [_Bound(exact(wanted.after_t)), *(_Bound(exact(each.before_t), each.project) for each in later)]
    return max(bounds, key=lambda bound: bound.level)


def _lies_below(other: Claim, wanted: Claim) -> bool:
    """Whether another project goes on where this one ends: it starts later, or with it and lower."""
    if other.starts != wanted.starts:
        return other.starts > wanted.starts
    return other.before_t <= wanted.after_t


def _sum(claims: Iterable[Claim]) -> Fraction:
    return sum((exact(each.amount_t) for each in claims), Fraction(0))
